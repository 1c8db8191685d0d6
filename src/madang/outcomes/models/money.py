"""Budget and what became of it: activities, lines, postings in several currencies, money from others with its conditions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition, FileRun
from madang.outcomes.models.goals import Goal
from madang.outcomes.models.named import Named


class Activity(Named):
    """What is done for goals, and costs money and people: the meetings, the showcase, travel of guests."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="activities")
    code = models.CharField(_("code"), max_length=40)
    goals = models.ManyToManyField(Goal, blank=True, related_name="activities", verbose_name=_("goals"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="activity_code")]


class Direction(models.TextChoices):
    COST = "cost", _("Cost")
    INCOME = "income", _("Income")


class Grows(models.TextChoices):
    """What a line grows with, for scenarios."""

    FIXED = "fixed", _("Fixed")
    EXHIBITORS = "exhibitors", _("With the exhibitors")
    BUYERS = "buyers", _("With the buyers")
    MEETINGS = "meetings", _("With the meetings")
    GUESTS = "guests", _("With the guests")


class GrantKind(models.TextChoices):
    PUBLIC = "public", _("Public money")
    SPONSOR = "sponsor", _("Sponsor")
    OWN = "own", _("Own money")


class Grant(models.Model):
    """Money that somebody gives for the edition, by an agreement."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="grants")
    code = models.CharField(_("code"), max_length=40)
    funder = models.CharField(_("from whom"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=GrantKind)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    reference = models.CharField(_("agreement"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="grant_code"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_amount_above_zero"),
        ]

    def __str__(self) -> str:
        return self.funder


class Condition(models.Model):
    """What a grant asks for, and by when. `met_at` and `evidence` say that it was done, and how one sees it."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="conditions")
    text = models.CharField(_("condition"), max_length=500)
    due_on = models.DateField(_("until"))
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text


class BudgetLine(models.Model):
    """A planned amount of an activity. A line of income may name the grant that brings it.

    `planned` is the budget as it was decided; `limit` what may be committed at most (None: what is planned).
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="budget_lines")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lines", verbose_name=_("activity"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("what for"), max_length=200)
    direction = models.CharField(_("cost or income"), max_length=6, choices=Direction, default=Direction.COST)
    planned = models.DecimalField(_("planned"), max_digits=16, decimal_places=2)
    limit = models.DecimalField(_("limit"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    grows = models.CharField(_("grows"), max_length=10, choices=Grows, default=Grows.FIXED)
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("paid by"))

    class Meta:
        ordering: ClassVar = ["activity", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="budget_line_code"),
            models.CheckConstraint(condition=Q(planned__gte=0), name="budget_line_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.name


class PostingKind(models.TextChoices):
    """Stages of money on a budget line. They are never added to each other."""

    COMMITTED = "committed", pgettext_lazy("money", "Committed")
    SPENT = "spent", pgettext_lazy("money", "Spent or received")
    FORECAST = "forecast", pgettext_lazy("money", "Forecast")


class Posting(models.Model):
    """An amount on a budget line at a day: an order, an invoice that was paid, what is still expected. Corrected by a new one.

    The currency may differ from the line's. A commitment that is paid in part or whole has postings that `settles` it.
    """

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="postings")
    kind = models.CharField(_("kind"), max_length=10, choices=PostingKind)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    on = models.DateField(_("day"))
    reference = models.CharField(_("invoice or order"), max_length=100, blank=True)
    counterparty = models.CharField(_("whom to or from"), max_length=200, blank=True)
    settles = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="settled_by", verbose_name=_("settles")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["on", "id"]
        indexes: ClassVar = [models.Index(fields=["line", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} {self.amount}"


class Rate(models.Model):
    """What one unit of a currency was worth in the currency of the totals on a day, and who says so."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rates")
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering: ClassVar = ["currency", "-on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "currency", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}"


class BenefitKind(models.TextChoices):
    LICENCES = "licences", _("Licences signed")
    PRODUCTION = "production", _("Production brought here")
    VISITORS = "visitors", _("What visitors spend")
    OTHER = "other", pgettext_lazy("benefit", "Something else")


class Benefit(models.Model):
    """A benefit as somebody estimates it, low to high, with the share of it that the event may claim. No probability is meant."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="benefits")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=BenefitKind)
    currency = models.CharField(_("currency"), max_length=3)
    low = models.DecimalField(_("low"), max_digits=16, decimal_places=2)
    central = models.DecimalField(_("central"), max_digits=16, decimal_places=2)
    high = models.DecimalField(_("high"), max_digits=16, decimal_places=2)
    share_low = models.DecimalField(_("share of the event, low"), max_digits=4, decimal_places=3)
    share_central = models.DecimalField(_("share of the event, central"), max_digits=4, decimal_places=3)
    share_high = models.DecimalField(_("share of the event, high"), max_digits=4, decimal_places=3)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(low__lte=models.F("central"), central__lte=models.F("high")), name="benefit_in_order"
            ),
            models.CheckConstraint(
                condition=Q(share_low__gte=0, share_high__lte=1, share_low__lte=models.F("share_central"))
                & Q(share_central__lte=models.F("share_high")),
                name="benefit_shares_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetImport(FileRun):
    """A budget that came as tables: `report` holds what it would do, until somebody has it done or throws it away."""
