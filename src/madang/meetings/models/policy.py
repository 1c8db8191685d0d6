"""What an organiser settles about meetings, and when people cannot meet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition
from madang.people.models import Participant


class Booking(models.TextChoices):
    """What people may do themselves after the timetable is published."""

    NONE = "none", _("Nothing: the organiser places every meeting")
    FREE = "free", _("Book free slots, swap and move by consent")


class MeetingPolicy(models.Model):
    """An edition's settings for meetings. No row: the defaults.

    Quotas count open and answered requests a person sent (`out`) or received and has open (`in`); None: no limit. Creators
    count as sellers. Minutes of `walk` pass between two halls, of `door` before a screening or talk. Lunch: between the two
    times of the venue's day, `lunch_minutes` stay free. `cancel_minutes`: how long before it begins people may cancel.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="meeting_policy")
    buyers_out = models.PositiveSmallIntegerField(_("requests a buyer may send"), null=True, blank=True, default=30)
    sellers_out = models.PositiveSmallIntegerField(_("requests a seller or creator may send"), null=True, blank=True, default=30)
    buyers_in = models.PositiveSmallIntegerField(_("open requests a buyer may receive"), null=True, blank=True, default=60)
    sellers_in = models.PositiveSmallIntegerField(
        _("open requests a seller or creator may receive"), null=True, blank=True, default=None
    )
    expires_after_hours = models.PositiveIntegerField(_("hours until an unanswered request expires"), null=True, blank=True)
    remind_before_hours = models.PositiveIntegerField(_("hours before that, a reminder"), default=24)
    booking = models.CharField(_("after publication people may"), max_length=10, choices=Booking, default=Booking.FREE)
    cancel_minutes = models.PositiveIntegerField(_("minutes before it begins a meeting may be cancelled"), default=60)
    standby_minutes = models.PositiveIntegerField(
        _("minutes that a place from the standby list is held out to two people"), default=30
    )
    most_people = models.PositiveSmallIntegerField(_("people in a meeting at most"), default=6)
    walk_minutes = models.PositiveSmallIntegerField(_("minutes to walk from hall to hall"), default=5)
    door_minutes = models.PositiveSmallIntegerField(_("minutes at the door before a screening or talk"), default=10)
    lunch_from = models.TimeField(_("lunch from"), null=True, blank=True)
    lunch_until = models.TimeField(_("lunch until"), null=True, blank=True)
    lunch_minutes = models.PositiveSmallIntegerField(_("minutes free for lunch"), default=30)
    most_in_a_row = models.PositiveSmallIntegerField(_("meetings in a row before a rest"), null=True, blank=True)

    def __str__(self) -> str:
        return f"meetings of {self.edition_id}"


def policy_of(edition: Edition) -> MeetingPolicy:
    """The edition's settings for meetings; the defaults, unsaved, where nobody has set any."""
    return MeetingPolicy.objects.filter(edition=edition).first() or MeetingPolicy(edition=edition)


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
