"""Pages of proposed times: one of them, yes and no; the organiser's standby list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.markets.pages import organiser_page
from madang.meetings.actions import proposals as actions
from madang.meetings.live_forms import AnswerProposalForm
from madang.meetings.models import Proposal, ProposalKind, ProposalState, policy_of
from madang.meetings.queries.proposals import page_of
from madang.meetings.queries.requests import with_people
from madang.meetings.queries.standby import offers_of, standby_list
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import visible_proposals
from madang.meetings.tasks import mail_notices
from madang.meetings.views.timetable import OrganiserRequest
from madang.people.pages import SignedInRequest, signed_in_page

PAGE = 50


def _found(request: SignedInRequest, key: str) -> Proposal:
    rows = visible_proposals(request.user, request.edition)
    return get_object_or_404(rows.select_related("edition", "request", "swap_with", "slot", "proposed_by"), key=key)


@require_safe
@signed_in_page
def proposal(request: SignedInRequest, key: str) -> HttpResponse:
    """A proposed time: what would change for the reader, who has agreed, yes or no."""
    return render(request, "meetings/proposal.html", page_of(request.user, _found(request, key)))


@require_POST
@signed_in_page
def answer(request: SignedInRequest, key: str) -> HttpResponse:
    """Say yes or no."""
    found, form = _found(request, key), AnswerProposalForm(request.POST)
    if not form.is_valid():
        return render(request, "meetings/proposal.html", page_of(request.user, found), status=422)
    if not found.consents.filter(participant__user=request.user).exists():
        raise Http404
    agrees = form.cleaned_data["answer"] == "yes"
    was_open = found.state == ProposalState.OPEN
    found = actions.answer_proposal(request.user, found, agrees=agrees)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    _say(request, found, agrees=agrees, was_open=was_open)
    return redirect("meetings:proposal", request.edition.slug, key)


def _say(request: SignedInRequest, found: Proposal, *, agrees: bool, was_open: bool) -> None:
    words: dict[str, Any] = {
        ProposalState.OPEN: _("Your yes is noted. It is settled once everybody has agreed."),
        ProposalState.TAKEN: _("Agreed: it stands in the timetable."),
        ProposalState.REFUSED: _("Declined; the others are told."),
        ProposalState.LAPSED: _("This time is gone: it was taken, or too late. Propose another one."),
        ProposalState.WITHDRAWN: _("This proposal has been withdrawn."),
    }
    if agrees and found.state == ProposalState.REFUSED:
        words[ProposalState.REFUSED] = _("Somebody has said no in the meantime; nothing has changed.")
    good = was_open and (found.state in (ProposalState.OPEN, ProposalState.TAKEN) or not agrees)
    (messages.success if good else messages.info)(request, words[found.state])


@require_POST
@signed_in_page
def withdraw(request: SignedInRequest, key: str) -> HttpResponse:
    """Take back what one has proposed."""
    found = _found(request, key)
    if found.proposed_by is None or found.proposed_by.user_id != request.user.pk:
        raise Http404
    found = actions.withdraw_proposal(request.user, found)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    if found.state == ProposalState.WITHDRAWN:
        messages.success(request, _("The proposal is withdrawn."))
    else:
        messages.info(request, _("There is nothing to withdraw: it was settled in the meantime."))
    return redirect("meetings:meeting", request.edition.slug, found.request.code)


@require_safe
@organiser_page
def standby(request: OrganiserRequest) -> HttpResponse:
    """The standby list: who waits for a place, the most wanted first, and what is offered now."""
    published = published_of(request.edition)
    if published is None:
        return render(request, "meetings/standby.html", {"published": None, "tab": "standby"})
    published.edition = request.edition
    page = Paginator(with_people(standby_list(published)), PAGE).get_page(request.GET.get("page"))
    offers = offers_of(page.object_list)
    open_offers = Proposal.objects.filter(edition=request.edition, kind=ProposalKind.STANDBY, state=ProposalState.OPEN)
    context = {
        "published": published,
        "page": page,
        "rows": [(row, offers.get(row.pk)) for row in page.object_list],
        "open_offers": open_offers.count(),
        "minutes": policy_of(request.edition).standby_minutes,
        "tab": "standby",
    }
    return render(request, "meetings/standby.html", context)
