"""Meeting requests, when people cannot meet, and the timetable in its versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Run, Session, Slot, Table
from madang.people.models import Participant


class Wish(models.IntegerChoices):
    """How much a side wants a meeting."""

    IF_ROOM = 1, _("If there is room")
    LIKE = 2, _("Would like")
    MUST = 3, _("Must")


class RequestStatus(models.TextChoices):
    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


OPEN_STATUSES = [RequestStatus.SENT, RequestStatus.ACCEPTED]


class MeetingRequest(models.Model):
    """One person asks another for a meeting, about a title or a mandate, with a reason.

    `pair` is both ids in rising order, so that two open requests between the same two people cannot exist.
    `uid` names the meeting in calendars, through every version of the timetable.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="requests")
    code = models.CharField(_("code"), max_length=40)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(
        Participant, models.CASCADE, related_name="requests_sent", verbose_name=pgettext_lazy("sender", "from")
    )
    receiver = models.ForeignKey(Participant, models.CASCADE, related_name="requests_received", verbose_name=_("to"))
    pair = models.CharField(max_length=40, editable=False)
    title = models.ForeignKey(
        Title, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("about the title")
    )
    mandate = models.ForeignKey(
        Mandate, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("about the mandate")
    )
    reason = models.TextField(_("why we should meet"), blank=True, max_length=1000)
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.SENT)
    sender_wish = models.PositiveSmallIntegerField(_("sender's wish"), choices=Wish, default=Wish.LIKE)
    receiver_wish = models.PositiveSmallIntegerField(_("receiver's wish"), choices=Wish, null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=1000)
    session = models.CharField(_("session"), max_length=10, choices=Session, blank=True)
    fixed_slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fixed slot"))
    fixed_table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fixed table"))
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before", verbose_name=_("after"))
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="request_code"),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(status__in=["sent", "accepted"]), name="one_open_request_a_pair"
            ),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="no_request_to_oneself"),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "status"])]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.pair = pair_of(self.sender_id, self.receiver_id)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature


def pair_of(one: int, other: int) -> str:
    """The same text whoever asked."""
    return f"{min(one, other)}-{max(one, other)}"


class Unavailability(models.Model):
    """A stretch of time (UTC, half-open) in which a participant cannot meet."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="unavailabilities")
    starts_at = models.DateTimeField(pgettext_lazy("start", "from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participant", "starts_at"], name="one_unavailability_a_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="unavailability_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%F %H:%M}"


class TimetableState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class Timetable(models.Model):
    """A version of an edition's meetings. A published one is frozen: a later change is a new version.

    `version` counts published versions from 1 and is empty in a draft. `result` holds what the kernel said
    (status, objective, bound, seconds, breaks ...). `revision` counts a draft's changes, so that two
    organisers who work on one draft notice each other.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="timetables")
    state = models.CharField(_("state"), max_length=12, choices=TimetableState, default=TimetableState.DRAFT)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "version"], name="timetable_version"),
            models.UniqueConstraint(fields=["edition"], condition=Q(state="draft"), name="one_draft_timetable"),
            models.UniqueConstraint(fields=["edition"], condition=Q(state="published"), name="one_published_timetable"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.version or self.state}"


class Meeting(models.Model):
    """A request placed in a version: slot and table. `sequence` rises with each published change of the same request.

    A meeting that fell away stays in later versions with `is_cancelled`, so that calendars can be told.
    """

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="meetings")
    request = models.ForeignKey(MeetingRequest, models.PROTECT, related_name="meetings")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+")
    table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["slot__starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["timetable", "request"], name="request_placed_once"),
            models.UniqueConstraint(
                fields=["timetable", "slot", "table"],
                condition=Q(is_cancelled=False, table__isnull=False),
                name="one_meeting_a_table_and_slot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} @ {self.slot_id}"


class Attendance(models.Model):
    """A person in a meeting that is not cancelled. The database itself refuses a person in two places."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attendances")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["timetable", "slot", "participant"], name="nobody_in_two_places"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} @ {self.slot_id}"


class Unplaced(models.Model):
    """An accepted request that a version could not place, with the kernel's reason (`code`, `details`)."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="unplaced")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="unplaced")
    code = models.CharField(max_length=40)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["timetable", "request"], name="one_reason_a_request")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.code}"


class Move(models.Model):
    """A change an organiser made to a draft by hand, kept so that it can be undone (newest first)."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="moves")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="+")
    from_slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    from_table = models.ForeignKey(Table, models.PROTECT, null=True, related_name="+")
    to_slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    to_table = models.ForeignKey(Table, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.from_slot_id} -> {self.to_slot_id}"


class TimetableRun(Run):
    """A computation that the organiser started; the draft it gave is `timetable`."""

    seed = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField(_("seconds at most"), default=60)
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, related_name="runs")
