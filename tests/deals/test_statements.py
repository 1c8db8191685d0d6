"""What a company states: the actions, who may, what the pages say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from rights_rows import hold, restrict, sold

from madang.catalogue.models import Level
from madang.deals.actions import statements as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Document, DocumentKind, DocumentState, Line, LineReason, Milestone
from madang.deals.queries import statements as queries
from madang.deals.queries.book import book_of
from madang.deals.queries.entries import Entry, check_entry
from madang.kernels.rights import FOREVER, RightsError
from madang.markets.models import LogEntry

pytestmark = pytest.mark.django_db
PAPER = {"counterparty": "Kanal Zwölf", "reference": "K-12", "standing": "signed", "note": ""}
WINDOW = {"start": dt.date(2025, 1, 1), "end": dt.date(2026, 12, 31)}


@pytest.fixture
def seller():
    edition = EditionFactory()
    return ParticipantFactory(edition=edition, is_seller=True, company=CompanyFactory(edition=edition, name="Hanbada"))


@pytest.fixture
def title(seller):
    return TitleFactory(edition=seller.edition, company=seller.company, name="The Yard")


@pytest.fixture
def page(client, seller):
    client.force_login(seller.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return lambda path, **data: (client.post if data else client.get)(f"/e/{seller.edition.slug}/rights/{path}", data)


def licence(title, territories="Benelux", media="SVOD", **facts):
    return Entry(titles=(title,), kind="licence", territories=territories, media=media, **(WINDOW | facts))


def state(seller, entry, kind=DocumentKind.SOLD, **paper):
    return actions.state_rights(seller.user, seller.edition, kind, PAPER | paper, entry)


def form_of(title, **facts):
    plain = {
        "counterparty": "Kanal Zwölf", "reference": "K-12", "standing": "signed", "titles": [title.pk], "what": "exclusive",
        "territories": "Benelux", "media": "SVOD",
        "start_from": "day", "start": "2025-01-01", "end_from": "day", "end": "2026-12-31",
    }  # fmt: skip
    return plain | facts


def test_a_statement_has_a_line_for_each_title_of_the_package(seller, title):
    other = TitleFactory(edition=seller.edition, company=seller.company)
    entry = Entry(titles=(title, other), kind="licence", territories="Benelux", media="SVOD, AVOD", exclusive=True, **WINDOW)
    document = state(seller, entry)
    assert (document.code, document.kind, document.state, document.company, document.author) == (
        "S0001", "sold", "stated", seller.company, seller,
    )  # fmt: skip
    lines = document.lines.order_by("number")
    assert [(line.number, line.title, line.territories_said, line.territories.members) for line in lines] == [
        (1, title, "Benelux", "BE-VLG BE-WAL BE-BRU LU NL"), (2, other, "Benelux", "BE-VLG BE-WAL BE-BRU LU NL"),
    ]  # fmt: skip
    log = LogEntry.objects.get(verb="state_rights")
    assert (log.subject, log.details) == ("S0001", {"kind": "sold", "titles": [title.code, other.code]})


def test_the_same_sent_twice_is_one_statement(seller, title):
    assert state(seller, licence(title)) == state(seller, licence(title))
    assert state(seller, licence(title, media="AVOD")).code == "S0002"
    assert Document.objects.count() == 2


def test_an_unreadable_set_writes_nothing(seller, title):
    with pytest.raises(RightsError):
        state(seller, licence(title, territories="Atlantis"))
    assert Document.objects.count() == 0


def test_only_the_company_states_the_rights_of_its_titles(seller, title):
    edition = seller.edition
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    stranger = ParticipantFactory(edition=edition, is_seller=True)
    colleague = ParticipantFactory(edition=edition, is_creator=True, company=seller.company)
    gone = ParticipantFactory(edition=edition, is_seller=True, company=seller.company, left_at=edition.now())
    document = state(seller, licence(title))
    allowed = []
    for who in (buyer, stranger, gone, colleague):
        try:
            actions.add_to_statement(who.user, document, licence(title, media="AVOD"))
        except PermissionDenied:
            allowed.append(False)
        else:
            allowed.append(True)
    assert allowed == [False, False, False, True]


def test_the_log_keeps_what_a_line_said(seller, title):
    document = state(seller, licence(title))
    actions.change_line(seller.user, document.lines.get(), licence(title, territories="DE", clause="4.1"))
    line = document.lines.get()
    assert (line.territories_said, line.territories.members, line.clause) == ("DE", "DE", "4.1")
    before = {"territories_said": "Benelux", "media_said": "SVOD", "kind": "licence", "start": "2025-01-01", "end": "2026-12-31"}
    assert LogEntry.objects.get(verb="change_line").details == {"line": 1, "before": before}


def test_a_line_that_a_colleague_said_anew_is_not_written_over_unseen(page, seller, title):
    hold(seller.company, title)
    colleague = ParticipantFactory(edition=seller.edition, is_seller=True, company=seller.company)
    document = state(seller, licence(title))
    path = f"statements/{document.code}/lines/{document.lines.get().pk}/"
    opened = page(path).context["seen"]
    other = CompanyFactory(edition=seller.edition, name="Kanal Nord")
    actions.change_line(colleague.user, document.lines.get(), licence(title, territories="DE", exempt=(other,)), seen=opened)
    typed = form_of(title, clause="7")
    mine = {name: value for name, value in typed.items() if name not in (*PAPER, "titles")} | {"seen": opened}
    told = page(path, **mine)
    assert (told.status_code, told.context["overtaken"].who) == (422, str(colleague.user))
    assert [(row.label, row.theirs, row.mine) for row in told.context["overtaken_rows"]] == [
        ("What it does", "Licence, not exclusive", "Exclusive licence"), ("Territories", "DE", "Benelux"), ("Clause", "", "7"),
        ("Does not bind", "Kanal Nord", ""),
    ]  # fmt: skip
    assert document.lines.get().territories_said == "DE"
    assert page(path, **mine, mine=told.context["overtaken"].mark).status_code == 302
    assert (document.lines.get().territories_said, document.lines.get().clause) == ("Benelux", "7")
    assert page(path, **mine, mine=told.context["overtaken"].mark).status_code == 422


def test_the_last_line_of_a_contract_stays(seller, title):
    document = state(seller, licence(title))
    with pytest.raises(DealRefused):
        actions.drop_line(seller.user, document.lines.get())
    actions.add_to_statement(seller.user, document, licence(title, media="AVOD"))
    actions.drop_line(seller.user, document.lines.get(number=1))
    assert [line.media_said for line in document.lines.all()] == ["AVOD"]


def test_an_ended_contract_counts_no_more_until_it_is_resumed(seller, title):
    hold(seller.company, title)
    document = state(seller, licence(title, exclusive=True))
    asked = licence(title)
    assert len(check_entry(Document(edition=seller.edition, kind="sold", company=seller.company), asked)) == 1
    actions.end_statement(seller.user, document, "Bought back")
    assert check_entry(Document(edition=seller.edition, kind="sold", company=seller.company), asked) == []
    document.refresh_from_db()
    assert (document.state, document.answer) == (DocumentState.ENDED, "Bought back")
    assert actions.resume_statement(seller.user, document).state == DocumentState.STATED


def test_what_a_contract_would_run_into_is_what_it_runs_into(seller, title):
    hold(seller.company, title, "Europe", "SVOD")
    sold(seller.company, title, "DE", "SVOD", exclusive=True, paper={"reference": "A-1", "counterparty": "Sender Eins"})
    entry = Entry(titles=(title,), kind="licence", territories="DE, JP", media="SVOD", exclusive=True, **WINDOW)
    before = check_entry(Document(edition=seller.edition, kind="sold", company=seller.company), entry)
    document = state(seller, entry)
    [(found_title, after)] = queries.statement_findings(seller.user, document)
    assert found_title == title
    assert [(one.code, str(one.severity)) for one in before] == [(one.finding.code, one.finding.severity) for one in after]
    assert [(one.finding.code, one.where, one.contract) for one in after] == [
        ("not_owned", "Japan · SVOD · 1 Jan 2025 to 31 Dec 2026", ""),
        ("not_owned_exclusively", "Japan · SVOD · 1 Jan 2025 to 31 Dec 2026", ""),
        ("exclusivity", "Germany · SVOD · 1 Jan 2025 to 31 Dec 2026", "contract A-1"),
        ("licensed_already", "Germany · SVOD · 1 Jan 2025 to 31 Dec 2026", "contract A-1"),
    ]
    assert after[2].what == "Sender Eins has this exclusively"


def test_the_list_says_what_to_look_at(seller, title):
    company = seller.company
    hold(company, title, "World", "ALL", end=dt.date(2025, 8, 1), paper={"reference": "H-1"})
    sold(company, title, "DE", "SVOD", end=dt.date(2026, 12, 31), paper={"reference": "A-1"})
    restrict(
        company,
        title,
        LineReason.OPTION,
        "FR",
        "SVOD",
        end=dt.date(2025, 6, 15),
        paper={"reference": "O-1", "standing": "option"},
    )
    fresh = TitleFactory(edition=seller.edition, company=company)
    rows = queries.title_rows(seller.user, seller.edition, [title, fresh])
    assert [(row.held, row.contracts, [(w.tone, w.text) for w in row.warnings]) for row in rows] == [
        (
            "World · All media",
            2,
            [
                ("bad", "Sold more than is held: A-1"),
                ("warn", "The option of O-1 lapses on 15 Jun 2025"),
                ("warn", "What you hold by H-1 ends on 1 Aug 2025"),
            ],
        ),
        ("", 0, []),
    ]


def test_a_reversion_that_may_come_soon_is_told(seller, title):
    milestone = Milestone.objects.create(
        edition=seller.edition, title=title, code="E0001", name="Licensor insolvent", earliest=dt.date(2025, 7, 1)
    )
    hold(seller.company, title, ended_early_by=[milestone], paper={"reference": "H-1"})
    [row] = queries.title_rows(seller.user, seller.edition, [title])
    assert [w.text for w in row.warnings] == ["What you hold by H-1 may revert from 1 Jul 2025 on"]


def test_a_season_stands_under_its_series(seller, title, page):
    season = TitleFactory(
        edition=seller.edition, company=seller.company, part_of=title, level=Level.SEASON, number=1, name="Season 1"
    )
    hold(seller.company, title)
    sold(seller.company, season, "DE", "SVOD")
    text = page("").content.decode()
    assert (text.count(f"/rights/titles/{title.code}/"), text.count(f"/rights/titles/{season.code}/")) == (1, 0)
    assert "stated for The Yard" in page(f"titles/{season.code}/").content.decode()


def test_the_form_states_a_contract_after_its_findings_were_seen(seller, title, page):
    first = page("sold/", **form_of(title))
    text = first.content.decode()
    assert (first.status_code, Document.objects.count()) == (200, 0)
    assert "The seller does not hold this" in text
    assert "Benelux</textarea>" in text
    second = page("sold/", **form_of(title, confirmed="1"))
    document = Document.objects.get()
    assert (second.status_code, second.url) == (302, f"/e/{seller.edition.slug}/rights/statements/{document.code}/")
    assert "The seller does not hold this" in page(f"statements/{document.code}/").content.decode()
    assert [(one.kind, one.exclusive, one.start, one.end) for one in document.lines.all()] == [
        ("licence", True, dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    ]


def test_a_holding_may_hang_on_a_milestone_and_end_early(seller, title, page):
    milestone = Milestone.objects.create(edition=seller.edition, title=title, code="E0001", name="Release")
    facts = form_of(
        title, start_from=str(milestone.pk), start_lag=30, end_from="perpetuity", ended_early_by=[milestone.pk], exclusive="on"
    )
    assert page("hold/", **facts).status_code == 302
    line = Line.objects.get()
    assert (line.kind, line.party, line.exclusive) == ("grant", seller.company, True)
    assert (line.start, line.start_after, line.start_lag, line.end_open) == (None, milestone, 30, "perpetuity")
    assert list(line.ended_early_by.all()) == [milestone]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"territories": "Atlantis"}, "“Atlantis” is no territory we know"),
        ({"media": "VHS tape"}, "“VHS tape” is no media right we know"),
        ({"languages": "xx-nowhere"}, "“xx-nowhere” is no language we know"),
        ({"start": ""}, "Which day?"),
        ({"end": "2024-12-31"}, "The last day is before the first."),
        ({"exempt": "Nobody Inc"}, "“Nobody Inc” is no company of this edition."),
        ({"subject_to": "X-99"}, "You have no contract with the number “X-99”."),
        ({"counterparty": ""}, "This field is required."),
    ],
)
def test_a_refused_form_says_where_and_keeps_what_was_written(seller, title, page, facts, words):
    answer = page("sold/", **form_of(title, **facts))
    assert (answer.status_code, Document.objects.count()) == (422, 0)
    assert words in answer.content.decode()
    assert 'value="K-12"' in answer.content.decode()


def test_a_restriction_names_whom_it_does_not_bind(seller, title, page):
    buyer = CompanyFactory(edition=seller.edition, name="Sender Eins", code="C-S1")
    prior = sold(seller.company, title, "DE", "SVOD", paper={"reference": "A-1"})
    facts = form_of(title, what="holdback", exempt="sender eins", only_party="on", subject_to="A-1", confirmed="1")
    assert page("sold/", **facts).status_code == 302
    line = Line.objects.get(kind="restriction")
    assert (line.reason, line.only_party, list(line.exempt.all()), list(line.subject_to.all())) == (
        "holdback", True, [buyer], [prior.document],
    )  # fmt: skip


def test_a_licensee_of_the_edition_is_known_by_name(seller, title, page):
    buyer = CompanyFactory(edition=seller.edition, name="Sender Eins")
    page("sold/", **form_of(title, counterparty="Sender Eins", confirmed="1"))
    assert Line.objects.get().party == buyer


def test_the_form_of_a_line_keeps_what_it_said(seller, title, page):
    milestone = Milestone.objects.create(edition=seller.edition, title=title, code="E0001", name="Release")
    line = restrict(
        seller.company,
        title,
        LineReason.RESERVE,
        "Benelux",
        "FREE",
        languages="nl:dub",
        start=milestone,
        start_lag=10,
        clause="7",
    )
    text = page(f"statements/{line.document.code}/lines/{line.pk}/").content.decode()
    assert [
        words in text
        for words in ("Benelux</textarea>", 'value="nl:dub"', f'<option value="{milestone.pk}" selected>', 'value="10"')
    ] == [True] * 4
    assert "= Belgium, Luxembourg, Netherlands (3 in all)" in text


def test_reading_while_one_types(page):
    assert "= Belgium, Luxembourg, Netherlands (3 in all)" in page("read/?territories=Benelux").content.decode()
    assert "Nordic countries is read without" in page("read/?territories=Nordics").content.decode()
    assert "Not read" in page("read/?media=VHS").content.decode()
    assert page("read/?nothing=1").status_code == 404


def test_the_check_while_one_writes(seller, title, page):
    assert "The seller does not hold this" in page("check/", **form_of(title)).content.decode()
    assert page("check/", **form_of(title, media="")).content.decode().strip() == ""
    hold(seller.company, title)
    assert "Nothing stands in the way" in page("check/", **form_of(title)).content.decode()
    assert Document.objects.filter(kind="sold").count() == 0


def test_pages_are_the_companys_own(client, seller, title):
    document = sold(seller.company, title, "DE", "SVOD").document
    people = {
        "buyer": ParticipantFactory(edition=seller.edition, is_buyer=True).user,
        "stranger": ParticipantFactory(edition=seller.edition, is_seller=True).user,
        "organiser": ParticipantFactory(edition=seller.edition, company=None).user,
        "colleague": ParticipantFactory(edition=seller.edition, is_seller=True, company=seller.company).user,
    }
    seller.edition.market.organisers.add(people["organiser"])
    paths = [
        "rights/",
        f"rights/titles/{title.code}/",
        f"rights/statements/{document.code}/",
        f"rights/titles/{title.code}/milestones/",
    ]
    found = {}
    for who, user in people.items():
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        found[who] = [client.get(f"/e/{seller.edition.slug}/{path}").status_code for path in paths]
    assert found == {
        "buyer": [302, 404, 404, 404],  # to what is free
        "stranger": [200, 404, 404, 404],
        "organiser": [404, 404, 404, 404],
        "colleague": [200, 200, 200, 200],
    }


def test_the_list_asks_as_much_for_three_titles_as_for_one(seller, title, page):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            other = title if number == 1 else TitleFactory(edition=seller.edition, company=seller.company)
            hold(seller.company, other)
            sold(seller.company, other, "DE", "SVOD")
        page("")
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            page("")
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("field", "day"), [("start", "0001-01-01"), ("end", "9999-12-31"), ("end", "2200-12-31")])
def test_days_of_a_contract_lie_in_times_of_ours(field, day, page, title):
    hold(title.company, title)
    answer = page("sold/", **form_of(title, **{field: day}))
    is_taken = day == "2200-12-31"
    assert (answer.status_code, Line.objects.count()) == ((302, 2) if is_taken else (422, 1))


@pytest.mark.parametrize("number", ["9" * 25, "9" * 18, "x"])
def test_a_number_of_no_title_is_no_choice(number, page, title):
    assert page("sold/", **form_of(title, titles=[number])).status_code == 422
    assert page("check/", **form_of(title, titles=[number])).status_code == 200
    assert Document.objects.count() == 0


def test_a_file_may_say_the_last_day_there_is(title, page):
    hold(title.company, title, end=dt.date.max)
    sold(title.company, title, "DE", "SVOD", exclusive=True, start=dt.date.min, end=dt.date.max)
    assert [line.end for line in book_of([title]).of(title.pk)] == [FOREVER] * 3
    assert page(f"titles/{title.code}/").status_code == 200
