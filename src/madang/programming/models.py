"""The programmer's table: what is to be shown where and when, what it needs, how bad each conflict is, published versions."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Premiere, Title
from madang.kit.languages import localised
from madang.markets.models import Edition, Hall, Run
from madang.people.models import Participant
from madang.programme.models import Event, EventKind


class Item(models.Model):
    """Something to be placed: a screening, talk, pitch, greeting. Placed where `hall` and `starts_at` stand: a draft.

    `event` is what was published of it. `ready_at`: when the print or file is there. `expected`: people who want to come.
    `right_before`: a stage greeting stands directly before that item, in its hall. `after`: not before that one has ended.
    `needs`: equipment, with commas, as halls have it. `is_locked`: a suggestion leaves it where it is.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    title = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="items")
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    about = models.TextField(_("about"), blank=True)
    about_ko = models.TextField(_("about, in Korean"), blank=True)
    about_fr = models.TextField(_("about, in French"), blank=True)
    languages = models.CharField(_("languages and subtitles"), max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    is_public = models.BooleanField(_("public"), default=True)
    premiere = models.CharField(_("premiere"), max_length=15, choices=Premiere, default=Premiere.NONE)
    expected = models.PositiveIntegerField(_("people expected"), null=True, blank=True)
    needs = models.CharField(_("equipment"), max_length=300, blank=True)
    ready_at = models.DateTimeField(_("print or file is there from"), null=True, blank=True)
    has_arrived = models.BooleanField(_("print or file is there"), default=False)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    not_after = models.DateTimeField(_("ends at the latest"), null=True, blank=True)
    halls = models.ManyToManyField(Hall, blank=True, related_name="wanted_by", verbose_name=_("only in these halls"))
    right_before = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="greetings")
    after = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("hall"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    is_locked = models.BooleanField(_("stays where it is"), default=False)
    event = models.OneToOneField(Event, models.SET_NULL, null=True, blank=True, related_name="item")
    reason = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="item_code"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="item_lasts"),
            models.CheckConstraint(
                condition=Q(hall=None, starts_at=None) | Q(hall__isnull=False, starts_at__isnull=False), name="item_placed_or_not"
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "name") or (str(self.title) if self.title else str(self.get_kind_display()))

    @property
    def lasts(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.minutes)

    @property
    def ends_at(self) -> dt.datetime | None:
        """When it ends, where it is placed."""
        return self.starts_at + self.lasts if self.starts_at else None


class ItemGuest(models.Model):
    """Somebody has to be there: on stage, or to introduce."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="guests")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="item_guests")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "participant"], name="item_guest_once")]

    def __str__(self) -> str:
        return f"{self.participant_id} at {self.item_id}"


class Opening(models.Model):
    """A stretch of time (UTC, half-open) in which a hall is open for the programme. A hall without any is open all day."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="openings")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        ordering: ClassVar = ["hall", "starts_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "starts_at"], name="one_opening_a_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="opening_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.starts_at:%F %H:%M}"


class Travel(models.Model):
    """Minutes from one hall to another, both ways."""

    one = models.ForeignKey(Hall, models.CASCADE, related_name="+")
    other = models.ForeignKey(Hall, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="travel_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="travel_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} to {self.other_id}"


class ConflictRule(models.TextChoices):
    """What the programmer is warned of."""

    HALL = "hall", _("Two events in a hall at once")
    CHANGEOVER = "changeover", _("Too little time between two events")
    CLOSED = "closed", _("The hall is closed")
    PLACE = "place", _("In a hall that it is not meant for")
    GUEST = "guest", _("A guest in two places")
    TRAVEL = "travel", _("Too little time to get there")
    ARRIVAL = "arrival", _("Print or file is not there yet")
    SEATS = "seats", _("Fewer seats than people expected")
    EQUIPMENT = "equipment", _("The hall lacks equipment")
    ORDER = "order", _("In the wrong order")
    GREETING = "greeting", _("The stage greeting is not directly before")
    WINDOW = "window", _("Outside the time it may be shown")
    PREMIERE = "premiere", _("The premiere claim does not hold")
    OVERLAP = "overlap", _("The same people want both")


class ConflictLevel(models.TextChoices):
    BLOCK = "block", _("Block")
    WARN = "warn", _("Warn")
    IGNORE = "ignore", _("Ignore")


class LevelChoice(models.Model):
    """How bad a conflict is at an edition; without a row its default holds (`programming.levels`)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="conflict_levels")
    rule = models.CharField(_("conflict"), max_length=12, choices=ConflictRule)
    level = models.CharField(pgettext_lazy("conflict", "level"), max_length=6, choices=ConflictLevel)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "rule"], name="one_level_a_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.level}"


class SuggestRun(Run):
    """A programme being suggested; `report` holds it with its reasons until the programmer takes it over."""

    settings = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)


class Version(models.Model):
    """The programme as published: frozen rows (`items`), to compare with others. Events carry what holds now."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="programme_versions")
    number = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    items = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "number"], name="programme_version_number")]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.number}"
