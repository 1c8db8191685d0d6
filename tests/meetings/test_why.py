"""Why a meeting stands where it stands, and what would make one possible: true sentences, and nobody's secrets."""

from __future__ import annotations

import pytest
from django.urls import reverse
from factories import UserFactory
from hall import hall

from madang.meetings.models import RequestStatus, Unavailability
from madang.meetings.queries.why import why_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    """One table. Published: B0-S0 at S0, B1-S1 at S1, B2-S2 at S2; B0-S1 has no place: S3 is closed to S1."""
    here = hall(tables=1)
    here.ask(0, 0), here.ask(1, 1), here.ask(2, 2), here.ask(0, 1, sender_wish=1, receiver_wish=1)
    away(here, here.sellers[1], 3)
    here.version = here.publish((0, 0, 0), (1, 1, 0), (2, 2, 0))
    here.version.edition = here.edition
    return here


def away(here, person, *slots):
    for slot in slots:
        when = here.slots[slot]
        Unavailability.objects.create(participant=person, starts_at=when.starts_at, ends_at=when.ends_at)


def told(here, user, number):
    return why_of(user, here.requests[number], here.version)


def everything(why):
    """All words that the reader gets."""
    options = [" ".join(option.words) + option.when for option in why.options]
    return " ".join([*why.sentences, *(f"{when} {words}" for when, words in why.times), *map(str, why.people), *options])


def test_a_meeting_that_could_go_nowhere_else_says_what_is_in_the_way(market):
    why = told(market, market.buyers[1].user, 1)
    assert (why.is_placed, why.sentences) == (
        True, ["It is the only time that was left: at every other time something is in the way."]
    )  # fmt: skip
    assert why.times == [
        ("Wed 28 May, 10:00 KST", "Every table is taken."),
        ("Thu 29 May, 10:00 KST", "Every table is taken."),
    ]


def test_times_that_are_over_are_no_other_times(market):
    market.at(0)
    assert [when for when, _words in told(market, market.buyers[1].user, 1).times] == ["Thu 29 May, 10:00 KST"]
    assert told(market, market.buyers[0].user, 0).times == []  # it has begun itself


def test_a_free_time_and_a_fixed_one(market):
    assert told(market, market.buyers[2].user, 2).sentences == ["It is one of several possible times; others would do as well."]
    market.requests[2].fixed_slot = market.slots[2]
    market.requests[2].save()
    assert told(market, market.buyers[2].user, 2).sentences == ["It is fixed to this time."]


def test_an_unplaced_meeting_says_who_holds_what_and_what_would_help(market):
    why = told(market, market.buyers[0].user, 3)
    assert why.is_placed is False
    assert dict(why.people) == {
        "You": ["times with a meeting that is wished more: 1", "times still free: 3"],
        "Seller S1": ["times when not there: 1", "times with a meeting that is wished more: 1", "times still free: 2"],
    }
    assert why.options
    sentences = [words for option in why.options for words in option.words]
    assert "Seller S1 would be available at Thu 29 May, 10:30 KST." in sentences
    assert any("meeting" in words or "table" in words for words in sentences)


def test_a_free_place_can_be_booked_from_there(market):
    Unavailability.objects.all().delete()
    why = told(market, market.buyers[0].user, 3)
    assert [(option.words, option.book) for option in why.options] == [(["A place is free for it."], market.slots[3])]


def test_nobody_reads_whom_strangers_meet(market):
    """B1 and B2 are strangers to B0; S1 meets B1. B0 reads that S1 is busy, and of nobody else."""
    for number, reader in ((3, market.buyers[0]), (0, market.buyers[0]), (0, market.sellers[0])):
        words = everything(told(market, reader.user, number))
        strangers = [person.name for person in (market.buyers[1], market.buyers[2], market.sellers[2])]
        assert [name for name in strangers if name in words] == []


def test_an_organiser_reads_who_it_is(market):
    away(market, market.buyers[1], 0, 3)
    market.tables.append(market.edition.tables.create(code="T9", position=9))
    words = everything(told(market, market.organiser, 3))
    assert told(market, market.organiser, 3).options
    assert "You " not in words


def test_what_is_left_out_says_so_and_what_is_over_is_nothing(market):
    market.requests[3].status = RequestStatus.WITHDRAWN
    market.requests[3].save()
    assert told(market, market.buyers[0].user, 3) is None


def test_the_page_and_its_part(market, client):
    path = reverse("meetings:why", args=[market.edition.slug, market.requests[3].code])
    client.force_login(market.buyers[0].user)
    page, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    assert "What would make it possible" in page.content.decode()
    assert ("<html" in page.content.decode(), "<html" in part.content.decode()) == (True, False)
    for stranger in (UserFactory(), market.buyers[2].user):
        client.force_login(stranger)
        assert client.get(path).status_code == 404


def test_the_page_asks_equally_often_for_few_and_many(market, client, django_assert_max_num_queries):
    path = reverse("meetings:why", args=[market.edition.slug, market.requests[3].code])
    client.force_login(market.buyers[0].user)
    counts = []
    for more in ([(2, 0), (1, 2)], []):
        client.get(path)
        with django_assert_max_num_queries(100) as context:
            client.get(path)
        counts.append(len(context))
        for buyer, seller in more:
            market.ask(buyer, seller)
    assert counts[0] == counts[1]
