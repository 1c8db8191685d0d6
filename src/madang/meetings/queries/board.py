"""The organiser's live board: what happens at each table now and next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from madang.markets.models import Edition, Hall, Slot, Table
from madang.meetings.models import Attendee, Form, Meeting, Part, Side, TimetableState
from madang.meetings.queries.attendees import PRINCIPALS_FIRST
from madang.meetings.queries.places import booth_of
from madang.people.models import SeenBy

ON_SCREEN, SECONDS = 24, 15
"""So many tables are read from across a hall at once; after so many seconds come the next."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One meeting on the board. `names`: who comes, hidden people left out where everybody can read it.

    `state`: held, one_sided, waiting (nobody has checked in), absent; `late`: the most minutes somebody who is not there said.
    """

    meeting: Meeting
    names: str
    state: str
    late: int = 0
    missing: str = ""
    causes: tuple[str, ...] = ()


@dataclass(slots=True)
class Place:
    """A table or booth, or online (no table), with its meeting now and its next one."""

    table: Table | None
    now: Cell | None = None
    next: Cell | None = None


@dataclass(slots=True)
class Board:
    """Everything at one moment by the edition's clock. `shown`: the places that fit on the screen now, else all."""

    at: dt.datetime
    now_slot: Slot | None = None
    next_slot: Slot | None = None
    halls: list[Hall] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    shown: list[Place] = field(default_factory=list)
    online: list[Place] = field(default_factory=list)

    @property
    def cells(self) -> list[Cell]:
        return [place.now for place in [*self.places, *self.online] if place.now]

    @property
    def late(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.late and cell.state != "held"]

    @property
    def absent(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.state == "absent"]

    @property
    def not_there(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.missing and not cell.late and cell.state != "absent"]

    @property
    def held(self) -> int:
        return sum(cell.state == "held" for cell in self.cells)

    @property
    def free(self) -> list[Place]:
        """Shared tables without a meeting now."""
        return [place for place in self.places if place.now is None and place.table is not None and not place.table.is_booth]


def board_of(edition: Edition, hall: str = "", *, is_public: bool = False) -> Board:
    """The board of a hall (by its code) or of all, in seven queries; `is_public`: for a screen that everybody reads."""
    board = Board(edition.now(), halls=list(Hall.objects.filter(edition=edition, tables__isnull=False).distinct()))
    slots = Slot.objects.filter(edition=edition, ends_at__gt=board.at).order_by("starts_at")
    running = list(slots.filter(starts_at__lte=board.at))
    board.now_slot = running[0] if running else None
    board.next_slot = slots.filter(starts_at__gt=board.at).first()
    tables = Table.objects.filter(edition=edition).select_related("hall")
    shown = {table.pk: Place(table) for table in (tables.filter(hall__code=hall) if hall else tables)}
    for meeting in _meetings(edition, [*running, *([board.next_slot] if board.next_slot else [])]):
        is_now = meeting.slot_id in {slot.pk for slot in running}
        cell = _cell(meeting, is_public=is_public, is_now=is_now)
        if meeting.request.form == Form.ONLINE:
            board.online.append(Place(None, cell if is_now else None, None if is_now else cell))
            continue
        table = meeting.table or booth_of(meeting.request)
        place = shown.get(table.pk) if table else None
        if place and is_now:
            place.now = cell
        elif place:
            place.next = cell
    board.online = [] if hall else board.online
    board.places = [one for one in shown.values() if one.now or one.next or (one.table and not one.table.is_booth)]
    board.shown = _turn(board.places, board.at) if is_public else board.places
    return board


def _turn(places: list[Place], at: dt.datetime) -> list[Place]:
    """One screen full of them, the next one every few seconds."""
    screens = -(-len(places) // ON_SCREEN) or 1
    first = int(at.timestamp() // SECONDS) % screens * ON_SCREEN
    return places[first : first + ON_SCREEN]


def _meetings(edition: Edition, slots: Iterable[Slot]) -> Iterable[Meeting]:
    """Two queries."""
    published = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    coming = Attendee.objects.filter(part=Part.COMING).order_by(*PRINCIPALS_FIRST).select_related("participant__company")
    related = ["slot", "table", *(f"request__{side}__company__booth" for side in ("sender", "receiver"))]
    rows = published.filter(slot__in=[slot.pk for slot in slots]).select_related(*related)
    return rows.prefetch_related(Prefetch("request__attendees", queryset=coming)).order_by("slot__starts_at", "pk")


def _cell(meeting: Meeting, *, is_public: bool, is_now: bool) -> Cell:
    people = list(meeting.request.attendees.all())
    named = [one for one in people if not is_public or one.participant.seen_by == SeenBy.EVERYONE]
    here = {one.side for one in people if one.checked_in_at and not one.absent_cause}
    absent = [one for one in people if one.absent_cause]
    away = [one for one in named if not one.checked_in_at and not one.absent_cause]
    state = "held" if len(here) == len(Side) else "absent" if absent else "one_sided" if here else "waiting"
    return Cell(
        meeting,
        names=" × ".join(one.participant.name for one in named),
        state=state,
        late=max((one.late_minutes or 0 for one in people if not one.checked_in_at), default=0),
        missing=", ".join(one.participant.name for one in away) if is_now and state != "held" else "",
        causes=tuple(str(one.get_absent_cause_display()) for one in absent),
    )
