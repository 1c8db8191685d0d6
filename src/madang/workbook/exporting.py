"""An edition -> its workbook, which imports again without changing anything."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from madang.markets.models import Edition
from madang.workbook.current import edition_contents
from madang.workbook.writing import write_book


def export_edition(edition: Edition, target: Path | IO[bytes], language: str) -> None:
    """Write the workbook of the edition as it stands, in that language."""
    write_book(target, language, edition_contents(edition))
