"""Every write of an import."""

from madang.workbook.actions.load import NotLoaded, Outcome, load_workbook
from madang.workbook.actions.runs import confirm_import, load_import, read_import, start_import

__all__ = ["NotLoaded", "Outcome", "confirm_import", "load_import", "load_workbook", "read_import", "start_import"]
