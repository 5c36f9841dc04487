"""How pydantic reads the tables of `tufline.toml`: nothing is converted, nothing passed over."""

from typing import Final

STRICT: Final = {
    "strict": True,
    "extra": "forbid",
    "alias_generator": lambda name: name.replace("_", "-"),
}
