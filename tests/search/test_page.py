"""The page of a search: kinds with counts, filters, another spelling, constant queries."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, ParticipantFactory, TitleFactory
from search_rows import Rows

from madang.search.actions.refreshing import refresh
from madang.search.queries.results import results

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def rows():
    return Rows()


def page(rows, data, user=None):
    client = Client()
    if user := user or rows.buyer.user:
        client.force_login(user, backend=BACKEND)
    answer = client.get(f"/e/{rows.edition.slug}/search/", data)
    assert answer.status_code == 200
    return answer.content.decode()


def names(rows, data, user=None):
    found = results(user or rows.buyer.user, rows.edition, data)
    return found, [row.name for row in found.rows] or [row.name for _kind, _count, shown in found.kinds for row in shown]


def test_all_kinds_stand_with_their_counts(rows):
    TitleFactory(edition=rows.edition, name="Hanbada Nights", company=rows.sellers)
    refresh(rows.edition)
    found, shown = names(rows, {"q": "hanbada"})
    assert [(kind.value, count) for kind, count, _rows in found.kinds] == [("title", 1), ("company", 1), ("person", 1)]
    assert (shown, found.total, found.kind) == (["Hanbada Nights", "Hanbada Pictures", "Ha-neul Seo"], 3, "")
    assert "<mark>Hanbada</mark> Nights" in page(rows, {"q": "hanbada"})


def test_one_kind_has_filters_with_counts(rows):
    for number, country in enumerate(["KR", "FR", "FR"]):
        TitleFactory(edition=rows.edition, name=f"Lantern {number}", company=rows.sellers, countries=country, languages="fr")
    refresh(rows.edition)
    found, shown = names(rows, {"q": "lantern", "in": "title", "country": "FR"})
    assert [(facet.key, [(choice.value, choice.count) for choice in facet.choices]) for facet in found.facets] == [
        ("format", [("series", 2)]),
        ("genre", [("other", 2)]),
        ("country", [("FR", 2), ("KR", 1)]),
        ("language", [("fr", 2)]),
    ]
    assert (sorted(shown), found.page.paginator.count) == (["Lantern 1", "Lantern 2"], 2)


def test_another_spelling_is_searched_for_and_said(rows):
    found, shown = names(rows, {"q": "sqiud"})
    assert (shown, found.instead_of, found.asked.words) == (["Squid Harbour"], "sqiud", "squid")
    content = page(rows, {"q": "sqiud"})
    assert "Showing results for" in content
    assert "exact=1" in content
    found, shown = names(rows, {"q": "sqiud", "exact": "1"})
    assert (shown, found.instead_of) == ([], "")


def test_visitors_see_no_other_kinds_and_no_other_words(rows):
    visitor = AnonymousUser()
    assert [names(rows, {"q": typed}, visitor)[1] for typed in ("square", "sqaure", "sqiud", "haneul")] == [
        ["The Square"], ["The Square"], [], [],
    ]  # fmt: skip
    assert names(rows, {"q": "haneul", "in": "person"}, visitor)[0].total == 0


def test_pages_go_on_in_the_order_of_rank(rows):
    for number in range(30):
        TitleFactory(edition=rows.edition, code=f"L{number:02}", name=f"Lantern {number:02}", company=rows.sellers)
    refresh(rows.edition)
    first, second = (names(rows, {"q": "lantern", "page": number})[1] for number in ("1", "2"))
    assert (len(first), len(second), len({*first, *second})) == (24, 6, 30)


def test_a_page_makes_the_same_few_queries_for_one_row_and_for_three(rows):

    client = Client()
    client.force_login(rows.buyer.user, backend=BACKEND)
    counts = []
    for more in (0, 1, 2):
        for _again in range(more):
            TitleFactory(edition=rows.edition, name="Lantern", company=rows.sellers)
            ParticipantFactory(edition=rows.edition, family_name="Lantern", company=rows.sellers, is_seller=True)
            CompanyFactory(edition=rows.edition, name="Lantern")
        refresh(rows.edition)
        for data in ({"q": "lantern"}, {"q": "lantern", "in": "title"}, {"q": "lanten"}):
            with CaptureQueriesContext(connection) as made:
                client.get(f"/e/{rows.edition.slug}/search/", data)
            counts.append(len(made))
    assert counts[3:6] == counts[6:9]
    assert max(counts) <= 20


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"q": "*"},
        {"q": 'NEAR("a" b)'},
        {"q": "squid\x00"},
        {"q": "\u202e\U0001f984" * 300},
        {"q": "squid", "in": "title", "page": "9" * 25, "country": "<b>"},
        {"q": "squid", "in": "nothing", "genre": "\x07"},
        {"q": "<script>alert(1)</script> squid"},
    ],
)
def test_whatever_is_typed_gets_an_answer(rows, data):
    content = page(rows, data)
    assert "<script>alert" not in content
    assert "How to search" in content or "Squid" in content or "Nothing fits" in content


def test_korean_words_are_marked_inside_words(rows):
    client = Client()
    client.force_login(rows.buyer.user, backend=BACKEND)
    client.cookies["django_language"] = "ko"
    content = client.get(f"/e/{rows.edition.slug}/search/", {"q": "서울"}).content.decode()
    assert "<mark>서울</mark>의 광장에서" in content
