"""Goals and targets: started from a template, frozen, changed with a reason; what a light rests on."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, UserFactory
from outcome_rows import ALONE, SURE

from madang.markets.models import LogEntry
from madang.outcomes.actions.goals import (
    compose_measure,
    freeze_targets,
    remove_goal,
    remove_target,
    save_goal,
    save_segment,
    save_target,
    start_goals,
)
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Column, Figure, Unit
from madang.outcomes.models import Accounts, ComposedMeasure, Goal, Segment, Target, TargetChange
from madang.outcomes.queries.goals import Light, goal_tree, lacks_of, standing
from madang.outcomes.starting import SUGGESTED, TEMPLATES

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 5, 30)


@pytest.fixture
def yard():
    edition = EditionFactory()
    organiser = UserFactory(name="Organiser")
    edition.market.organisers.add(organiser)
    edition.organiser = organiser
    return edition


def goal(edition, name="Meet", **facts):
    return save_goal(edition.organiser, Goal(edition=edition, name=name, **facts), [])


def target(edition, of, measure="meetings_held", amount="100", reason="", **facts):
    row = Target(goal=of, measure=measure, amount=Decimal(amount), **{"due_on": DAY, **facts})
    return save_target(edition.organiser, row, reason)


@pytest.mark.parametrize("code", list(TEMPLATES))
def test_a_template_gives_its_goals_and_segments_once(yard, code):
    goals = list(TEMPLATES[code].every())
    assert start_goals(yard.organiser, yard, code) == len(goals)
    assert start_goals(yard.organiser, yard, code) == 0
    assert set(Goal.objects.values_list("code", flat=True)) == {one.code for one in goals}
    assert set(Segment.objects.values_list("code", flat=True)) == set(TEMPLATES[code].segments)
    assert {one.code: {s.code for s in one.segments.all()} for one in Goal.objects.all()} == {
        g.code: set(g.serves) for g in goals
    }


def test_templates_name_measures_that_are_there():
    assert {code for codes in SUGGESTED.values() for code in codes} <= set(CATALOGUE)


def test_goals_are_written_by_organisers_and_every_write_is_logged(yard):
    one = goal(yard)
    part = goal(yard, "Agree", parent=one)
    save_segment(yard.organiser, Segment(edition=yard, name="Buyers"))
    aim = target(yard, part)
    with pytest.raises(Refused):
        remove_goal(yard.organiser, one)
    with pytest.raises(Refused):
        remove_goal(yard.organiser, part)
    remove_target(yard.organiser, aim)
    remove_goal(yard.organiser, part)
    assert list(LogEntry.objects.order_by("pk").values_list("verb", "subject")) == [
        ("add_goal", "Meet"), ("add_goal", "Agree"), ("add_segment", "Buyers"), ("add_target", "meetings_held"),
        ("remove_target", "meetings_held"), ("remove_goal", "Agree"),
    ]  # fmt: skip
    stranger = UserFactory()
    for act in (
        lambda: start_goals(stranger, yard, "public"),
        lambda: save_goal(stranger, one, []),
        lambda: remove_goal(stranger, one),
        lambda: save_target(stranger, Target(goal=one, measure="buyers", amount=1, due_on=DAY)),
        lambda: freeze_targets(stranger, yard),
        lambda: compose_measure(stranger, ComposedMeasure(edition=yard, code="x", operation="count", first="buyers")),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_goal_is_no_part_of_itself(yard):
    one = goal(yard)
    part = goal(yard, "Part", parent=one)
    one.parent = part
    with pytest.raises(Refused):
        save_goal(yard.organiser, one, [])
    assert Goal.objects.get(pk=one.pk).parent is None
    part = Goal.objects.get(pk=part.pk)
    third = goal(yard, "Third", parent=part)
    deepest = goal(yard, "Fourth", parent=third)
    with pytest.raises(Refused):
        goal(yard, "Fifth", parent=deepest)


def test_targets_are_frozen_once_and_not_without_any(yard):
    with pytest.raises(Refused):
        freeze_targets(yard.organiser, yard)
    target(yard, goal(yard))
    at = freeze_targets(yard.organiser, yard)
    assert Accounts.objects.get(edition=yard).frozen_at == at
    with pytest.raises(Refused):
        freeze_targets(yard.organiser, yard)
    tree = goal_tree(yard)
    assert (tree.frozen_at, tree.frozen_by, tree.is_late) == (at, str(yard.organiser), True)  # it is the second day


def test_before_freezing_a_target_changes_silently_and_afterwards_with_a_reason(yard):
    one = target(yard, goal(yard))
    one.amount = Decimal(120)
    save_target(yard.organiser, one)
    assert not TargetChange.objects.exists()
    freeze_targets(yard.organiser, yard)
    one.amount = Decimal(80)
    with pytest.raises(Refused):
        save_target(yard.organiser, one, " ")
    assert Target.objects.get(pk=one.pk).amount == 120
    save_target(yard.organiser, one, "Two halls less")
    save_target(yard.organiser, one, "The same again is no change")
    before = {"goal": one.goal.code, "measure": "meetings_held", "version": 1, "source": "", "due_on": "2025-05-30",
              "comparison": "at_least", "amount": "120", "currency": ""}  # fmt: skip
    after = {**before, "amount": "80"}
    new = target(yard, one.goal, "buyers", "5", "Asked for by the city")
    remove_target(yard.organiser, one, "Counted elsewhere")
    rows = TargetChange.objects.order_by("pk")
    assert [(row.target, row.by, row.before, row.after, row.reason) for row in rows] == [
        (None, yard.organiser, before, after, "Two halls less"),
        (new, yard.organiser, None, {**after, "measure": "buyers", "amount": "5"}, "Asked for by the city"),
        (None, yard.organiser, after, None, "Counted elsewhere"),
    ]


def test_one_goal_has_one_target_for_a_measure_and_day(yard):
    one = goal(yard)
    target(yard, one)
    with pytest.raises(Refused):
        target(yard, one, amount="7")
    with pytest.raises(Refused):
        target(yard, one, "no_such_measure")
    target(yard, one, due_on=dt.date(2025, 6, 30))
    assert Target.objects.count() == 2


def figure(confirmed, one_sided=None, **more):
    columns = {SURE: None if confirmed is None else Decimal(confirmed)}
    if one_sided is not None:
        columns[ALONE] = Decimal(one_sided)
    return Figure("meetings_held", 1, Unit.COUNT, columns, **more)


@pytest.mark.parametrize(
    ("figures", "comparison", "amount", "due", "light"),
    [
        ([figure(100, 0)], "at_least", 100, 1, Light.REACHED),
        ([figure(99, 0)], "at_least", 100, 1, Light.MISSED),
        ([figure(99, 0)], "at_least", 100, 9, Light.UNDER_WAY),
        ([figure(99, 1)], "at_least", 100, 1, Light.UNSURE),  # it hangs on what one side says
        ([figure(50, low=Decimal(40), high=Decimal(60))], "at_least", 45, 1, Light.UNSURE),  # within the interval
        ([figure(50, low=Decimal(46), high=Decimal(60))], "at_least", 45, 1, Light.REACHED),
        ([figure(50, low=Decimal(40), high=Decimal(60))], "at_least", 70, 1, Light.MISSED),
        ([figure(50, low=Decimal(40), high=Decimal(60))], "at_least", 70, 9, Light.AT_RISK),  # not even the most is enough
        ([figure(None, 0)], "at_least", 1, 1, Light.NO_SOURCE),
        ([], "at_least", 1, 1, Light.NO_SOURCE),
        ([figure(5)], "at_most", 5, 1, Light.REACHED),
        ([figure(5)], "at_most", 5, 9, Light.UNDER_WAY),
        ([figure(6)], "at_most", 5, 9, Light.MISSED),
    ],
)  # fmt: skip
def test_a_light_follows_from_what_is_confirmed(yard, figures, comparison, amount, due, light):
    one = Target(goal=goal(yard), measure="meetings_held", amount=Decimal(amount), comparison=comparison,
                 due_on=dt.date(2025, 5, due))  # fmt: skip
    one.save()
    found = standing(one, CATALOGUE["meetings_held"], figures, dt.date(2025, 5, 5), yard)
    assert (found.light, bool(found.why), bool(found.symbol)) == (light, True, True)


def test_a_target_in_another_currency_is_no_target_of_this_one(yard):
    one = Target.objects.create(goal=goal(yard), measure="contract_value", amount=Decimal(1), currency="EUR", due_on=DAY)
    krw = Figure("contract_value", 1, Unit.MONEY, {SURE: Decimal(9)}, currency="KRW")
    assert standing(one, CATALOGUE["contract_value"], [krw], DAY, yard).light == Light.NO_SOURCE


def test_a_measure_that_is_no_more_is_said(yard):
    one = Target.objects.create(goal=goal(yard), measure="gone", amount=Decimal(1), due_on=DAY)
    assert [(s.target, s.light) for s in goal_tree(yard).standings] == [(one, Light.NO_SOURCE)]


def test_what_lacks_is_told_the_most_urgent_first(yard):
    assert [one.text for one in lacks_of(yard, goal_tree(yard))] == ["No goal is written down yet: start with a template."]
    target(yard, goal(yard, "Meet"), "small_companies_share", "0.5")
    goal(yard, "Sell")
    assert [one.text for one in lacks_of(yard, goal_tree(yard))] == [
        "The targets are not frozen: until then nobody can tell what was promised before the event.",
        "“Sell” has no target.",
        "Share of small companies has no figure: No company has said its size.",
    ]


def test_the_main_goal_shows_the_worst_of_its_parts(yard):
    main = goal(yard, "Main")
    target(yard, goal(yard, "Part", parent=main), "buyers", "5", due_on=dt.date(2025, 5, 1))
    (branch,) = goal_tree(yard).branches
    assert (branch.light, branch.drawn[1], [one.depth for one in goal_tree(yard).every]) == (Light.MISSED, "✗", [0, 1])
    assert Column.CONFIRMED == SURE
