"""Co-productions: who holds which share, who is paid back in which order, and how the budget is met."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.deals.models.documents import Deal
from madang.people.models import Company, Participant


class Partner(models.Model):
    """A co-producer with her share in per cent; `name` is one outside Madang. The shares of a deal sum to 100.

    `territories_said`: what she keeps for herself, e.g. `KR, JP`; no two partners keep the same, and "" is none.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="partners")
    number = models.PositiveSmallIntegerField(default=1)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="partnerships")
    name = models.CharField(_("name"), max_length=200, blank=True)
    share = models.DecimalField(_("share in per cent"), max_digits=6, decimal_places=3)
    territories_said = models.TextField(_("territories kept"), blank=True)
    territories = models.ForeignKey("deals.RightsSet", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["deal", "number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "company"], condition=Q(company__isnull=False), name="partner_once"),
            models.CheckConstraint(condition=Q(company__isnull=False) ^ ~Q(name=""), name="partner_is_named"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=100), name="share_in_range"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.company)


class Plan(models.Model):
    """The budget of a co-production and its currency. `revision` rises with each change; partners agree to a revision."""

    deal = models.OneToOneField(Deal, models.CASCADE, related_name="plan")
    budget = models.DecimalField(_("budget"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.deal_id}.{self.revision}"


class FundingKind(models.TextChoices):
    EQUITY = "equity", _("Own money of a partner")
    PRESALE = "presale", _("Pre-sale")
    FUND = "fund", _("Fund")
    TAX = "tax", _("Tax incentive")
    LOAN = "loan", _("Loan")
    DEFERRAL = "deferral", _("Deferred fees")
    OTHER = "other", _("Other")


class FundingState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    APPLIED = "applied", _("Applied for")
    PROMISED = "promised", _("Promised in writing")
    SIGNED = "signed", _("Signed")
    PAID = "paid", pgettext_lazy("money", "Paid")


class Funding(models.Model):
    """A source of money of the plan, in its own currency; `rate` is what one unit of it is in the plan's currency."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="fundings")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=FundingKind)
    source = models.CharField(_("source"), max_length=200)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="fundings")
    sale = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="funds")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=16, decimal_places=8, default=1)
    state = models.CharField(_("state"), max_length=10, choices=FundingState, default=FundingState.PLANNED)
    due_on = models.DateField(_("expected on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["plan", "number", "pk"]

    def __str__(self) -> str:
        return self.source


class Recoupment(models.Model):
    """A step of who is paid back first: up to `cap` of the plan's currency (none: without limit), `percent` of what comes in."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="recoupments")
    position = models.PositiveSmallIntegerField(_("position"))
    recipient = models.CharField(_("who is paid"), max_length=200)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    percent = models.DecimalField(_("per cent of what comes in"), max_digits=6, decimal_places=3)
    cap = models.DecimalField(_("up to"), max_digits=16, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["plan", "position", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="recoupment_in_range")]

    def __str__(self) -> str:
        return f"{self.position} {self.recipient}"


class Agreement(models.Model):
    """A partner agrees to a revision of the plan; a later revision asks her again."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="agreements")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="agreements")
    revision = models.PositiveIntegerField()
    agreed_by = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "partner", "revision"], name="agreed_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.revision}"
