"""Write what a repository publishes as plainly as possible: a floor for the full build.

    python write_files.py DIR ROLES ARTIFACTS SIZE

Each file is written beside its name and renamed, as whoever has readers must do it.
"""

import sys
from pathlib import Path

top, roles, artifacts, size = Path(sys.argv[1]), *map(int, sys.argv[2:])
data = bytes(size)
for role in range(roles):
    folder = top / f"role{role}"
    folder.mkdir(parents=True)
    for number in range(artifacts):
        name = f"{folder}/{number}"
        with open(f"{name}.tmp", "xb") as file:  # noqa: PTH123 - the plainest way
            file.write(data)
        Path(f"{name}.tmp").rename(name)
