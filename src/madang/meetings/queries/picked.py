"""The meeting that an organiser has picked up on the grid: where it stands, where it can go, what is in the way elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from madang.kernels.timetable import free_places, referee
from madang.kernels.timetable.problem import Id, Plan, Problem, Violation
from madang.kernels.timetable.problem import Meeting as Placed
from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import Meeting, MeetingRequest, Timetable
from madang.meetings.queries.places import booth_of, place_words
from madang.meetings.queries.reasons import Book
from madang.meetings.queries.timetable import Maps, may_begin_after, plan_of, problem_around, standing_meetings
from madang.meetings.queries.versions import SHOWN


@dataclass(frozen=True)
class Picked:
    """`free`: (slot, table) where it can go, table None at a booth. `in_the_way`: for each other slot, why not, in words."""

    request: MeetingRequest
    standing: Meeting | None
    free: frozenset[tuple[int, Id | None]]
    in_the_way: dict[int, list[str]]
    is_in_problem: bool

    @property
    def free_tables(self) -> Counter[int]:
        """slot -> number of free places."""
        return Counter(slot for slot, _table in self.free)

    @property
    def is_at_booth(self) -> bool:
        """It stands at a booth, or can only go to one."""
        if self.standing is not None:
            return self.standing.table_id is None
        return all(table is None for _slot, table in self.free)

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return place_words((self.standing.table if self.standing else None) or booth_of(self.request))


def pick(timetable: Timetable, edition: Edition, code: str, slots: list[Slot] | None = None) -> Picked | None:
    """What is known of the request with this code as it stands in the timetable; a constant number of queries."""
    request = MeetingRequest.objects.filter(edition=edition, code=code).select_related(*SHOWN).first()
    if request is None:
        return None
    request.edition = edition
    problem, maps = problem_around(request, timetable)
    plan, _strays = plan_of(timetable, maps)
    standing = standing_meetings(timetable).filter(request=request).select_related("slot", "table").first()
    if request.pk not in maps.asked:
        return Picked(request, standing, frozenset(), {}, is_in_problem=False)
    over = _over(edition, maps, standing)
    places = ((maps.slot(number).pk, table) for number, table in free_places(problem, plan, request.pk))
    free = frozenset((slot, table) for slot, table in places if slot not in over)
    wanted = {slot.pk for slot in (maps.slots if slots is None else slots)} - {slot for slot, _table in free}
    in_the_way = _in_the_way(edition, maps, problem, plan, request.pk, wanted)
    in_the_way |= {
        slot: [gettext("What has begun stands as it was published, and nothing is put into the past.")] for slot in wanted & over
    }
    return Picked(request, standing, free, in_the_way, is_in_problem=True)


def _over(edition: Edition, maps: Maps, standing: Meeting | None) -> set[int]:
    """Slots where the meeting cannot go any more; all of them once it has begun itself."""
    bound = may_begin_after(edition)
    if bound is None:
        return set()
    has_begun = standing is not None and standing.slot.starts_at <= bound
    return {slot.pk for slot in maps.slots if has_begun or slot.starts_at <= bound}


def place_of(timetable: Timetable, edition: Edition, code: str) -> tuple[Slot, Table | None] | None:
    """Where the request stands, if it does."""
    rows = standing_meetings(timetable).filter(request__edition=edition, request__code=code)
    meeting = rows.select_related("slot", "table").first()
    return (meeting.slot, meeting.table) if meeting else None


def _in_the_way(
    edition: Edition, maps: Maps, problem: Problem, plan: Plan, request_id: int, wanted: set[int]
) -> dict[int, list[str]]:
    """For each wanted slot the sentences that say why the request cannot go there; none: there every table is taken."""
    obstacles = Obstacles(problem, plan, request_id)
    violations = {pk: list(obstacles.in_slot(maps.number[pk])) for pk in sorted(wanted, key=lambda pk: maps.number[pk])}
    ids = {one for many in violations.values() for violation in many for one in violation.ids if isinstance(one, int)}
    book = Book(edition, maps, plan, ids)
    return {pk: list(dict.fromkeys(book.sentence(one) for one in many)) for pk, many in violations.items()}


class Obstacles:
    """What keeps a request's people out of a slot, whichever table; rules and ids as the referee gives them."""

    def __init__(self, problem: Problem, plan: Plan, request_id: int) -> None:
        self.book = referee.Book(problem)
        self.request = self.book.requests[request_id]
        self.busy: dict[tuple[Id, int], Id] = {}
        self.held: Counter[tuple[Id, int]] = Counter()
        for meeting in plan.meetings:
            if meeting.id != request_id:
                for person in set(self.request.participants) & set(self.book.requests[meeting.id].participants):
                    self.busy[person, meeting.slot] = meeting.id
                    self.held[person, self.book.day(meeting.slot)] += 1

    def in_slot(self, slot: int) -> Iterator[Violation]:
        """The obstacles of one slot (1-based)."""
        alone = referee.lone_violations(self.book, Placed(self.request.id, slot, self.request.fixed_table))
        yield from (violation for violation in alone if violation.rule in OF_PEOPLE)
        for person in self.request.participants:
            if (person, slot) in self.busy:
                yield Violation("double_booked", (person, slot, self.request.id, self.busy[person, slot]), "busy")
            cap, day = self.book.people[person].max_per_day, self.book.day(slot)
            if cap is not None and self.held[person, day] >= cap:
                yield Violation("max_per_day", (person, day), "enough for a day")


OF_PEOPLE = {"forbidden", "session", "fixed_slot"}
"""The rules of one meeting that hold at every table."""
