"""Who may bring a workbook in, and into which edition."""

from __future__ import annotations

import io

import pytest
from books import book_bytes, examined, load, told
from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, MarketFactory, UserFactory

from madang.accounts.models import User
from madang.kit.sheets import open_book
from madang.markets.models import Edition, LogEntry, Market
from madang.people.models import Participant
from madang.workbook.actions import NotLoaded, load_workbook
from madang.workbook.comparing import examine

pytestmark = pytest.mark.django_db


def organisers() -> dict[str, User | None]:
    EditionFactory(slug="taken", market=MarketFactory(slug="theirs"))
    mine = MarketFactory(slug="mine")
    organiser = UserFactory()
    mine.organisers.add(organiser)
    EditionFactory(slug="mine-2025", market=mine)
    return {
        "command line": None,
        "administrator": UserFactory(is_superuser=True),
        "staff": UserFactory(is_staff=True),
        "organiser of another market": organiser,
        "participant": UserFactory(),
    }


MAY = {
    # who: (a new edition in a new market, the code of an edition of others, a new edition in their market)
    "command line": ([], [], []),
    "administrator": ([], [], []),
    "staff": ([], ["edition_refused"], ["market_refused"]),
    "organiser of another market": ([], ["edition_refused"], ["market_refused"]),
    "participant": (["may_not_create"], ["edition_refused"], ["market_refused"]),
}


@pytest.mark.parametrize("who", MAY)
def test_who_may_bring_in_which_edition(who: str) -> None:
    actor = organisers()[who]
    found = [examined(actor, None), examined(actor, None, code="taken"), examined(actor, None, {"Edition!M2": "theirs"})]
    assert tuple([fault.code for fault in one.target.faults] for one in found) == MAY[who]


def test_a_new_edition_from_the_desk_of_another_and_its_organiser() -> None:
    organiser = organisers()["organiser of another market"]
    desk = Edition.objects.get(slug="mine-2025")
    outcome = load(actor=organiser, page=desk)
    assert (outcome.is_new, outcome.edition.market.slug) == (True, "mine")
    assert told(examined(organiser, desk, code="taken")) == [("Edition!A2", "edition_refused")]
    assert told(examined(organiser, desk, {"Edition!M2": "new-one"}, code="x1")) == [("Edition!M2", "market_refused")]
    assert told(examined(organiser, outcome.edition, code="mine-2025")) == [("Edition!A2", "edition_differs")]


def test_the_organiser_of_a_market_makes_a_new_one_and_organises_it() -> None:
    organiser = organisers()["organiser of another market"]
    outcome = load(actor=organiser)
    assert list(outcome.edition.market.organisers.all()) == [organiser]
    log = LogEntry.objects.get(edition=outcome.edition)
    assert (log.verb, log.actor, log.details["counts"]["People"]["created"]) == ("import_workbook", organiser, 20)


def test_an_import_into_an_edition_that_is_no_longer_ones_own() -> None:
    organiser = organisers()["organiser of another market"]
    desk = Edition.objects.get(slug="mine-2025")
    found = examined(organiser, desk, code="mine-2025")
    desk.market.organisers.clear()
    with pytest.raises(NotLoaded):
        load_workbook(organiser, desk, found)
    assert (Participant.objects.count(), AnonymousUser().is_authenticated) == (0, False)


def test_two_editions_keep_apart() -> None:
    load()
    data = book_bytes(code="example-2027")
    found = examine(None, None, open_book(io.BytesIO(data)))
    load_workbook(None, None, found)
    assert [Participant.objects.filter(edition__slug=slug).count() for slug in ("example-2026", "example-2027")] == [20, 20]
    assert (User.objects.count(), Market.objects.count()) == (20, 1)
