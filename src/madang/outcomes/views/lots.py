"""Lotteries on the organiser's desk, and the public page on which anybody checks a draw."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.pages import EditionRequest, edition_page, organiser_page
from madang.outcomes.actions import lots as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_lots import LotteryForm, OutcomesForm
from madang.outcomes.models import Lottery
from madang.outcomes.queries.lots import lotteries_of, proof_facts, proof_of, public_lotteries, worth_of
from madang.outcomes.views.rounds import OrganiserRequest


def _lottery(request: OrganiserRequest, lottery: str) -> Lottery:
    return get_object_or_404(Lottery.objects.select_related("edition__market"), edition=request.edition, code=lottery)


@require_safe
@organiser_page
def lotteries(request: OrganiserRequest) -> HttpResponse:
    """Every lottery of the edition."""
    return render(request, "outcomes/lotteries.html", {"tab": "lots", "rows": lotteries_of(request.edition)})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_lottery(request: OrganiserRequest) -> HttpResponse:
    """Open a lottery."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_lottery(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """Change a list that is open."""
    found = _lottery(request, lottery)
    if found.closed_at:
        return redirect("outcomes:lottery", request.edition.slug, lottery)
    return _write(request, found)


def _write(request: OrganiserRequest, lottery: Lottery | None) -> HttpResponse:
    form = LotteryForm(request.POST if request.method == "POST" else None, lottery=lottery)
    if form.is_valid():
        candidates = form.cleaned_data["candidates"]
        try:
            saved = actions.save_lottery(request.user, request.edition, form.facts(), candidates, lottery)
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("Saved. The list is open until you close it."))
            return redirect("outcomes:lottery", request.edition.slug, saved.code)
    context = {"tab": "lots", "form": form, "lottery": lottery}
    return render(request, "outcomes/lottery_form.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def lottery(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """One lottery, with the next step, and what a place was worth."""
    return _page(request, _lottery(request, lottery), None)


def _page(request: OrganiserRequest, found: Lottery, form: OutcomesForm | None) -> HttpResponse:
    proof = proof_of(found)
    worth, why = worth_of(proof)
    shown = form or (OutcomesForm(lottery=found) if found.drawn_at else None)
    context = {"tab": "lots", "lottery": found, "proof": proof, "worth": worth, "why": why, "form": shown}
    return render(request, "outcomes/lottery.html", context, status=422 if shown and shown.errors else 200)


def _act(request: OrganiserRequest, lottery: str, act: Callable[..., object], done: str) -> HttpResponse:
    try:
        act(request.user, _lottery(request, lottery))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("outcomes:lottery", request.edition.slug, lottery)


@require_POST
@organiser_page
def commit(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """Close the list and publish the commitment."""
    return _act(request, lottery, actions.commit_lottery, _("The list is closed. Its page is public: tell those who are in it."))


@require_POST
@organiser_page
def draw(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """Draw, once."""
    return _act(request, lottery, actions.draw_lottery, _("Drawn. Anybody can check it on the public page."))


@require_POST
@organiser_page
def discard(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """Throw away a list that was never closed."""
    try:
        actions.discard_lottery(request.user, _lottery(request, lottery))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("outcomes:lottery", request.edition.slug, lottery)
    messages.success(request, _("The lottery is gone."))
    return redirect("outcomes:lotteries", request.edition.slug)


@require_POST
@organiser_page
def outcomes(request: OrganiserRequest, lottery: str) -> HttpResponse:
    """What was counted afterwards."""
    found = _lottery(request, lottery)
    form = OutcomesForm(request.POST, lottery=found)
    if not form.is_valid() or not found.drawn_at:
        return _page(request, found, form)
    known = actions.enter_outcomes(request.user, found, form.cleaned_data["outcomes"])
    text = ngettext("%(n)s candidate has a number.", "%(n)s candidates have a number.", known) % {"n": known}
    messages.success(request, text)
    return redirect("outcomes:lottery", request.edition.slug, lottery)


@require_safe
@edition_page
def proof(request: EditionRequest, lottery: str) -> HttpResponse:
    """The public page of a lottery: commitment, list, seed, numbers, and how to check them."""
    found = get_object_or_404(public_lotteries(request.edition), code=lottery)
    return render(request, "outcomes/lottery_proof.html", {"lottery": found, "proof": proof_of(found)})


@require_safe
@edition_page
def proof_file(request: EditionRequest, lottery: str) -> HttpResponse:
    """The same for programs."""
    found = get_object_or_404(public_lotteries(request.edition), code=lottery)
    return JsonResponse(proof_facts(proof_of(found)), json_dumps_params={"indent": 1})
