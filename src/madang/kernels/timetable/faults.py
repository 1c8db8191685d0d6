"""What makes a problem senseless before anybody solves it: doubled ids, unknown people, slots out of range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .life_faults import life_faults
from .problem import Id, Problem, Request


class ProblemError(ValueError):
    """A problem, a plan or a file that cannot be understood; the text is a sentence for a person."""


def faults(problem: Problem) -> list[str]:
    """Every fault of the problem as a sentence; empty where it makes sense.

    A problem without faults may still be infeasible: that is for `solve` to find.
    """
    return [*_doubled(problem), *_people_and_tables(problem), *_requests(problem), *_options(problem), *life_faults(problem)]


def ensure_sound(problem: Problem) -> None:
    """Raise `ProblemError` with the first faults of the problem, if it has any."""
    found = faults(problem)
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
        raise ProblemError("; ".join(found[:3]) + more)


def _doubled(problem: Problem) -> Iterator[str]:
    kinds: tuple[tuple[str, Iterable[Id]], ...] = (
        ("participant", (p.id for p in problem.participants)),
        ("table", (t.id for t in problem.tables)),
        ("request", (r.id for r in problem.requests)),
    )
    for kind, ids in kinds:
        yield from (f"{kind} {found!r} is there {n} times" for found, n in Counter(ids).items() if n > 1)


def _people_and_tables(problem: Problem) -> Iterator[str]:
    total = len(problem.slots)
    for person in problem.participants:
        if any(not 1 <= slot <= total for slot in person.forbidden):
            yield f"participant {person.id!r} is away in a slot outside 1 to {total}"
        if person.max_per_day is not None and person.max_per_day < 0:
            yield f"participant {person.id!r} has fewer than no meetings a day"
    for table in problem.tables:
        if any(not 1 <= slot <= total for slot in table.closed):
            yield f"table {table.id!r} is closed in a slot outside 1 to {total}"
    if any(later.day < earlier.day for earlier, later in zip(problem.slots, problem.slots[1:], strict=False)):
        yield "the slots are not in the order of their days"


def _requests(problem: Problem) -> Iterator[str]:
    people = {p.id for p in problem.participants}
    tables = {t.id for t in problem.tables}
    known = {r.id for r in problem.requests}
    for request in problem.requests:
        named = set(request.participants)
        if request.is_plain and request.weight > 0 and named and len(named) == len(request.participants) and named <= people:
            continue
        yield from (f"request {request.id!r}: {text}" for text in _of_request(request, people, tables, known, len(problem.slots)))


def _of_request(request: Request, people: set[Id], tables: set[Id], known: set[Id], total: int) -> Iterator[str]:
    if len(set(request.participants)) != len(request.participants):
        yield "names a participant twice"
    if not request.participants and not request.teams:
        yield "has no participant"
    yield from (f"participant {p!r} is not known" for p in request.participants if p not in people)
    named = (*(request.tables or ()), *(() if request.fixed_table is None else (request.fixed_table,)))
    yield from (f"table {t!r} is not known" for t in named if t not in tables)
    yield from (f"comes after {r!r}, which is not known" for r in request.after if r not in known)
    if request.id in request.after:
        yield "comes after itself"
    if request.weight <= 0:
        yield "has a weight that is not above 0"
    if request.fixed_slot is not None and not 1 <= request.fixed_slot <= total:
        yield f"stands in slot {request.fixed_slot}, outside 1 to {total}"


def _options(problem: Problem) -> Iterator[str]:
    if problem.homogeneity is not None and problem.homogeneity < 0:
        yield "homogeneity is below 0"
