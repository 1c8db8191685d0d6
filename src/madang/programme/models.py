"""What happens at an edition besides meetings: screenings, talks, stage greetings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.kit.languages import localised
from madang.markets.models import Edition, Hall
from madang.people.models import Participant


class EventKind(models.TextChoices):
    SCREENING = "screening", _("Screening")
    GREETING = "greeting", _("Stage greeting")
    TALK = "talk", _("Talk")
    PITCH = "pitch", _("Pitch")
    CARPET = "carpet", _("Pink carpet")


class Event(models.Model):
    """An item of the programme, in UTC. `time_is_provisional` marks a time that the demo set by itself."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="events")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    title = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="events")
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="events", verbose_name=_("hall"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_public = models.BooleanField(_("public"), default=True)
    time_is_provisional = models.BooleanField(_("time not confirmed"), default=False)

    class Meta:
        ordering: ClassVar = ["starts_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="event_code"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
        ]

    def __str__(self) -> str:
        return localised(self, "name") or (str(self.title) if self.title else str(self.get_kind_display()))

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


class EventPart(models.TextChoices):
    """As what somebody is at an event."""

    AUDIENCE = "audience", _("Audience")
    SPEAKER = "speaker", _("On stage")


class Visit(models.Model):
    """A participant means to be at an event: it stands in her agenda, and no meeting is put over it."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="visits")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="visits")
    part = models.CharField(_("as"), max_length=10, choices=EventPart, default=EventPart.AUDIENCE)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "participant"], name="visits_once")]

    def __str__(self) -> str:
        return f"{self.participant_id} at {self.event_id}"
