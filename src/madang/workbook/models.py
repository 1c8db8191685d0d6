"""Imports of an organiser's workbook."""

from __future__ import annotations

from madang.markets.models import FileRun


class ImportRun(FileRun):
    """A workbook on its way in."""
