"""Where this project is, for links and for the actions that workflows call."""

from typing import Final

HOME: Final = "tufline/tufline"
URL: Final = f"https://github.com/{HOME}"
DOCS: Final = f"{URL}/blob/main/docs"
RULES: Final = f"{DOCS}/rules.md"
