"""What came of it: questions after 3, 6, 12 and 24 months, and their answers."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.deals.models import Deal
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.people.models import Participant


class Round(models.Model):
    """One time of asking everybody who had a meeting. Reminders go out `reminders` times, `days_between` apart."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rounds")
    months = models.PositiveSmallIntegerField(_("months after the event"))
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("closes"))
    reminders = models.PositiveSmallIntegerField(_("reminders at most"), default=2)
    days_between = models.PositiveSmallIntegerField(_("days between two of them"), default=7)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["months"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "months"], name="round_once"),
            models.CheckConstraint(condition=Q(closes_on__gt=models.F("opens_on")), name="round_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.months} months"


def new_asked_key() -> str:
    return secrets.token_urlsafe(18)


class Asked(models.Model):
    """A participant who is asked in a round, by a link of her own. `stopped_at`: she wants no more reminders of this edition."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="asked")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="asked")
    key = models.CharField(max_length=40, unique=True, default=new_asked_key)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("how useful it was, 1 to 5"), null=True, blank=True)
    share = models.PositiveSmallIntegerField(_("how much of it is owed to the event, in percent"), null=True, blank=True)
    words = models.TextField(_("in your words"), blank=True, max_length=2000)

    class Meta:
        ordering: ClassVar = ["round", "participant"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "participant"], name="asked_once_a_round"),
            models.CheckConstraint(condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)), name="satisfaction_1_to_5"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__lte=100), name="share_up_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.participant_id}"


class Came(models.TextChoices):
    """How far a meeting or deal has come, in the words of somebody who was there."""

    NOTHING = "nothing", pgettext_lazy("outcome", "Nothing came of it")
    TALKING = "talking", pgettext_lazy("outcome", "We are still talking")
    OFFER = "offer", pgettext_lazy("outcome", "An offer was made")
    MEMO = "memo", pgettext_lazy("outcome", "A memo is agreed")
    SIGNED = "signed", pgettext_lazy("outcome", "A contract is signed")
    ELSEWHERE = "elsewhere", pgettext_lazy("outcome", "A deal was made elsewhere because of it")


class Answer(models.Model):
    """What one person says in a round of one meeting, or of one deal. It never changes a deal's values: it stands beside them."""

    asked = models.ForeignKey(Asked, models.CASCADE, related_name="answers")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, null=True, blank=True, related_name="answers")
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, blank=True, related_name="answers")
    came = models.CharField(_("what came of it"), max_length=10, choices=Came)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "request"], condition=Q(deal=None), name="answer_once_a_meeting"),
            models.UniqueConstraint(fields=["asked", "deal"], condition=Q(request=None), name="answer_once_a_deal"),
            models.CheckConstraint(
                condition=Q(request=None, deal__isnull=False) | Q(request__isnull=False, deal=None), name="answer_of_one_thing"
            ),
            models.CheckConstraint(condition=Q(amount=None) | ~Q(currency=""), name="answer_amount_has_a_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_id} {self.came}"
