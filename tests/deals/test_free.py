"""What of a title is free, in sentences: for a buyer without anybody's name, for the seller with the contract."""

from __future__ import annotations

import datetime as dt

import pytest
from factories import CompanyFactory, EditionFactory, MandateFactory, ParticipantFactory, TitleFactory
from rights_rows import hold, restrict, sold
from visits import get, queries_of

from madang.deals.forms_free import QuestionForm
from madang.deals.models import DocumentState, Line, StatedStanding
from madang.deals.queries.findings import papers_of
from madang.deals.queries.free import Verdict, answer_of, kept_until, lines_of, market_book
from madang.deals.queries.free_texts import rows_of, stretch_text, summary_text
from madang.deals.queries.heat import Asked, charts_of_titles
from madang.deals.queries.search import Wanted, scan
from madang.kernels.rights import Mode, media_table

pytestmark = pytest.mark.django_db

YEARS = {"start": "2026-01-01", "end": "2028-12-31"}


@pytest.fixture
def market():
    """A seller with a title and a buyer with a mandate."""
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True, company__name="Hanbada Pictures")
    buyer = ParticipantFactory(edition=edition, is_buyer=True, country="FR", company__name="Canal Trois")
    return edition, seller, buyer, TitleFactory(edition=edition, company=seller.company, name="The Yard")


def asking(territories="DE, AT, FR, BE", media="SVOD", **more):
    form = QuestionForm({"territories": territories, "media": media, **YEARS, **more})
    assert form.errors == {}
    return form.question()


def said(title, question, buyer=None, reader=None):
    """(verdict, summary, [(where, media, [sentences])]) as a reader gets it."""
    answer = answer_of(market_book([title]), title.pk, question, buyer)
    rows = rows_of(answer, question, papers_of(lines_of(answer), reader), kept_until(answer, title.edition))
    told = [(row.where, row.media, [fact.text for fact in row.facts]) for row in rows]
    return answer.verdict.value, summary_text(answer, question), told


def test_free_taken_and_not_held_stand_apart(market):
    _edition, seller, buyer, title = market
    hold(seller.company, title, "World excl. BE", "ALL")
    sold(seller.company, title, "DE, AT", "SVOD", exclusive=True, start=dt.date(2025, 1, 1), end=dt.date(2027, 2, 28))
    sold(seller.company, title, "FR", "STREAMING", exclusive=True, start=dt.date(2025, 1, 1), end=dt.date(2029, 5, 31))
    assert said(title, asking(), buyer.company) == (
        "partly",
        "A part of what you ask for is free.",
        [
            ("Austria, Germany", "SVOD", ["Taken until 28 Feb 2027", "Free from 1 Mar 2027 on"]),
            ("France", "SVOD", ["Taken until 31 May 2029"]),
            ("Belgium", "SVOD", ["Not held by the seller"]),
        ],
    )
    assert said(title, asking("DE, FR"), buyer.company)[1] == "All that you ask for is free for that long from 1 Jun 2029 on."
    assert said(title, asking("World excl. US, CA, BE", "THEA"))[2] == [
        ("World without Belgium, Canada and United States", "Theatrical", ["Free for the whole time"])
    ]
    assert said(title, asking("DE", "SVOD", start="2027-03-01"), buyer.company)[:2] == ("free", "All that you ask for is free.")


def test_nothing_stated_is_never_free(market):
    _edition, seller, _buyer, title = market
    unstated = ("unstated", "The seller has not stated rights for this title, so nobody can say what is free. You can ask.", [])
    assert said(title, asking()) == unstated
    sold(seller.company, title, "DE", "SVOD")
    assert said(title, asking()) == unstated
    hold(CompanyFactory(edition=title.edition), title)  # somebody who does not sell the title here
    assert said(title, asking()) == unstated


SHAPES = [
    ({}, "Taken, with no end known"),
    ({"end": dt.date(2027, 6, 30)}, "Taken until 30 Jun 2027"),
    ({"start": dt.date(2026, 7, 1), "end": dt.date(2027, 6, 30)}, "Taken from 1 Jul 2026 to 30 Jun 2027"),
    ({"start": dt.date(2026, 7, 1)}, "Taken from 1 Jul 2026 on, with no end known"),
]


