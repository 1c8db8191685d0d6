"""The timetable in its versions, the changes it lives through, and computations of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition, Run, Slot, Table
from madang.meetings.models.requests import MeetingRequest
from madang.people.models import Participant


class TimetableState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class Timetable(models.Model):
    """A version of an edition's meetings.

    A published version lives: what happens to single meetings (booked, moved, cancelled) is a numbered `Change` of it, so that
    every earlier state can be told; a change of the whole is a new version. `version` counts published versions from 1 and is
    empty in a draft. `result` holds what the kernel said (status, objective, bound, seconds, breaks ...). `revision` rises with
    each change, so that two who work on one timetable notice each other. `base` and `base_revision`: the published timetable,
    and its state, that a draft was made from.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="timetables")
    state = models.CharField(_("state"), max_length=12, choices=TimetableState, default=TimetableState.DRAFT)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    base_revision = models.PositiveIntegerField(default=0)
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
    """A computation that the organiser started; the draft it gave is `timetable`.

    `aims`: the dials, by their names in the kernel's `Aims`; `keep`: what is published stays instead.
    """

    seed = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField(_("seconds at most"), default=60)
    aims = models.JSONField(default=dict, blank=True)
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, related_name="runs")


class PriceRun(Run):
    """Timetables tried under each dial, so that the organiser sees what it costs; only their figures are kept, as `rows`.

    A row: {"name": dial, "weight", "wanted" (both in points of wishes), "placed", "breaks", "fairness" (0 to 1), "moved"}.
    """

    limit = models.PositiveIntegerField(_("seconds at most"), default=60)
    rows = models.JSONField(default=list, blank=True)


class PublishRun(Run):
    """Publishing a draft as it was at `revision`; the version it became is `timetable`, and `changes` counts what it changed.

    `refusal`: why it was not published, as JSON ({"kind": "unfit", "sentences": [...]}); `drop` leaves out what no longer fits.
    """

    revision = models.PositiveIntegerField(default=0)
    drop = models.BooleanField(default=False)
    changes = models.JSONField(default=dict, blank=True)
    refusal = models.JSONField(default=dict, blank=True)
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, related_name="publish_runs")


class ChangeKind(models.TextChoices):
    """What happened to a meeting of a published timetable."""

    PLACED = "placed", _("Placed")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    PEOPLE = "people", _("Other people")


class Cause(models.TextChoices):
    """Why a meeting of a published timetable changed."""

    BOOKED = "booked", _("booked by the two sides")
    SWAPPED = "swapped", _("moved by consent")
    CANCELLED = "cancelled", _("cancelled by a participant")
    STANDBY = "standby", _("offered from the standby list")
    REPAIR = "repair", _("repair")
    COLLEAGUE = "colleague", _("a colleague comes instead")
    ORGANISER = "organiser", _("changed by the organiser")


class Change(models.Model):
    """One change of a published timetable, numbered by its `revision`; never edited. Places are those before and after."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()
    request = models.ForeignKey(MeetingRequest, models.PROTECT, related_name="changes")
    kind = models.CharField(_("what"), max_length=10, choices=ChangeKind)
    cause = models.CharField(_("why"), max_length=12, choices=Cause)
    from_slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+")
    from_table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+")
    to_slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+")
    to_table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(_("in words"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["timetable", "-revision", "-pk"]
        indexes: ClassVar = [models.Index(fields=["timetable", "revision"])]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind} ({self.cause})"


class RepairRun(Run):
    """The search for the smallest change after somebody dropped out or a table closed; the organiser accepts or leaves it.

    `what`: what happened, as JSON ({"kind": "participant_left", "participant": id, ...}). `proposal`: the changes, as JSON.
    They fit the published `timetable` as it was at `revision`, and are refused when it has changed since.
    """

    what = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict, blank=True)
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, related_name="repairs")
    revision = models.PositiveIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Closure(models.Model):
    """A stretch of time (UTC, half-open) in which a table cannot be used."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField(pgettext_lazy("start", "from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.table_id} {self.starts_at:%F %H:%M}"
