"""Every write of an import."""

from madang.workbook.actions.load import NotLoaded, Outcome, load_workbook

__all__ = ["NotLoaded", "Outcome", "load_workbook"]
