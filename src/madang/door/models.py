"""The doors: devices that scan, who was let in, how long the queue is, and the audience's vote afterwards."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.accreditation.models import Badge
from madang.markets.models import Edition, Hall
from madang.people.models import Participant
from madang.programme.models import Event
from madang.seating.models import AllotmentKind, Ticket


def new_device_key() -> str:
    return secrets.token_urlsafe(24)


class Device(models.Model):
    """A phone that scans at the doors, paired once by a link with its `key`; it needs no account. Revoked, it is refused."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="devices")
    name = models.CharField(_("name"), max_length=100)
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("hall"))
    key = models.CharField(max_length=40, unique=True, default=new_device_key)
    paired_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """What came of a scan."""

    ADMITTED = "admitted", pgettext_lazy("scan", "Let in")
    TWICE = "twice", _("Let in before")
    CONFLICT = "conflict", _("Let in at two doors that were offline")
    UNKNOWN = "unknown", pgettext_lazy("scan", "Not known")
    VOID = "void", pgettext_lazy("scan", "Void")
    OTHER_EVENT = "other_event", _("For another event")
    OTHER_HALL = "other_hall", _("At the door of another hall")
    LATE = "late", _("Too late")
    NO_PLACE = "no_place", _("No place left")


class Scan(models.Model):
    """One scan of a device, sent once (`token` is made on the device). `at`: the device's moment; `outcome`: what holds.

    `told`: what the device told the door person, which differs where it was offline and another door had been first.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="scans")
    event = models.ForeignKey(Event, models.PROTECT, related_name="scans")
    token = models.UUIDField(unique=True)
    code = models.CharField(max_length=100)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    was_offline = models.BooleanField(default=False)
    told = models.CharField(max_length=12, choices=Outcome)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["event", "outcome"])]

    def __str__(self) -> str:
        return f"{self.token} {self.outcome}"


class Admission(models.Model):
    """Somebody is in: by a ticket, by her badge (free places), or counted by hand at the door. One seat lets one person in."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="admissions")
    scan = models.OneToOneField(Scan, models.PROTECT, null=True, blank=True, related_name="admission")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="admissions")
    badge = models.ForeignKey(Badge, models.PROTECT, null=True, blank=True, related_name="admissions")
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="admissions")
    allotment = models.CharField(_("allotment"), max_length=10, choices=AllotmentKind)
    country = models.CharField(_("country"), max_length=2, blank=True)
    at = models.DateTimeField(_("at"))
    is_late = models.BooleanField(_("after the start"), default=False)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket"], name="admitted_once_a_ticket"),
            models.UniqueConstraint(fields=["event", "participant"], condition=Q(ticket=None), name="admitted_once_a_badge"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%F %H:%M}"


class Queue(models.Model):
    """How long people stood at a door, as measured at `at`: `minutes` from the end of the line to the scan.

    Measured by a numbered `slip`, given to the last in line at `handed_at`; until it comes to the door there are no `minutes`.
    `token` is of what was sent first, `closing` of what came second. Without a slip it is what somebody said.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="queues")
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="queues")
    token = models.UUIDField(unique=True)
    closing = models.UUIDField(unique=True, null=True, blank=True)
    slip = models.PositiveSmallIntegerField(_("slip"), null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(_("minutes in the queue"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people in the queue"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.minutes} min"


class Vote(models.Model):
    """What somebody who was let in thought of it, from 1 to 5: one vote a seat, which may be changed until voting closes."""

    admission = models.OneToOneField(Admission, models.CASCADE, related_name="vote")
    value = models.PositiveSmallIntegerField(_("vote"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="vote_from_1_to_5")]

    def __str__(self) -> str:
        return str(self.value)
