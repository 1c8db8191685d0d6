"""Why a change to a timetable was not made. Views put these into words."""

from __future__ import annotations

from dataclasses import dataclass

from madang.kernels.timetable.problem import Plan, Problem, Violation
from madang.markets.models import Slot, Table
from madang.meetings.models import Timetable
from madang.meetings.queries.timetable import Maps


class Refused(Exception):
    """A change that was not made; nothing is different from before."""


class NoDraft(Refused):
    """There is no draft to change."""


class StaleDraft(Refused):
    """Somebody else changed the draft since the page was shown."""


class NothingToUndo(Refused):
    """No change by hand is left in the draft."""


class NotInTimetable(Refused):
    """The request is no longer accepted, or is about a withdrawn title: it cannot be placed."""


class FactsRefused(Refused):
    """The edition's own facts contradict each other, so no timetable exists: `sentences` say where."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Situation:
    """What a clash happened in: the problem and the plan that the kernel looked at, and the way back to rows."""

    problem: Problem
    plan: Plan
    maps: Maps


class Clash(Refused):
    """The place is not free for this request: the kernel's `violations` in their `situation`."""

    def __init__(
        self, situation: Situation, request_id: int, slot: Slot, table: Table | None, violations: list[Violation]
    ) -> None:
        super().__init__("; ".join(violation.text for violation in violations))
        self.situation, self.request_id, self.slot, self.table, self.violations = situation, request_id, slot, table, violations


class Unfit(Refused):
    """The draft no longer fits the facts. `strays`: requests that are gone; `violations`: rules that its meetings break."""

    def __init__(self, situation: Situation, strays: list[int], violations: list[Violation]) -> None:
        super().__init__("; ".join(violation.text for violation in violations))
        self.situation, self.strays, self.violations = situation, strays, violations


class AlreadyPublished(Refused):
    """Somebody, perhaps this very person with a second click, has published it: `published` is that version."""

    def __init__(self, published: Timetable) -> None:
        super().__init__(f"version {published.version}")
        self.published = published


class NotPublished(Refused):
    """The timetable that was to change is not the published one any more, or nothing is published."""


class InThePast(Refused):
    """The meeting, or the time it was to have, has begun."""


class Taken(Refused):
    """The database itself found a person, or a table, in two places at once."""


class NotPossible(Refused):
    """What somebody wanted with a meeting cannot be; the text is a sentence for her."""


class Outdated(Refused):
    """The published timetable has changed since the draft was begun: `requests` whose meetings did."""

    def __init__(self, draft: Timetable, requests: list[int]) -> None:
        super().__init__(f"{len(requests)} meetings changed")
        self.draft, self.requests = draft, requests
