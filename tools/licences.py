"""Looks up the licence of every locked package, and refuses those that would bind our users: GPL and AGPL.

python tools/licences.py         names each package whose licence is refused or unknown; 0 when there is none
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFUSED = re.compile(r"\bA?GPL|Affero|GNU General Public|SSPL|Commons Clause|BUSL|Business Source", re.IGNORECASE)
# Licences that a package does not state in its metadata, read in its own licence file.
READ = {"axe-playwright-python": "MIT"}


def main() -> int:
    """Name what is wrong with the licences."""
    faults, seen = [], 0
    for name in packages():
        try:
            licence = READ.get(name) or stated(name)
        except PackageNotFoundError:
            continue  # locked for another system
        seen += 1
        if not licence:
            faults.append(f"{name}: no licence stated; read its licence file and note it in tools/licences.py")
        elif is_refused(licence):
            faults.append(f"{name}: {licence}")
    print("\n".join([*faults, f"{seen} packages, {len(faults)} with a licence that we cannot use"]))
    return 1 if faults else 0


def is_refused(licence: str) -> bool:
    """True when no choice is left: `GPL-2.0 OR MIT` offers one. LGPL is used as a library, which its licence allows."""
    choices = re.split(r"\bOR\b", licence.replace("LGPL", "Lesser").replace("GNU Lesser General Public", "Lesser"))
    return all(REFUSED.search(choice) for choice in choices)


def packages() -> list[str]:
    """The names in the lock files."""
    locks = [path.read_text() for path in sorted(ROOT.glob("requirements*.lock"))]
    return sorted({name for text in locks for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)})


def stated(name: str) -> str:
    """The licence as the package's metadata state it: expression, classifiers, or the first line of the text."""
    facts = metadata(name)
    if facts.get("License-Expression"):
        return facts["License-Expression"]
    classifiers = [line.split(" :: ")[-1] for line in facts.get_all("Classifier", []) if line.startswith("License")]
    return " AND ".join(classifiers) or (facts.get("License") or "").strip().split("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
