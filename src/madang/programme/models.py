"""What happens at an edition besides meetings: screenings, talks, stage greetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Premiere, Title
from madang.kit.languages import localised
from madang.markets.models import Edition, Hall
from madang.people.models import Participant


class EventKind(models.TextChoices):
    SCREENING = "screening", _("Screening")
    GREETING = "greeting", _("Stage greeting")
    TALK = "talk", _("Talk")
    PITCH = "pitch", _("Pitch")
    CARPET = "carpet", _("Pink carpet")


class EventRows(models.QuerySet["Event"]):
    """Counts what moves on the way that passes by `save()`; only `update()` does not."""

    def bulk_update(self, objs: Iterable[Event], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        count_moves(rows)
        return super().bulk_update(rows, [*{*fields, "sequence", "moved_at"}], *args, **kwargs)


class Event(models.Model):
    """An item of the programme, in UTC. `time_is_provisional` marks a time that the demo set by itself.

    `sequence` rises each time it is moved (other time or hall, at `moved_at`) or cancelled, so that calendars follow.
    """

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
    premiere = models.CharField(_("premiere"), max_length=15, choices=Premiere, default=Premiere.NONE)
    languages = models.CharField(_("languages and subtitles"), max_length=100, blank=True)
    about = models.TextField(_("about"), blank=True)
    about_ko = models.TextField(_("about, in Korean"), blank=True)
    about_fr = models.TextField(_("about, in French"), blank=True)
    is_cancelled = models.BooleanField(pgettext_lazy("event", "cancelled"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)

    objects = EventRows.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="event_code"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
        ]

    def __str__(self) -> str:
        return localised(self, "name") or (str(self.title) if self.title else str(self.get_kind_display()))

    def save(self, **kwargs: Any) -> None:
        count_moves([self])
        if named := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*named, "sequence", "moved_at"}
        super().save(**kwargs)

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


def count_moves(events: Iterable[Event]) -> None:
    """Write into events that are about to be stored that they move, where they do. One query."""
    known = {event.pk: event for event in events if event.pk}
    stored = Event.objects.filter(pk__in=known).values_list("pk", "sequence", "starts_at", "ends_at", "hall_id", "is_cancelled")
    for pk, sequence, *before in stored:
        event = known[pk]
        if before != [event.starts_at, event.ends_at, event.hall_id, event.is_cancelled]:
            event.sequence, event.moved_at = sequence + 1, event.edition.now()


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