@pytest.mark.parametrize(("window", "sentence"), SHAPES)
def test_the_window_of_what_is_taken(window, sentence, market):
    _edition, seller, _buyer, title = market
    hold(seller.company, title)
    sold(seller.company, title, "FR", "SVOD", exclusive=True, **{"start": "perpetuity", "end": "perpetuity"} | window)
    assert sentence in said(title, asking("FR"))[2][0][2]


REASONS = [
    ("holdback", "Held back until 31 Dec 2026"),
    ("blackout", "Held back until 31 Dec 2026"),
    ("reserve", "Held back until 31 Dec 2026"),
    ("release", "Held back until 31 Dec 2026"),
    ("first_run", "Taken until 31 Dec 2026"),
    ("exclusivity", "Taken until 31 Dec 2026"),
]


@pytest.mark.parametrize(("reason", "sentence"), REASONS)
def test_each_restriction_in_its_words(reason, sentence, market):
    _edition, seller, _buyer, title = market
    hold(seller.company, title)
    restrict(seller.company, title, reason, "FR", "SVOD")
    assert said(title, asking("FR"))[2] == [("France", "SVOD", [sentence, "Free from 1 Jan 2027 on"])]


def test_an_option_is_soft_and_an_offer_says_until_when(market):
    edition, seller, _buyer, title = market
    hold(seller.company, title)
    option = sold(seller.company, title, "FR", "SVOD", exclusive=True, paper={"standing": StatedStanding.OPTION})
    words = "Until 31 Dec 2026 on hold: an option or a deal under way, or dates not agreed; free if it comes to nothing"
    assert said(title, asking("FR")) == (
        "on_hold",
        "All that you ask for is free if an option or a deal under way comes to nothing, or its dates leave room.",
        [("France", "SVOD", [words, "Free from 1 Jan 2027 on"])],
    )
    option.document.holds_until = edition.now() + dt.timedelta(days=14)
    option.document.save()
    assert said(title, asking("FR"))[2][0][2][0] == f"{words} (kept for somebody until 12 Jun 2025)"


def test_an_option_agreed_in_a_signed_contract_warns_too(market):
    _edition, seller, _buyer, title = market
    hold(seller.company, title)
    restrict(seller.company, title, "option", "FR", "SVOD")
    assert said(title, asking("FR"))[0] == "on_hold"


def test_a_licence_stands_in_the_way_of_exclusivity_alone(market):
    _edition, seller, buyer, title = market
    hold(seller.company, title)
    sold(seller.company, title, "FR", "SVOD", end=dt.date(2026, 12, 31))
    assert said(title, asking("FR"))[0] == "free"
    assert said(title, asking("FR", exclusive="1"))[2] == [
        ("France", "SVOD", ["Taken until 31 Dec 2026", "Free from 1 Jan 2027 on"])
    ]
    Line.objects.filter(kind="licence").update(party=buyer.company)
    answer = answer_of(market_book([title]), title.pk, asking("FR", exclusive="1"), buyer.company)
    own = rows_of(answer, asking("FR"), papers_of(lines_of(answer), buyer.company))[0].own
    assert (answer.verdict, own) == (Verdict.FREE, "Your company has a licence in this already")


def test_only_the_seller_reads_contract_and_counterparty(market):
    edition, seller, buyer, title = market
    hold(seller.company, title)
    sold(
        seller.company, title, "FR", "SVOD", exclusive=True, clause="4.2", paper={"reference": "KZ-1", "counterparty": "Kanal Z"}
    )
    answer = answer_of(market_book([title]), title.pk, asking("FR"), None)
    for reader, papers in ((seller.company, (("contract KZ-1, clause 4.2: Kanal Z", ""),)), (buyer.company, ()), (None, ())):
        rows = rows_of(answer, asking("FR"), papers_of(lines_of(answer), reader))
        assert [fact.papers for row in rows for fact in row.facts if not fact.is_open] == [papers]
    query = {"territories": "FR", "media": "SVOD", **YEARS}
    for page in ("catalogue:title", "deals:free_title"):
        theirs = get(buyer.user, page, edition, title.code, **query).content.decode()
        assert "Taken until 31 Dec 2026" in theirs
        assert not [word for word in ("Kanal Z", "KZ-1", "4.2") if word in theirs]
        assert "contract KZ-1, clause 4.2: Kanal Z" in get(seller.user, page, edition, title.code, **query).content.decode()


