"""A market, its editions, and the places and times that an edition offers."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.kit.languages import localised


class Market(models.Model):
    """An event that comes back, e.g. a content market; its organisers run all its editions."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    organisers = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("organisers"), related_name="markets")

    def __str__(self) -> str:
        return localised(self, "name")


class Stage(models.TextChoices):
    """How far an edition has come. Later stages keep what earlier ones opened."""

    PREPARATION = "preparation", _("In preparation")
    REGISTRATION = "registration", _("Registration")
    MEETINGS = "meetings", _("Meeting requests")
    LIVE = "live", _("Live")
    AFTER = "after", _("After the event")


class Edition(models.Model):
    """One holding of a market: days, a place, a time zone. Everything an import touches belongs to one edition."""

    market = models.ForeignKey(Market, models.PROTECT, related_name="editions", verbose_name=_("market"))
    slug = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Seoul")
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.PREPARATION)
    is_public = models.BooleanField(_("public"), default=False)
    is_fictional = models.BooleanField(_("demo with fictional people"), default=False)
    clock_shift = models.DurationField(_("shift of the clock (demo)"), default=dt.timedelta(0))

    class Meta:
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="edition_ends_after_start")
        ]

    def __str__(self) -> str:
        return localised(self, "name")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def now(self) -> dt.datetime:
        """The edition's moment (aware, UTC): the real one, or the demo's."""
        return timezone.now() + self.clock_shift

    def get_absolute_url(self) -> str:
        return reverse("site:edition", args=[self.slug])


class Hall(models.Model):
    """A part of the venue: meeting hall, auditorium. `capacity` counts people, `changeover` minutes between events."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="halls")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("people at most"), null=True, blank=True)
    changeover = models.PositiveSmallIntegerField(_("minutes between two events"), default=15)
    equipment = models.CharField(_("equipment"), max_length=300, blank=True, help_text=_("with commas: DCP, interpretation"))

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="hall_code")]

    def __str__(self) -> str:
        return localised(self, "name")


class Table(models.Model):
    """A place for one meeting at a time: shared, or a company's own booth."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tables")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="tables", null=True, blank=True)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_booth = models.BooleanField(_("booth"), default=False)
    position = models.PositiveIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="table_code")]

    def __str__(self) -> str:
        return self.name or self.code


class Session(models.TextChoices):
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")


class Slot(models.Model):
    """A time for meetings, in UTC; the venue's zone is the edition's."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="slots")
    code = models.CharField(_("code"), max_length=40)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    session = models.CharField(_("session"), max_length=10, choices=Session)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="slot_code"),
            models.UniqueConstraint(fields=["edition", "starts_at"], name="one_slot_a_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def day(self) -> dt.date:
        """The day at the venue."""
        return self.starts_at.astimezone(self.edition.zone).date()


class LogEntry(models.Model):
    """One line of an edition's log: who did what, when. Written by actions, never changed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="log", null=True)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["edition", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


def new_run_key() -> str:
    return secrets.token_hex(12)


class RunState(models.TextChoices):
    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")
    INTERRUPTED = "interrupted", _("Interrupted")


class Run(models.Model):
    """Long work that somebody waits for (abstract). Its progress stands in `kit.progress` under `key`."""

    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="%(class)ss")
    key = models.CharField(max_length=32, unique=True, default=new_run_key)
    state = models.CharField(_("state"), max_length=12, choices=RunState, default=RunState.QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    fault = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at", "-id"]

    def now(self) -> dt.datetime:
        """The moment by the edition's clock."""
        return self.edition.now() if self.edition else timezone.now()

    @property
    def is_open(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)


class FileRun(Run):
    """A file on its way in (abstract): read and compared first (`report`), loaded whole once somebody confirms.

    `stored` is the file's name in the storage, `digest` its SHA-256; `is_confirmed` says that loading was asked for.
    """

    file_name = models.CharField(_("file"), max_length=200)
    stored = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    report = models.JSONField(default=dict, blank=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta(Run.Meta):
        abstract = True
