"""The comparison of editions: who sees which numbers, what it says without files, and that no table behind the pages is read."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import EditionFactory, MarketFactory, UserFactory
from outcome_rows import market, seen
from visits import BACKEND

from madang.markets.actions import record
from madang.markets.models import RunState
from madang.outcomes.across.marks import root
from madang.outcomes.actions.across import make_files, start_across, stop_across
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.models import AcrossRun, EditionFiles
from madang.outcomes.queries.across import MEASURES, Line, Wanted, bars_of, board_of, divided, permitted

pytestmark = pytest.mark.django_db
PAGE = reverse("across:across")
OURS = {
    "accounts_user",
    "markets_edition",
    "markets_market",
    "markets_market_organisers",
    "outcomes_editionfiles",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def organiser(*editions):
    user = UserFactory()
    for edition in editions:
        edition.market.organisers.add(user)
    return user


def reader(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def months(board):
    """Lines of the log: what tells whose files were asked."""
    return sum(row["lines"] for row in board.months)


def two_markets():
    """Two editions of different markets, with one and two lines in their logs, and their files."""
    mine, theirs = EditionFactory(market=MarketFactory()), EditionFactory(market=MarketFactory())
    record(mine, None, "take_note", "1")
    for number in "12":
        record(theirs, None, "take_note", number)
    for edition in (mine, theirs):
        make_files(edition)
    return mine, theirs


def test_everybody_sees_her_own_editions_alone():
    mine, theirs = two_markets()
    boss = UserFactory(is_superuser=True)
    seers = {
        "mine": organiser(mine),
        "theirs": organiser(theirs),
        "boss": boss,
        "both": organiser(mine, theirs),
        "guest": UserFactory(),
    }
    lines = {name: months(board_of(permitted(user), Wanted())) for name, user in seers.items()}
    assert lines == {"mine": 1, "theirs": 2, "boss": 3, "both": 3, "guest": 0}
    assert [line.edition for line in board_of(permitted(seers["mine"]), Wanted()).lines] == [mine]
    assert months(board_of(permitted(seers["mine"]), Wanted(market=theirs.market.slug))) == 0


def test_a_stranger_finds_no_page_and_a_visitor_is_asked_to_sign_in():
    mine, theirs = EditionFactory(market=MarketFactory()), EditionFactory(market=MarketFactory())
    run = start_across(organiser(mine))[0]
    pages = [PAGE, reverse("across:files"), reverse("across:run", args=[run.key])]
    stranger, other = reader(UserFactory()), reader(organiser(theirs))
    assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
    assert [stranger.post(reverse("across:start")).status_code, stranger.post(f"{pages[2]}stop/").status_code] == [404, 404]
    assert [other.get(page).status_code for page in pages] == [200, 200, 404]
    assert [Client().get(page).status_code for page in pages] == [302, 302, 302]


def test_the_page_reads_files_and_no_table_behind_them():
    """And as many queries for three editions as for one."""
    yard = market((0, 0, 0), asks=((0, 0),))
    seen(yard, 0, "sender", "receiver")
    make_files(yard.edition)
    client, counts = reader(organiser(yard.edition)), []
    for number in (1, 3):
        while yard.edition.market.editions.count() < number:
            make_files(EditionFactory(market=yard.edition.market))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(PAGE)
        assert answer.status_code == 200
        read = {name for one in queries for name in re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"', one["sql"])}
        assert read <= OURS, read - OURS
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_says_what_the_edition_s_own_page_says_and_leads_there():
    yard = market((0, 0, 0), (1, 1, 1), asks=((0, 0), (0, 1)))
    seen(yard, 0, "sender", "receiver")
    make_files(yard.edition)
    user = organiser(yard.edition)
    (line,) = board_of(permitted(user), Wanted()).lines
    assert {name: line.counts[name] for name in ("requested", "accepted", "planned", "held", "licences")} == {
        "requested": 2, "accepted": 2, "planned": 2, "held": 1, "licences": 0,
    }  # fmt: skip
    shares = [(name, part) for name, part, _page in line.shares]
    assert shares == [("held_share", Decimal("0.5")), ("no_show_share", 0), ("new_share", None), ("returned_share", None)]
    page = reader(user).get(PAGE).content.decode()
    links = {url for _name, _number, url in [*line.steps, *line.shares]}
    assert [url for url in links if f'href="{url}"' not in page] == []
    assert set(MEASURES.values()) <= set(CATALOGUE)


def test_without_files_the_page_says_how_to_make_them_and_a_press_does():
    edition = EditionFactory()
    client = reader(organiser(edition))
    assert "No files yet." in client.get(PAGE).content.decode()
    answer = client.post(reverse("across:start"), follow=True)
    assert "Made anew: 1 editions. As they should be: 0." in answer.content.decode()
    assert "From request to licence" in client.get(PAGE).content.decode()
    assert "Made anew: 0 editions. As they should be: 1." in client.post(reverse("across:start"), follow=True).content.decode()
    assert client.get(reverse("across:files")).status_code == 200


def test_a_harmed_file_leaves_its_edition_out_and_says_so():
    """Changed by hand at first, then gone."""
    mine, theirs = two_markets()
    path = root() / EditionFiles.objects.get(edition=theirs).folder / "log.parquet"
    path.write_bytes(b"X" * path.stat().st_size)
    user = organiser(mine, theirs)
    changed = board_of(permitted(user), Wanted())
    path.unlink()
    gone = board_of(permitted(user), Wanted())
    for board in (changed, gone):
        assert ([line.edition for line in board.lines], board.broken, months(board)) == ([mine], [theirs], 1)
    page = reader(user).get(PAGE)
    assert (page.status_code, "Files are missing or damaged" in page.content.decode()) == (200, True)


def test_filters_keep_what_was_typed_and_say_what_is_wrong():
    mine, theirs = EditionFactory(market=MarketFactory()), EditionFactory(market=MarketFactory())
    user = organiser(mine, theirs)
    client = reader(user)
    good = f"market={mine.market.slug}&since=2025&until=2025&form=online&page=99"
    bad = ["since=" + "9" * 25 + "&market=%00&form=\u202e", "market=" + "가" * 400]
    assert [client.get(f"{PAGE}?{query}").status_code for query in (good, *bad)] == [200, 422, 422]
    page = client.get(f"{PAGE}?since=2026&until=2024").content.decode()
    assert ("The last year comes after the first." in page, 'value="2026"' in page) == (True, True)
    editions = permitted(user)
    assert [len(board_of(editions, one).without) for one in (Wanted(since=2025), Wanted(until=2024))] == [2, 0]
    assert "No edition of yours is like that." in client.get(f"{PAGE}?until=1950").content.decode()


def test_two_presses_are_one_run_and_a_stop_ends_it():
    user = organiser(EditionFactory())
    run, is_new = start_across(user)
    assert (is_new, start_across(user)) == (True, (run, False))
    page = reader(user).get(reverse("across:run", args=[run.key])).content.decode()
    assert "Waiting for the worker to begin." in page
    stop_across(user, run)
    assert AcrossRun.objects.get(pk=run.pk).state == RunState.STOPPED
    assert start_across(user)[1] is True


@pytest.mark.once
def test_nothing_to_divide_by_is_no_share_and_nothing_to_draw_no_picture():
    assert [divided(1, 0), divided(None, 4), divided(0, 4), divided(1, 4)] == [None, None, 0, Decimal("0.25")]
    assert bars_of([]) is bars_of([("2025", {"ok": 0})]) is None
    assert bars_of([("2024", {"ok": 1}), ("2025", {"ok": 4})]).bars == [
        ("ok", "5.000", "75.00", "40.000", "25.00"),
        ("ok", "55.000", "0.00", "40.000", "100.00"),
    ]
    assert Line(EditionFactory.build(), None).most == 0
