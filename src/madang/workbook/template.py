"""The template: an empty-handed organiser's way in."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from madang.workbook.example import example_contents
from madang.workbook.writing import write_book


def write_template(target: Path | IO[bytes], language: str = "en") -> None:
    """Write the documented workbook with its small example edition, which imports as it stands."""
    write_book(target, language, example_contents())
