"""The index follows the rows: what changed is written, what is gone is taken out, the rest is left alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from factories import TitleFactory
from search_rows import Rows

from madang.catalogue.models import Title
from madang.markets.actions import record
from madang.search.actions.refreshing import Refreshed, rebuild, refresh, refresh_if_changed
from madang.search.models import Circle, Entry, Freshness, Word
from madang.search.queries.finding import best, everything_visible
from madang.search.tasks import refresh_early
from madang.search.tokens import query_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return Rows()


def found(rows, typed, user=None):
    return best(rows.edition, query_of(typed), everything_visible(user or rows.buyer.user, rows.edition), 9).totals


def test_only_what_changed_is_written(rows):
    assert refresh(rows.edition) == Refreshed(0, 0)
    Title.objects.filter(pk=rows.series.pk).update(synopsis="A submarine below the harbour.")
    assert refresh(rows.edition) == Refreshed(1, 0)
    assert found(rows, "submarine") == {"title": 1}
    rows.closed.delete()
    assert refresh(rows.edition) == Refreshed(0, 1)
    assert found(rows, "breakfast") == {}


def test_the_log_says_when_to_look(rows):
    later = timezone.now() - dt.timedelta(hours=1)
    Freshness.objects.update(line_at=later)
    assert refresh_if_changed(rows.edition, later) is None
    TitleFactory(edition=rows.edition, name="Umbrella Weather", company=rows.sellers)
    assert refresh_if_changed(rows.edition, later) is None
    record(rows.edition, None, "import")
    assert refresh_if_changed(rows.edition, later) == Refreshed(1, 0)
    assert found(rows, "umbrella") == {"title": 1}


def test_words_that_may_be_suggested_come_from_what_all_may_read(rows):
    words = {word.text: word.open_entries > 0 for word in Word.objects.filter(edition=rows.edition)}
    assert [words.get(word) for word in ("square", "carpet", "squid", "busan", "seo")] == [True, True, False, False, False]
    assert {"zeppelin", "obscura", "quagga"} & set(words) == set()


def test_the_circle_is_who_may_read_at_the_widest(rows):
    circles = {(entry.kind, entry.row): entry.circle for entry in Entry.objects.all()}
    expected = [
        ("title", rows.show, Circle.VISITORS),
        ("title", rows.series, Circle.BUSINESS),
        ("title", rows.gone, Circle.SOME),
        ("person", rows.hidden, Circle.SOME),
        ("mandate", rows.secret, Circle.SOME),
        ("mandate", rows.open, Circle.BUSINESS),
        ("event", rows.event, Circle.VISITORS),
        ("event", rows.closed, Circle.BUSINESS),
    ]
    assert [circles[kind, row.pk] for kind, row, _circle in expected] == [circle for _kind, _row, circle in expected]


def test_what_comes_to_a_wider_circle_is_new(rows):
    old = timezone.now() - dt.timedelta(days=9)
    Entry.objects.update(found_first_at=old)
    rows.gone.is_withdrawn = False
    rows.gone.save()
    rows.film.is_withdrawn = True
    rows.film.save()
    refresh(rows.edition)
    ages = dict(Entry.objects.filter(kind="title").values_list("row", "found_first_at"))
    assert (ages[rows.gone.pk] > old, ages[rows.film.pk] == old) == (True, True)


def facts():
    entries = Entry.objects.order_by("kind", "row").values_list(
        "kind", "row", "names", "texts", "words", "circle", "digest", "found_first_at"
    )
    return list(entries), sorted(Word.objects.values_list("kind", "text", "entries", "open_entries"))


def test_rebuilding_makes_the_same_and_keeps_the_ages(rows):
    Entry.objects.update(found_first_at=timezone.now() - dt.timedelta(days=3))
    before = facts()
    assert rebuild(rows.edition) == Refreshed(len(before[0]), 0)
    assert facts() == before


def test_words_are_counted_after_edits_as_after_rebuilding(rows):
    def counts(word):
        return list(Word.objects.filter(text=word).order_by("kind").values_list("kind", "entries", "open_entries"))

    TitleFactory(edition=rows.edition, name="Squid Umbrella", synopsis_ko="서울의 항구", company=rows.sellers)
    refresh(rows.edition)
    assert (counts("squid"), counts("square")) == ([("title", 2, 0)], [("title", 1, 1)])
    changes = [
        lambda: Title.objects.filter(pk=rows.series.pk).update(name="Harbour", synopsis="Squid, and a carpet."),
        lambda: Title.objects.filter(pk=rows.show.pk).update(is_showcase=False),
        lambda: Title.objects.filter(pk=rows.film.pk).update(is_withdrawn=True),
        lambda: Title.objects.filter(pk=rows.gone.pk).update(is_withdrawn=False),
        lambda: type(rows.open).objects.filter(pk=rows.open.pk).update(text="Crime, and a zeppelin", visibility="hidden"),
        lambda: type(rows.hidden).objects.filter(pk=rows.hidden.pk).update(seen_by="everyone"),
        lambda: type(rows.event).objects.filter(pk=rows.event.pk).update(name="Squid on the carpet"),
        lambda: rows.closed.delete(),
        lambda: Title.objects.filter(name="Squid Umbrella").delete(),
    ]
    for change in changes:
        change()
        refresh(rows.edition)
    assert (counts("squid"), counts("square")) == ([("event", 1, 1), ("title", 1, 0)], [("title", 1, 0)])
    assert (counts("umbrella"), counts("zeppelin")) == ([], [])
    kept = facts()
    rebuild(rows.edition)
    assert facts() == kept


def test_editions_in_preparation_follow_too(rows):
    rows.edition.stage = "preparation"
    rows.edition.save()
    TitleFactory(edition=rows.edition, name="Umbrella Weather", company=rows.sellers)
    record(rows.edition, None, "import")
    refresh_early()
    assert found(rows, "umbrella") == {"title": 1}
