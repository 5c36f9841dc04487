"""How a metadata file is written, so that its shadow can be written the same way.

Files of our own have one form. Files that came from elsewhere are published byte for byte, so a
client meets whatever order and spaces they have.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any, Final, TypeAlias

from tufline.repository.format import write_json

Write: TypeAlias = Callable[[Any], bytes]

_SECOND_LINE: Final = re.compile(rb"\s*\{\r?\n([ \t]*)")


def form_of(data: bytes, tree: object) -> Write:
    """Return what writes `tree` as `data` has it; where nothing does, what writes our form."""
    return next((write for write in _forms(data) if write(tree) == data), write_json)


def _forms(data: bytes) -> Iterator[Write]:
    yield write_json
    line = _SECOND_LINE.match(data)
    indent = line[1].decode() if line else None
    body = data.rstrip()
    end = data[len(body) :]
    separators = ((",", ": "), (",", ":"), (", ", ": "))
    for pair, in_order, ascii_only in product(separators, (True, False), (True, False)):
        yield partial(
            _write, end, indent=indent, separators=pair, sort_keys=in_order, ensure_ascii=ascii_only
        )


def _write(end: bytes, tree: object, **options: Any) -> bytes:  # noqa: ANN401 - of json.dumps
    return json.dumps(tree, **options).encode() + end
