"""Whom an edition serves, what it expects, and by which measures that is told."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition
from madang.outcomes.models.named import Named


class Accounts(models.Model):
    """How an edition's outcomes are told: the currency that totals are shown in, the smallest cell that is published,
    and when its targets were frozen (None: not yet)."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="accounts")
    currency = models.CharField(_("currency of the totals"), max_length=3, default="KRW")
    least_cell = models.PositiveSmallIntegerField(_("smallest group that is published"), default=5)
    frozen_at = models.DateTimeField(_("targets frozen"), null=True, blank=True)

    def __str__(self) -> str:
        return f"accounts of {self.edition_id}"


class Segment(Named):
    """People whom the edition serves, e.g. producers with a first series."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="segments")
    code = models.CharField(_("code"), max_length=40)
    about = models.TextField(_("who they are"), blank=True, max_length=1000)
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="segment_code")]


class Level(models.TextChoices):
    """Levels of an outcome after Phillips (Return on Investment in Training and Performance Improvement Programs)."""

    INPUT = "input", _("What is put in")
    REACTION = "reaction", _("What people say")
    LEARNING = "learning", _("What people learn, whom they meet")
    APPLICATION = "application", _("What people do with it")
    IMPACT = "impact", _("What comes of it")
    INTANGIBLE = "intangible", _("What cannot be counted in money")


class Goal(Named):
    """What the edition wants, for whom and why; goals below it say how. One without a parent is a main goal."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="goals")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=pgettext_lazy("goal", "part of")
    )
    code = models.CharField(_("code"), max_length=40)
    why = models.TextField(_("why"), blank=True, max_length=1000)
    level = models.CharField(_("kind of outcome"), max_length=12, choices=Level, blank=True)
    segments = models.ManyToManyField(Segment, blank=True, related_name="goals", verbose_name=_("for whom"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="goal_code")]


class Operation(models.TextChoices):
    COUNT = "count", _("That many")
    SHARE = "share", _("The share of one in the other")
    RATIO = "ratio", _("One divided by the other")
    SUM = "sum", _("Both together")


class ComposedMeasure(Named):
    """A measure that an organiser composed of others. A change makes a new row with the next `version`; targets and reports
    keep theirs.

    `first` and `second` are codes of the catalogue of measures, `filters` what narrows their rows, by the names that the
    measures offer.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="composed_measures")
    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    definition = models.TextField(_("definition"), max_length=1000)
    definition_ko = models.TextField(_("definition in Korean"), blank=True, max_length=1000)
    definition_fr = models.TextField(_("definition in French"), blank=True, max_length=1000)
    operation = models.CharField(_("how"), max_length=6, choices=Operation)
    first = models.CharField(_("first measure"), max_length=60)
    second = models.CharField(_("second measure"), max_length=60, blank=True)
    filters = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["code", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code", "version"], name="composed_measure_version")]


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")


class Target(models.Model):
    """What a measure is to come to by a day. `measure` with its version at the time; `source`: where the figure will come from.

    An amount of money has its `currency`; a share is written as a part of 1.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="targets")
    measure = models.CharField(_("measure"), max_length=60)
    measure_version = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(_("source"), max_length=300, blank=True)
    due_on = models.DateField(_("by"))
    comparison = models.CharField(_("is to be"), max_length=10, choices=Comparison, default=Comparison.AT_LEAST)
    amount = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        ordering: ClassVar = ["goal", "due_on", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "measure", "due_on"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.measure} {self.comparison} {self.amount}"


class TargetChange(models.Model):
    """A change of a target after they were frozen: shown as one wherever the target is. Never changed or deleted."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="target_changes")
    target = models.ForeignKey(Target, models.SET_NULL, null=True, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(_("why"), max_length=300)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(before__isnull=False) | Q(after__isnull=False), name="target_change_says_what")
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.at:%Y-%m-%d}"
