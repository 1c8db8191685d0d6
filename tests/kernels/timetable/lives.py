"""Problems of real life for the tests: tiny random ones with every field, an oracle that tries every timetable, a market."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from random import Random

from hypothesis import strategies as st
from kernels.timetable.problems import market

from madang.kernels.timetable import Goal, Meeting, Participant, Pause, Problem, Request, Slot, Table, Way

FIELDS = ("length", "teams", "online", "halls", "pauses", "rest", "floor", "groups")


@st.composite
def lives(draw, goal: Goal, fields: tuple[str, ...] = FIELDS) -> Problem:
    """A tiny problem that uses these fields."""
    total, people = draw(st.integers(3, 6)), draw(st.integers(3, 5))
    some = st.one_of(st.just(frozenset()), st.frozensets(st.integers(1, total), max_size=2))
    few = st.sampled_from([None, None, None, 1, 2])
    tables = [
        Table(f"t{n}", draw(st.integers(0, 3)) > 0, draw(st.frozensets(st.integers(1, total), max_size=1)), _hall(draw, fields))
        for n in range(draw(st.integers(1, 3)))
    ]
    participants = tuple(
        Participant(
            p,
            draw(some),
            draw(few),
            draw(some) if "online" in fields else frozenset(),
            draw(few) if "rest" in fields else None,
        )
        for p in range(people)
    )
    requests = tuple(_request(draw, n, people, total, tables, fields) for n in range(draw(st.integers(2, 4))))
    noon, night = draw(st.integers(1, total)), draw(st.sampled_from([total, total, total // 2]))
    slots = tuple(Slot(1 if s <= night else 2, 1 if s <= noon else 2) for s in range(1, total + 1))
    pauses = ()
    if "pauses" in fields:
        first = draw(st.integers(1, night))
        lunch = frozenset(range(first, min(night, first + draw(st.integers(0, 2))) + 1))
        pauses = (Pause(lunch, draw(st.integers(0, len(lunch)))),)
    ways = (Way(("E", "W"), draw(st.integers(1, 2))),) if {t.hall for t in tables} >= {"E", "W"} else ()
    return Problem(
        slots,
        participants,
        tuple(tables),
        requests,
        goal,
        draw(st.sampled_from([None, None, None, 0, 1])),
        draw(st.booleans()),
        pauses,
        ways,
        draw(st.integers(0, 2)) if "floor" in fields else 0,
    )


def _hall(draw, fields) -> str | None:
    return draw(st.sampled_from(["E", "W", None])) if "halls" in fields else None


def _request(draw, number: int, people: int, total: int, tables: list[Table], fields: tuple[str, ...]) -> Request:
    order = draw(st.permutations(range(people)))
    teams = draw(st.integers(0, 2)) if "teams" in fields else 0
    size = draw(st.integers(0 if teams == 2 else 1, 2)) if teams else draw(st.integers(2, 3 if "groups" in fields else 2))
    online = "online" in fields and draw(st.integers(0, 2)) == 0
    shared = tuple(t.id for t in tables if t.shared)
    named = draw(st.sampled_from([None, None, (), (tables[0].id,), tuple(t.id for t in tables)])) if not online else None
    usable = shared if named is None else named
    return Request(
        number,
        tuple(order[:size]),
        draw(st.integers(1, 5)),
        draw(st.sampled_from([*[None] * 8, 1, 2])),
        draw(st.sampled_from([*[None] * 9, draw(st.integers(1, total))])),
        tables=named,
        after=(number - 1,) if number and draw(st.integers(0, 3)) == 0 else (),
        required=draw(st.integers(0, 9)) == 0,
        length=draw(st.sampled_from([1, 1, 2, 3])) if "length" in fields else 1,
        prefers=usable[:1] if usable and not online and draw(st.booleans()) else (),
        online=online,
        teams=tuple(tuple(draw(st.permutations(range(people)))[: draw(st.integers(1, 3))]) for _ in range(teams)),
    )


def best(problem: Problem, price: float = 0.001) -> tuple[int, int, int] | None:
    """(shortfall, weight, breaks) of the best timetable by the aims in their order; None where there is none."""
    key = (lambda f: f[2]) if problem.goal is Goal.BREAKS else (lambda f: (f[0], price * f[2] - f[1]))
    return min(_timetables(problem), key=key, default=None)


def _timetables(problem: Problem):
    """Figures of every timetable: each request nowhere or at each (start, table, people); pruned from left to right."""
    choices = []
    for request in problem.requests:
        must = problem.goal is Goal.BREAKS or request.required or request.fixed_slot is not None
        choices.append(([] if must else [None]) + single(problem, request))
    yield from _extended(problem, choices, [])


def _extended(problem: Problem, choices, chosen):
    if len(chosen) == len(choices):
        held = [c for c in chosen if c]
        counts = [_breaks(problem, p, held) for p in problem.participants]
        if problem.homogeneity is None or max(counts) - min(counts) <= problem.homogeneity:
            yield _short(problem, held), sum(c[0].weight for c in held), sum(counts)
        return
    for choice in choices[len(chosen)]:
        if choice is None or _agrees(problem, [c for c in chosen if c], choice):
            yield from _extended(problem, choices, [*chosen, choice])


def allowed(problem: Problem, held) -> bool:
    """Whether these may stand together."""
    return all(_agrees(problem, held[:n], one) for n, one in enumerate(held))


def meeting(problem: Problem, choice) -> Meeting:
    """The meeting of a choice: somebody of each team, in their order."""
    request, slots, table, group = choice
    size = len(group) - len(request.participants)
    sent = next(w for w in product(*request.teams) if len(set(w)) == size and {*request.participants, *w} == group)
    return Meeting(request.id, slots[0], table and table.id, sent)


def single(problem: Problem, request: Request):
    """Every (request, slots, table, people) that the request may be by itself."""
    return list(_single(problem, request))


def _single(problem: Problem, request: Request):
    people = {p.id: p for p in problem.participants}
    groups = {
        frozenset((*request.participants, *sent))
        for sent in product(*request.teams)
        if len({*request.participants, *sent}) == len(request.participants) + len(sent)
    }
    for start in range(1, len(problem.slots) - request.length + 2):
        slots = tuple(range(start, start + request.length))
        rows = {(problem.slots[s - 1].day, problem.slots[s - 1].session) for s in slots}
        if request.fixed_slot not in (None, start) or len(rows) > 1 or request.session not in (None, *(r[1] for r in rows)):
            continue
        for group in groups:
            away = {s for p in group for s in (people[p].forbidden | (people[p].asleep if request.online else frozenset()))}
            if not away & set(slots):
                yield from ((request, slots, table, group) for table in _seats(problem, request, slots))


def _seats(problem: Problem, request: Request, slots):
    if request.online or request.tables == ():
        return [None]
    may = [t for t in problem.tables if (t.shared if request.tables is None else t.id in request.tables)]
    return [t for t in may if not t.closed & set(slots)]


def _agrees(problem: Problem, held, new) -> bool:
    """Whether the new one goes with what is chosen: two by two, and each of its people over her day."""
    if not all(_pair(problem, one, new) and _pair(problem, new, one) for one in held):
        return False
    return all(_day(problem, p, [*held, new]) for p in problem.participants if p.id in new[3])


def _pair(problem: Problem, one, two) -> bool:
    if set(one[1]) & set(two[1]) and (one[3] & two[3] or (one[2] is not None and one[2] == two[2])):
        return False
    if one[0].id in two[0].after and one[1][-1] >= two[1][0]:
        return False
    same_day = problem.slots[one[1][0] - 1].day == problem.slots[two[1][0] - 1].day
    if one[3] & two[3] and same_day and one[2] and two[2] and one[1][-1] < two[1][0]:
        needed = [w.slots for w in problem.ways if set(w.between) == {one[2].hall, two[2].hall}]
        return not needed or two[1][0] - one[1][-1] - 1 >= needed[0]
    return True


def _day(problem: Problem, person: Participant, held) -> bool:
    hers = [h for h in held if person.id in h[3]]
    days = Counter(problem.slots[h[1][0] - 1].day for h in hers)
    if person.max_per_day is not None and max(days.values()) > person.max_per_day:
        return False
    busy = {s for h in hers for s in h[1]}
    if any(len(pause.slots - busy) < pause.free for pause in problem.pauses):
        return False
    if person.max_in_row is not None:
        for group in combinations(sorted(hers, key=lambda h: h[1]), person.max_in_row + 1):
            row = [s for h in group for s in h[1]]
            if row == list(range(row[0], row[-1] + 1)) and len({problem.slots[s - 1].day for s in row}) == 1:
                return False
    return True


def _breaks(problem: Problem, person: Participant, held) -> int:
    busy = {s for h in held if person.id in h[3] for s in h[1]}
    lunch = {s for pause in problem.pauses for s in pause.slots}
    days = [range(1, len(problem.slots) + 1)]
    if not problem.breaks_over_forbidden:
        days = [[s for s in days[0] if problem.slots[s - 1].day == day] for day in {row.day for row in problem.slots}]
    total = 0
    for day in days:
        text = "".join(
            "m" if s in busy else " " if not problem.breaks_over_forbidden and s in person.forbidden | lunch else "i" for s in day
        )
        inner = text[text.find("m") : text.rfind("m")] if "m" in text else ""
        total += len([run for part in inner.split("m") for run in part.split()])
    return total


def _short(problem: Problem, held) -> int:
    if problem.goal is Goal.BREAKS:
        return 0
    asked = Counter(p for r in problem.requests for p in r.participants)
    got = Counter(p for h in held for p in h[3])
    return sum(max(0, min(problem.floor, n) - got[p]) for p, n in asked.items())


def busy_market(people: int, requests: int, seed: int = 1, *, fields: tuple[str, ...] = FIELDS, days: int = 3) -> Problem:
    """A market on a grid of a quarter of an hour: lengths of two to four slots, two halls, lunch, rest, teams, a floor."""
    plain, chance = market(people, requests, days=days, a_day=36, seed=seed), Random(seed)
    night = frozenset(s for s in range(1, days * 36 + 1) if s % 36 in range(1, 10))
    persons = tuple(
        Participant(
            p.id,
            frozenset(_blocks(chance, days)),
            p.max_per_day,
            night if "online" in fields and chance.random() < 0.2 else frozenset(),
            chance.choice([None, 3, 4]) if "rest" in fields else None,
        )
        for p in plain.participants
    )
    tables = tuple(replace(t, hall=("E" if n % 2 else "W") if "halls" in fields else None) for n, t in enumerate(plain.tables))
    return replace(
        plain,
        participants=persons,
        tables=tables,
        requests=tuple(_busy_request(chance, r, people, fields) for r in plain.requests),
        pauses=tuple(Pause(frozenset(range(36 * d + 15, 36 * d + 21)), 3) for d in range(days)) if "pauses" in fields else (),
        ways=(Way(("E", "W"), 1),) if "halls" in fields else (),
        floor=2 if "floor" in fields else 0,
    )


def _blocks(chance: Random, days: int):
    """Away for some spans of one to two hours."""
    for day in range(days):
        for _ in range(chance.randint(0, 2)):
            begin = chance.randint(1, 36)
            yield from range(36 * day + begin, 36 * day + min(36, begin + chance.randint(3, 8)) + 1)


def _busy_request(chance: Random, request: Request, people: int, fields: tuple[str, ...]) -> Request:
    length = chance.choice([2, 2, 2, 3, 4]) if "length" in fields else 1
    if "online" in fields and request.tables is None and chance.random() < 0.1:
        return replace(request, length=length, online=True)
    if "teams" in fields and chance.random() < 0.05:
        team = tuple(p for p in chance.sample(range(people), 4) if p not in request.participants)
        return replace(request, length=length, teams=(team,))
    return replace(request, length=length)
