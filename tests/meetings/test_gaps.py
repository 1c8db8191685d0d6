"""Why this gap: what could fill it, what keeps the rest out, and nobody's secrets."""

from __future__ import annotations

import pytest
from django.urls import reverse
from factories import UserFactory
from hall import hall
from visits import client_of, queries_of

from madang.meetings.models import Unavailability
from madang.meetings.queries.gaps import gap_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    """One table. Published: B0-S0 at S0, B1-S1 at S1, B2-S2 at S3; B0-S1 has no place: S2 is closed to S1."""
    here = hall(tables=1)
    here.ask(0, 0), here.ask(1, 1), here.ask(2, 2), here.ask(0, 1, sender_wish=1, receiver_wish=1)
    away(here, here.sellers[1], 2)
    here.version = here.publish((0, 0, 0), (1, 1, 0), (2, 3, 0))
    here.version.edition = here.edition
    return here


def away(here, person, slot):
    when = here.slots[slot]
    Unavailability.objects.create(participant=person, starts_at=when.starts_at, ends_at=when.ends_at)


def told(here, user, person, slot):
    found = gap_of(user, person, here.slots[slot], here.version)
    return str(found.sentence), [(one.who, one.when, one.why_not) for one in found.fillings]


def test_each_kind_of_gap(market):
    here, me = market, market.buyers[0]
    s0, s1 = here.sellers[0].name, here.sellers[1].name
    away(here, here.buyers[2], 1)
    first, taken = "Wed 28 May, 10:00 KST", "Every table is taken."
    assert {slot: told(here, me.user, me, slot) for slot in range(4)} == {
        0: ("There is a meeting at this time.", []),
        1: ("None of the agreed meetings fits here.", [(s1, "", f"{s1}: another meeting. {taken}"), (s0, first, taken)]),
        2: ("This time can be filled.", [(s0, first, ""), (s1, "", f"{s1}: not there then.")]),
        3: ("None of the agreed meetings fits here.", [(s1, "", "No table is free."), (s0, first, "No table is free.")]),
    }
    assert told(here, here.buyers[2].user, here.buyers[2], 1) == ("The calendar says: not there at this time.", [])


def test_an_organiser_reads_whom_they_meet_instead(market):
    here, me = market, market.buyers[0]
    _sentence, fillings = told(here, here.organiser, me, 1)
    assert fillings[0] == (
        here.sellers[1].name,
        "",
        f"{here.sellers[1].name}: meeting with {here.buyers[1].name}. Every table is taken.",
    )


def test_what_has_begun_neither_moves_nor_is_filled(market):
    here, me = market, market.buyers[0]
    here.at(0)
    assert told(here, me.user, me, 0) == ("This time is over.", [])
    assert told(here, me.user, me, 2)[1] == [(here.sellers[1].name, "", f"{here.sellers[1].name}: not there then.")]


def test_the_page_from_the_agenda_and_for_whom(market):
    here, me = market, market.buyers[0]
    page = reverse("meetings:gap", args=[here.edition.slug, me.code, "S2"])
    assert page in client_of(me.user).get(reverse("meetings:agenda", args=[here.edition.slug])).content.decode()
    users = {"she": me.user, "organiser": here.organiser, "another": here.sellers[0].user, "stranger": UserFactory()}
    answers = {role: client_of(user).get(page).status_code for role, user in users.items()}
    assert answers == {"she": 200, "organiser": 200, "another": 404, "stranger": 404}
    text = client_of(me.user).get(page).content.decode()
    assert ("Propose this time" in text, "Place it here" in text) == (True, False)
    assert "Place it here" in client_of(here.organiser).get(page).content.decode()
    assert client_of(me.user).get(page.replace("S2", "S9")).status_code == 404


def test_one_and_three_meetings_need_the_same_queries(market):
    here, me = market, market.buyers[0]
    two = queries_of(me.user, "meetings:gap", here.edition, me.code, "S2")
    here.ask(0, 2)
    assert queries_of(me.user, "meetings:gap", here.edition, me.code, "S2") == two
