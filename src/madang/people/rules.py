"""Who sees companies and participants."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise, remembered
from madang.people.models import Block, Company, Introduction, Letter, Notice, Participant, SeenBy

PROFESSIONAL = Q(is_buyer=True) | Q(is_seller=True) | Q(is_creator=True)
"""Participants who do business; jurors, press and guests are not shown to them."""


def participant_of(user: Visitor, edition: Edition) -> Participant | None:
    """What the user is at this edition, with her company."""
    if not user.is_authenticated:
        return None
    everyone = Participant.objects.select_related("company", "edition")
    return remembered(lambda: everyone.filter(edition=edition, user=user).first(), "participant", user.pk, edition.pk)


def is_professional(participant: Participant | None) -> bool:
    return participant is not None and (participant.is_buyer or participant.is_seller or participant.is_creator)


def blocks_company(me: Participant | None, company_id: int | None) -> bool:
    """Whether she wants nothing to do with that company."""
    return me is not None and Block.objects.filter(participant=me, company=company_id).exists()


def blocked_companies(me: Participant) -> QuerySet[Company]:
    """Companies with whose people she does no business here: those that she blocked, and those in which somebody blocked hers."""
    hers = Block.objects.filter(participant=me, company=OuterRef("pk"))
    theirs = Block.objects.filter(participant__company=OuterRef("pk"), company=me.company_id)
    is_blocked = Exists(hers) | Exists(theirs) if me.company_id else Exists(hers)
    return Company.objects.filter(is_blocked, edition=me.edition_id).order_by()


def visible_participants(user: Visitor, edition: Edition) -> QuerySet[Participant]:
    """Organisers see everyone; people who do business see each other once registration has begun; each sees herself.

    Whoever hides is seen by those she was introduced to; whoever blocked the user's company, or dropped out, is not seen at all.
    """
    everyone = Participant.objects.filter(edition=edition).select_related("company", "edition")
    if may_organise(user, edition):
        return everyone
    me = participant_of(user, edition)
    if me is None:
        return everyone.none()
    if not is_professional(me) or edition.stage == Stage.PREPARATION:
        return everyone.filter(pk=me.pk)
    known = Q(seen_by=SeenBy.EVERYONE) | Exists(Introduction.objects.filter(hidden=OuterRef("pk"), to=me))
    blocks = Exists(Block.objects.filter(participant=OuterRef("pk"), company=me.company_id))
    return everyone.filter((PROFESSIONAL & Q(left_at=None) & known & ~blocks) | Q(pk=me.pk))


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
    return Notice.objects.filter(recipient__edition=edition, recipient__user=user)  # by way of the recipient: few rows


def visible_letters(user: Visitor, edition: Edition) -> QuerySet[Letter]:
    """For organisers, without what they say."""
    letters = Letter.objects.filter(edition=edition).select_related("recipient__user", "recipient__edition", "edition")
    return letters if may_organise(user, edition) else letters.none()
