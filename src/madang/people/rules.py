"""Who sees companies and participants."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.people.models import Company, Notice, Participant

PROFESSIONAL = Q(is_buyer=True) | Q(is_seller=True) | Q(is_creator=True)
"""Participants who do business; jurors, press and guests are not shown to them."""


def participant_of(user: Visitor, edition: Edition) -> Participant | None:
    """What the user is at this edition, with her company."""
    if not user.is_authenticated:
        return None
    mine = Participant.objects.filter(edition=edition, user=user)
    return mine.select_related("company", "edition").first()


def is_professional(participant: Participant | None) -> bool:
    return participant is not None and (participant.is_buyer or participant.is_seller or participant.is_creator)


def visible_participants(user: Visitor, edition: Edition) -> QuerySet[Participant]:
    """Organisers see everyone; people who do business see each other once registration has begun; each sees herself."""
    everyone = Participant.objects.filter(edition=edition).select_related("company", "edition")
    if may_organise(user, edition):
        return everyone
    me = participant_of(user, edition)
    if me is None:
        return everyone.none()
    if not is_professional(me) or edition.stage == Stage.PREPARATION:
        return everyone.filter(pk=me.pk)
    return everyone.filter(PROFESSIONAL | Q(pk=me.pk))


def visible_companies(user: Visitor, edition: Edition) -> QuerySet[Company]:
    """All of the edition's companies for organisers and for people who do business there; none for the public."""
    companies = Company.objects.filter(edition=edition).select_related("edition", "booth")
    if may_organise(user, edition) or is_professional(participant_of(user, edition)):
        return companies
    return companies.none()


def visible_notices(user: Visitor, edition: Edition) -> QuerySet[Notice]:
    """One's own."""
    if not user.is_authenticated:
        return Notice.objects.none()
    return Notice.objects.filter(edition=edition, recipient__user=user)