def test_an_ended_statement_counts_no_more(market):
    _edition, seller, _buyer, title = market
    hold(seller.company, title)
    line = sold(seller.company, title, "FR", "SVOD", exclusive=True)
    assert said(title, asking("FR"))[0] == "partly"
    line.document.state = DocumentState.ENDED
    line.document.save()
    assert said(title, asking("FR"))[0] == "free"


def test_a_series_shows_which_of_its_seasons_are_taken(market):
    edition, seller, buyer, title = market
    season = TitleFactory(edition=edition, company=seller.company, part_of=title, level="season", number=1, name="Yard, season 1")
    hold(seller.company, title)
    query = {"territories": "FR", "media": "SVOD", **YEARS}
    panel = get(buyer.user, "deals:free_title", edition, title.code, **query).context["free"]
    assert (panel.word, panel.parts) == ("Free", [])
    sold(seller.company, season, "FR", "SVOD", exclusive=True, end=dt.date(2040, 1, 1))
    panel = get(buyer.user, "deals:free_title", edition, title.code, **query).context["free"]
    assert (panel.word, panel.parts) == ("Partly free", [(season, "Not free", "bad")])
    assert get(buyer.user, "deals:free_title", edition, season.code, **query).context["free"].word == "Not free"


ROLES = {
    "visitor": (False, False),
    "buyer": (True, True),
    "seller": (True, True),
    "other seller": (False, False),
    "guest": (False, False),
    "organiser": (False, False),
}


def test_who_reads_what_is_free(market):
    """role -> (reads the page of its own, reads the panel on the title's page)"""
    edition, seller, buyer, title = market
    organiser, guest = ParticipantFactory(edition=edition).user, ParticipantFactory(edition=edition, is_guest=True).user
    edition.market.organisers.add(organiser)
    other = ParticipantFactory(edition=edition, is_seller=True).user
    users = {"visitor": None, "buyer": buyer.user, "seller": seller.user, "other seller": other}
    users |= {"guest": guest, "organiser": organiser}
    title.is_showcase = True
    title.save()
    found = {}
    for role, user in users.items():
        page = get(user, "deals:free_title", edition, title.code).status_code == 200
        found[role] = (page, 'id="free"' in get(user, "catalogue:title", edition, title.code).content.decode())
    assert found == ROLES


def test_the_question_begins_with_the_mandate_that_fits(market):
    edition, seller, buyer, title = market
    title.format, title.genre = "series", "crime"
    title.save()
    hold(seller.company, title)
    assert get(buyer.user, "catalogue:title", edition, title.code).context["free"].form["territories"].value() == "FR"
    MandateFactory(edition=edition, buyer=buyer, code="M1", format="film", territories="US")
    MandateFactory(edition=edition, buyer=buyer, code="M2", genre="crime", territories="BE, CH")
    panel = get(buyer.user, "catalogue:title", edition, title.code).context["free"]
    assert (panel.mandate.code, panel.form["territories"].value()) == ("M2", "BE, CH")
    panel = get(buyer.user, "deals:free_title", edition, title.code, mandate="M1").context["free"]
    assert (panel.mandate.code, panel.form["territories"].value()) == ("M1", "US")
    assert panel.rows[0].where == "United States"


NO_TERRITORY = "“Atlantis” is no territory we know: write a code such as DE, a name, or a group such as Benelux."
NO_MEDIA = "“Teleporter” is no media right we know: write a code such as SVOD, FREE or THEA, or All media."
NO_LANGUAGE = "“klingon” is no language we know: write a tag such as ko, fr-CA or zh-Hant."
NOTHING = "Write countries or groups of them, e.g. DE, AT, Benelux or World excl. US."
FAULTS = [
    ({"territories": "Atlantis"}, "territories", NO_TERRITORY),
    ({"territories": "DE excl. DE"}, "territories", NOTHING),
    ({"media": "Teleporter"}, "media", NO_MEDIA),
    ({"languages": "klingon"}, "languages", NO_LANGUAGE),
    ({"end": "2020-01-01"}, "end", "The last day is before the first one."),
    ({"end": "2100-01-01"}, "end", "Ask for fifty years at most."),
]


