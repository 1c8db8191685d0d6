"""What is free in the catalogue: how the answer lies to the window, words and filters, pages, tables to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from factories import EditionFactory, MandateFactory, ParticipantFactory, TitleFactory
from openpyxl import load_workbook
from rights_rows import hold, restrict, sold
from visits import get, queries_of

from madang.deals.queries.sheet import sheet_of
from madang.deals.views.search import PAGE

pytestmark = pytest.mark.django_db

QUESTION = {"territories": "FR, DE", "media": "SVOD", "start": "2026-01-01", "end": "2027-12-31"}
END = dt.date(2026, 12, 31)


@pytest.fixture
def market():
    """Six titles of one seller, one for each answer, and a buyer."""
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True, company__name="Hanbada Pictures", company__code="HAN")
    buyer = ParticipantFactory(edition=edition, is_buyer=True, country="FR", company__name="Canal Trois")
    names = ["free", "taken", "partly", "later", "missing", "unstated"]
    titles = {name: TitleFactory(edition=edition, company=seller.company, name=name, code=name) for name in names}
    for name in ("free", "taken", "partly", "later"):
        hold(seller.company, titles[name])
    hold(seller.company, titles["missing"], "KR")
    sold(seller.company, titles["taken"], "Europe", "ALL", exclusive=True, end=dt.date(2029, 12, 31))
    sold(seller.company, titles["partly"], "FR", "SVOD", exclusive=True, end=dt.date(2029, 12, 31))
    sold(seller.company, titles["later"], "Europe", "STREAMING", exclusive=True, end=END)
    return edition, seller, buyer, titles


def found(user, edition, **query):
    """{title's code: (word, what is free, why not)} of the page."""
    hits = get(user, "deals:free", edition, **QUESTION | query).context["hits"]
    return {hit.title.code: (hit.word, hit.free, hit.reasons) for hit in hits}


ALL_FREE = ("Free", ("All that you ask for",), ())
SOME = ("Partly free", ("Germany · 1 Jan 2026 to 31 Dec 2027",), ())
LATER = ("Partly free", ("1 Jan 2027 to 31 Dec 2027",), ())
MODES = {
    "cover": {"free": ALL_FREE},
    "overlap": {"free": ALL_FREE, "partly": SOME, "later": LATER},
    "start_within": {"free": ALL_FREE, "partly": SOME, "later": LATER},
    "end_within": {"free": ALL_FREE, "partly": SOME, "later": LATER},
}


@pytest.mark.parametrize(("mode", "expected"), MODES.items())
def test_how_the_answer_lies_to_the_window(mode, expected, market):
    edition, _seller, buyer, _titles = market
    assert found(buyer.user, edition, mode=mode, truncate="1") == expected


def test_minimum_days_and_the_whole_window(market):
    edition, _seller, buyer, _titles = market
    assert list(found(buyer.user, edition, mode="overlap", days="400")) == ["free", "partly"]
    assert list(found(buyer.user, edition, mode="overlap", days="800")) == []
    beyond = found(buyer.user, edition, mode="start_within")
    assert beyond["later"] == ("Partly free", ("from 1 Jan 2027 on",), ())


def test_what_is_not_free_comes_with_its_reason(market):
    edition, _seller, buyer, _titles = market
    told = found(buyer.user, edition, mode="overlap", truncate="1", unavailable="1")
    assert {code: (word, reasons) for code, (word, _free, reasons) in told.items()} == {
        "free": ("Free", ()),
        "partly": ("Partly free", ("France · SVOD: Taken until 31 Dec 2029",)),
        "later": ("Partly free", ()),
        "taken": ("Not free", ("Germany, France · SVOD: Taken until 31 Dec 2029",)),
        "missing": ("Not free", ("Germany, France · SVOD: Not held by the seller",)),
        "unstated": ("Rights not stated", ()),
    }


def test_exclusively_is_more(market):
    edition, seller, buyer, titles = market
    sold(seller.company, titles["free"], "FR", "SVOD", start="perpetuity", end="perpetuity")
    assert list(found(buyer.user, edition, mode="cover")) == ["free"]
    assert list(found(buyer.user, edition, mode="cover", exclusive="on")) == []


def test_a_series_is_free_as_long_as_none_of_its_seasons_is_taken(market):
    edition, seller, buyer, titles = market
    season = TitleFactory(edition=edition, company=seller.company, part_of=titles["free"], level="season", code="S1")
    assert found(buyer.user, edition, mode="cover") == {"free": ALL_FREE}
    restrict(seller.company, season, "holdback", "FR", "SVOD", end=dt.date(2030, 1, 1))
    assert found(buyer.user, edition, mode="cover") == {}
    assert found(buyer.user, edition, mode="overlap", truncate="1")["free"][0] == "Partly free"


def test_words_and_filters_narrow_the_same_question(market):
    edition, _seller, buyer, titles = market
    titles["partly"].genre = "crime"
    titles["partly"].save()
    assert list(found(buyer.user, edition, mode="overlap", q="hanbada later")) == ["later"]
    assert list(found(buyer.user, edition, mode="overlap", genre="crime")) == ["partly"]
    MandateFactory(edition=edition, buyer=buyer, code="M1", genre="crime", territories="DE")
    response = get(buyer.user, "deals:free", edition, mandate="M1")
    assert response.context["form"]["territories"].value() == "DE"
    assert [hit.title.code for hit in response.context["hits"]] == ["partly"]


def test_a_seller_finds_her_own_titles_as_buyers_do(market):
    edition, seller, _buyer, _titles = market
    foreign = TitleFactory(edition=edition, code="foreign")
    hold(foreign.company, foreign)
    assert list(found(seller.user, edition, mode="overlap", truncate="1")) == ["free", "later", "partly"]


def test_errors_keep_what_was_typed(market):
    edition, _seller, buyer, _titles = market
    response = get(buyer.user, "deals:free", edition, **QUESTION | {"days": "0", "q": "free"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["days"])
    assert (response.context["found"].query, response.context["hits"]) == ("free", [])
    assert get(buyer.user, "deals:free_table", edition, "csv", **QUESTION | {"days": "0"}).status_code == 404


def test_pages_cost_the_same_for_one_title_and_for_many(market):
    edition, seller, buyer, titles = market
    for name in ("partly", "later", "taken", "missing", "unstated"):
        titles[name].is_withdrawn = True
        titles[name].save()
    one = queries_of(buyer.user, "deals:free", edition, **QUESTION)
    for number in range(PAGE + 1):
        title = TitleFactory(edition=edition, company=seller.company, code=f"N{number}")
        hold(seller.company, title)
        sold(seller.company, title, "US", "SVOD", exclusive=True)
    assert queries_of(buyer.user, "deals:free", edition, **QUESTION) == one
    page = get(buyer.user, "deals:free", edition, **QUESTION | {"page": "2"}).context["page"]
    assert (page.paginator.count, len(page.object_list)) == (PAGE + 2, 2)


def test_tables_to_take_away(market):
    edition, _seller, buyer, titles = market
    titles["partly"].name = "=2+2"
    titles["partly"].save()
    query = QUESTION | {"mode": "overlap", "truncate": "1", "unavailable": "1"}
    response = get(buyer.user, "deals:free_table", edition, "csv", **query)
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["Code"], row["Answer"], row["Territories"], row["First day"], row["Last day"]) for row in rows] == [
        ("free", "Free", "Germany, France", "2026-01-01", "2027-12-31"),
        ("partly", "Partly free", "Germany", "2026-01-01", "2027-12-31"),
        ("later", "Partly free", "Germany, France", "2027-01-01", "2027-12-31"),
        ("missing", "Not free", "", "", ""),
        ("taken", "Not free", "", "", ""),
        ("unstated", "Rights not stated", "", "", ""),
    ]
    assert (rows[1]["Title"], rows[1]["Why not"]) == ("'=2+2", "France · SVOD: Taken until 31 Dec 2029")
    book = load_workbook(io.BytesIO(get(buyer.user, "deals:free_table", edition, "xlsx", **query).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3, max_row=3)]
    title = ["partly", "=2+2", "Hanbada Pictures", "Series", "Other", None, "Partly free", "Germany", "SVOD", "all languages"]
    assert cells == [[*title, dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), "France · SVOD: Taken until 31 Dec 2029"]]


