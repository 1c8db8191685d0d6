"""What the search of an edition knows: a row for each page that can be found, the words in use, and searches that people keep."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition
from madang.people.models import Participant


class Kind(models.TextChoices):
    TITLE = "title", _("Titles")
    COMPANY = "company", _("Companies")
    PERSON = "person", _("People")
    MANDATE = "mandate", _("Mandates")
    EVENT = "event", _("Programme")


class Circle(models.TextChoices):
    """Who may read something, at the widest: only used to choose the words that may be suggested to all of them."""

    VISITORS = "visitors"
    BUSINESS = "business"
    SOME = "some"


class Entry(models.Model):
    """One thing that can be found: what stands in its names counts more than what stands in its texts.

    `names` and `texts` hold tokens (folded words, and pairs of syllables for Hangul) with a space between them; the
    database's own full-text index stands over both. `words` are those that may be suggested to its circle. `row` is the
    primary key of the thing; who may see it is asked of its app at each search. `digest` is of what it was made from;
    `found_first_at` (real time) when it came, or came to a wider circle.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=10, choices=Kind)
    row = models.BigIntegerField()
    names = models.TextField(blank=True)
    texts = models.TextField(blank=True)
    words = models.TextField(blank=True)
    circle = models.CharField(max_length=10, choices=Circle, default=Circle.SOME)
    digest = models.CharField(max_length=40, blank=True)
    found_first_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "row"], name="search_entry_once")]
        indexes: ClassVar = [models.Index(fields=["edition", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class Word(models.Model):
    """A word of entries that all who do business may read: what a mistyped word may have meant.

    `entries`: how many of them say it, `open_entries`: how many that visitors may read too.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="search_words")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=60)
    entries = models.PositiveIntegerField(default=0)
    open_entries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "kind", "text"], name="search_word_once")]

    def __str__(self) -> str:
        return self.text


class Freshness(models.Model):
    """How far the entries of an edition follow its log: the last line that was seen, and since when (real time)."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="search_freshness")
    line = models.BigIntegerField(default=0)
    line_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.edition_id} until {self.line}"


def new_search_key() -> str:
    return secrets.token_hex(6)


class Alert(models.TextChoices):
    SOON = "soon", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("No alerts")


class SavedSearch(models.Model):
    """A search that somebody keeps. `query` is the address's own (kind, words, filters); `told_until` when she was last told."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="saved_searches")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="saved_searches")
    key = models.CharField(max_length=20, unique=True, default=new_search_key)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=500)
    alert = models.CharField(_("tell me of new ones"), max_length=6, choices=Alert, default=Alert.DAILY)
    created_at = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["participant", "query"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name


class Told(models.Model):
    """What a saved search has told already: nobody is told of the same thing twice."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="told")
    kind = models.CharField(max_length=10, choices=Kind)
    row = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "kind", "row"], name="told_once_a_search")]

    def __str__(self) -> str:
        return f"{self.search_id} {self.kind} {self.row}"
