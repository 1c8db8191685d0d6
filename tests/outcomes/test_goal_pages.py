"""Pages of goals and figures: who opens them, what bad input is told, how a number opens its rows and their evidence."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from outcome_rows import market, seen
from visits import client_of, get, post, queries_of

from madang.outcomes.actions.goals import freeze_targets, save_goal, save_target, start_goals
from madang.outcomes.models import ComposedMeasure, Goal, Segment, Target, TargetChange

pytestmark = pytest.mark.django_db
LONG = "가" * 380 + "‏🎬" * 10
PAGES = [
    "hub", "goals", "start_goals", "freeze", "add_goal", "add_segment", "figures", "compose",
]  # fmt: skip


@pytest.fixture
def yard():
    yard = market((0, 0, 0), (1, 1, 0), (2, 2, 0), asks=((0, 0), (1, 1), (2, 2)))
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender")
    return yard


def goal(yard, name="Meet", **facts):
    return save_goal(yard.organiser, Goal(edition=yard.edition, name=name, **facts), [])


def target(yard, of, measure="meetings_held", amount=1, **facts):
    row = Target(goal=of, measure=measure, amount=Decimal(amount), due_on=yard.edition.ends_on, **facts)
    return save_target(yard.organiser, row)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_organisers(yard, page):
    assert get(yard.organiser, f"outcomes:{page}", yard.edition).status_code == 200
    assert get(yard.buyers[0].user, f"outcomes:{page}", yard.edition).status_code == 404
    assert get(None, f"outcomes:{page}", yard.edition).status_code == 302


def test_rows_of_another_edition_are_not_found(yard):
    other = market((0, 0, 0), asks=((0, 0),), people=1)
    theirs = goal(other)
    aim = target(other, theirs)
    segment = Segment.objects.create(edition=other.edition, code="s", name="S")
    for name, part in (("goal", theirs.code), ("add_target", theirs.code), ("target", aim.pk), ("segment", segment.code)):
        assert get(yard.organiser, f"outcomes:{name}", yard.edition, part).status_code == 404
    for name, part in (("remove_goal", theirs.code), ("remove_target", aim.pk), ("remove_segment", segment.code)):
        assert post(yard.organiser, f"outcomes:{name}", yard.edition, part).status_code == 404
    assert get(yard.organiser, "outcomes:target", yard.edition, 10**25).status_code == 404
    assert get(yard.organiser, "outcomes:figure", yard.edition, "no_such").status_code == 404
    assert get(yard.organiser, "outcomes:recompose", yard.edition, "meetings_held").status_code == 404
    row = {"kind": "meeting", "key": other.requests[0].code + "x"}
    assert get(yard.organiser, "outcomes:figure_row", yard.edition, "meetings_held", **row).status_code == 404


def test_a_number_opens_its_rows_and_a_row_its_evidence(yard):
    browser = client_of(yard.organiser)
    hub = browser.get(reverse("outcomes:hub", args=[yard.edition.slug])).text
    link = reverse("outcomes:figure", args=[yard.edition.slug, "meetings_held"])
    assert f'{link}?column=confirmed#rows">1</a>' in hub
    page = browser.get(link, {"column": "confirmed"}).text
    row = reverse("outcomes:figure_row", args=[yard.edition.slug, "meetings_held"])
    code = yard.requests[0].code
    assert f'{row}?kind=meeting&amp;key={code}"' in page
    assert yard.requests[1].code not in page  # one-sided
    evidence = browser.get(row, {"kind": "meeting", "key": code}).text
    assert reverse("meetings:meeting", args=[yard.edition.slug, code]) in evidence
    assert evidence.count("</strong> checked in") == 2


def test_rows_are_narrowed_and_nonsense_narrows_nothing_to_a_fault(yard):
    company = yard.buyers[0].company
    company.country = "FR"
    company.save()

    def codes(**query):
        page = get(yard.organiser, "outcomes:figure", yard.edition, "meetings_held", **query)
        assert page.status_code == 200
        return [line["row"].key for line in page.context["rows"]]

    one, other = yard.requests[0].code, yard.requests[1].code
    assert codes() == [one, other]
    assert codes(country="FR") == [one]
    assert codes(column="one_sided") == [other]
    assert codes(column="x", currency="y", page="-1") == [one, other]
    assert codes(country="\0" + "9" * 300) == []


def test_a_target_is_set_from_the_page_and_bad_input_is_said_at_its_field(yard):
    of = goal(yard)
    asked = {"measure": "meetings_held_share", "comparison": "at_least", "amount": "60 %", "due_on": "2025-05-30"}
    assert post(yard.organiser, "outcomes:add_target", yard.edition, of.code, **asked).status_code == 302
    assert [(one.amount, one.currency, one.measure_version) for one in Target.objects.all()] == [(Decimal("0.6"), "", 1)]
    for change, field in (
        ({"amount": "120 %"}, "amount"), ({"amount": "9" * 25}, "amount"), ({"amount": "NaN"}, "amount"),
        ({"amount": "%"}, "amount"), ({"measure": "audience_vote", "amount": "7"}, "amount"), ({"measure": "x"}, "measure"),
        ({"measure": "contract_value", "amount": "5"}, "currency"), ({"due_on": "30/02/2025"}, "due_on"),
        ({"source": LONG}, "source"), ({}, "__all__"),  # the same once more
    ):  # fmt: skip
        page = post(yard.organiser, "outcomes:add_target", yard.edition, of.code, **(asked | change))
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Target.objects.count() == 1


def test_frozen_targets_ask_for_a_reason_and_show_their_changes(yard):
    of = goal(yard)
    aim = target(yard, of)
    page = post(yard.organiser, "outcomes:freeze", yard.edition)
    assert page.status_code == 302
    asked = {"measure": "meetings_held", "comparison": "at_least", "amount": "9", "due_on": "2025-05-30"}
    page = post(yard.organiser, "outcomes:target", yard.edition, aim.pk, **asked)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["reason"])
    page = post(yard.organiser, "outcomes:target", yard.edition, aim.pk, **asked, reason="Fewer halls <b>now</b>")
    assert page.status_code == 302
    for shown in ("goals", "hub"):
        assert get(yard.organiser, f"outcomes:{shown}", yard.edition).status_code == 200
    assert "“Fewer halls &lt;b&gt;now&lt;/b&gt;”" in get(yard.organiser, "outcomes:goals", yard.edition).text
    assert "changed once since" in get(yard.organiser, "outcomes:figure", yard.edition, "meetings_held").text
    assert post(yard.organiser, "outcomes:remove_target", yard.edition, aim.pk).status_code == 302  # without a reason
    assert Target.objects.count() == 1
    post(yard.organiser, "outcomes:remove_target", yard.edition, aim.pk, reason="No more")
    assert [(row.target, row.reason) for row in TargetChange.objects.all()] == [
        (None, "Fewer halls <b>now</b>"),
        (None, "No more"),
    ]
    assert "“No more”" in get(yard.organiser, "outcomes:goals", yard.edition).text


def test_goals_and_segments_are_written_from_their_pages(yard):
    edition = yard.edition
    post(yard.organiser, "outcomes:add_segment", edition, name="Buyers", about="From abroad")
    segment = Segment.objects.get()
    page = post(yard.organiser, "outcomes:add_goal", edition, name="Meet", name_ko="만남", segments=[segment.pk])
    made = Goal.objects.get()
    assert page.url == reverse("outcomes:goal", args=[edition.slug, made.code])
    assert (made.name_ko, list(made.segments.all())) == ("만남", [segment])
    page = post(yard.organiser, "outcomes:goal", edition, made.code, name=LONG)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["name"])
    post(yard.organiser, "outcomes:segment", edition, segment.code, name="All buyers")
    assert Segment.objects.get().name == "All buyers"
    post(yard.organiser, "outcomes:remove_segment", edition, segment.code)
    post(yard.organiser, "outcomes:remove_goal", edition, made.code)
    assert (Segment.objects.count(), Goal.objects.count()) == (0, 0)
    post(yard.organiser, "outcomes:start_goals", edition, template="showcase")
    assert post(yard.organiser, "outcomes:start_goals", edition, template="x").status_code == 422
    assert Goal.objects.count() == 6


def test_a_goal_that_is_moved_with_a_fault_keeps_its_page(yard):
    main, part = goal(yard, "Serve buyers"), goal(yard)
    page = post(yard.organiser, "outcomes:goal", yard.edition, part.code, name=LONG, parent=main.pk, segments=["9" * 25])
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["name", "segments"])
    assert page.context["branch"].goal == part
    assert Goal.objects.get(pk=part.pk).parent is None


def test_a_measure_is_composed_on_its_page(yard):
    asked = {"name": "French meetings", "definition": "Held with a French buyer.", "operation": "count",
             "first": "meetings_held", "first_only": "country: FR, BE"}  # fmt: skip
    page = post(yard.organiser, "outcomes:compose", yard.edition, **asked)
    assert page.url == reverse("outcomes:figure", args=[yard.edition.slug, "french-meetings"])
    assert get(yard.organiser, "outcomes:figure", yard.edition, "french-meetings").status_code == 200
    change = asked | {"first_only": "country: FR"}
    assert post(yard.organiser, "outcomes:recompose", yard.edition, "french-meetings", **change).status_code == 302
    rows = ComposedMeasure.objects.order_by("version").values_list("version", "filters")
    assert list(rows) == [(1, {"first": {"country": ["FR", "BE"]}}), (2, {"first": {"country": ["FR"]}})]
    for bad, field in (
        ({"first_only": "size: small"}, "first_only"), ({"operation": "sum", "second": "contract_value"}, "operation"),
        ({"name": ""}, "name"), ({"first": "audience_vote"}, "first"),
    ):  # fmt: skip
        page = post(yard.organiser, "outcomes:compose", yard.edition, **(asked | bad))
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_pages_take_as_many_queries_for_three_goals_as_for_one(yard):
    for number in range(1, 4):
        of = goal(yard, f"Goal {number}")
        target(yard, of, amount=number)
        if number == 1:
            one = {page: queries_of(yard.organiser, f"outcomes:{page}", yard.edition) for page in ("hub", "goals", "figures")}
    assert {page: queries_of(yard.organiser, f"outcomes:{page}", yard.edition) for page in one} == one


def test_a_late_freezing_says_so(yard):
    start_goals(yard.organiser, yard.edition, "public")
    target(yard, Goal.objects.first())
    freeze_targets(yard.organiser, yard.edition)
    assert "were frozen after the event had begun" in get(yard.organiser, "outcomes:goals", yard.edition).text
    yard.edition.starts_on = yard.edition.ends_on = yard.edition.ends_on + dt.timedelta(days=60)
    yard.edition.save()
    assert "were frozen before the event" in get(yard.organiser, "outcomes:goals", yard.edition).text
