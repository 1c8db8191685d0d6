"""Moves by hand, and the reasons for a pair: each is held against the referee and the price of the whole plan."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.jury.juries import call, tiny_problems

from madang.kernels.jury.assignment import (
    Conflict,
    Entry,
    Juror,
    Move,
    Pair,
    Plan,
    Problem,
    Reason,
    Status,
    check,
    clashes,
    explain,
    faults,
    moved,
    readings,
    replacements,
    solve,
    swaps,
)
from madang.kernels.jury.assignment.referee import price

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@relaxed
@given(tiny_problems())
def test_every_offered_move_keeps_the_rules_and_costs_what_it_says(problem):
    if faults(problem):
        return
    plan = solve(problem, partial=True)
    for pair in plan.pairs:
        if pair in problem.locked:
            continue
        swapped = swaps(problem, plan, *pair)
        for move in (*replacements(problem, plan, *pair), *swapped):
            after = moved(problem, plan, move)
            assert set(after.pairs) == set(plan.pairs) - set(move.out) | set(move.into)
            broken = {v.rule for v in check(problem, after)}
            assert broken - set(move.breaks) <= ({"claimed_infeasible"} if plan.status is Status.INFEASIBLE else set())
            assert set(move.breaks) <= broken or plan.status is Status.INFEASIBLE
            assert price(problem, after.pairs) == after.price == plan.price + move.price
            loads = [sum(p.juror == j for p in after.pairs) for j, _ in move.loads]
            assert loads == [n for _, n in move.loads]
        for move in swapped:
            assert [n for _, n in move.loads] == [sum(p.juror == j for p in plan.pairs) for j, _ in move.loads]


@relaxed
@given(tiny_problems())
def test_a_reason_against_a_juror_is_what_taking_her_in_would_do(problem):
    if faults(problem):
        return
    plan = solve(problem, partial=True)
    for reason in (r for e in problem.entries for r in explain(problem, plan, entry=e.id)):
        pair = Pair(reason.entry, reason.juror)
        assert reason.reads == (pair in plan.pairs)
        if reason.code in {"dearer", "as_good", "better"}:
            out = Pair(reason.entry, reason.instead)
            after = (set(plan.pairs) - {out}) | {pair}
            assert price(problem, after) - plan.price == reason.more
            assert (reason.more > 0) - (reason.more < 0) == {"dearer": 1, "as_good": 0, "better": -1}[reason.code]
        if plan.status is Status.OPTIMAL:
            assert reason.code not in {"better", "could_be_added", "not_kept"}


KOREAN = frozenset({"ko"})
SMALL = Problem(
    entries=(Entry("e", KOREAN, ("KR",)), Entry("f", KOREAN, ("FR",))),
    jurors=(
        Juror("ara", KOREAN, "KR", KOREAN),
        Juror("bo", KOREAN, "KR"),
        Juror("chloe", frozenset({"fr"}), "FR"),
        Juror("dan", KOREAN, "FR", most=1),
        Juror("eun", KOREAN, "KR"),
    ),
    readers=2,
    conflicts=(Conflict("e", "bo", "declared"), Conflict("e", "bo", "same_company")),
    most_compatriots=1,
)
PLAN = Plan(Status.FEASIBLE, (Pair("e", "ara"), Pair("e", "dan"), Pair("f", "bo"), Pair("f", "ara")))


def test_reasons_of_an_entry_name_each_juror():
    assert [(r.juror, r.reads, r.code) for r in explain(SMALL, PLAN, entry="e")] == [
        ("ara", True, "preferred"),
        ("dan", True, "chosen"),
        ("bo", False, "conflict"),
        ("chloe", False, "no_language"),
        ("eun", False, "as_good"),
    ]
    (bo,) = explain(SMALL, PLAN, entry="e", juror="bo")
    assert bo == Reason("e", "bo", False, "conflict", ("declared", "same_company"))
    (ara,) = explain(SMALL, PLAN, entry="e", juror="ara")
    assert ara.points == (("compatriot", 3),)
    assert [r for r in explain(SMALL, PLAN, entry="e") if r.reads] == list(readings(SMALL, PLAN))[:2]
    assert [(r.entry, r.code) for r in explain(SMALL, PLAN, juror="dan")] == [("e", "chosen"), ("f", "full")]
    with pytest.raises(ValueError, match="name an entry"):
        explain(SMALL, PLAN)
    with pytest.raises(KeyError):
        explain(SMALL, PLAN, juror="nobody")


def test_reasons_for_locked_pairs_and_pairs_without_a_choice():
    locked = replace(SMALL, locked=frozenset({Pair("f", "chloe")}), forbidden=frozenset({Pair("e", "eun")}))
    plan = Plan(Status.FEASIBLE, (Pair("e", "ara"), Pair("e", "dan"), Pair("f", "chloe")))
    codes = {(r.entry, r.juror): r.code for e in ("e", "f") for r in explain(locked, plan, entry=e)}
    assert codes == {
        ("e", "ara"): "only_choice",
        ("e", "bo"): "conflict",
        ("e", "chloe"): "no_language",
        ("e", "dan"): "only_choice",
        ("e", "eun"): "forbidden",
        ("f", "ara"): "could_be_added",
        ("f", "bo"): "could_be_added",
        ("f", "chloe"): "locked",
        ("f", "dan"): "full",
        ("f", "eun"): "could_be_added",
    }


@pytest.mark.parametrize(
    ("pair", "codes"),
    [
        (("e", "ara"), ("already", "compatriots")),
        (("e", "bo"), ("conflict", "compatriots")),
        (("e", "chloe"), ("no_language",)),
        (("f", "dan"), ("full",)),
        (("e", "eun"), ("compatriots",)),
        (("f", "eun"), ()),
    ],
)
def test_what_one_pair_would_break(pair, codes):
    assert clashes(SMALL, PLAN, *pair) == codes


def test_who_could_take_a_reading_over_in_a_call():
    problem = call(200, 16, most_compatriots=1)
    plan = solve(problem)
    pair = plan.pairs[50]
    offers = replacements(problem, plan, *pair)
    assert len(offers) > 3
    assert list(offers) == sorted(offers, key=lambda m: (m.price, m.loads[-1][1]))
    assert all(m.out == (pair,) and m.into[0].entry == pair.entry for m in offers)
    exchanges = swaps(problem, plan, *pair, most=5)
    assert len(exchanges) == 5
    assert all(m.price >= 0 for m in exchanges)
    after = moved(problem, plan, exchanges[0])
    assert check(problem, after) == []
    assert moved(problem, after, Move(exchanges[0].into, exchanges[0].out, 0, ())).pairs == plan.pairs
    with pytest.raises(KeyError):
        replacements(problem, plan, "e0", "nobody")
