"""Looks at the repository's files: no index address, no file of ours over 400 lines, no module that is named for nothing.

python3 tools/files.py           names each fault; 0 when there is none
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = 400
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "managers"} | {
    "service", "services", "handler", "handlers", "misc",
}  # fmt: skip
# The addresses and options by which an index of packages is named.
INDEX = re.compile(r"(pypi|pythonhosted)\.(org|io)|--(extra-)?index-url|--find-links|registry\.npmjs|index-url *=", re.IGNORECASE)
MAY_NAME = {"tools/files.py", "tools/lock.py"}  # the options are named there to forbid them


def main() -> int:
    """Name every fault."""
    faults = [fault for path in tracked() for fault in faults_of(path)]
    print("\n".join(faults) if faults else "The files are as they should be.")
    return 1 if faults else 0


def tracked() -> list[Path]:
    """The files that are, or are about to be, in the repository."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file()]


def faults_of(path: Path) -> Iterator[str]:
    """Each fault of one file, as a sentence."""
    name = str(path.relative_to(ROOT))
    if path.suffix == ".py" and FORBIDDEN & set(path.relative_to(ROOT).with_suffix("").parts):
        yield f"{name}: this name says nothing of what is inside; name it for its subject"
    try:
        lines = path.read_text().splitlines()
    except UnicodeDecodeError:
        return
    if name.startswith("src/") and path.suffix in (".py", ".html") and len(lines) > LINES and "migrations" not in path.parts:
        yield f"{name}: {len(lines)} lines; over {LINES}, make a folder of it"
    if name in MAY_NAME:
        return
    for number, line in enumerate(lines, 1):
        if INDEX.search(line) and not line.startswith("#    pip-compile "):
            yield f"{name}:{number}: names an index of packages"


if __name__ == "__main__":
    sys.exit(main())
