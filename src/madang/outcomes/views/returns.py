"""Rates from asking to signing, the next edition, and what came back for what was spent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.pages import organiser_page
from madang.outcomes.actions import benefits as actions
from madang.outcomes.forms_returns import AheadForm, BenefitForm
from madang.outcomes.models import Benefit
from madang.outcomes.queries.rates import accounts_of
from madang.outcomes.queries.returns import forecasts, funnel_of, return_of
from madang.outcomes.views.rounds import OrganiserRequest

LONGEST = 18
"""Digits that every number of a row fits in."""


@require_safe
@organiser_page
def funnel(request: OrganiserRequest) -> HttpResponse:
    """From asking to signing, beside the edition before; and the next one."""
    form = AheadForm(request.GET if "buyers" in request.GET else None)
    buyers = form.cleaned_data["buyers"] if form.is_valid() else None
    context = {"tab": "funnel", "funnel": funnel_of(request.edition), "ahead": forecasts(request.edition, buyers), "form": form}
    return render(request, "outcomes/funnel.html", context)


@require_safe
@organiser_page
def returns(request: OrganiserRequest) -> HttpResponse:
    """Benefits low to high, over what it cost."""
    return render(request, "outcomes/returns.html", {"tab": "returns", "came": return_of(request.edition)})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_benefit(request: OrganiserRequest) -> HttpResponse:
    """State a benefit."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def benefit(request: OrganiserRequest, benefit: int) -> HttpResponse:
    """State it anew."""
    return _write(request, _benefit(request, benefit))


def _benefit(request: OrganiserRequest, number: int) -> Benefit:
    found = number if len(str(number)) <= LONGEST else 0
    return get_object_or_404(Benefit.objects.select_related("edition__market"), edition=request.edition, pk=found)


def _write(request: OrganiserRequest, row: Benefit | None) -> HttpResponse:
    currency = accounts_of(request.edition).currency
    form = BenefitForm(request.POST if request.method == "POST" else None, currency=currency, benefit=row)
    if form.is_valid():
        actions.state_benefit(request.user, request.edition, form.facts(), row)
        messages.success(request, _("Saved."))
        return redirect("outcomes:returns", request.edition.slug)
    context = {"tab": "returns", "form": form, "benefit": row}
    return render(request, "outcomes/benefit.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def remove(request: OrganiserRequest, benefit: int) -> HttpResponse:
    """Take it out."""
    actions.remove_benefit(request.user, _benefit(request, benefit))
    messages.success(request, _("The benefit is gone."))
    return redirect("outcomes:returns", request.edition.slug)
