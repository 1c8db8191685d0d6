"""A title's side of a match: who writes it, what is read from words, who reads what is asked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, ParticipantFactory, TitleFactory, UserFactory
from visits import get, post

from madang.catalogue.actions import save_profile
from madang.catalogue.concepts import EVERY, concepts_in, reader_of
from madang.catalogue.models import Profile
from madang.markets.models import LogEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True)
    title = TitleFactory(edition=edition, company=seller.company, code="W1", is_showcase=True, synopsis_ko="해녀의 성장 이야기")
    users = {"visitor": None, "stranger": UserFactory(), "seller": seller.user, "organiser": UserFactory()}
    users["buyer"] = ParticipantFactory(edition=edition, is_buyer=True).user
    users["juror"] = ParticipantFactory(edition=edition, is_juror=True).user
    users["other seller"] = ParticipantFactory(edition=edition, is_seller=True).user
    edition.market.organisers.add(users["organiser"])
    return edition, title, users


def test_who_reaches_the_form(yard):
    edition, _title, users = yard
    found = {role: get(user, "catalogue:profile", edition, "W1").status_code for role, user in users.items()}
    assert found == {
        "visitor": 302, "stranger": 404, "seller": 200, "organiser": 200, "buyer": 404, "juror": 404, "other seller": 404,
    }  # fmt: skip


def test_others_may_not_write_it(yard):
    _edition, title, users = yard
    for role in ("stranger", "buyer", "juror", "other seller"):
        with pytest.raises(PermissionDenied):
            save_profile(users[role], title, {"comparables": "Mine"})
    assert Profile.objects.count() == 0


WRITTEN = {
    "tones": ["poetic", "dark"],
    "themes": "바다, amitié, coming-of-age",
    "audiences": ["youth"],
    "comparables": "Haenyeo\r\nDiver",
    "is_first_work": "on",
    "spoken_in": "français, en",
    "seeks": "licence",
    "asks": "12,000.50",
    "asks_currency": "EUR",
    "offered": ["themes:haenyeo", "tones:hopeful"],
}


def test_it_is_written_once_in_codes(yard):
    edition, title, users = yard
    for _press in range(2):
        assert post(users["seller"], "catalogue:profile", edition, "W1", **WRITTEN).status_code == 302
    row = Profile.objects.get(title=title)
    assert (row.tones, row.themes, row.audiences) == (
        "dark, poetic, hopeful", "coming of age, friendship, sea, haenyeo", "youth",
    )  # fmt: skip
    assert (row.comparables, row.is_first_work, row.spoken_in) == ("Haenyeo\nDiver", True, "fr, en")
    assert (row.seeks, row.asks, row.asks_currency) == ("licence", Decimal("12000.50"), "EUR")
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("save_profile", "W1")]


def test_who_reads_it_and_who_reads_the_price(yard):
    edition, title, users = yard
    Profile.objects.create(title=title, tones="dark", is_first_work=True, seeks="licence", asks=5000, asks_currency="USD")
    seen = {}
    for role in ("visitor", "juror", "buyer", "organiser"):
        page = get(users[role], "catalogue:title", edition, "W1").content.decode()
        seen[role] = ("first work" in page, "USD 5,000" in page, "A licence" in page)
    assert seen == {
        "visitor": (True, False, False), "juror": (True, False, False),
        "buyer": (True, True, True), "organiser": (True, True, True),
    }  # fmt: skip


def test_what_its_texts_name_is_offered_and_never_filled_in(yard):
    edition, _title, users = yard
    page = post(users["seller"], "catalogue:profile", edition, "W1", read="1", comparables="kept", seeks="x")
    assert page.status_code == 200
    assert [value for _label, rows in page.context["form"].offers for value, _name, _ticked in rows] == [
        "themes:coming of age", "themes:haenyeo",
    ]  # fmt: skip
    assert b"kept" in page.content
    assert Profile.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"themes": "qwertz"}, ["themes"]),
        ({"themes": ", ".join(EVERY)}, ["themes"]),
        ({"tones": ["opera"]}, ["tones"]),
        ({"comparables": "가" * 601}, ["comparables"]),
        ({"spoken_in": "Klingon\u202e🙂" * 20}, ["spoken_in"]),
        ({"asks": "9" * 25}, ["asks"]),
        ({"asks": "-5", "asks_currency": "EUR"}, ["asks"]),
        ({"asks": "100"}, ["asks_currency"]),
        ({"asks": "100", "asks_currency": "XYZ"}, ["asks_currency"]),
        ({"seeks": "gold"}, ["seeks"]),
        ({"offered": ["tones:opera"]}, ["offered"]),
    ],
)
def test_faults_are_told_at_the_field(yard, sent, where):
    edition, _title, users = yard
    page = post(users["seller"], "catalogue:profile", edition, "W1", **sent)
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, where)
    assert Profile.objects.count() == 0


def test_filters_by_first_work_and_by_what_is_asked(yard):
    edition, title, users = yard
    TitleFactory(edition=edition, code="W2")
    Profile.objects.create(title=title, is_first_work=True, seeks="remake")
    found = {
        query: [one.code for one in get(users["buyer"], "catalogue:titles", edition, **dict([query])).context["page"]]
        for query in [("first", "1"), ("seeks", "remake"), ("seeks", "finance")]
    }
    assert found == {("first", "1"): ["W1"], ("seeks", "remake"): ["W1"], ("seeks", "finance"): []}
    public = get(None, "catalogue:titles", edition, seeks="finance").context["found"]
    assert ([one.code for one in public.rows], "seeks" in public.facets) == (["W1"], False)


def test_concepts_are_read_in_any_language():
    read = reader_of(EVERY)
    assert read("Dark; 해녀 / amitié, nonsense") == (["friendship", "haenyeo", "dark"], ["nonsense"])
    assert concepts_in("바다와 해녀 이야기", ("sea", "forest")) == ["sea"]
