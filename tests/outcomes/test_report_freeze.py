"""A report is a snapshot: its figures follow from its rows, and come to the same bytes whatever happens to the edition."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from factories import UserFactory
from money_rows import activity, goal, line, organiser_of, post, rate
from negotiation import FIRST, LAST, table, third_party
from outcome_rows import registered
from report_rows import MEASURES, SUMS, small_edition

from madang.catalogue.models import Title
from madang.deals.actions.signing import sign_document
from madang.deals.actions.values import dispute_value, state_value
from madang.deals.models import Value
from madang.deals.queries.contents import LineWords
from madang.markets.models import LogEntry
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.actions.budget import withdraw_posting
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.reports import freeze_report, give_reasons, publish_report
from madang.outcomes.measures.face import Column, Figure, Row, Unit
from madang.outcomes.models import (
    Accounts,
    BudgetLine,
    ComposedMeasure,
    FrozenFigure,
    FrozenRow,
    Posting,
    Rate,
    Report,
    Target,
)
from madang.outcomes.queries.reports import recompute
from madang.outcomes.reports.lines import BESIDE
from madang.outcomes.reports.package import package_files
from madang.people.models import Company, Participant

pytestmark = pytest.mark.django_db


def freeze(edition, organiser, **more):
    return freeze_report(organiser, edition, SUMS, measures=MEASURES, **more)


def test_a_report_holds_figures_with_their_rows():
    edition, organiser = small_edition()
    report = freeze(edition, organiser)
    kept = list(report.figures.values_list("measure", "version", "unit", "columns", "is_public"))
    assert kept == [
        ("asked", 1, "count", {"confirmed": "6", "one_sided": "2"}, True),
        ("accepted", 2, "share", {"confirmed": "0.75", "low": "0.25", "high": "0.9"}, True),
        ("hidden", 1, "count", {"confirmed": "1"}, False),
    ]
    rows = FrozenRow.objects.filter(figure__report=report, figure__measure="asked").values_list("key", "column", "facts")
    assert rows[0] == ("R-1", "confirmed", {"country": "KR"})
    assert (report.number, report.frozen_by, report.is_published, len(report.digest)) == (1, organiser, False, 64)
    assert LogEntry.objects.get(edition=edition, verb="freeze_report").details == {"digest": report.digest, "figures": 3}


def test_the_same_bytes_after_a_year_of_edits():
    edition, organiser = small_edition()
    Rate.objects.create(edition=edition, currency="USD", rate=Decimal("0.9"), on=edition.starts_on, source="ECB")
    report = freeze(edition, organiser)
    before = recompute(report)
    MeetingRequest.objects.filter(code__in=["R-0", "R-1", "R-2"]).delete()
    MeetingRequest.objects.update(status=RequestStatus.DECLINED)
    Rate.objects.all().delete()
    Accounts.objects.update(least_cell=50, currency="KRW")
    type(edition).objects.update(slug="elsewhere", name="Another name")
    after = recompute(Report.objects.select_related("edition").get())
    assert (after.digest, after.snaps, after.differing, after.is_same) == (report.digest, before.snaps, (), True)
    assert report.inputs["rates"] == [{"currency": "USD", "on": "2025-05-28", "rate": "0.9", "source": "ECB"}]


def a_year_of_business():
    """A market with a contract of both, one of one side, people, a budget in two currencies, a goal and a measure of its own."""
    yard = table()
    organiser = organiser_of(yard.edition)
    yard.signed()
    elsewhere = LineWords(yard.title, "Japan", "SVOD", "ja", start=FIRST, end=LAST, exclusive=True, clause="1")
    half = third_party(yard).to_sign(lines=(elsewhere,))
    sign_document(yard.seller.user, half, name="Kim Minjun")
    for country in ("FR", "JP"):
        registered(yard.edition, country)
    euros = line(activity(yard.edition, "MEET"), 1000, currency="EUR", code="HALLS")
    post(euros, "spent", 300, organiser, reference="I-1")
    rate(yard.edition, "EUR", "1500")
    facts = {"operation": "ratio", "first": "licences", "second": "companies", "definition": "As it says."}
    ComposedMeasure.objects.create(edition=yard.edition, code="own", name="Own", **facts)
    target = Target.objects.create(
        goal=goal(yard.edition, "G-1"), measure="licences", due_on=yard.edition.ends_on, amount=Decimal(2)
    )
    return yard, organiser, half, target


def a_year_of_edits(yard, organiser, half, target):
    """Signed later, disputed, withdrawn, erased, renamed, posted anew, converted otherwise: by actions where there is one."""
    edition = yard.edition
    sign_document(half.deal.licensee.people.get().user, half, name="Third")
    dispute_value(yard.buyer.user, Value.objects.get(deal__licensee=yard.licensee, stage="contract"), reason="It was less")
    state_value(yard.seller.user, half.deal, stage="contract", amount=Decimal(9), currency="KRW")
    Title.objects.update(is_withdrawn=True, name="")
    Participant.objects.filter(country="").exclude(company__in=[yard.licensor, yard.licensee, half.deal.licensee]).delete()
    Participant.objects.update(family_name="", given_name="", native_name="", email="", left_at=edition.now())
    Company.objects.update(name="Erased", country="US", size="micro")
    withdraw_posting(organiser, Posting.objects.get(), "Paid twice")
    Rate.objects.update(rate=Decimal(2000))
    Accounts.objects.update_or_create(edition=edition, defaults={"currency": "EUR", "least_cell": 50})
    BudgetLine.objects.update(currency="JPY", planned=Decimal(7))
    ComposedMeasure.objects.update(operation="count", second="", name="Another")
    target.delete()
    type(edition).objects.update(slug="elsewhere", name="Another name", clock_shift=edition.clock_shift + dt.timedelta(days=365))


def test_a_year_of_real_edits_changes_live_figures_and_not_a_byte_of_the_report():
    business = a_year_of_business()
    edition = business[0].edition
    report = freeze_report(None, edition, SUMS)
    before, data = recompute(report), package_files(report)
    a_year_of_edits(*business)
    report = Report.objects.select_related("edition").get()
    after = recompute(report)
    assert (after.digest, after.snaps, after.differing, after.is_same) == (before.digest, before.snaps, (), True)
    assert package_files(report) == data
    edition.refresh_from_db()
    live = freeze_report(None, edition, SUMS, replaces=report.number)
    assert sorted(set(live.corrections.values_list("measure", flat=True))) == [
        "burn_share", "buyers", "companies", "contract_value", "countries", "licences", "own", "spent",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["amount", "row", "number", "input"])
def test_a_snapshot_that_was_tampered_with_is_seen(what):
    edition, organiser = small_edition()
    report = freeze(edition, organiser)
    rows = FrozenRow.objects.filter(figure__measure="asked")
    if what == "amount":
        rows.filter(key="R-1").update(amount="2")
    elif what == "row":
        rows.filter(key="R-1").delete()
    elif what == "number":
        FrozenFigure.objects.filter(measure="asked").update(columns={"confirmed": "7", "one_sided": "2"})
    else:
        report.inputs["least_cell"] = 1
    found = recompute(report)
    assert (found.is_same, found.differing) == (False, () if what == "input" else (("asked", ""),))


def test_no_language_changes_the_digest():
    edition, organiser = small_edition()
    found = []
    for language in ("ko", "en", "fr"):
        with override(language):
            report = freeze(edition, organiser)
            facts = {name: facts for name, facts in report.inputs.items() if name not in BESIDE}
            found.append((facts, recompute(report).snaps))
            Report.objects.all().delete()
    assert found[0] == found[1] == found[2]


ROW = Row("a", "1", Column.CONFIRMED)
WRONG = {
    "they do not come to it": Figure("asked", 1, Unit.COUNT, {Column.CONFIRMED: Decimal(3)}, rows=(ROW,)),
    "none, but a number": Figure("asked", 1, Unit.COUNT, {Column.CONFIRMED: Decimal(3)}),
    "twice": Figure("asked", 1, Unit.COUNT, {Column.CONFIRMED: Decimal(2)}, rows=(ROW,) * 2),
    "no column": Figure("asked", 1, Unit.COUNT, {}, rows=(ROW,)),
    "another": Figure("other", 1, Unit.COUNT, {}),
    "long": Figure("asked", 1, Unit.COUNT, {Column.CONFIRMED: Decimal(1)}, rows=(Row("a", "1" * 81, Column.CONFIRMED),)),
}


@pytest.mark.parametrize("why", WRONG)
def test_rows_that_do_not_add_up_are_refused_with_the_measure(why):
    edition, organiser = small_edition()
    wrong = replace(MEASURES[0], compute=lambda _edition: [WRONG[why]])
    with pytest.raises(Refused, match=r"Requests \(asked\) cannot be frozen"):
        freeze_report(organiser, edition, SUMS, measures=[wrong])
    assert Report.objects.count() == 0


def test_two_figures_of_a_measure_in_one_currency_are_refused():
    edition, organiser = small_edition()
    twice = replace(MEASURES[0], compute=lambda edition: MEASURES[0].compute(edition) * 2)
    with pytest.raises(Refused, match="asked gives two figures in one currency"):
        freeze_report(organiser, edition, SUMS, measures=[twice])


def test_no_number_is_no_zero():
    edition, organiser = small_edition()
    unknown = Figure("asked", 1, Unit.COUNT, {Column.CONFIRMED: None, Column.ONE_SIDED: Decimal()})
    report = freeze_report(organiser, edition, SUMS, measures=[replace(MEASURES[0], compute=lambda _edition: [unknown])])
    assert report.figures.get().columns == {"confirmed": None, "one_sided": "0"}
    assert recompute(report).is_same


def test_an_edition_without_anything_has_a_report():
    edition, organiser = small_edition()
    MeetingRequest.objects.all().delete()
    report = freeze(edition, organiser)
    assert [one.columns for one in report.figures.all()][:2] == [
        {"confirmed": "0", "one_sided": "0"},
        {"confirmed": None, "low": "0.25", "high": "0.9"},
    ]
    assert recompute(report).is_same


def test_strangers_freeze_nothing():
    edition, _organiser = small_edition()
    with pytest.raises(PermissionDenied):
        freeze(edition, UserFactory())


def test_a_change_while_measures_are_read_is_read_again():
    edition, organiser = small_edition()
    calls = []

    def changing(edition):
        calls.append(1)
        if len(calls) == 1:
            LogEntry.objects.create(edition=edition, at=edition.now(), verb="decline_request")
        return MEASURES[0].compute(edition)

    freeze_report(organiser, edition, SUMS, measures=[replace(MEASURES[0], compute=changing)])
    assert len(calls) == 2


def test_a_correction_lists_what_differs_and_asks_why():
    edition, organiser = small_edition()
    first = freeze(edition, organiser)
    MeetingRequest.objects.filter(code="R-0").update(status=RequestStatus.ACCEPTED)
    second = freeze(edition, organiser, replaces=1)
    found = list(second.corrections.values_list("measure", "before", "after"))
    assert found == [
        ("asked", {"version": 1, "columns": {"confirmed": "6", "one_sided": "2"}},
         {"version": 1, "columns": {"confirmed": "7", "one_sided": "1"}}),
        ("accepted", {"version": 2, "columns": {"confirmed": "0.75", "low": "0.25", "high": "0.9"}},
         {"version": 2, "columns": {"confirmed": "0.875", "low": "0.25", "high": "0.9"}}),
    ]  # fmt: skip
    with pytest.raises(Refused, match="why it differs"):
        publish_report(organiser, second)
    give_reasons(organiser, second, {one.pk: "A check-in came late." for one in second.corrections.all()})
    publish_report(organiser, second)
    second.refresh_from_db()
    assert (second.is_published, second.replaces_id, recompute(first).is_same) == (True, first.pk, True)
    with pytest.raises(Refused, match="corrections are closed"):
        give_reasons(organiser, second, {})


def test_a_report_is_corrected_once():
    edition, organiser = small_edition()
    freeze(edition, organiser)
    freeze(edition, organiser, replaces=1)
    with pytest.raises(Refused, match="corrected already, by report 2"):
        freeze(edition, organiser, replaces=1)
    with pytest.raises(Refused, match="no report 9"):
        freeze(edition, organiser, replaces=9)
