"""Who computes proposed meetings, and who sees which suggestion: each side only what it may know of the other."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.accounts.models import User
from madang.mandates.models import Visibility
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.matching.models import ProposeRun, Suggestion, SuggestionState
from madang.people.models import Block
from madang.people.rules import participant_of, visible_participants

SELLS = Q(is_seller=True) | Q(is_creator=True)
"""Who stands for a company's titles."""


def may_propose(user: Visitor, edition: Edition) -> bool:
    """Turn the dials, compute, show to both sides: the organisers."""
    return may_organise(user, edition)


def guard(actor: User | None, edition: Edition) -> None:
    """Raise PermissionDenied unless the actor may propose meetings. None is the command line on the server itself."""
    if actor is not None and not may_propose(actor, edition):
        raise PermissionDenied


def visible_runs(user: Visitor, edition: Edition) -> QuerySet[ProposeRun]:
    """The organisers' own."""
    runs = ProposeRun.objects.filter(edition=edition)
    return runs if may_propose(user, edition) else runs.none()


def suggestions_to_buyer(user: Visitor, edition: Edition) -> QuerySet[Suggestion]:
    """What is suggested to the user as a buyer, as long as somebody of the seller's company is there whom she may meet."""
    me, shown = participant_of(user, edition), _shown(edition)
    if me is None or me.left_at:
        return shown.none()
    sellers = visible_participants(user, edition).filter(SELLS, left_at=None, company=OuterRef("title__company"))
    blocked = Block.objects.filter(participant=me).values("company")
    return shown.filter(Exists(sellers), buyer=me).exclude(title__company__in=blocked)


def suggestions_to_seller(user: Visitor, edition: Edition) -> QuerySet[Suggestion]:
    """What is suggested for the titles of the user's company. A buyer whom she does not find is told alone, and so is one
    whose mandate is hidden by now, or deleted: nothing tells any more whether it was hidden."""
    me, shown = participant_of(user, edition), _shown(edition)
    if me is None or me.left_at or me.company_id is None or not (me.is_seller or me.is_creator):
        return shown.none()
    found = visible_participants(user, edition).filter(left_at=None)
    blocked = Block.objects.filter(participant=me).values("company")
    known = shown.filter(title__company=me.company_id, buyer__in=found.values("pk"), mandate__isnull=False)
    return known.exclude(mandate__visibility=Visibility.HIDDEN).exclude(buyer__company__in=blocked)


def visible_suggestions(user: Visitor, edition: Edition) -> QuerySet[Suggestion]:
    """The user's own, on either side."""
    mine = [side(user, edition).values("pk") for side in (suggestions_to_buyer, suggestions_to_seller)]
    return Suggestion.objects.filter(Q(pk__in=mine[0]) | Q(pk__in=mine[1]))


def _shown(edition: Edition) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(
        run__edition=edition, state=SuggestionState.SHOWN, title__is_withdrawn=False, buyer__left_at=None
    )
