"""Times that are proposed to people after publication: booked by themselves, moved, swapped, or offered from the standby list."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition, Slot, Table
from madang.meetings.models.requests import MeetingRequest
from madang.people.models import Participant


class ProposalKind(models.TextChoices):
    """What is proposed."""

    BOOK = "book", _("Meet at this time")
    MOVE = "move", _("Move to this time")
    SWAP = "swap", _("Swap two meetings")
    STANDBY = "standby", _("A place came free")


class ProposalState(models.TextChoices):
    """How it ended."""

    OPEN = "open", _("Waiting for an answer")
    TAKEN = "taken", _("Taken")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def new_proposal_key() -> str:
    return secrets.token_hex(8)


class Proposal(models.Model):
    """A time for a meeting that everybody concerned has to agree to. It holds no slot and no table: the first yes of all wins.

    `swap_with`: the meeting whose place this one would take, and which would take this one's. `proposed_by` is None where the
    standby list made it. Each person who has to agree has a `Consent`.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=32, unique=True, default=new_proposal_key)
    kind = models.CharField(_("what"), max_length=10, choices=ProposalKind)
    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="proposals")
    swap_with = models.ForeignKey(MeetingRequest, models.CASCADE, null=True, blank=True, related_name="+")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+")
    table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("answer until"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="one_open_proposal_a_request"),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id} @ {self.slot_id}"


class Consent(models.Model):
    """What one person says to a proposal: yes, no, or nothing yet."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="consents")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="consents")
    agrees = models.BooleanField(null=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "participant"], name="one_consent_a_person")]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.agrees}"
