"""Matches of mandates and titles: gates with what opens them, who reads which, feedback that nobody else sees."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    CompanyFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    TitleFactory,
    UserFactory,
)
from match_rows import HARBOUR, WEDDING, Market
from rights_rows import hold, sold

from madang.catalogue.models import Profile
from madang.kernels.matching import odds
from madang.matching.actions.feedback import say_of_title, take_back
from madang.matching.models import Because, Verdict
from madang.matching.queries.answers import LESSON, had_of, odds_of
from madang.matching.queries.market import catalogue_of
from madang.matching.queries.pairs import market_pairs, matches_for_mandate, matches_for_title
from madang.matching.queries.readings import read_mandates
from madang.meetings.models import RequestStatus
from madang.people.models import Block

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Market()


def shut(market: Market) -> list[tuple[str, str, str]]:
    """(gate, cause, what opens it) of the one title."""
    (row,) = matches_for_mandate(market.mandate, market.buyer.user)
    return [(gate.code.value, gate.cause, gate.opens) for gate in row.shut]


# --- Gates -------------------------------------------------------------------------------------------------------------

ASKS = "The seller asks EUR 50,000 at least; the budget ends at EUR 30,000."
SPOKEN = "It can be had in English, Korean; the mandate asks for French."
GATES = {
    "nothing asked": ({}, {}, {}, []),
    "the same format": ({"format": "series"}, {"format": "series"}, {}, []),
    "another format": (
        {"format": "film"}, {"format": "series"}, {}, [("format", "It is: Series. The mandate asks for: Feature film.", "")],
    ),
    "length not stated": ({"minutes_from": 40, "minutes_to": 60}, {"minutes": None}, {}, []),
    "at the bounds": ({"minutes_from": 52, "minutes_to": 52}, {"minutes": 52}, {}, []),
    "too long": ({"minutes_to": 51}, {"minutes": 52}, {}, [("length", "52 minutes", "A version of 51 minutes at most")]),
    "too short": ({"minutes_from": 53}, {"minutes": 52}, {}, [("length", "52 minutes", "A version of 53 minutes at least")]),
    "too dear": (
        {"budget_to": 30_000, "budget_currency": "EUR"}, {}, {"asks": 50_000, "asks_currency": "EUR"},
        [("budget", ASKS, "An offer of EUR 30,000 that the seller takes")],
    ),
    "just affordable": ({"budget_to": 30_000, "budget_currency": "EUR"}, {}, {"asks": 30_000, "asks_currency": "EUR"}, []),
    "another currency": ({"budget_to": 30_000, "budget_currency": "EUR"}, {}, {"asks": 50_000, "asks_currency": "USD"}, []),
    "price not stated": ({"budget_to": 30_000, "budget_currency": "EUR"}, {}, {}, []),
    "its language": ({"languages": "fr"}, {"languages": "ko"}, {"spoken_in": "fr-CA"}, []),
    "no such language": (
        {"languages": "fr"}, {"languages": "ko"}, {"spoken_in": "en"},
        [("language", SPOKEN, "Dubbing or subtitles in one of these: French")],
    ),
    "languages not stated": ({"languages": "fr"}, {"languages": ""}, {}, []),
    "ruled out by its words": (
        {"must_nots": "murder"}, {}, {}, [("must_not", "The mandate rules out: murder", "")],
    ),
    "ruled out by a tick": (
        {"must_nots": "violent"}, {}, {"tones": "violent"}, [("must_not", "The mandate rules out: violent", "")],
    ),
    "not what is ruled out": ({"must_nots": "zombie"}, {}, {"tones": "violent"}, []),
    "no first works": (
        {"first_time": "not"}, {}, {"is_first_work": True},
        [("first_time", "It is a first work; the mandate asks for none this time.", "")],
    ),
    "first works welcome": ({"first_time": "welcome"}, {}, {"is_first_work": True}, []),
    "not a first work": ({"first_time": "not"}, {}, {"is_first_work": False}, []),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "is_", "says", "expected"), GATES.values(), ids=GATES)
def test_gates_of_the_catalogue(here, asked, is_, says, expected):
    for row, facts in ((here.mandate, asked), (here.title, is_)):
        type(row).objects.filter(pk=row.pk).update(**facts)
        row.refresh_from_db()
    if says:
        Profile.objects.create(title=here.title, **says)
    assert shut(here) == expected
    assert market_pairs(here.edition).allowed.tolist() == [[not expected]]
    assert here.told() == ([] if expected else ["M1"])


def test_rights_that_nobody_stated_pass_and_are_told(here):
    (row,) = matches_for_mandate(here.mandate, here.buyer.user)
    assert (row.passes, row.gates[0].code.value) == (True, "rights")
    assert row.gates[0].cause.startswith("The seller has not stated rights: France")


def test_rights_that_are_taken_say_when_they_free(here):
    hold(here.seller.company, here.title)
    sold(here.seller.company, here.title, "FR", "ALL", exclusive=True, end=dt.date(2026, 3, 31))
    ((code, cause, opens),) = shut(here)
    assert (code, opens) == ("window", "Free from 1 Apr 2026 on")
    assert cause.startswith("Only a part is free: France")
    assert here.told() == []
    assert market_pairs(here.edition).allowed.tolist() == [[False]]
    here.mandate.territories = "DE"
    here.mandate.save()
    assert here.found() == (["HARBOUR"], [])


def test_a_mandate_needs_rights_in_its_own_window(here):
    hold(here.seller.company, here.title)
    sold(here.seller.company, here.title, "FR", "ALL", exclusive=True, end=dt.date(2026, 3, 31))
    here.mandate.window_from, here.mandate.window_to = dt.date(2026, 4, 1), dt.date(2027, 12, 31)
    here.mandate.save()
    assert here.found() == (["HARBOUR"], [])


def test_exclusivity_that_nobody_can_give_is_shut(here):
    hold(here.seller.company, here.title, exclusive=False)
    assert here.found() == (["HARBOUR"], [])
    here.mandate.exclusivity = "exclusive"
    here.mandate.save()
    assert here.found() == ([], ["HARBOUR"])
    assert market_pairs(here.edition).allowed.tolist() == [[False]]


def test_two_shut_gates_are_not_just_missed(here):
    here.mandate.format, here.mandate.minutes_to = "film", 50
    here.mandate.save()
    here.work(code="LONG", minutes=90, format="film")
    type(here.title).objects.filter(pk=here.title.pk).update(minutes=90, format="series")
    assert here.found() == ([], ["LONG"])


def test_what_is_not_on_offer_is_no_match(here):
    here.work(code="GONE", is_withdrawn=True, genre="crime")
    here.work(code="PART", part_of=here.title, level="season", number=1)
    here.work(code="OWN", company=here.buyer.company, genre="crime")
    TitleFactory(edition=here.edition, company=None, code="NOBODY")
    TitleFactory(code="ELSEWHERE", genre="crime")
    blocked = CompanyFactory(edition=here.edition)
    here.work(code="BLOCKED", company=blocked, genre="crime")
    Block.objects.create(participant=here.buyer, company=blocked)
    refusing = ParticipantFactory(edition=here.edition, is_seller=True)
    here.work(refusing.company, code="REFUSED", genre="crime")
    Block.objects.create(participant=refusing, company=here.buyer.company)
    assert here.found() == (["HARBOUR"], [])


# --- Chances and reasons -----------------------------------------------------------------------------------------------


def test_the_best_comes_first_with_its_reasons(here):
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    first, second = matches_for_mandate(here.mandate, here.buyer.user)
    assert (first.title.code, second.title.code) == ("HARBOUR", "WEDDING")
    assert {part.code: part.words for part in first.parts} == {
        "genre": "Crime, as the mandate asks",
        "story": "Both are about: murder",
        "words": "Both say: murder, port",
    }
    assert second.parts == ()
    assert first.wide
    assert first.low < first.chance < first.high
    assert round(second.chance, 2) == 0.07


def test_the_same_pair_from_both_sides(here):
    (of_mandate,) = matches_for_mandate(here.mandate, here.buyer.user)
    (of_title,) = matches_for_title(here.title, here.seller.user)
    assert of_mandate == of_title
    pairs = market_pairs(here.edition)
    assert (pairs.buyers.tolist(), pairs.titles.tolist()) == ([here.buyer.pk], [here.title.pk])
    assert (pairs.mandates.tolist(), pairs.allowed.tolist()) == ([[here.mandate.pk]], [[True]])
    assert [float(table[0, 0]) for table in pairs[2:5]] == pytest.approx([of_title.chance, of_title.low, of_title.high])
    assert of_title.score == pytest.approx(np.log(of_title.chance / (1 - of_title.chance)) - odds.BASE)


def test_of_a_buyers_mandates_the_one_that_fits_best_stands_for_her(here):
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    love = here.wish(code="M2", text="Stories of lovers and a wedding", genre="romance")
    here.wish(code="M3", text="Murder in a port, on film", format="film")
    pairs = market_pairs(here.edition)
    assert pairs.mandates.tolist() == [[here.mandate.pk, love.pk]]


def test_a_market_without_mandates_or_titles(here):
    here.mandate.delete()
    assert market_pairs(here.edition).chance.shape == (0, 1)
    assert here.told() == []
    empty = Market()
    empty.title.delete()
    assert market_pairs(empty.edition).chance.shape == (1, 0)
    assert empty.found() == ([], [])


def test_korean_and_french_wishes_find_english_titles(here):
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    for text in ("항구 도시의 살인 사건을 쫓는 형사 이야기", "Un détective et un meurtre dans un port"):
        wish = here.wish(code=text[:2], text=text, genre="")
        assert here.found(wish)[0][0] == "HARBOUR"


def test_answers_teach_by_tens_and_what_came_of_meetings_counts_more(here):
    for n in range(LESSON + 3):
        sender = ParticipantFactory(edition=here.edition, is_buyer=True)
        wish = here.wish(buyer=sender, visibility="hidden" if n == 12 else "public")
        facts = {"title": here.title, "mandate": wish, "sender": sender, "receiver": here.seller}
        MeetingRequestFactory(edition=here.edition, status=RequestStatus.DECLINED, answered_at=here.edition.now(), **facts)
    said_no = odds_of(here.edition, catalogue_of(here.edition))
    assert (said_no.answers, had_of(here.edition).titles[here.title.pk]) == (LESSON, LESSON + 3)
    assert had_of(here.edition, [here.title.pk], [wish.buyer_id]) == ({here.title.pk: LESSON + 3}, {wish.buyer_id: 1})
    assert said_no.base < odds.BASE
    assert said_no.is_rough
    for request in here.edition.requests.all():
        request.attendees.filter(side="receiver").update(interest="offer")
    assert odds_of(here.edition, catalogue_of(here.edition)).base > said_no.base


# --- Feedback ----------------------------------------------------------------------------------------------------------


def test_not_for_me_moves_what_is_alike_down_on_her_pages_alone(here):
    other = here.work(code="ALIKE", genre="crime", synopsis="A detective in a mountain village hunts a killer after a murder.")
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    before = {row.title.code: row.chance for row in matches_for_mandate(here.mandate, here.buyer.user)}
    for_seller = matches_for_title(here.title, here.seller.user)
    pairs = market_pairs(here.edition)
    say_of_title(here.buyer.user, other, Verdict.NOT_FOR_ME, Because.GENRE, "too dark")
    after = {row.title.code: row for row in matches_for_mandate(here.mandate, here.buyer.user)}
    assert after["HARBOUR"].chance < before["HARBOUR"]
    assert after["WEDDING"].chance == before["WEDDING"]
    taste = next(part for part in after["HARBOUR"].parts if part.code == "taste")
    assert (taste.words, taste.share < 0) == (f"You said of a title like this that it is not for you: {other}", True)
    assert matches_for_title(here.title, here.seller.user) == for_seller
    assert all(np.array_equal(one, was) for one, was in zip(market_pairs(here.edition), pairs, strict=True))
    assert take_back(here.buyer.user, other)
    assert {row.title.code: row.chance for row in matches_for_mandate(here.mandate, here.buyer.user)} == before


def test_what_is_about_the_price_of_one_title_says_nothing_of_others(here):
    other = here.work(code="ALIKE", genre="crime", synopsis=HARBOUR)
    before = here.found(), [row.chance for row in matches_for_mandate(here.mandate, here.buyer.user)]
    say_of_title(here.buyer.user, other, Verdict.NOT_FOR_ME, Because.PRICE)
    assert (here.found(), [row.chance for row in matches_for_mandate(here.mandate, here.buyer.user)]) == before


def test_what_she_asked_for_before_counts_on_her_own_pages(here):
    here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    before = matches_for_title(here.title, here.seller.user)
    MeetingRequestFactory(
        edition=here.edition, sender=here.buyer, receiver=here.seller, title=here.title, status=RequestStatus.SENT
    )
    row = matches_for_mandate(here.mandate, here.buyer.user)[0]
    assert ("taste", "You took it up before") in [(part.code, part.words) for part in row.parts]
    assert matches_for_title(here.title, here.seller.user) == before
    organiser = UserFactory(is_superuser=True)
    assert [part.code for part in matches_for_mandate(here.mandate, organiser)[0].parts] == ["genre", "words", "story"]


# --- What stays hidden -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("visibility", "expected"), [("public", ["M1"]), ("matches", ["M1"]), ("hidden", [])])
def test_which_mandates_a_seller_is_told_of(here, visibility, expected):
    here.mandate.visibility = visibility
    here.mandate.save()
    assert here.told() == expected
    assert here.found() == (["HARBOUR"], [])
    assert market_pairs(here.edition).buyers.tolist() == [here.buyer.pk] * len(expected)


def test_a_mandate_for_matches_is_told_to_titles_that_match_alone(here):
    here.mandate.visibility, here.mandate.genre = "matches", ""
    here.mandate.save()
    wedding = here.work(code="WEDDING", genre="romance", synopsis=WEDDING)
    assert here.told() == ["M1"]
    assert matches_for_title(wedding, here.seller.user) == []
    here.mandate.minutes_to = 50
    here.mandate.save()
    type(here.title).objects.filter(pk=here.title.pk).update(minutes=90)
    assert matches_for_title(here.title, here.seller.user) == []


def test_a_hidden_mandate_changes_nothing_that_others_read(here):
    before = matches_for_title(here.title, here.seller.user), market_pairs(here.edition)
    with CaptureQueriesContext(connection) as queries:
        here.told()
    here.wish(code="H", visibility="hidden")
    other = ParticipantFactory(edition=here.edition, is_buyer=True)
    here.wish(code="H2", buyer=other, visibility="hidden")
    with CaptureQueriesContext(connection) as queries_then:
        assert matches_for_title(here.title, here.seller.user) == before[0]
    assert len(queries_then) == len(queries)
    assert all(np.array_equal(one, was) for one, was in zip(market_pairs(here.edition), before[1], strict=True))


# --- Sellers who press -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trick",
    [
        " thriller, murder, port, crime, detective, police, killer, horror, war, spy, love, comedy, family",
        " <span style='color:white'>A crime story about a murder in a port</span>",
        " " + "\u200b".join("murder port crime detective police killer horror war spy love comedy"),
        " " + HARBOUR,
        " murder" * 30,
    ],
    ids=["keywords", "white on white", "no width", "another's text", "again"],
)
def test_pressing_gains_nothing_on_the_page(here, trick):
    pressed = here.work(code="WEDDING", genre="romance", synopsis=WEDDING, company=CompanyFactory(edition=here.edition))
    before = {row.title.code: (row.score, row.chance) for row in matches_for_mandate(here.mandate, here.buyer.user)}
    pressed.synopsis = WEDDING + trick
    pressed.save()
    after = {row.title.code: (row.score, row.chance) for row in matches_for_mandate(here.mandate, here.buyer.user)}
    assert after["WEDDING"][0] - before["WEDDING"][0] <= 0.02
    assert list(after) == list(before) == ["HARBOUR", "WEDDING"]


# --- Queries -----------------------------------------------------------------------------------------------------------


def test_those_that_one_gate_keeps_apart_are_the_same_however_few_are_wanted(here):
    wish = here.wish(code="FILM", format="film")
    for n in range(5):
        here.work(code=f"S{n}", format="series")
        here.work(code=f"F{n}", format="film")
    for limit, missed in ((3, 0), (3, 1), (3, 2), (9, 2)):
        fit, nearly = read_mandates([wish], here.buyer.user).best(limit)
        assert read_mandates([wish], here.buyer.user).best(limit, None, missed) == (fit, nearly[:missed])


def test_as_many_queries_for_three_as_for_one(here):
    hold(here.seller.company, here.title)

    def counts() -> tuple[int, int, int]:
        found = []
        for read in (
            lambda: matches_for_mandate(here.mandate, here.buyer.user),
            lambda: matches_for_title(here.title, here.seller.user),
            lambda: market_pairs(here.edition),
        ):
            with CaptureQueriesContext(connection) as queries:
                read()
            found.append(len(queries))
        return tuple(found)

    one = counts()
    for n in range(2):
        buyer = ParticipantFactory(edition=here.edition, is_buyer=True)
        here.wish(code=f"N{n}", buyer=buyer)
        hold(here.seller.company, here.work(code=f"W{n}", genre="crime", synopsis=f"{HARBOUR} {n}"))
    assert len(matches_for_mandate(here.mandate, here.buyer.user)) == 3
    assert len(matches_for_title(here.title, here.seller.user)) == 3
    assert counts() == one
