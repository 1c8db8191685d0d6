"""What the showcase changed: what was registered before it, the counts, and the last places drawn by lot."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.markets.models import Edition
from madang.outcomes.models.named import Named


class Study(Named):
    """A question that is settled before the event: which count, of which titles, beside which donors, over which months.

    Registered (`registered_at`, `digest` by `kernels.impact.Registration`) it does not change any more. Months are the first
    days of months.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="studies")
    code = models.CharField(_("code"), max_length=40)
    measure = models.CharField(_("what is counted"), max_length=200)
    source = models.CharField(_("where the counts come from"), max_length=300)
    event = models.DateField(_("month of the event"))
    months_before = models.PositiveSmallIntegerField(_("months before"), default=12)
    months_after = models.PositiveSmallIntegerField(_("months after"), default=12)
    way = models.JSONField(default=dict, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="study_code")]


class StudiedTitle(models.Model):
    """A title of a study: shown at the event, or a donor that it is compared with, which need not be in the catalogue."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="titles")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    title = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="studied")
    is_donor = models.BooleanField(_("donor"), default=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["is_donor", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["study", "code"], name="studied_title_once")]

    def __str__(self) -> str:
        return self.name


class MonthlyCount(models.Model):
    """A title's count in a month. A month without a row is unknown, which is no 0."""

    title = models.ForeignKey(StudiedTitle, models.CASCADE, related_name="counts")
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        ordering: ClassVar = ["month"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["title", "month"], name="count_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.count}"


class Lottery(Named):
    """The last places drawn by lot among more who asked. The seed is committed to (`commitment`) before, and shown after."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lotteries")
    code = models.CharField(_("code"), max_length=40)
    places = models.PositiveSmallIntegerField(_("places"))
    commitment = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="lottery_code"),
            models.CheckConstraint(condition=Q(places__gt=0), name="lottery_has_places"),
        ]


class Lot(models.Model):
    """One who asked for a place; `outcome` is what was counted of her afterwards, by the lottery's purpose."""

    lottery = models.ForeignKey(Lottery, models.CASCADE, related_name="lots")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    is_drawn = models.BooleanField(_("drawn"), null=True)
    place = models.PositiveSmallIntegerField(_("order of drawing"), null=True)
    outcome = models.DecimalField(_("what was counted afterwards"), max_digits=16, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["place", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lottery", "code"], name="lot_once")]

    def __str__(self) -> str:
        return self.name
