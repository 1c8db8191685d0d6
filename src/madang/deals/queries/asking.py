"""What a buyer's question to a seller may name: her mandates, their meetings; and the deal in which it was asked already."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from madang.catalogue.models import Title
from madang.deals.models import Deal, DealStage
from madang.mandates.models import Mandate
from madang.markets.rules import Visitor
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.meetings.rules import visible_requests
from madang.people.models import Company, Participant

TALKING = [DealStage.ASKED, DealStage.OFFER, DealStage.MEMO]
"""Stages in which two companies need no second deal about the same title."""


def open_deal(me: Participant, titles: Iterable[Title]) -> Deal | None:
    """The deal in which the participant's company talks with a title's seller about it already."""
    deals = Deal.objects.filter(licensee=me.company_id, stage__in=TALKING).select_related("edition")
    found = deals.filter(titles__in=list(titles)).order_by("pk")
    return next((deal for deal in found if deal.licensor_id in {title.company_id for title in titles}), None)


def own_mandates(me: Participant) -> QuerySet[Mandate]:
    """What the participant looks for."""
    return Mandate.objects.filter(buyer=me).select_related("buyer__company").order_by("code")


def meetings_with(user: Visitor, me: Participant, seller: Company) -> QuerySet[MeetingRequest]:
    """Accepted requests between people of the two companies that the user may see, the newest first."""
    asked = Q(sender__company=me.company_id, receiver__company=seller) | Q(
        sender__company=seller, receiver__company=me.company_id
    )
    seen = visible_requests(user, me.edition).filter(asked, status=RequestStatus.ACCEPTED)
    return seen.select_related("sender__company", "receiver__company", "title").order_by("-created_at", "-pk").distinct()


def fitting_mandate(mandates: Iterable[Mandate], title: Title) -> Mandate | None:
    """The first mandate whose format and genre are those of the title, or say nothing of it."""
    for mandate in mandates:
        if mandate.format in ("", title.format) and mandate.genre in ("", title.genre):
            return mandate
    return None
