"""What a report draws: counted from its frozen rows, the same whatever happens later, and without small cells."""

import pytest
from django.urls import reverse
from outcome_rows import market, seen
from visits import get

from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.actions.links import make_link
from madang.outcomes.actions.reports import freeze_report, publish_report
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.models import Accounts, FrozenRow, FunderLink, Report
from madang.outcomes.queries.dashboard import funnel_part
from madang.outcomes.queries.reports import recompute
from madang.outcomes.reports.document import document_of
from madang.outcomes.reports.frozen import published_hours
from madang.outcomes.reports.html import html_bytes
from madang.outcomes.reports.papers import report_pdf
from madang.outcomes.reports.parts import Number

pytestmark = pytest.mark.django_db
DRAWN = ("meetings_asked", "meetings_planned", "meetings_held", "companies", "buyers")
SUMS = {"name": "The figures of 2025"}


@pytest.fixture
def yard():
    yard = market((0, 0, 0), (1, 1, 0), (2, 2, 0), asks=((0, 0), (1, 1), (2, 2), (0, 1)))
    seen(yard, 0, "sender", "receiver")
    Accounts.objects.create(edition=yard.edition, currency="KRW", least_cell=1)
    return yard


def frozen(yard, *codes):
    report = freeze_report(yard.organiser, yard.edition, SUMS, measures=[CATALOGUE[code] for code in codes or DRAWN])
    return Report.objects.select_related("edition", "replaces").get(pk=report.pk)


def sections(report):
    return {one.key: one for one in document_of(report).sections}


def cells(section):
    return [[cell.value if isinstance(cell, Number) else cell for cell in row] for row in section.sheets[0].rows]


def test_a_report_draws_what_the_overview_drew_when_it_was_frozen(yard):
    report, live = frozen(yard), cells(funnel_part(yard.edition))
    digest = report.digest
    found = sections(report)
    assert [key for key, one in found.items() if one.pictures] == ["funnel", "map", "hours"]
    assert cells(found["funnel"]) == live[1:]  # buyers are a figure of their own
    assert cells(found["hours"]) == [["Wednesday 28 May 2025, 10:00", 2, 1], ["Thursday 29 May 2025, 10:00", 1, 0]]
    assert cells(found["map"]) == [["South Korea", 1, 2, 1]]
    MeetingRequest.objects.filter(edition=yard.edition).update(status=RequestStatus.DECLINED)
    assert cells(sections(report)["funnel"]) == live[1:]
    again = recompute(report)
    assert (again.is_same, Report.objects.get(pk=report.pk).digest) == (True, digest)


def test_a_report_without_such_rows_draws_nothing(yard):
    report = frozen(yard)
    for row in FrozenRow.objects.filter(figure__report=report):
        row.facts = {name: text for name, text in row.facts.items() if name not in ("buyer", "hour")}
        row.save()
    assert [key for key, one in sections(report).items() if one.pictures] == ["map"]
    assert not {"funnel", "map", "hours"} & sections(frozen(yard, "meetings_missed")).keys()


def test_rates_and_hours_of_a_few_are_hidden_when_handed_out(yard):
    Accounts.objects.update(least_cell=3)
    found = sections(frozen(yard))
    assert [row[2] for row in cells(found["funnel"])] == ["–", "100 %", "75 %", "33 %", "–", "–", "–"]
    assert "hours" not in found  # their sum is a figure: two small ones cannot be hidden


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [([9, 9, 9], []), ([9, 0, 9], []), ([40, 1, 40, 60], None), ([], [])],
)
def test_no_hidden_hour_can_be_computed_from_the_others(counts, hidden):
    given = {("2025-05-28", f"{hour:02}:00"): number for hour, number in enumerate(counts)}
    found = published_hours(given, 5)
    assert found is not None
    stars = [at for at, number in found.items() if number is None]
    assert stars == hidden if hidden is not None else len(stars) >= 2 and ("2025-05-28", "01:00") in stars
    assert all(number in (None, given[at]) for at, number in found.items())


def test_files_carry_the_pictures_and_a_funder_sees_those_of_the_newest_report(yard):
    report = frozen(yard)
    document = document_of(report)
    page = html_bytes(document).decode()
    assert page.count('<svg class="picture"') == 3
    assert '<a href="/' not in page
    assert report_pdf(document, report.digest) == report_pdf(document, report.digest)
    make_link(yard.organiser, yard.edition, "City of Busan")
    key = FunderLink.objects.get(edition=yard.edition).key
    assert get(None, "outcomes:funder", yard.edition, key).text.count('<svg class="picture"') == 0
    publish_report(yard.organiser, report)
    page = get(None, "outcomes:funder", yard.edition, key).text
    assert page.count('<svg class="picture"') == 3
    assert reverse("outcomes:figure", args=[yard.edition.slug, "meetings_held"]) not in page
