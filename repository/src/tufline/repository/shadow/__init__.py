"""The repository that an event would publish, before anybody signs it: with throwaway keys.

    shadow = build(event.proposed, published, layout=layout, terms=Terms(now=now))
    shadow.proposed.files["timestamp.json"]

Every key is replaced by one of the same type, scheme and form, and all that people would sign is
signed by these. So real clients can be tried on exactly this metadata, while it can still change.
"""

from tufline.repository.shadow._build import Published, Shadow, build
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._side import Terms

__all__ = ["CannotShadow", "Published", "Shadow", "Terms", "build"]
