"""Searches that people keep, and what they are told: each thing once, and only what they may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import MandateFactory, TitleFactory
from search_rows import Rows

from madang.markets.models import LogEntry
from madang.people.models import Notice
from madang.people.notices import notice_text, notice_url
from madang.search.actions.refreshing import refresh
from madang.search.actions.saving import MOST, change_search, delete_search, save_search
from madang.search.actions.telling import _tell, tell_news
from madang.search.models import Entry, SavedSearch, Told
from madang.search.queries.asking import Asked, asked_by
from madang.search.rules import may_keep_searches, visible_searches

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def rows():
    made = Rows()
    Entry.objects.update(found_first_at=timezone.now() - dt.timedelta(days=2))
    return made


def keep(rows, words="lantern", alert="soon", who=None, **facts):
    who = who or rows.buyer
    return save_search(who.user, who, Asked(words, **facts), name=f"My {words}", alert=alert)


def tick(rows):
    """A minute later by every clock."""
    refresh(rows.edition)
    return tell_news(rows.edition, timezone.now())


def told(rows, who=None):
    return [notice_text(notice) for notice in Notice.objects.filter(recipient=who or rows.buyer, kind="search_found")]


@pytest.mark.parametrize(
    "asked",
    [
        Asked("clock"),
        Asked("오징어 게임", "title", {"genre": "crime", "country": "KR"}),
        Asked("a&b=c+d%20#;", "company", {"kind": "sales"}),
    ],
)
def test_an_address_says_what_was_asked(asked):
    assert asked_by(asked.address) == asked


def test_a_search_is_kept_changed_and_deleted(rows):
    search = keep(rows, "clock", kind="title", chosen={"genre": "crime"})
    again = keep(rows, "clock", alert="never", kind="title", chosen={"genre": "crime"})
    assert (again.pk, search.query) == (search.pk, "q=clock&in=title&genre=crime")
    change_search(rows.buyer.user, again, name="Clocks", alert="daily")
    assert list(visible_searches(rows.buyer.user, rows.edition).values_list("name", "alert")) == [("Clocks", "daily")]
    assert list(visible_searches(rows.seller.user, rows.edition)) == []
    with pytest.raises(PermissionDenied):
        change_search(rows.seller.user, again, name="Mine", alert="soon")
    with pytest.raises(PermissionDenied):
        delete_search(rows.seller.user, again)
    delete_search(rows.buyer.user, again)
    assert SavedSearch.objects.count() == 0
    lines = LogEntry.objects.filter(verb__endswith="_search").order_by("pk")
    assert [(line.verb, line.subject, line.details) for line in lines] == [
        ("save_search", "P2", {}), ("change_search", "P2", {}), ("change_search", "P2", {}), ("delete_search", "P2", {}),
    ]  # fmt: skip


def test_nobody_keeps_more_than_twenty_or_nothing(rows):
    for number in range(MOST):
        keep(rows, f"word{number}")
    for asked in ("one more", "***", "가" * 60 + " %" * 60 + "가" * 20):
        with pytest.raises(ValidationError):
            keep(rows, asked)
    assert SavedSearch.objects.count() == MOST
    keep(rows, "word0", alert="daily")
    rows.buyer.left_at = timezone.now()
    rows.buyer.save()
    assert not may_keep_searches(rows.buyer.user, rows.edition)
    with pytest.raises(PermissionDenied):
        keep(rows, "word0")


def test_new_things_are_told_once(rows):
    keep(rows)
    assert (tick(rows), told(rows)) == (0, [])
    TitleFactory(edition=rows.edition, name="Lantern One", company=rows.sellers)
    assert [tick(rows), tick(rows)] == [1, 0]
    for name in ("Lantern Two", "Lantern Three", "Lantern Four", "Lantern Five"):
        TitleFactory(edition=rows.edition, name=name, company=rows.sellers)
    assert [tick(rows), tick(rows)] == [1, 0]
    assert told(rows) == [
        "New in your saved search: My lantern: Lantern Two, Lantern Three, Lantern Four +1.",
        "New in your saved search: My lantern: Lantern One.",
    ]
    assert Told.objects.count() == 5
    assert notice_url(Notice.objects.first(), rows.edition.slug) == f"/e/{rows.edition.slug}/search/saved/"


def test_only_what_she_may_see_at_that_moment_is_told(rows):
    keep(rows, "lantern", who=rows.seller)
    mandate = MandateFactory(edition=rows.edition, buyer=rows.buyer, text="A lantern story", visibility="hidden")
    TitleFactory(edition=rows.edition, name="Lantern", company=rows.sellers, is_withdrawn=True)
    assert (tick(rows), told(rows, rows.seller)) == (0, [])
    mandate.visibility = "public"
    mandate.save()
    assert tick(rows) == 1
    assert told(rows, rows.seller) == ["New in your saved search: My lantern: A lantern story."]


def test_once_a_day_is_once_a_day_and_never_is_never(rows):
    daily, never = keep(rows, alert="daily"), keep(rows, "lanterns lantern", alert="never")
    TitleFactory(edition=rows.edition, name="Lantern of Lanterns", company=rows.sellers)
    assert tick(rows) == 0
    SavedSearch.objects.filter(pk=daily.pk).update(told_until=timezone.now() - dt.timedelta(days=1))
    assert [tick(rows), tick(rows)] == [1, 0]
    change_search(rows.buyer.user, SavedSearch.objects.get(pk=never.pk), name="x", alert="soon")
    Entry.objects.update(found_first_at=timezone.now() - dt.timedelta(hours=1))
    assert tick(rows) == 0


def test_the_first_clock_tells_and_the_second_does_not(rows):

    keep(rows)
    TitleFactory(edition=rows.edition, name="Lantern", company=rows.sellers)
    refresh(rows.edition)
    one, two = (SavedSearch.objects.select_related("participant__user", "participant__edition").get() for _ in range(2))
    assert [_tell(one, timezone.now()), _tell(two, timezone.now())] == [True, False]
    assert len(told(rows)) == 1


def test_a_search_is_kept_from_its_page(rows):
    client = Client()
    client.force_login(rows.buyer.user, backend=BACKEND)
    path = f"/e/{rows.edition.slug}/search/saved/"
    assert 'value="q=squid"' in client.get(f"/e/{rows.edition.slug}/search/", {"q": "squid"}).content.decode()
    refused = client.post(path, {"query": "q=squid", "name": "", "alert": "sometimes"})
    assert (refused.status_code, 'value="q=squid"' in refused.content.decode()) == (422, True)
    assert client.post(path, {"query": "q=squid", "name": "Squids \u202e" + "n" * 60, "alert": "soon"}).status_code == 302
    row = SavedSearch.objects.get()
    assert "?q=squid" in client.get(path).content.decode()
    assert client.post(f"{path}{row.key}/", {"name": "S", "alert": "never"}).status_code == 302
    other = Client()
    other.force_login(rows.seller.user, backend=BACKEND)
    assert [other.get(f"{path}{row.key}/").status_code, other.post(f"{path}{row.key}/delete/").status_code] == [404, 404]
    assert client.post(f"{path}{row.key}/delete/").status_code == 302
    assert SavedSearch.objects.count() == 0


def test_the_list_makes_the_same_queries_for_one_and_three(rows):

    client = Client()
    client.force_login(rows.buyer.user, backend=BACKEND)
    counts = []
    for words in ("one", "two", "three"):
        keep(rows, words)
        with CaptureQueriesContext(connection) as made:
            client.get(f"/e/{rows.edition.slug}/search/saved/")
        counts.append(len(made))
    assert counts[0] == counts[2]
