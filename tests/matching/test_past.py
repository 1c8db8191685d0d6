"""What a buyer did before teaches her own matches: requests, meetings, deals, her words, also of earlier editions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import EditionFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory, UserFactory
from match_rows import HARBOUR, WEDDING, Market
from visits import client_of, get

from madang.catalogue.models import Profile
from madang.deals.models import Deal, DealStage
from madang.matching.actions.feedback import say_of_title, take_back
from madang.matching.models import Because, Feedback, Verdict
from madang.matching.queries.pairs import market_pairs, matches_for_mandate, matches_for_title
from madang.matching.queries.past import Did, past_of, past_of_market
from madang.meetings.models import RequestStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    market = Market()
    market.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    market.like = market.work(code="LIKE", genre="crime", synopsis="A detective in a village hunts a killer after a murder.")
    return market


def asked(market, title, **facts):
    """A request of the buyer to the seller about a title."""
    plain = {"edition": market.edition, "sender": market.buyer, "receiver": market.seller, "title": title}
    return MeetingRequestFactory(**{"status": RequestStatus.ACCEPTED} | plain | facts)


def seen(market):
    """Title to its chance and what is told of the past."""
    rows = matches_for_mandate(market.mandate, market.buyer.user)
    return {row.title.code: (row.chance, next((p.words for p in row.parts if p.code == "taste"), "")) for row in rows}


def earlier(market, **facts):
    """The same buyer, a seller and a title at an edition before."""
    day = market.edition.starts_on - dt.timedelta(days=365)
    edition = EditionFactory(market=facts.pop("of", market.edition.market), starts_on=day, ends_on=day)
    buyer = ParticipantFactory(edition=edition, user=market.buyer.user, is_buyer=True)
    seller = ParticipantFactory(edition=edition, is_seller=True)
    title = TitleFactory(edition=edition, company=seller.company, code="OLD", name="Old port", genre="crime", synopsis=HARBOUR)
    return edition, buyer, seller, title


# --- What counts -------------------------------------------------------------------------------------------------------

REQUESTS = {
    "asked": ({"status": "sent"}, {}, [(1.0, Did.ASKED)]),
    "a must": ({"status": "sent", "sender_wish": 3}, {}, [(1.5, Did.ASKED)]),
    "if there is room": ({"status": "accepted", "sender_wish": 1}, {}, [(0.5, Did.ASKED)]),
    "nobody answered": ({"status": "expired"}, {}, [(1.0, Did.ASKED)]),
    "she took it back": ({"status": "withdrawn"}, {}, []),
    "a draft": ({"status": "draft"}, {}, []),
    "the seller said no": ({"status": "declined"}, {}, []),
    "held": ({}, {"checked_in_at": dt.datetime(2025, 9, 1, tzinfo=dt.UTC)}, [(1.25, Did.MET)]),
    "to follow up": ({}, {"interest": "follow_up"}, [(1.5, Did.MET)]),
    "an offer coming": ({}, {"interest": "offer"}, [(2.0, Did.MET)]),
    "met without interest": ({}, {"interest": "none"}, [(-1.0, Did.COLD)]),
}


@pytest.mark.parametrize(("facts", "seat", "expected"), REQUESTS.values(), ids=REQUESTS)
def test_what_a_request_tells(here, facts, seat, expected):
    request = asked(here, here.like, **facts)
    request.attendees.filter(participant=here.buyer).update(**seat)
    request.attendees.filter(participant=here.seller).update(interest="none")
    assert [(one.much, one.did) for one in past_of(here.buyer)] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"status": "accepted", "receiver_wish": 2}, [(1.0, Did.ACCEPTED)]),
        ({"status": "accepted", "receiver_wish": 3}, [(1.5, Did.ACCEPTED)]),
        ({"status": "declined"}, [(-0.5, Did.DECLINED)]),
        ({"status": "sent"}, []),
    ],
)
def test_what_her_answer_tells(here, facts, expected):
    asked(here, here.like, sender=here.seller, receiver=here.buyer, **facts)
    assert [(one.much, one.did) for one in past_of(here.buyer)] == expected
    assert [(one.much, one.did) for one in past_of_market(here.edition)] == expected


def test_of_all_that_she_did_about_a_title_the_last_counts(here):
    asked(here, here.like).attendees.filter(participant=here.buyer).update(interest="none")
    facts = {"edition": here.edition, "licensor": here.seller.company, "licensee": here.buyer.company, "opened_by": here.buyer}
    deal = Deal.objects.create(code="D1", stage=DealStage.MEMO, **facts)
    deal.titles.add(here.like)
    assert [(one.much, one.did) for one in past_of(here.buyer)] == [(1.5, Did.NEGOTIATED)]
    assert [(one.much, one.did) for one in past_of_market(here.edition)] == [(1.0, Did.ASKED)]
    Deal.objects.update(stage=DealStage.LICENCE)
    assert [(one.much, one.did) for one in past_of(here.buyer)] == [(2.0, Did.LICENSED)]
    say_of_title(here.buyer.user, here.like, Verdict.NOT_FOR_ME, Because.LONG)
    assert [(one.much, one.respect) for one in past_of(here.buyer)] == [(2.0, ""), (-2.0, "longer")]
    Deal.objects.update(stage=DealStage.ENDED)
    assert [one.did for one in past_of(here.buyer)] == [Did.COLD, Did.NOT_FOR_ME]


def test_earlier_editions_of_the_market_teach_and_later_and_other_ones_do_not(here):
    before = seen(here)
    edition, buyer, seller, title = earlier(here)
    request = MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller, title=title, status="accepted")
    request.attendees.filter(participant=buyer).update(interest="offer")
    chance, words = seen(here)["HARBOUR"]
    assert (chance > before["HARBOUR"][0], words) == (True, "You met about a title like this: Old port")
    assert seen(here)["WEDDING"] == before["WEDDING"]
    type(edition).objects.filter(pk=edition.pk).update(starts_on=dt.date(2099, 1, 1), ends_on=dt.date(2099, 1, 2))
    assert seen(here) == before
    type(edition).objects.filter(pk=edition.pk).update(starts_on=dt.date(2020, 1, 1), market=EditionFactory().market)
    assert seen(here) == before


def test_deals_of_the_company_that_she_was_in_before(here):
    edition, buyer, seller, title = earlier(here)
    deal = Deal.objects.create(
        edition=edition, code="D1", stage="licence", licensor=seller.company, licensee=buyer.company, opened_by=buyer
    )
    deal.titles.add(title)
    assert seen(here)["HARBOUR"][1] == "Your company licensed a title like this: Old port"


# --- How it counts -----------------------------------------------------------------------------------------------------


def test_the_more_she_asked_for_the_surer_and_never_less(here):
    chances = [seen(here)["HARBOUR"][0]]
    for n in range(3):
        other = ParticipantFactory(edition=here.edition, is_seller=True)
        work = here.work(code=f"M{n}", name=f"Murder {n}", company=other.company, genre="crime", synopsis=f"{n} {HARBOUR}")
        chances.append(seen(here)["HARBOUR"][0])
        asked(here, work, receiver=other)
        chances.append(seen(here)["HARBOUR"][0])
    rises = [after - before for before, after in zip(chances[1::2], chances[2::2], strict=True)]
    assert all(rise > 0 for rise in rises)
    assert rises == sorted(rises, reverse=True)
    assert seen(here)["HARBOUR"][1] == "You asked for meetings about 3 titles like this: Murder 0, Murder 1, Murder 2"


def test_no_other_buyers_interest_shows(here):
    """Neither somebody of another company nor a colleague: a list tells of nobody's past but its reader's."""
    before, organiser = seen(here), UserFactory(is_superuser=True)
    of_organiser = matches_for_mandate(here.mandate, organiser)
    of_seller = matches_for_title(here.title, here.seller.user)
    for other in (
        ParticipantFactory(edition=here.edition, is_buyer=True),
        ParticipantFactory(edition=here.edition, company=here.buyer.company, is_buyer=True),
    ):
        asked(here, here.like, sender=other, status="sent")
        asked(here, here.title, sender=other, receiver=ParticipantFactory(edition=here.edition, company=here.seller.company))
        say_of_title(other.user, here.like, Verdict.NOT_FOR_ME, Because.GENRE)
    assert {code: words for code, (_, words) in seen(here).items()} == {code: words for code, (_, words) in before.items()}
    assert past_of(here.buyer) == []
    assert [[part for part in row.parts if part.code == "taste"] for row in matches_for_mandate(here.mandate, organiser)] == [
        [] for _ in of_organiser
    ]
    assert [row.parts for row in matches_for_title(here.title, here.seller.user)] == [row.parts for row in of_seller]


def test_queries_are_as_many_whatever_the_past_is(here):
    edition, buyer, seller, title = earlier(here)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            matches_for_mandate(here.mandate, here.buyer.user)
        return len(queries)

    MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller, title=title, status="sent")
    one = count()
    for n in range(3):
        other = ParticipantFactory(edition=edition, is_seller=True)
        work = TitleFactory(edition=edition, company=other.company, genre="crime", synopsis=f"{n} {HARBOUR}")
        MeetingRequestFactory(edition=edition, sender=buyer, receiver=other, title=work, status="sent")
        say_of_title(here.buyer.user, here.work(code=f"S{n}", company=here.seller.company), Verdict.INTERESTED)
    assert count() == one


# --- Not for me, because ... -------------------------------------------------------------------------------------------

SAYS = {
    Because.LONG: ({"minutes": 60}, {}, {"minutes": 58}, {}, {"minutes": 30}, {}),
    Because.SHORT: ({"minutes": 10}, {}, {"minutes": 11}, {}, {"minutes": 52}, {}),
    Because.FORMAT: ({"format": "film"}, {}, {"format": "film"}, {}, {"format": "series"}, {}),
    Because.TONE: ({}, {"tones": "dark"}, {}, {"tones": "dark"}, {}, {"tones": "hopeful"}),
    Because.PRICE: (
        {}, {"asks": 900, "asks_currency": "EUR"}, {}, {"asks": 950, "asks_currency": "EUR"}, {},
        {"asks": 100, "asks_currency": "EUR"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("because", SAYS)
def test_what_she_names_as_the_reason_is_what_others_are_measured_by(here, because):
    works(here, because)
    before = seen(here)
    say_of_title(here.buyer.user, said(here), Verdict.NOT_FOR_ME, because)
    after = seen(here)
    assert after["ALIKE"][0] < before["ALIKE"][0]
    assert after["ALIKE"][1] == "You said of a title like this that it is not for you: Said"
    assert after["FREE"] == before["FREE"]


def test_the_page_says_what_moved_and_how_to_undo_it(here):
    works(here, Because.LONG)
    before = seen(here)
    where = f"/e/{here.edition.slug}/matches/M1/"
    data = {"verdict": "not_for_me", "because": Because.LONG}
    page = client_of(here.buyer.user).post(f"{where}SAID/say/", data, follow=True).content.decode()
    assert "Said left your matches. The chance of 1 other title fell." in page.replace("\u2068", "").replace("\u2069", "")
    assert "It is too long" in page
    client_of(here.buyer.user).post(f"{where}SAID/take-back/")
    assert seen(here) == before
    assert not Feedback.objects.exists()


def works(market, because):
    """A title of which she will say so, one like it in that, and one that is not."""
    plain = {"genre": "other", "synopsis": "", "minutes": None, "format": "short"}
    codes = ("SAID", "ALIKE", "FREE")
    for code, facts, says in zip(codes, SAYS[because][::2], SAYS[because][1::2], strict=True):
        Profile.objects.create(title=market.work(code=code, name=code.title(), **plain | facts), **says)


def said(market):
    return market.edition.titles.get(code="SAID")


def test_the_past_stands_in_the_picture_and_the_table(here):
    asked(here, here.like, status="sent")
    page = get(here.buyer.user, "matching:of_mandate", here.edition, "M1").content.decode()
    words = f"You asked for a meeting about a title like this: \u2068{here.like}\u2069"
    assert page.count("The past</text>") == page.count('<th scope="row">The past</th>') > 0
    assert words in page or words.replace("\u2068", "").replace("\u2069", "") in page


def test_taking_a_word_back_leaves_nothing(here):
    before = seen(here)
    say_of_title(here.buyer.user, here.like, Verdict.INTERESTED)
    assert seen(here)["HARBOUR"][0] > before["HARBOUR"][0]
    assert take_back(here.buyer.user, here.like)
    assert seen(here) == before


def test_proposals_know_of_requests_alone(here):
    before = market_pairs(here.edition).chance.tolist()
    asked(here, here.like).attendees.filter(participant=here.buyer).update(interest="none")
    say_of_title(here.buyer.user, here.like, Verdict.NOT_FOR_ME, Because.GENRE)
    (row,) = market_pairs(here.edition).chance.tolist()
    assert row[0] > before[0][0]
