"""`index.html`: one page without script that needs no other file."""

from tufline.repository.site._templates import templates
from tufline.repository.site._view import view
from tufline.repository.status import RepositoryFacts


def page(facts: RepositoryFacts) -> bytes:
    """Return the page as UTF-8."""
    return templates().get_template("index.html").render(page=view(facts)).encode()
