"""Why a meeting stands where it stands, why a request found no place, side by side, and why a person has a gap."""

from __future__ import annotations

from dataclasses import dataclass

from .board import Board, Obstacle, laid_out
from .ground import slots_in
from .problem import Id, Plan, Problem, Request


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot that a request could have, the rest of the plan as it is.

    `obstacles` is empty where the slot is free for it; `breaks`: how many breaks more (or fewer) its people would have there.
    """

    slot: int
    obstacles: tuple[Obstacle, ...]
    breaks: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Why a placed meeting stands in its slot.

    `code`: fixed, only_common_slot (nowhere else are all its people there and a table open), only_free_slot (everywhere else
    something is in the way), fewest_breaks (every other free slot makes more breaks), one_of_several.
    `others`: the other slots in which all its people are there and a table is open, in order.
    """

    request: Id
    slot: int
    table: Id | None
    code: str
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One person of a request, over the slots that its own rules allow (session, length, fixed slot).

    `away`: slots in which she is not there. `held`: (slot, request that has it, "stronger" | "equal" | "weaker" by weight).
    `capped`: days on which she has all the meetings she wants. `free`: slots in which she could meet.
    """

    person: Id
    away: tuple[int, ...]
    held: tuple[tuple[int, Id, str], ...]
    capped: tuple[int, ...]
    free: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """A request of hers that is not in the gap: where it stands (None: unplaced), and what keeps it from the gap."""

    request: Id
    slot: int | None
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a person has no meeting in a slot.

    `code`: in_meeting (there is one), away, nobody_asked (no request of hers), could_be_filled (at least one filler has no
    obstacle), nobody_can (each has one). `fillers`: her requests that stand elsewhere or nowhere.
    """

    person: Id
    slot: int
    code: str
    fillers: tuple[Filler, ...]


def why(problem: Problem, plan: Plan, request: Id) -> Placement:
    """Why a placed request stands where it does. Raises KeyError for an unknown request, ValueError for an unplaced one."""
    board = laid_out(problem, plan)
    row = board.requests[request]
    if request not in board.meetings:
        raise ValueError(f"request {request!r} is not placed")
    stands = board.remove(request)
    here = board.breaks_added(stands)
    others = tuple(_choice(board, row, slot, here) for slot in slots_in(board.starts(row)) if slot != stands.slot)
    return Placement(request, stands.slot, stands.table, _code(row, others), others)


def _choice(board: Board, row: Request, slot: int, here: int) -> Choice:
    meeting = board.meeting_at(row, slot)
    if meeting is None:
        return Choice(slot, tuple(least_in_the_way(board, row, slot)))
    return Choice(slot, (), board.breaks_added(meeting) - here)


def _code(row: Request, others: tuple[Choice, ...]) -> str:
    if row.fixed_slot is not None:
        return "fixed"
    free = [choice for choice in others if not choice.obstacles]
    if not free:
        return "only_free_slot" if others else "only_common_slot"
    return "fewest_breaks" if all(choice.breaks > 0 for choice in free) else "one_of_several"


def sides(problem: Problem, plan: Plan, request: Id) -> tuple[Side, ...]:
    """What each person of a request does in the slots that its own rules allow: which side, which slots, what stronger wishes.

    Of a team everybody is named. Raises KeyError for an unknown request.
    """
    board = laid_out(problem, plan)
    row = board.requests[request]
    if request in board.meetings:
        board.remove(request)
    starts = board.allowed(row)
    slots = list(dict.fromkeys(s for start in slots_in(starts) for s in slots_in(board.span(row, start))))
    people = dict.fromkeys((*row.participants, *(p for team in row.teams for p in team)))
    return tuple(_side(board, row, person, slots) for person in people)


def _side(board: Board, row: Request, person: Id, slots: list[int]) -> Side:
    gone = board.away[person] | (board.asleep[person] if row.online else 0)
    held = [(s, board.at[person, s]) for s in slots if board.busy[person] >> s & 1]
    days = dict.fromkeys(board.day_of[s] for s in slots)
    capped = tuple(day for day in days if board.capped[person] & board.day_mask[day])
    return Side(
        person,
        tuple(s for s in slots if gone >> s & 1),
        tuple((s, other, _strength(board.requests[other], row)) for s, other in held),
        capped,
        tuple(s for s in slots if not (gone | board.busy[person] | board.capped[person]) >> s & 1),
    )


def _strength(other: Request, row: Request) -> str:
    return "equal" if other.weight == row.weight else "stronger" if other.weight > row.weight else "weaker"


def why_gap(problem: Problem, plan: Plan, person: Id, slot: int) -> Gap:
    """Why a person has no meeting in a slot (1-based), and which of her requests could come there. KeyError for a stranger."""
    board = laid_out(problem, plan)
    if not board.in_range(slot):
        raise KeyError(slot)
    if board.busy[person] >> slot & 1:
        return Gap(person, slot, "in_meeting", ())
    if board.away[person] >> slot & 1:
        return Gap(person, slot, "away", ())
    fillers = tuple(_filler(board, person, board.requests[i], slot) for i in board.asked[person])
    if not fillers:
        return Gap(person, slot, "nobody_asked", ())
    return Gap(person, slot, "nobody_can" if all(f.obstacles for f in fillers) else "could_be_filled", fillers)


def _filler(board: Board, person: Id, row: Request, slot: int) -> Filler:
    """Whether the request could take the slot, starting there or, where it is long, somewhat before, and with her."""
    stands = board.remove(row.id) if row.id in board.meetings else None
    crews = [crew for crew in board.crews(row) if person in row.participants or person in crew]
    ways = [board.obstacles(row, start, crew) for start in range(max(1, slot - row.length + 1), slot + 1) for crew in crews]
    if stands is not None:
        board.place(stands)
    return Filler(row.id, None if stands is None else stands.slot, tuple(_least(ways)))


def least_in_the_way(board: Board, row: Request, slot: int) -> list[Obstacle]:
    """What keeps the request from the slot, sent by the crew that has least in the way."""
    return _least([board.obstacles(row, slot, crew) for crew in board.crews(row)])


def _least(ways: list[list[Obstacle]]) -> list[Obstacle]:
    return min(ways, key=lambda found: len(found), default=[("delegates", ())])
