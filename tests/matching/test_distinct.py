"""What sets a title apart and what is close to it; titles unlike what somebody saw."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, EditionFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory

from madang.markets.models import Edition
from madang.matching.models import Feedback, Verdict
from madang.matching.queries.distinct import distinct, seen_titles, unlike_titles

pytestmark = pytest.mark.django_db
STORIES = {
    "T0": "A nurse in a hospital hides the fever of a whole island.",
    "T1": "A doctor in a hospital hides the fever of her patients.",
    "T2": "A cook opens a restaurant beside a lighthouse.",
    "T3": "A cook closes a restaurant after the war.",
    "T4": "Two football teams share one stadium.",
    "T5": "A dragon learns to sing at school.",
}


@pytest.fixture
def edition() -> Edition:
    edition = EditionFactory()
    company = CompanyFactory(edition=edition)
    for code, synopsis in STORIES.items():
        TitleFactory(edition=edition, code=code, name=code, company=company, synopsis=synopsis)
    return edition


@pytest.fixture
def buyer(edition):
    return ParticipantFactory(edition=edition, is_buyer=True)


def test_what_is_close_says_why_and_what_is_apart_says_how_rare(edition, buyer):
    found = distinct(buyer.user, edition.titles.get(code="T0"))
    assert (found.near[0].title.code, found.of) == ("T1", 5)
    assert {"“hides”", "“fever”"} <= set(found.near[0].why)
    assert ("island", 0) in [*found.words, *found.concepts]


def test_nothing_is_compared_with_what_the_reader_does_not_see(edition, buyer):
    title = edition.titles.get(code="T0")
    edition.titles.filter(code="T1").update(is_withdrawn=True)
    assert "T1" not in [close.title.code for close in distinct(buyer.user, title).near]
    edition.titles.filter(code__in=["T0", "T2"]).update(is_showcase=True)
    assert distinct(AnonymousUser(), title).of == 1


def test_without_a_synopsis_or_alone_there_is_no_picture(edition, buyer):
    silent = TitleFactory(edition=edition, code="T9", company=edition.companies.first())
    alone = TitleFactory(code="T1", synopsis="A yard.", is_showcase=True)
    assert [distinct(buyer.user, silent), distinct(AnonymousUser(), alone)] == [None, None]


def test_what_somebody_saw_is_what_she_did(edition, buyer):
    titles = {title.code: title for title in edition.titles.all()}
    assert seen_titles(buyer.user, edition) == []
    MeetingRequestFactory(edition=edition, sender=buyer, title=titles["T1"])
    MeetingRequestFactory(edition=edition, title=titles["T4"])
    Feedback.objects.create(edition=edition, by=buyer, title=titles["T2"], verdict=Verdict.INTERESTED)
    assert [title.code for title in seen_titles(buyer.user, edition, ["T3", "nothing"])] == ["T1", "T2", "T3"]
    assert seen_titles(AnonymousUser(), edition, ["T3"]) == []


def test_what_is_unlike_comes_first_and_what_was_seen_not_at_all(edition, buyer):
    seen = list(edition.titles.filter(code__in=["T0", "T2"]).select_related("part_of"))
    found = [title.code for title, _about in unlike_titles(buyer.user, edition, seen)]
    assert (set(found[:2]), set(found)) == ({"T4", "T5"}, {"T1", "T3", "T4", "T5"})


def test_pages_answer_whoever_sees_the_title(edition, buyer):
    client = Client()
    client.force_login(buyer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = f"/e/{edition.slug}"
    content = client.get(f"{here}/titles/T0/apart/").content.decode()
    assert "promises no success" in content
    assert f'href="{here}/titles/T1/"' in content
    assert client.get(f"{here}/titles/T0/").content.decode().count(f"{here}/titles/T0/apart/") == 1
    assert [Client().get(f"{here}/{path}").status_code for path in ("titles/T0/apart/", "unlike/")] == [404, 200]
    assert client.get(f"{here}/unlike/", {"seen": ["T0", "\x00", "x" * 400, "\u202e"]}).status_code == 200


def test_pages_make_the_same_few_queries_for_one_title_and_for_three(edition, buyer):
    client = Client()
    client.force_login(buyer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    counts = []
    for more in (3, 5, 6):
        edition.titles.update(is_withdrawn=True)
        edition.titles.filter(code__in=list(STORIES)[:more]).update(is_withdrawn=False)
        for path in ("titles/T0/apart/", "unlike/?seen=T0"):
            with CaptureQueriesContext(connection) as made:
                client.get(f"/e/{edition.slug}/{path}")
            counts.append(len(made))
    assert counts[:2] == counts[2:4] == counts[4:]
    assert max(counts) <= 20
