"""The form of a mandate: its fields, what is read from words, faults at the field, one mandate for two presses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from factories import EditionFactory, MandateFactory, ParticipantFactory
from visits import client_of, get, post

from madang.catalogue.concepts import EVERY
from madang.mandates.forms import MandateForm
from madang.mandates.models import Mandate
from madang.mandates.reading import read_wish

pytestmark = pytest.mark.django_db

WRITTEN = {
    "text": "Dark series\r\nfor young adults, no horror",
    "format": "",
    "genre": "crime",
    "tones": ["poetic", "dark"],
    "minutes_from": "45",
    "minutes_to": "60",
    "audiences": ["women", "youth"],
    "languages": "French, 한국어",
    "first_time": "sought",
    "territories": "FR, BE",
    "media": ["FREE", "SVOD"],
    "window_from": "2026-01-01",
    "window_to": "2028-12-31",
    "exclusivity": "exclusive",
    "budget_from": "10,000",
    "budget_to": "25,000.50",
    "budget_currency": "EUR",
    "must_nots": "guerre, 공포",
    "visibility": "matches",
    "offered": ["format:series", "must_nots:violent", "tones:dark"],
}
KEPT = {
    "text": "Dark series\nfor young adults, no horror",
    "format": "series",
    "genre": "crime",
    "tones": "dark, poetic",
    "minutes_from": 45,
    "minutes_to": 60,
    "audiences": "women, youth",
    "languages": "fr, ko",
    "first_time": "sought",
    "territories": "FR, BE",
    "media": "SVOD, FREE",
    "window_from": dt.date(2026, 1, 1),
    "window_to": dt.date(2028, 12, 31),
    "exclusivity": "exclusive",
    "budget_from": Decimal(10000),
    "budget_to": Decimal("25000.50"),
    "budget_currency": "EUR",
    "must_nots": "horror, war, violent",
    "visibility": "matches",
}


@pytest.fixture
def buyer():
    return ParticipantFactory(edition=EditionFactory(), is_buyer=True)


def test_every_field_is_kept_once_and_shown_in_words(buyer):
    for _press in range(2):
        post(buyer.user, "mandates:new", buyer.edition, **WRITTEN)
    made = Mandate.objects.get()
    assert {name: getattr(made, name) for name in KEPT} == KEPT
    client = client_of(buyer.user)
    client.cookies["django_language"] = "fr"
    page = client.get(f"/e/{buyer.edition.slug}/mandates/{made.code}/").content.decode()
    for words in ("sombre, poétique", "français, coréen", "horreur, guerre, violent", "Télévision"[:4], "France, Belgique"):
        assert words in page


def test_what_was_typed_stands_in_the_form_again_and_saving_it_changes_nothing(buyer):
    post(buyer.user, "mandates:new", buyer.edition, **WRITTEN)
    made = Mandate.objects.get()
    form = get(buyer.user, "mandates:edit", buyer.edition, made.code).context["form"]
    sent = {field.name: field.value() for field in form if field.value() not in (None, "", [])}
    assert [key for key, _heading, _fields, is_open in form.groups if is_open] == ["what", "whom", "where", "money", "not"]
    post(buyer.user, "mandates:edit", buyer.edition, made.code, **sent)
    made.refresh_from_db()
    assert ({name: getattr(made, name) for name in KEPT}, made.version) == (KEPT, 1)


def test_an_empty_form_is_short():
    assert [is_open for _key, _heading, _fields, is_open in MandateForm().groups] == [False] * 5


def test_media_of_a_workbook_stay_when_the_form_is_saved(buyer):
    made = MandateFactory(edition=buyer.edition, buyer=buyer, media="FREE, CATCHUP")
    form = get(buyer.user, "mandates:edit", buyer.edition, made.code).context["form"]
    assert form["media"].value() == ["FREE", "CATCHUP"]
    post(buyer.user, "mandates:edit", buyer.edition, made.code, text="New", visibility="public", media=["FREE", "CATCHUP"])
    made.refresh_from_db()
    assert (made.text, made.media) == ("New", "FREE, CATCHUP")


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "아\u202e🙂" * 400}, ["text"]),
        ({"minutes_from": "60", "minutes_to": "45"}, ["minutes_to"]),
        ({"minutes_from": "0"}, ["minutes_from"]),
        ({"minutes_to": "9" * 25}, ["minutes_to"]),
        ({"window_from": "2027-01-02", "window_to": "2027-01-01"}, ["window_to"]),
        ({"window_from": "31.02.2027"}, ["window_from"]),
        ({"budget_from": "2000", "budget_to": "1000", "budget_currency": "EUR"}, ["budget_to"]),
        ({"budget_to": "1000"}, ["budget_currency"]),
        ({"budget_to": "9" * 25, "budget_currency": "EUR"}, ["budget_to"]),
        ({"budget_to": "-1", "budget_currency": "EUR"}, ["budget_to"]),
        ({"budget_currency": "QQQ"}, ["budget_currency"]),
        ({"languages": "Qwertzish"}, ["languages"]),
        ({"must_nots": "qwertz"}, ["must_nots"]),
        ({"must_nots": ", ".join(EVERY[:60])}, ["must_nots"]),
        ({"tones": ["opera"]}, ["tones"]),
        ({"media": ["DREAMS"]}, ["media"]),
        ({"exclusivity": "perhaps", "first_time": "never", "visibility": "all"}, ["exclusivity", "first_time", "visibility"]),
        ({"offered": ["genre:crime", "genre:drama"]}, ["genre"]),
        ({"format": "film", "offered": ["format:series"]}, ["format"]),
        ({"offered": ["must_nots:opera"]}, ["offered"]),
    ],
)
def test_faults_are_told_at_the_field(buyer, sent, where):
    page = post(buyer.user, "mandates:new", buyer.edition, **({"text": "kept words", "visibility": "public"} | sent))
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, where)
    assert ("kept words" in page.content.decode()) is ("text" not in sent)
    assert Mandate.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("A dark crime series for young adults, no horror.", ["tones:dark", "genre:crime", "format:series", "audiences:youth"]),
        ("청년을 위한 어두운 스릴러 시리즈, 공포는 제외", ["tones:dark", "genre:thriller", "format:series", "audiences:youth"]),
        ("Une comédie pour les jeunes, sans horreur", ["genre:comedy", "audiences:youth"]),
    ],
)
def test_words_are_read_in_three_languages(text, offers):
    assert sorted(read_wish(text)) == sorted([*offers, "must_nots:horror"])


def test_ticks_are_offered_without_script_and_nothing_is_saved(buyer):
    page = post(buyer.user, "mandates:new", buyer.edition, read="1", text="Dark series", minutes_from="x", tones=["poetic"])
    form = page.context["form"]
    assert (page.status_code, form.shown, form["tones"].value()) == (200, ("format:series", "tones:dark"), ["poetic"])
    assert (b'value="x"' in page.content, b"errors" in page.content, Mandate.objects.count()) == (True, False, 0)


def test_what_stands_in_its_field_is_not_offered_again(buyer):
    typed = {
        "text": "Dark series for young adults, no horror, no war",
        "tones": ["dark"],
        "format": "series",
        "must_nots": "공포",
    }
    form = post(buyer.user, "mandates:new", buyer.edition, read="1", **typed).context["form"]
    assert [(label, [value for value, _name, _ticked in rows]) for label, rows in form.offers] == [
        ("Audience", ["audiences:youth"]), ("Must not be", ["must_nots:war"]),
    ]  # fmt: skip


def test_htmx_takes_the_ticks_alone(buyer):
    answer = client_of(buyer.user).post(
        f"/e/{buyer.edition.slug}/mandates/new/", {"read": "1", "text": "no horror"}, headers={"HX-Request": "true"}
    )
    content = answer.content.decode()
    assert ('value="must_nots:horror"' in content, "<html" in content, "checked" in content) == (True, False, False)
