"""A published timetable that lives on: from now, with as few changed meetings as can be (docs/develop/timetable-repair.md)."""

from .change import Change, Repair
from .past import check_since
from .run import repair

__all__ = ["Change", "Repair", "check_since", "repair"]
