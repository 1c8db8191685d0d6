"""A report is a snapshot: its figures follow from its rows, and come to the same bytes whatever happens to the edition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from factories import UserFactory
from report_rows import MEASURES, SUMS, small_edition

from madang.markets.models import LogEntry
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.reports import freeze_report, give_reasons, publish_report
from madang.outcomes.measures.face import Column, Figure, Row, Unit
from madang.outcomes.models import Accounts, FrozenFigure, FrozenRow, Rate, Report
from madang.outcomes.queries.reports import recompute
from madang.outcomes.reports.lines import BESIDE

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
