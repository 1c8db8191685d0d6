"""What deals are worth, stage by stage: who said so, with which evidence, and who confirmed it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.deals.models.documents import Deal, Document
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.people.models import Company, Participant


class ValueStage(models.TextChoices):
    """Stages of money. They are different things and are never added."""

    CONSULTATION = "consultation", _("Consultation value")
    OFFER = "offer", _("Offered")
    MEMO = "memo", _("Agreed in a memo")
    CONTRACT = "contract", _("Contract value")
    PAID = "paid", _("Paid")


class Value(models.Model):
    """An amount at a stage, of a deal or (before there is one) of a meeting.

    `company` states it; an organiser's estimate has none. It is confirmed when every party of the deal has confirmed it, the one
    who stated it included; see `queries.values`. A later statement `replaces` an earlier one, which stays readable.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="values")
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="values")
    request = models.ForeignKey(MeetingRequest, models.PROTECT, null=True, blank=True, related_name="values")
    stage = models.CharField(_("stage"), max_length=12, choices=ValueStage)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="values")
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="values")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-stated_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(deal__isnull=False) | Q(request__isnull=False), name="value_of_something"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="value_not_negative"),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "stage"])]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.stage})"


class Confirmation(models.Model):
    """A company says that a value is right, or (`disputes`) that it is not and why."""

    value = models.ForeignKey(Value, models.CASCADE, related_name="confirmations")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    disputes = models.BooleanField(pgettext_lazy("value", "not right"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["value", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.value_id} {self.company_id}"


class Evidence(models.Model):
    """What shows that a value is right: a file (`stored`, `digest` its SHA-256) or a reference such as a bank's."""

    value = models.ForeignKey(Value, models.CASCADE, related_name="evidence")
    reference = models.CharField(_("reference"), max_length=300, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    stored = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["value", "added_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reference="", stored=""), name="evidence_of_something"),
        ]

    def __str__(self) -> str:
        return self.reference or self.file_name
