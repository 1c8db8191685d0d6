"""Pages of reports, as organisers and funders use them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from factories import UserFactory
from report_rows import MEASURES, SUMS, small_edition

from madang.markets.models import LogEntry
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.actions.links import make_link
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.reports import freeze_report, publish_report
from madang.outcomes.measures.face import Column, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SURE, facts, figure_of
from madang.outcomes.models import FunderLink, Level, Report, ReportRun
from madang.outcomes.reports.shared import beside_section, burn_section, steps_of

pytestmark = pytest.mark.django_db
LONG = "R" * 170 + " 😀\u202e 보고서"


def at(name, edition, *parts):
    return reverse(f"outcomes:{name}", args=[edition.slug, *parts])


@pytest.fixture
def desk(client):
    """(edition, organiser, client signed in as the organiser)."""
    edition, organiser = small_edition()
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    return edition, organiser, client


def freeze(edition, organiser, **more):
    return freeze_report(organiser, edition, SUMS, measures=MEASURES, **more)


def test_a_report_is_frozen_from_the_pages(desk):
    edition, _organiser, client = desk
    assert client.post(at("new_report", edition), {"name": ""}).status_code == 422
    answer = client.post(at("new_report", edition), {"name": LONG, "name_ko": "", "name_fr": ""}, follow=True)
    assert answer.redirect_chain[-1][0] == at("report", edition, 1)
    assert client.get(at("reports", edition)).content.decode().count("Not published") == 1
    page = client.get(at("new_report", edition) + "?corrects=1").content.decode()
    assert "Correct report 1" in page
    assert client.get(at("new_report", edition) + "?corrects=99999999999999999999999999").status_code == 200


def test_a_correction_is_explained_and_published_from_the_pages(desk):
    edition, organiser, client = desk
    freeze(edition, organiser)
    MeetingRequest.objects.filter(code="R-0").update(status=RequestStatus.ACCEPTED)
    report = freeze(edition, organiser, replaces=1)
    page = client.post(at("publish_report", edition, 2), follow=True).content.decode()
    assert "Say first of each corrected figure why it differs." in page
    fields = {f"reason-{one.pk}": f"Late {one.measure}." for one in report.corrections.all()}
    half = client.post(at("report", edition, 2), dict.fromkeys(fields, "") | {min(fields): "Late."})
    assert (half.status_code, 'value="Late."' in half.content.decode()) == (422, True)
    client.post(at("report", edition, 2), fields)
    client.post(at("publish_report", edition, 2))
    report.refresh_from_db()
    assert (report.is_published, [one.reason for one in report.corrections.all()]) == (True, ["Late asked.", "Late accepted."])
    assert sorted(ReportRun.objects.filter(report=report, state="done").values_list("language", flat=True)) == ["en", "fr", "ko"]
    client.post(at("unpublish_report", edition, 2))
    report.refresh_from_db()
    assert not report.is_published


def test_numbers_open_into_frozen_rows_and_those_into_what_still_is(desk):
    edition, organiser, client = desk
    freeze(edition, organiser)
    MeetingRequest.objects.filter(code="R-1").delete()
    page = client.get(at("report", edition, 1)).content.decode()
    link = at("report_figure", edition, 1, 0) + "?column=confirmed"
    assert f'<a href="{link}">6</a>' in page
    assert "Hidden, not published" in page
    rows = client.get(link).content.decode()
    assert rows.count("Meeting R-") == 6
    gone = client.get(at("report_row", edition, 1, 0, 0)).content.decode()
    assert "The thing itself is no longer there" in gone
    there = client.get(at("report_row", edition, 1, 0, 1)).content.decode()
    assert at("report", edition, 1) in there
    assert reverse("meetings:meeting", args=[edition.slug, "R-2"]) in there
    assert client.get(at("report_row", edition, 1, 0, 99)).status_code == 404
    assert client.get(link + "&page=99999999999999999999").status_code == 200


def test_a_check_says_whether_it_is_the_report_that_was_frozen(desk):
    edition, organiser, client = desk
    report = freeze(edition, organiser)
    assert "The same, to the last byte" in client.get(at("check_report", edition, 1)).content.decode()
    report.figures.filter(measure="asked").update(columns={"confirmed": "9", "one_sided": "2"})
    assert "This is not the report that was frozen" in client.get(at("check_report", edition, 1)).content.decode()


def test_files_are_made_downloaded_and_forgotten_when_a_reason_changes(desk):
    edition, organiser, client = desk
    freeze(edition, organiser)
    MeetingRequest.objects.filter(code="R-0").update(status=RequestStatus.ACCEPTED)
    report = freeze(edition, organiser, replaces=1)
    client.post(at("make_report_files", edition, 2), {"language": "ko"})
    assert ReportRun.objects.count() == 0
    report.corrections.update(reason="A check-in came late.")
    client.post(at("make_report_files", edition, 2), {"language": "ko"})
    run = ReportRun.objects.get(language="ko")
    types = {kind: client.get(at("report_file", edition, 2, "ko", kind))["Content-Type"] for kind in ("pdf", "html", "data")}
    assert types == {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "data": "application/zip"}
    assert client.get(at("report_file", edition, 2, "fr", "pdf")).status_code == 404
    assert client.get(at("report_file", edition, 2, "ko", "exe")).status_code == 404
    assert client.post(at("make_report_files", edition, 2), {"language": "xx"}).status_code == 404
    assert default_storage.exists(run.stored)


def test_a_freezing_that_is_refused_says_which_measure(desk):
    edition, organiser, client = desk
    freeze(edition, organiser)
    run = ReportRun.objects.create(edition=edition, asked_by=organiser, state="failed", fault="Meetings held cannot be frozen.")
    assert "Meetings held cannot be frozen." in client.get(at("report_run", edition, run.key)).content.decode()
    assert "A report was not frozen" in client.get(at("reports", edition)).content.decode()


@pytest.mark.parametrize("name", ["reports", "new_report", "funder_links"])
def test_strangers_see_no_report(client, name):
    edition, _organiser = small_edition()
    assert client.get(at(name, edition)).status_code == 302
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(at(name, edition)).status_code == 404


def test_lists_ask_as_much_for_three_as_for_one(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    edition, organiser, client = desk
    counts = []
    for _time in range(3):
        publish_report(organiser, freeze(edition, organiser))
        make_link(organiser, edition, "Fund")
        link = FunderLink.objects.filter(edition=edition).last()
        with CaptureQueriesContext(connection) as asked:
            for address in (at("reports", edition), at("funder_links", edition), at("funder", edition, link.key)):
                assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2]


@pytest.fixture
def published(client):
    """(edition, link) of an edition with a published report; the client is nobody."""
    edition, organiser = small_edition(is_public=False)
    publish_report(organiser, freeze(edition, organiser))
    freeze(edition, organiser)
    return edition, make_link(organiser, edition, "City of Busan", edition.ends_on)


def test_a_funder_reads_what_is_published_and_public(client, published):
    edition, link = published
    page = client.get(at("funder", edition, link.key))
    assert (page.status_code, page["X-Robots-Tag"], page["Referrer-Policy"]) == (
        200,
        "noindex, nofollow, noarchive",
        "same-origin",
    )
    assert page.content.decode().count("The figures of 2025") == 1
    report = client.get(at("funder_report", edition, link.key, 1)).content.decode()
    assert "Requests" in report
    assert "Hidden" not in report
    assert "R-1" not in report
    assert report.count("<span>*</span>") == 2  # the one-sided are too few to be divided at all
    link.refresh_from_db()
    assert (link.opened, link.opened_at is not None) == (1, True)
    client.head(at("funder", edition, link.key))
    link.refresh_from_db()
    assert link.opened == 1


def paying(payments, plan="1000"):
    """A measure like the share of the plan that is spent: payments of (day, amount), and one planned line."""

    def compute(_edition):
        rows = [
            Row("posting", str(number), Column.CONFIRMED, Decimal(amount), NUMERATOR, facts(day=day, counterparty="Hall Ltd"))
            for number, (day, amount) in enumerate(payments)
        ]
        return [figure_of("burn_share", 1, Unit.SHARE, [*rows, Row("line", "L", SURE[0], Decimal(plan), DENOMINATOR)], SURE)]

    return Measure("burn_share", 1, "Spent", "", Unit.SHARE, "", compute, Level.INPUT, is_public=False)


def handed_out(report):
    """Published, without making its files."""
    Report.objects.filter(pk=report.pk).update(is_published=True)


def test_a_link_shows_the_edition_beside_it_and_the_costs_only_where_that_is_shared(client):
    edition, organiser = small_edition()
    earlier, _other = small_edition(market=edition.market, starts_on=dt.date(2024, 5, 28), ends_on=dt.date(2024, 5, 30))
    earlier.market.organisers.add(organiser)
    days = [("2025-01-02", 100), ("2025-01-20", 50), ("2025-02-03", 50), ("2025-03-01", 100)]
    spending = {"measures": (*MEASURES, paying(days))}
    handed_out(freeze_report(organiser, edition, SUMS, **spending))
    old = freeze(earlier, organiser)
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'name="beside"' not in client.get(at("funder_links", edition)).content.decode()
    handed_out(old)
    MeetingRequest.objects.filter(edition=edition, code="R-0").update(status=RequestStatus.ACCEPTED)
    handed_out(freeze_report(organiser, edition, SUMS, **spending))
    client.post(at("funder_links", edition), {"name": "Bare"})
    client.post(at("funder_links", edition), {"name": "Whole", "beside": earlier.slug, "shows_costs": "on"})
    assert client.post(at("funder_links", edition), {"name": "x", "beside": "nowhere"}).status_code == 422
    assert client.get(at("funder_links", edition)).content.decode().count("Shows also") == 1
    client.logout()
    links = {one.name: one for one in FunderLink.objects.all()}
    assert [(one.beside, one.shows_costs) for one in (links["Bare"], links["Whole"])] == [(None, False), (earlier, True)]
    bare, whole = (client.get(at("funder", edition, links[name].key)).content.decode() for name in ("Bare", "Whole"))
    assert [page.count(f'id="{part}"') for page in (bare, whole) for part in ("beside", "burn")] == [0, 0, 1, 1]
    assert "Hall Ltd" not in whole
    assert "Hidden" not in whole
    newest = Report.objects.filter(edition=edition, is_published=True).first()
    assert shown_rows(beside_section(newest, old, ("asked", "hidden"))) == [["Requests", "7", "6", "+1"]]
    assert shown_rows(burn_section(newest)) == [["2025-03", "EUR 300", "30 %"]]
    elsewhere, _stranger = small_edition()
    with pytest.raises(PermissionDenied):
        make_link(organiser, edition, "x", beside=elsewhere)
    elsewhere.market.organisers.add(organiser)
    with pytest.raises(Refused):
        make_link(organiser, edition, "x", beside=elsewhere)


def shown_rows(section):
    return [[getattr(cell, "text", cell) for cell in row] for sheet in section.sheets for row in sheet.rows]


@pytest.mark.once
@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ({"2025-01": 3, "2025-02": 1, "2025-03": 2}, [("2025-01", 3), ("2025-03", 6)]),
        ({"2025-02": 1, "2025-01": 4}, [("2025-02", 5)]),  # the last ones stand with those before them
        ({"2025-01": 2}, []),
        ({}, []),
    ],
)
def test_a_month_of_few_payments_stands_with_the_next(counts, steps):
    assert steps_of({month: [Decimal(1)] * number for month, number in counts.items()}, 3) == steps


def test_what_shows_nothing_shows_the_same_nothing(client, published):
    edition, link = published
    other, _organiser = small_edition()
    unknown = [
        at("funder", edition, "unknown"), at("funder_report", edition, link.key, 2), at("funder_report", edition, link.key, 99),
        at("funder_file", edition, link.key, 1, "ko", "pdf"), at("funder", other, link.key),
        reverse("outcomes:funder", args=["no-such-edition", link.key]),
    ]  # fmt: skip
    answers = {body_of(client.get(address)) for address in unknown}
    revoked = FunderLink.objects.create(edition=edition, name="x", made_by=link.made_by, revoked_at=edition.now())
    ended = FunderLink.objects.create(edition=edition, name="x", made_by=link.made_by, expires_at=edition.now())
    answers |= {body_of(client.get(at("funder", edition, one.key))) for one in (revoked, ended)}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


TOKENS = re.compile(r'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"')


def body_of(answer):
    """Without the address itself, which the ways of signing in and of choosing a language lead back to, and the token."""
    text = answer.content.decode()
    for address in (answer.wsgi_request.path, quote(answer.wsgi_request.path, safe="")):
        text = text.replace(address, "")
    return answer.status_code, answer["X-Robots-Tag"], TOKENS.sub("", text)


def test_links_are_made_until_a_day_and_revoked(desk):
    edition, _organiser, client = desk
    today = edition.now().astimezone(edition.zone).date()
    past = client.post(at("funder_links", edition), {"name": "City", "last_day": today - dt.timedelta(days=1)})
    assert (past.status_code, "That day is over." in past.content.decode()) == (422, True)
    assert client.post(at("funder_links", edition), {"name": "", "last_day": "31 June"}).status_code == 422
    client.post(at("funder_links", edition), {"name": "City", "last_day": today})
    link = FunderLink.objects.get()
    assert link.expires_at == dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), edition.zone)
    assert link.key in client.get(at("funder_links", edition)).content.decode()
    client.post(at("revoke_link", edition, link.pk))
    client.post(at("revoke_link", edition, link.pk))
    assert LogEntry.objects.filter(edition=edition, verb="revoke_funder_link").count() == 1
    assert link.key not in client.get(at("funder_links", edition)).content.decode()
