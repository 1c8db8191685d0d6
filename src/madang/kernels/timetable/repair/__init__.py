"""A published timetable that has to live on: from now, with as few changed meetings as can be. See docs/develop/timetable-repair.md."""

from .change import Change, Repair
from .run import repair

__all__ = ["Change", "Repair", "repair"]