@pytest.mark.parametrize(("wrong", "field", "fault"), FAULTS)
def test_errors_stand_at_the_field_and_what_was_typed_stays(wrong, field, fault, market):
    edition, _seller, buyer, title = market
    query = {"territories": "FR", "media": "SVOD", **YEARS} | wrong
    response = get(buyer.user, "deals:free_title", edition, title.code, **query)
    form = response.context["free"].form
    assert (response.status_code, form.errors) == (422, {field: [fault]})
    assert {name: form[name].value() for name in query} == query


def test_a_package_costs_no_more_queries(market):
    edition, seller, buyer, title = market
    hold(seller.company, title)
    query = {"territories": "FR", "media": "SVOD", **YEARS}
    sold(seller.company, title, "FR", "SVOD", exclusive=True)
    one = queries_of(buyer.user, "deals:free_title", edition, title.code, **query)
    for year in range(2026, 2032):
        sold(seller.company, title, "FR, DE", "SVOD", exclusive=True, start=dt.date(year, 1, 1), end=dt.date(year, 6, 30))
    assert queries_of(buyer.user, "deals:free_title", edition, title.code, **query) == one


def test_a_stretch_is_told_by_what_it_leaves_open(market):
    _edition, seller, _buyer, title = market
    hold(seller.company, title, end=dt.date(2027, 12, 31))
    question = asking("FR")
    stretches = answer_of(market_book([title]), title.pk, question, None).parts[0].stretches
    assert [stretch_text(one, question) for one in stretches] == [
        "Free until 31 Dec 2027",
        "Not held by the seller from 1 Jan 2028 on",
    ]


def test_who_holds_beside_others_sells_nothing_exclusively(market):
    _edition, seller, buyer, title = market
    hold(seller.company, title, exclusive=False)
    alone = asking("DE", exclusive="on")
    answer = answer_of(market_book([title], exclusive=True), title.pk, alone, buyer.company)
    (row,) = rows_of(answer, alone, papers_of((), None))
    sentence = "The seller does not hold this exclusively, so that it cannot be sold exclusively"
    assert (answer.verdict, [fact.text for fact in row.facts]) == (Verdict.NOT_FREE, [sentence])
    assert said(title, asking("DE"), buyer.company)[0] == "free"
    wanted = [Wanted(question, Mode.COVER) for question in (alone, asking("DE"))]
    assert [len(scan([title], one, buyer.company).found) for one in wanted] == [0, 1]


def test_a_series_is_no_freer_than_its_episodes(market):
    edition, seller, buyer, series = market
    season = TitleFactory(edition=edition, company=seller.company, part_of=series, level="season", number=1)
    episode = TitleFactory(edition=edition, company=seller.company, part_of=season, level="episode", number=1)
    hold(seller.company, series)
    assert said(series, asking("DE"), buyer.company)[0] == "free"
    contract = sold(seller.company, episode, "DE", "SVOD", exclusive=True, end=dt.date(2027, 2, 28), paper={"standing": "option"})
    found = [said(title, asking("DE"), buyer.company)[:2] for title in (series, season)]
    assert (
        found
        == [
            (
                "on_hold",
                "All that you ask for is free if an option or a deal under way comes to nothing, or its dates leave room.",
            )
        ]
        * 2
    )
    contract.document.standing = StatedStanding.SIGNED
    contract.document.save()
    found = [said(title, asking("DE"), buyer.company)[:2] for title in (series, season)]
    assert found == [("partly", "A part of what you ask for is free.")] * 2
    asked = Asked(("DE", "FR"), media_table().read("SVOD"), asking().start, asking().end)
    (chart,) = charts_of_titles(market_book([series]), [series], asked, buyer.company)
    assert [row.text for row in chart.rows] == ["Partly free until 28 Feb 2027; Free from 1 Mar 2027 on", "Free"]
