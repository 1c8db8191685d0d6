"""Who reads what: against every choice there is on tiny problems, and what is told of plans that cannot be."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.jury.juries import _rank, best, call, tiny_problems

from madang.kernels.jury.assignment import (
    Aims,
    Conflict,
    Entry,
    Juror,
    Pair,
    Plan,
    Problem,
    ProblemError,
    Status,
    check,
    faults,
    linking,
    repair,
    solve,
    summary,
)

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@relaxed
@given(tiny_problems())
def test_tiny_problems_get_the_best_choice_of_all_there_are(problem):
    if faults(problem):
        return
    wanted = best(problem)
    plan = solve(problem, partial=True)
    assert check(problem, plan) == []
    assert (plan.missing, plan.idle) == wanted[:2]
    assert (plan.status is Status.INFEASIBLE) == (wanted[:2] != (0, 0))
    assert _rank(problem, list(plan.pairs))[:3] == wanted[:3]
    assert plan.bound == wanted[3]
    if plan.status is Status.OPTIMAL:
        assert plan.price == wanted[3]


@relaxed
@given(tiny_problems())
def test_a_proof_of_what_is_short_stands_without_a_plan(problem):
    if faults(problem):
        return
    plan = solve(problem)
    assert check(problem, plan) == []
    assert sum(s.short for s in plan.shortages) == plan.missing + plan.idle
    assert (plan.pairs == ()) == (plan.status is Status.INFEASIBLE)


@relaxed
@given(tiny_problems())
def test_a_repair_gives_up_no_pair_without_need(problem):
    if faults(problem) or len(problem.jurors) < 2:
        return
    plan = solve(problem, partial=True)
    gone = problem.jurors[0].id
    left = replace(
        problem,
        jurors=problem.jurors[1:],
        conflicts=tuple(c for c in problem.conflicts if c.juror != gone),
        locked=frozenset(p for p in problem.locked if p.juror != gone),
    )
    found = repair(left, plan)
    assert check(left, found.plan) == []
    assert found.plan.missing == best(left)[0]
    stay = {p for p in plan.pairs if p.juror != gone}
    assert set(found.plan.pairs) == (set(plan.pairs) - set(found.given_up)) | set(found.new)
    if stay <= set(found.plan.pairs):
        assert [cause for _, cause in found.cause] == ["juror_gone"] * (len(plan.pairs) - len(stay))


def test_a_call_is_read_evenly_by_linked_jurors_again_and_again():
    problem = call(300, 20, most_compatriots=1)
    plan = solve(problem, seed=4)
    assert check(problem, plan) == []
    assert (plan.status, plan.missing, plan.linked) == (Status.OPTIMAL, 0, True)
    assert summary(problem, plan).spread == ((45, 20),)
    assert summary(problem, plan).readers == ((3, 300),)
    assert linking(problem, plan).error < 0.4
    assert solve(problem, seed=4).pairs == plan.pairs
    other = solve(problem, seed=5)
    assert (other.price, other.pairs != plan.pairs) == (plan.price, True)


def test_a_juror_drops_out_and_only_her_entries_move():
    problem = call(300, 20)
    plan = solve(problem)
    hers = {p for p in plan.pairs if p.juror == "j7"}
    left = replace(
        problem,
        jurors=tuple(j for j in problem.jurors if j.id != "j7"),
        conflicts=tuple(c for c in problem.conflicts if c.juror != "j7"),
    )
    found = repair(left, plan)
    assert set(found.given_up) == hers
    assert {p.entry for p in found.new} == {p.entry for p in hers}
    assert (found.plan.status, found.plan.missing) == (Status.OPTIMAL, 0)
    assert summary(left, found.plan).spread == ((47, 12), (48, 7))


def test_a_conflict_that_comes_up_moves_one_reading():
    problem = call(60, 8)
    plan = solve(problem)
    pair = plan.pairs[10]
    found = repair(replace(problem, conflicts=(*problem.conflicts, Conflict(*pair, "same_company"))), plan)
    assert (found.given_up, found.cause, len(found.new)) == ((pair,), ((pair, "conflict"),), 1)


def test_too_few_jurors_of_a_language_are_named_with_how_many_readings_are_short():
    korean = tuple(Entry(f"k{n}", frozenset({"ko"}), ("KR",)) for n in range(6))
    english = tuple(Entry(f"u{n}", frozenset({"en"}), ("US",)) for n in range(6))
    jurors = (
        Juror("ara", frozenset({"ko"}), "KR", most=5),
        Juror("bora", frozenset({"ko"}), "KR", most=4),
        *(Juror(f"us{n}", frozenset({"en"}), "US", most=9) for n in range(2)),
    )
    plan = solve(Problem((*korean, *english), jurors, readers=2), partial=True)
    assert (plan.status, plan.missing, len(plan.pairs)) == (Status.INFEASIBLE, 3, 21)
    (short,) = plan.shortages
    assert (short.kind, short.entries, short.jurors) == ("readers", tuple(e.id for e in korean), ("ara", "bora"))
    assert (short.need, short.room, short.short, short.barred) == (12, 9, 3, (("no_language", 12),))


def test_a_juror_whose_least_cannot_be_reached_is_named():
    entries = tuple(Entry(n, frozenset({"fr" if n < 2 else "ko"})) for n in range(8))
    jurors = (Juror("fleur", frozenset({"fr"}), least=3), *(Juror(f"k{n}", frozenset({"ko", "fr"})) for n in range(3)))
    plan = solve(Problem(entries, jurors, readers=2), partial=True)
    assert (plan.status, plan.missing, plan.idle) == (Status.INFEASIBLE, 0, 1)
    (short,) = plan.shortages
    assert (short.kind, short.jurors, short.need, short.room) == ("work", ("fleur",), 3, 2)


def test_jurors_who_share_no_language_cannot_be_linked_and_that_is_told():
    entries = tuple(Entry(n, frozenset({"fr" if n % 2 else "ko"})) for n in range(8))
    jurors = tuple(Juror(n, frozenset({"fr" if n % 2 else "ko"})) for n in range(4))
    problem = Problem(entries, jurors, readers=2)
    plan = solve(problem)
    assert (plan.status, plan.linked) == (Status.OPTIMAL, False)
    assert linking(problem, plan).groups == ((0, 2), (1, 3))
    assert linking(problem, plan).error is None


def test_a_wish_for_languages_gives_way_to_a_link():
    """All would be liked best in two groups that no entry links; one exchange links them."""
    entries = tuple(Entry(n, frozenset({"fr" if n % 2 else "ko"})) for n in range(12))
    both = frozenset({"fr", "ko"})
    jurors = tuple(Juror(n, both, prefers=frozenset({"fr" if n % 2 else "ko"})) for n in range(4))
    problem = Problem(entries, jurors, readers=2)
    plan = solve(problem)
    assert check(problem, plan) == []
    assert (plan.linked, plan.bound, plan.price, plan.status) == (True, 0, 4, Status.FEASIBLE)


def test_readers_come_from_several_countries_and_compatriots_are_few():
    entries = tuple(Entry(n, countries=("KR",)) for n in range(10))
    jurors = tuple(Juror(n, country="KR" if n < 5 else "FR" if n < 8 else "JP") for n in range(10))
    problem = Problem(entries, jurors, readers=3, most_compatriots=1)
    plan = solve(problem)
    assert check(problem, plan) == []
    assert summary(problem, plan).one_country == ()
    assert summary(problem, plan).compatriots == 10
    assert summary(problem, plan).spread == ((2, 5), (4, 5))


def test_a_locked_pair_stands_and_an_empty_call_has_an_empty_plan():
    problem = Problem((Entry("e", frozenset({"ko"})),), (Juror("a", frozenset({"ko"})), Juror("b")), readers=2)
    assert solve(problem).missing == 1
    plan = solve(replace(problem, locked=frozenset({Pair("e", "b")})))
    assert plan.pairs == (Pair("e", "a"), Pair("e", "b"))
    assert solve(Problem((), ())).pairs == ()
    assert solve(Problem((), (Juror("a"),))).status is Status.OPTIMAL
    assert solve(Problem((Entry("e"),), ()), partial=True).missing == 3


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"readers": 0}, "each entry needs one reader or more"),
        ({"entries": (Entry("e"), Entry("e"))}, "entry 'e' is there 2 times"),
        ({"jurors": (Juror("a", least=3, most=2),)}, "juror 'a' reads at least 3 and at most 2"),
        ({"conflicts": (Conflict("e", "z", "declared"),)}, "a conflict names juror 'z', who is not known"),
        ({"locked": frozenset({Pair("e", "a")}), "forbidden": frozenset({Pair("e", "a")})}, "forbidden to read it"),
        ({"aims": Aims(language=-1)}, "a price is below 0"),
        ({"most_compatriots": -1}, "the limit of compatriots is below 0"),
    ],
)
def test_a_senseless_problem_is_refused_with_a_sentence(change, text):
    problem = Problem((Entry("e"),), (Juror("a"),), 1)
    with pytest.raises(ProblemError, match=text):
        solve(replace(problem, **change))


def test_progress_is_told_and_a_stop_is_heard():
    problem, seen = call(60, 8), []
    plan = solve(problem, progress=lambda p: seen.append((p.stage, p.step, p.steps)))
    assert seen == [("loads", 0, 3), ("price", 1, 3), ("links", 2, 3)]
    stopped = solve(problem, progress=lambda p: "stop")
    assert (stopped.status, stopped.bound, check(problem, stopped)) == (Status.FEASIBLE, None, [])
    assert summary(problem, stopped).spread == summary(problem, plan).spread


@pytest.mark.parametrize(
    ("pairs", "claims", "rule"),
    [
        ([("e", "a"), ("f", "a"), ("f", "b")], {}, "too_few_readers"),
        ([("e", "a"), ("e", "b"), ("f", "a"), ("f", "b"), ("f", "c")], {}, "too_many_readers"),
        ([("e", "a"), ("e", "c"), ("f", "b"), ("f", "c")], {}, "conflict"),
        ([("e", "a"), ("e", "d"), ("f", "b"), ("f", "c")], {}, "no_language"),
        ([("e", "a"), ("e", "b"), ("e", "a"), ("f", "b"), ("f", "c")], {}, "doubled_pair"),
        ([("e", "a"), ("e", "b"), ("f", "b"), ("f", "z")], {}, "unknown_juror"),
        ([("e", "a"), ("e", "b"), ("f", "b"), ("f", "c")], {"price": 99}, "claimed_price"),
        ([("e", "a"), ("e", "b"), ("f", "b"), ("f", "c")], {"linked": False}, "claimed_linked"),
        ([("e", "a"), ("e", "b"), ("f", "b"), ("f", "c")], {"bound": 50}, "claimed_bound"),
        ([("e", "a"), ("e", "b"), ("f", "b"), ("f", "c")], {"status": Status.OPTIMAL}, "claimed_optimal"),
        ([("e", "a"), ("e", "b"), ("f", "a"), ("f", "b")], {}, "over_most"),
        ([("e", "a"), ("e", "b"), ("f", "a"), ("f", "c")], {}, "locked"),
    ],
)
def test_the_referee_names_the_broken_rule(pairs, claims, rule):
    problem = Problem(
        (Entry("e", frozenset({"ko"})), Entry("f")),
        (Juror("a", frozenset({"ko"}), most=1), Juror("b", frozenset({"ko"})), Juror("c", frozenset({"ko"})), Juror("d")),
        readers=2,
        conflicts=(Conflict("e", "c", "declared"),),
        locked=frozenset({Pair("f", "b")}),
    )
    plan = replace(Plan(Status.FEASIBLE, tuple(Pair(*p) for p in pairs)), **claims)
    assert rule in {v.rule for v in check(problem, plan)}
    assert check(problem, solve(problem)) == []
