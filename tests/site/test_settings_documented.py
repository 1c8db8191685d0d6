"""Every environment variable that the program reads stands in the administrator's guide, and none stands there for nothing."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["']([A-Z_]+)["']""")
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "OPENBLAS_NUM_THREADS"}  # set for libraries, not for people


def test_every_variable_is_documented():
    read = {name for path in (ROOT / "src").rglob("*.py") for name in READ.findall(path.read_text(encoding="utf-8"))}
    documented = set(ROW.findall((ROOT / "docs" / "guide" / "administrator.md").read_text(encoding="utf-8")))
    assert read - NOT_OURS == documented
