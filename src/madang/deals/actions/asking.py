"""A buyer asks for terms: the beginning of a deal."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.codes import next_deal_code
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Deal
from madang.deals.queries.asking import meetings_with, open_deal, own_mandates
from madang.deals.queries.people import people_of
from madang.deals.rules import askable_titles, dealer_of
from madang.mandates.models import Mandate
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.models import MeetingRequest
from madang.people.actions import notify_many
from madang.people.models import Company, Participant
from madang.people.notices import person_facts


class AlreadyAsked(DealRefused):
    """The two companies negotiate one of the titles already; `deal` is where."""

    def __init__(self, deal: Deal) -> None:
        super().__init__(_("Your company and the seller are talking about this title already."))
        self.deal = deal


def ask_terms(
    actor: User,
    edition: Edition,
    titles: Sequence[Title],
    *,
    ask: str,
    mandate: Mandate | None = None,
    request: MeetingRequest | None = None,
) -> Deal:
    """Open a deal about titles of one seller and tell her people. `request`: the meeting it came from.

    Raises PermissionDenied for titles that the actor may not ask for (or a mandate or meeting that is not hers), DealRefused for
    titles of several sellers or no words, and AlreadyAsked while the two companies have an open deal about one of the titles.
    """
    with transaction.atomic():
        edition = lock_edition(edition)
        me = dealer_of(actor, edition)
        wanted = list(askable_titles(actor, edition).filter(pk__in=[title.pk for title in titles]).order_by("pk"))
        if me is None or not wanted or len(wanted) != len({title.pk for title in titles}):
            raise PermissionDenied
        seller = _checked(actor, me, wanted, ask, mandate, request)
        deal = Deal.objects.create(
            edition=edition,
            code=next_deal_code(edition),
            licensor=seller,
            licensee=me.company,
            request=request,
            mandate=mandate,
            opened_by=me,
            ask=ask.strip(),
            created_at=edition.now(),
        )
        deal.titles.set(wanted)
        record(edition, actor, "ask_terms", deal.code, titles=[title.code for title in wanted])
        _tell(deal, me, wanted)
    return deal


def _checked(
    actor: User, me: Participant, titles: list[Title], ask: str, mandate: Mandate | None, request: MeetingRequest | None
) -> Company:
    """The one seller of the titles, if nothing stands against the question."""
    seller = titles[0].company
    if seller is None or any(title.company_id != seller.pk for title in titles):
        raise DealRefused(_("These titles have several sellers: ask each of them."))
    if not ask.strip():
        raise DealRefused(_("Say what you would like to know."))
    if mandate and not own_mandates(me).filter(pk=mandate.pk).exists():
        raise PermissionDenied
    if request and not meetings_with(actor, me, seller).filter(pk=request.pk).exists():
        raise PermissionDenied
    if deal := open_deal(me, titles):
        raise AlreadyAsked(deal)
    return seller


def _tell(deal: Deal, me: Participant, titles: list[Title]) -> None:
    """Everybody who was at the meeting that it came from, else all who do business for the seller."""
    name = titles[0].name or titles[0].name_original or titles[0].name_ko
    rest = f" +{len(titles) - 1}" if len(titles) > 1 else ""
    data = {"deal": deal.code, "what": f"{name}{rest}"} | person_facts(me)
    if titles[0].name_ko:
        data["what_ko"] = f"{titles[0].name_ko}{rest}"
    notify_many((person, "deal_asked", deal.code, data) for person in people_of(deal, [deal.licensor_id]))