def test_a_sales_sheet_says_what_is_free_and_what_is_left_out(market):
    edition, seller, buyer, titles = market
    page = get(buyer.user, "deals:sheet", edition, "HAN", **QUESTION)
    sheet = page.context["sheet"]
    assert sheet.asked == "Germany, France · SVOD · 1 Jan 2026 to 31 Dec 2027"
    lines = {entry.title.code: ([row.text for row in entry.free], [row.text for row in entry.other]) for entry in sheet.entries}
    assert lines == {
        "free": (["Germany, France · SVOD: Free for the whole time"], []),
        "later": (["Germany, France · SVOD: Taken until 31 Dec 2026; Free from 1 Jan 2027 on"], []),
        "partly": (["Germany · SVOD: Free for the whole time"], ["France · SVOD: Taken until 31 Dec 2029"]),
    }
    assert sheet.notes == ["2 more titles have nothing free here.", "Of one more title the rights are not stated."]
    pdf = get(buyer.user, "deals:sheet_pdf", edition, "HAN", **QUESTION)
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert "Kanal" not in page.content.decode()
    empty = sheet_of(seller.company, [titles["taken"]], page.context["form"].question(), None)
    assert (empty.entries, empty.left_out, empty.unstated) == ((), 1, 0)


def test_who_reads_whose_sheet(market):
    edition, seller, buyer, _titles = market
    other = ParticipantFactory(edition=edition, is_seller=True, company__code="OTH")
    TitleFactory(edition=edition, company=other.company)
    users = {"buyer": buyer.user, "seller": seller.user, "other": other.user, "visitor": None}
    guest = ParticipantFactory(edition=edition, is_guest=True)
    seen = {
        role: [code for code in ("HAN", "OTH") if get(user, "deals:sheet", edition, code).status_code == 200]
        for role, user in (users | {"guest": guest.user}).items()
    }
    assert seen == {"buyer": ["HAN", "OTH"], "seller": ["HAN"], "other": ["OTH"], "visitor": [], "guest": []}
    assert get(seller.user, "deals:sheets", edition).headers["Location"].endswith("/rights/sheets/HAN/")
    assert [company.code for company in get(buyer.user, "deals:sheets", edition).context["sellers"]] == ["OTH", "HAN"]
