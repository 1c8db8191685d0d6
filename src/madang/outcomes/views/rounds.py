"""Rounds on the organiser's desk: their days, how many answered, and what they said side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, organiser_page
from madang.outcomes.actions import rounds as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_rounds import RoundForm
from madang.outcomes.models import Asked, Came, Round
from madang.outcomes.queries import clock
from madang.outcomes.queries.rounds import LED_ON, pairs_of, said_of_meetings, satisfaction_of, share_owed, tallies

PAGE = 50


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


@require_safe
@organiser_page
def rounds(request: OrganiserRequest) -> HttpResponse:
    """Every round: its days, how many were asked and answered."""
    context = {"tab": "rounds", "tallies": tallies(request.edition)}
    return render(request, "outcomes/rounds.html", context)


@require_POST
@organiser_page
def plan(request: OrganiserRequest) -> HttpResponse:
    """The usual four rounds."""
    new = actions.plan_rounds(request.user, request.edition)
    text = ngettext("%(n)s round is planned.", "%(n)s rounds are planned.", new) % {"n": new}
    messages.success(request, text if new else _("The usual rounds are there already, or their time is over."))
    return redirect("outcomes:rounds", request.edition.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def round_page(request: OrganiserRequest, months: int) -> HttpResponse:
    """One round: its figures with what the silent leave open, and both sides of each answer."""
    rows = Round.objects.select_related("edition__market")
    found = get_object_or_404(rows, edition=request.edition, months=min(months, 32767))
    form = RoundForm(request.POST if request.method == "POST" else None, asking=found)
    if form.is_valid():
        try:
            actions.change_round(request.user, found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("outcomes:round", request.edition.slug, months)
    pairs = pairs_of(found)
    share, shares = share_owed(found)
    words = (
        Asked.objects.filter(round=found).exclude(words="").select_related("participant__company").order_by("-answered_at", "pk")
    )
    context = {
        "tab": "rounds",
        "round": found,
        "form": form,
        "tally": next(one for one in tallies(request.edition) if one.round.pk == found.pk),
        "led_on": said_of_meetings(found, pairs, LED_ON),
        "signed": said_of_meetings(found, pairs, (Came.SIGNED,)),
        "satisfaction": satisfaction_of(found),
        "share": share,
        "shares": shares,
        "differing": sum(pair.differs for pair in pairs),
        "page": Paginator(pairs, PAGE).get_page(request.GET.get("page")),
        "words": words[:PAGE],
    }
    return render(request, "outcomes/round.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def deal_clock(request: OrganiserRequest) -> HttpResponse:
    """What the editions of the market have brought by age."""
    dials, told = clock.dials(request.edition), clock.told_dial(request.edition)
    highs = [hand.come.high for dial in (*dials, told) for hand in dial.hands if hand.come]
    context = {"tab": "clock", "dials": dials, "told": told, "widest": max(highs, default=1.0)}
    return render(request, "outcomes/clock.html", context)
