"""How one version of a timetable differs from the version before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Min, QuerySet

from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import Change, Meeting, MeetingRequest, Timetable
from madang.meetings.queries.places import booth_of, place_words

KINDS = ["moved", "placed", "cancelled"]


@dataclass(frozen=True)
class Difference:
    """Requests by what happened to their meeting, each list in the order of their ids; `kept` counts the rest."""

    moved: list[int] = field(default_factory=list)
    placed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True)
class ChangedRow:
    """A request on the page of a version: its meeting before and in this version, where there was or is one."""

    request: MeetingRequest
    before: Meeting | None
    after: Meeting | None

    @property
    def before_place(self) -> str:
        return self._place(self.before)

    @property
    def after_place(self) -> str:
        return self._place(self.after)

    def _place(self, meeting: Meeting | None) -> str:
        return place_words(meeting.table or booth_of(self.request)) if meeting else ""


def opening_revision(published: Timetable) -> int:
    """The number of the state in which the version was published."""
    first = Change.objects.filter(timetable=published).aggregate(first=Min("revision"))["first"]
    return published.revision if first is None else first - 1


Place = tuple[int, int | None]


def state_at(published: Timetable, revision: int) -> dict[int, Place]:
    """Where each meeting stood after the change of that number: request -> slot and table. Two queries.

    What stands now, with every later change taken back, the newest first.
    """
    state = dict(_places(published))
    later = Change.objects.filter(timetable=published, revision__gt=revision).order_by("-revision", "-pk")
    for request, slot, table in later.values_list("request_id", "from_slot_id", "from_table_id"):
        if slot is None:
            state.pop(request, None)
        else:
            state[request] = (slot, table)
    return state


def version_before(timetable: Timetable) -> Timetable | None:
    """The version that this one followed; for a draft the published one."""
    earlier = Timetable.objects.filter(edition=timetable.edition_id, version__isnull=False)
    if timetable.version is not None:
        earlier = earlier.filter(version__lt=timetable.version)
    return earlier.order_by("-version").first()


def difference(timetable: Timetable, before: Timetable | None) -> Difference:
    """What changed from the version before. Two queries."""
    now, old = _places(timetable), _places(before) if before else {}
    return Difference(
        moved=sorted(request for request, place in now.items() if request in old and old[request] != place),
        placed=sorted(request for request in now if request not in old),
        cancelled=sorted(request for request in old if request not in now),
        kept=sum(old.get(request) == place for request, place in now.items()),
    )


@dataclass(frozen=True)
class Upset:
    """What a draft would change of what people count on: of the published meetings to come, those that move or fall away."""

    to_come: int
    moved: int
    cancelled: int

    @property
    def is_large(self) -> bool:
        """More than a tenth."""
        return (self.moved + self.cancelled) * 10 > self.to_come


def upset_of(draft: Timetable, published: Timetable) -> Upset:
    """Two queries."""
    ahead = Meeting.objects.filter(timetable=published, is_cancelled=False, slot__starts_at__gt=published.edition.now())
    places = {row[0]: row[1:] for row in ahead.order_by().values_list("request_id", "slot_id", "table_id")}
    now = _places(draft)
    moved = sum(request in now and now[request] != place for request, place in places.items())
    return Upset(len(places), moved, sum(request not in now for request in places))


def _places(timetable: Timetable) -> dict[int, tuple[int, int | None]]:
    rows = Meeting.objects.filter(timetable=timetable, is_cancelled=False).order_by()
    return {request: (slot, table) for request, slot, table in rows.values_list("request_id", "slot_id", "table_id")}


def changed_rows(requests: Iterable[int], timetable: Timetable, before: Timetable | None) -> list[ChangedRow]:
    """The rows of a page, in the order given. Three queries."""
    wanted = list(requests)
    people = MeetingRequest.objects.filter(pk__in=wanted).select_related("edition", *SHOWN)
    found = {request.pk: request for request in people}
    after, earlier = _meetings(timetable, wanted), _meetings(before, wanted) if before else {}
    return [ChangedRow(found[pk], earlier.get(pk), after.get(pk)) for pk in wanted if pk in found]


SHOWN = ["sender__company__booth", "receiver__company__booth", "title"]
"""What a line about a request shows, for select_related."""


def _meetings(timetable: Timetable, requests: list[int]) -> dict[int, Meeting]:
    rows = Meeting.objects.filter(timetable=timetable, request__in=requests, is_cancelled=False)
    return {meeting.request_id: meeting for meeting in rows.select_related("slot", "table")}


@dataclass(frozen=True)
class ChangeRow:
    """One change with its number since publication and its places in words."""

    change: Change
    number: int
    before_place: str
    after_place: str


def change_rows(changes: Iterable[Change], first: int) -> list[ChangeRow]:
    """The rows of a page, numbered from the state `first` in which the version was published. One query at most."""
    related = [f"request__{name}" for name in SHOWN]
    places = ["from_slot", "from_table", "to_slot", "to_table", "by"]
    rows = changes.select_related(*related, *places) if isinstance(changes, QuerySet) else changes
    return [
        ChangeRow(
            row,
            row.revision - first,
            _where(row.request, row.from_slot, row.from_table),
            _where(row.request, row.to_slot, row.to_table),
        )
        for row in rows
    ]


def _where(request: MeetingRequest, slot: Slot | None, table: Table | None) -> str:
    return place_words(table or booth_of(request)) if slot else ""


def state_rows(edition: Edition, places: Iterable[tuple[int, Place]]) -> list[tuple[MeetingRequest, Slot, str]]:
    """Meetings of a state with slot and place, in the order given. Three queries."""
    wanted = list(places)
    requests = MeetingRequest.objects.filter(edition=edition).select_related(*SHOWN).in_bulk([pk for pk, _place in wanted])
    slots = {slot.pk: slot for slot in edition.slots.all()}
    tables = {table.pk: table for table in edition.tables.all()}
    return [
        (requests[pk], slots[slot], place_words(tables.get(table or 0) or booth_of(requests[pk])))
        for pk, (slot, table) in wanted
        if pk in requests
    ]
