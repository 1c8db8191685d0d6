"""What a repair may cost at least, by trying everything; and changed states of tiny problems for Hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from kernels.timetable.problems import tiny_problems

from madang.kernels.timetable import Goal, Meeting, Participant, Plan, Problem, Request, Status, check_since, solve

MOVE, TODAY, TOMORROW, CANCEL, LOCKED, MISSED = 10, 20, 15, 5, 10_000, 100_000


@st.composite
def changed_states(draw, problems=None) -> tuple[Problem, Plan, int, frozenset]:
    """(new problem, published plan, since, locked): people away, tables closed, requests withdrawn, added, made a must."""
    old = replace(draw(problems if problems is not None else tiny_problems(Goal.WEIGHT)), homogeneity=None)
    plan = solve(old, limit=300)
    slots = st.integers(1, len(old.slots))
    people = tuple(_away(draw, p, slots) for p in old.participants)
    tables = tuple(replace(t, closed=t.closed | draw(st.frozensets(slots, max_size=2))) for t in old.tables)
    gone = draw(st.sampled_from([None, None, *(r.id for r in old.requests)]))
    kept = tuple(replace(r, after=tuple(a for a in r.after if a != gone)) for r in old.requests if r.id != gone)
    pair = tuple(draw(st.permutations([p.id for p in people]))[:2])
    new = (Request("new", pair, draw(st.integers(1, 5)), required=draw(st.booleans())),) if draw(st.booleans()) else ()
    state = replace(old, participants=people, tables=tables, requests=kept + new)
    locked = draw(st.frozensets(st.sampled_from([r.id for r in old.requests]), max_size=1))
    return state, plan, draw(st.integers(1, len(old.slots))), locked


def _away(draw, person: Participant, slots) -> Participant:
    cap = draw(st.sampled_from([person.max_per_day, person.max_per_day, 1]))
    return replace(person, forbidden=person.forbidden | draw(st.frozensets(slots, max_size=2)), max_per_day=cap)


def price(problem: Problem, since: int, before: dict, request: Request, meeting: Meeting | None, locked=frozenset()) -> int:
    """Written from the documentation alone."""
    must = problem.goal is Goal.BREAKS or request.required or request.fixed_slot is not None
    published = before.get(request.id)
    move = 0
    if published is not None:
        days = sorted({s.day for s in problem.slots[since - 1 :]})
        move = {0: TODAY, 1: TOMORROW}.get(days.index(problem.slots[published.slot - 1].day), MOVE)
    if meeting is None:
        kept = LOCKED if request.id in locked and published is not None else 0
        return (CANCEL + request.weight) * move + kept + (MISSED if must else 0)
    if published is None or meeting == published:
        return 0
    return 1 if meeting.slot == published.slot else move


def least(problem: Problem, plan: Plan, since: int, locked: frozenset) -> int:
    """The least price of all timetables of the rest: every slot, table and crew for each published or required request."""
    known = {r.id: r for r in problem.requests}
    past = tuple(m for m in plan.meetings if m.slot < since)
    before = {m.id: m for m in plan.meetings if m.slot >= since and m.id in known}
    done = {m.id for m in past}
    rows = [r for r in problem.requests if r.id not in done and (r.id in before or price(problem, since, before, r, None))]
    options = [sorted(_options(problem, since, before, r, locked), key=lambda o: o[0]) for r in rows]
    best = [sum(price(problem, since, before, r, None, locked) for r in rows)]

    def place(depth: int, cost: int, meetings: tuple[Meeting, ...]) -> None:
        if cost >= best[0]:
            return
        if depth == len(rows):
            best[0] = cost
            return
        for extra, meeting in options[depth]:
            tried = meetings if meeting is None else (*meetings, meeting)
            if meeting is None or sound(problem, tried, since):
                place(depth + 1, cost + extra, tried)

    place(0, 0, past)
    return best[0]


def _options(problem: Problem, since: int, before: dict, request: Request, locked: frozenset):
    slots = range(since, len(problem.slots) + 1)
    if request.id in locked and request.id in before:
        slots = range(before[request.id].slot, before[request.id].slot + 1)
    yield price(problem, since, before, request, None, locked), None
    crews = [()]
    for team in request.teams:
        crews = [(*crew, member) for crew in crews for member in team]
    for slot in slots:
        for table in (None, *(t.id for t in problem.tables)):
            for crew in crews:
                meeting = Meeting(request.id, slot, table, crew)
                yield price(problem, since, before, request, meeting), meeting


def sound(problem: Problem, meetings: tuple[Meeting, ...], since: int) -> bool:
    wrong = check_since(problem, Plan(Status.FEASIBLE, None, None, 0, meetings), since)
    return all(v.rule == "not_placed" for v in wrong)
