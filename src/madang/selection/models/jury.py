"""The jury of a call: who reads what, conflicts of interest, scores, remarks, rankings, and what is decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.kit.languages import localised
from madang.markets.models import Run
from madang.people.models import Participant
from madang.selection.models.entries import Call, Entry


class Juror(models.Model):
    """A participant who reads entries of a call. `languages`: codes with commas, those she judges in; loads count entries."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="jurors")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="juries")
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    most = models.PositiveSmallIntegerField(_("entries at most"), null=True, blank=True)
    is_chair = models.BooleanField(_("chair"), default=False)
    left_at = models.DateTimeField(_("left the jury"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["participant__family_name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "participant"], name="juror_once")]

    def __str__(self) -> str:
        return str(self.participant)


class ConflictKind(models.TextChoices):
    DECLARED = "declared", _("Declared by the juror")
    COMPANY = "company", _("The same company")
    CREDIT = "credit", _("Named in the credits")
    HAND = "hand", _("Set by the organiser")


class Conflict(models.Model):
    """A juror may not read an entry. A detected one that the organiser found harmless is `is_waived`."""

    juror = models.ForeignKey(Juror, models.CASCADE, related_name="conflicts")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=10, choices=ConflictKind)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_waived = models.BooleanField(_("harmless"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["juror", "entry", "kind"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.juror_id} and {self.entry_id}"


class Axis(models.TextChoices):
    """Two questions that are never made one number."""

    AUTHORSHIP = "authorship", _("Authorship")
    AUDIENCE = "audience", _("Audience")


class Criterion(models.Model):
    """What jurors score, on one of the two axes, from `low` to `high`; `weight` counts inside its axis alone."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    axis = models.CharField(_("axis"), max_length=10, choices=Axis)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    help = models.CharField(_("explanation"), max_length=500, blank=True)
    help_ko = models.CharField(_("explanation in Korean"), max_length=500, blank=True)
    help_fr = models.CharField(_("explanation in French"), max_length=500, blank=True)
    low = models.SmallIntegerField(_("lowest score"), default=1)
    high = models.SmallIntegerField(_("highest score"), default=10)
    weight = models.DecimalField(_("weight"), max_digits=4, decimal_places=2, default=1)
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["axis", "position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "code"], name="criterion_code"),
            models.CheckConstraint(condition=Q(high__gt=F("low")), name="criterion_has_a_scale"),
        ]

    def __str__(self) -> str:
        return localised(self, "name")


class ReadingState(models.TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("reading", "To be read")
    BEGUN = "begun", pgettext_lazy("reading", "Begun")
    DONE = "done", pgettext_lazy("reading", "Scored")
    RECUSED = "recused", pgettext_lazy("reading", "Given back")


class Reading(models.Model):
    """A juror reads an entry. `is_locked`: set by hand, kept when dealt out anew. `reason`: the solver's, as data."""

    juror = models.ForeignKey(Juror, models.CASCADE, related_name="readings")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="readings")
    state = models.CharField(_("state"), max_length=10, choices=ReadingState, default=ReadingState.ASSIGNED)
    is_locked = models.BooleanField(_("kept when dealt out anew"), default=False)
    reason = models.JSONField(default=dict, blank=True)
    comment = models.TextField(_("comment for the jury"), blank=True, max_length=4000)
    recused_because = models.CharField(_("why given back"), max_length=500, blank=True)
    assigned_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["juror", "entry"], name="reads_once")]
        indexes: ClassVar = [models.Index(fields=["entry", "state"]), models.Index(fields=["juror", "state"])]

    def __str__(self) -> str:
        return f"{self.juror_id} reads {self.entry_id}"


class Score(models.Model):
    """What a juror gives an entry for one criterion."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.SmallIntegerField(_("score"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["reading", "criterion"], name="scored_once")]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class Remark(models.Model):
    """One word in the jury's discussion of an entry: open to those who have scored it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="remarks")
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="remarks")
    text = models.TextField(_("remark"), max_length=4000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class AssignmentRun(Run):
    """Readings being dealt out. `report`: what came of it, with the reasons; readings change only once the organiser takes it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="assignment_runs")
    report = models.JSONField(default=dict, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)


class Ranking(models.Model):
    """The scores as they stood at `made_at`, each juror's severity taken out, axis by axis. Frozen: a new one is made instead.

    `digest`: SHA-256 of the scores it was made from. `facts`: agreement, severity of jurors, settings, by axis.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="rankings")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "number"], name="ranking_number")]

    def __str__(self) -> str:
        return f"{self.call_id}/{self.number}"


class Rank(models.Model):
    """Where an entry stands on one axis: its fair score with a 90 % interval, its place with one, and the plain mean beside."""

    ranking = models.ForeignKey(Ranking, models.CASCADE, related_name="ranks")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="ranks")
    axis = models.CharField(_("axis"), max_length=10, choices=Axis)
    mean = models.FloatField(_("plain mean"))
    fair = models.FloatField(_("fair score"))
    low = models.FloatField()
    high = models.FloatField()
    place = models.PositiveIntegerField(_("place"))
    place_low = models.PositiveIntegerField()
    place_high = models.PositiveIntegerField()
    readings = models.PositiveSmallIntegerField(_("jurors"))

    class Meta:
        ordering: ClassVar = ["axis", "place", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ranking", "entry", "axis"], name="ranked_once")]

    def __str__(self) -> str:
        return f"{self.axis} {self.place}"


class Decision(models.TextChoices):
    """What becomes of an entry."""

    SHORTLIST = "shortlist", _("Shortlist")
    ACCEPT = "accept", _("Line-up")
    RESERVE = "reserve", _("Reserve")
    DECLINE = "decline", pgettext_lazy("entry", "Declined")


class Selection(models.Model):
    """What was decided of an entry, by whom and why; `place` orders the reserve. `told_at`: the letter was written."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="selection")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    place = models.PositiveSmallIntegerField(_("place on the reserve list"), null=True, blank=True)
    section = models.CharField(_("section"), max_length=200, blank=True)
    reason = models.TextField(_("reason (for the record)"), blank=True, max_length=2000)
    words = models.TextField(_("words for the applicant"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("applicant’s answer"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("applicant comes"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.decision}"
