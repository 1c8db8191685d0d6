"""What is found, in three languages and any order of names; and that what is hidden is in no answer."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from factories import UserFactory
from search_rows import Rows

from madang.catalogue.models import Title
from madang.people.models import Block
from madang.search.actions.refreshing import refresh
from madang.search.models import Kind, Word
from madang.search.queries.finding import best, everything_visible
from madang.search.queries.meaning import meant
from madang.search.tokens import query_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return Rows()


def codes(rows, typed, user=None):
    """Kind -> codes of what is found, best first."""
    seen = everything_visible(user or rows.buyer.user, rows.edition)
    found = best(rows.edition, query_of(typed), seen, 9)
    return {kind: [seen[kind].get(pk=pk).code for pk in numbers] for kind, numbers in found.rows.items()}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("서울", {"title": ["T1"]}),
        ("광장", {"title": ["T1"]}),
        ("징어", {"title": ["T2"]}),
        ("오징어항구", {"title": ["T2"]}),
        ("오징어 항", {"title": ["T2"]}),
        ("ete seoul", {"title": ["T3"]}),
        ("ÉTÉ", {"title": ["T3"]}),
        ("스릴러", {"title": ["T2"]}),
        ("squi", {"title": ["T2"]}),
        ("서하늘", {"person": ["P1"]}),
        ("하늘", {"person": ["P1"]}),
        ("서 하늘", {"person": ["P1"]}),
        ("haneul seo", {"person": ["P1"]}),
        ("Seo, Ha-Neul", {"person": ["P1"]}),
        ("C. Lefevre", {"person": ["P2"]}),
        ("lefevre camille", {"person": ["P2"]}),
        ("acquereuse", {"person": ["P2"]}),
        ("픽처스", {"company": ["C1"], "person": ["P1"]}),
        ("busan", {"mandate": ["M1"]}),
        ("레드카펫", {"event": ["E1"]}),
        ("walking carpet", {"event": ["E1"]}),
        ("squid submarine", {}),
    ],
)
def test_words_are_found_in_three_languages(rows, typed, expected):
    assert codes(rows, typed) == expected


def test_names_stand_before_texts(rows):
    Title.objects.filter(pk=rows.series.pk).update(synopsis="Music, " * 30)
    Title.objects.filter(pk=rows.show.pk).update(name="Music for the Square")
    refresh(rows.edition)
    assert codes(rows, "music")["title"][0] == "T1"


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "*",
        "NEAR(squid harbour)",
        "squid -harbour",
        "names : squid",
        "squid* OR x",
        "(",
        "squid\x00",
        "a AND",
        "' OR 1=1",
        ":*",
        "|&!<->",
    ],
)
def test_signs_of_the_index_are_only_signs(rows, typed):
    assert set(codes(rows, typed)) <= {"title", "person", "company", "mandate", "event"}


def test_a_long_query_with_emoji_and_marks_is_only_a_query(rows):
    assert codes(rows, "\u202e\U0001f984" + "가나다라 " * 80) == {}


def test_what_is_hidden_is_in_no_answer_and_no_suggestion(rows):
    for typed in ("zeppelin", "obscura", "quagga"):
        assert codes(rows, typed, rows.seller.user) == {}
        assert meant(rows.edition, query_of(typed[:-1] + "x"), Kind.values, only_open=False) == ""
    assert codes(rows, "zeppelin", rows.buyer.user) == {"mandate": ["M2"]}
    organiser = UserFactory()
    rows.edition.market.organisers.add(organiser)
    assert [codes(rows, typed, organiser) for typed in ("zeppelin", "obscura", "quagga")] == [
        {"mandate": ["M2"]}, {"person": ["P3"]}, {"title": ["T4"]},
    ]  # fmt: skip


def test_visitors_find_the_showcase_and_the_public_programme(rows):
    visitor = AnonymousUser()
    assert [codes(rows, typed, visitor) for typed in ("square", "carpet", "squid", "seo", "busan", "breakfast", "hanbada")] == [
        {"title": ["T1"]}, {"event": ["E1"]}, {}, {}, {}, {}, {},
    ]  # fmt: skip


def test_whom_a_company_is_blocked_by_it_does_not_find(rows):
    Block.objects.create(participant=rows.seller, company=rows.buyer.company)
    assert codes(rows, "camille haneul") == codes(rows, "하늘") == {}
    refresh(rows.edition)
    assert set(Word.objects.filter(kind="person", text__in=["neul", "camille"]).values_list("text", flat=True)) == {"camille"}


def test_other_editions_are_not_searched(rows):
    other = Rows("elsewhere")
    assert codes(rows, "square") == {"title": ["T1"]}
    assert codes(other, "square") == {"title": ["T1"]}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sqiud", "squid"),
        ("harbuor squid", "harbour squid"),
        ("오짐어", "오징어"),
        ("레드커펫", "레드카펫"),
        ("서울에서", ""),
        ("광장까지", "광장"),
        ("lefever", "lefevre"),
        ("xqzvw", ""),
        ("squid", ""),
        ("busen", "busan"),
        ("2026", ""),
    ],
)
def test_a_mistyped_word_is_taken_for_the_nearest(rows, typed, expected):
    assert meant(rows.edition, query_of(typed), Kind.values, only_open=False) == expected


def test_visitors_are_given_words_that_visitors_read(rows):
    assert [meant(rows.edition, query_of(typed), Kind.values, only_open=True) for typed in ("squaer", "sqiud")] == ["square", ""]
