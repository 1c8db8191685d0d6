"""Reports: frozen figures with their rows, their corrections, and the links by which funders read them."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition, Run
from madang.outcomes.models.named import Named


class Report(Named):
    """A frozen snapshot of an edition's figures. Nothing in it changes: a correction is a new report that `replaces` this one.

    `digest` is the SHA-256 over the canonical lines of its figures and rows, `inputs` what the figures were computed from
    beside rows (currency of totals, rates, smallest cell, goals with their targets and changes), as they stood then.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    is_published = models.BooleanField(_("published"), default=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "number"], name="report_number")]


class FrozenFigure(models.Model):
    """A figure of a report: its measure with version, and its columns as text of a Decimal or None.

    `columns` are `confirmed`, `one_sided`, `estimate` (and `low`, `high` where it has an interval); `facts` the rest of
    what was computed: counts, numerator, denominator, response rate.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, blank=True)
    columns = models.JSONField(default=dict)
    facts = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "measure", "currency"], name="frozen_figure_once")]

    def __str__(self) -> str:
        return f"{self.measure} {self.columns}"


class FrozenRow(models.Model):
    """A row under a figure: `kind` and `key` name the thing (meeting, value, posting, answer), `facts` what counted of it,
    and its evidence."""

    figure = models.ForeignKey(FrozenFigure, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    column = models.CharField(max_length=12)
    amount = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["figure", "position"], name="frozen_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Correction(models.Model):
    """What a report says otherwise than the one that it replaces, and why."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="corrections")
    measure = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(_("why"), max_length=500)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.measure} {self.before} -> {self.after}"


class ReportRun(Run):
    """The freezing of a report, or the making of its files in `language`; `stored` is the file's name in the storage."""

    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="runs")
    language = models.CharField(max_length=5, blank=True)
    stored = models.CharField(max_length=300, blank=True)


def new_funder_key() -> str:
    return secrets.token_urlsafe(24)


class FunderLink(models.Model):
    """An address by which a funder reads the published reports without an account, until it is revoked or over.

    `beside`: an edition whose newest published report may stand beside this one's; `shows_costs`: how the costs grew is shown.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="funder_links")
    name = models.CharField(_("for whom"), max_length=200)
    key = models.CharField(max_length=64, unique=True, default=new_funder_key)
    beside = models.ForeignKey(
        Edition, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("edition beside it")
    )
    shows_costs = models.BooleanField(_("show how the costs grew"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    opened_at = models.DateTimeField(_("opened last"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["edition"], condition=Q(revoked_at=None), name="open_funder_links")]

    def __str__(self) -> str:
        return self.name
