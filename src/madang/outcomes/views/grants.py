"""Grants with their conditions, and rates of currencies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.pages import organiser_page
from madang.outcomes.actions import grants as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_money import ConditionForm, GrantForm, MeetForm, RateForm, TotalsForm
from madang.outcomes.models import Condition, Grant, Rate
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.queries.rates import accounts_of
from madang.outcomes.views.budget import OrganiserRequest, delete_and_leave, form_page, row_or_404, said


def _url(request: OrganiserRequest, name: str, *args: object) -> str:
    return reverse(f"outcomes:{name}", args=[request.edition.slug, *args])


@require_safe
@organiser_page
def grants(request: OrganiserRequest) -> HttpResponse:
    """Who gives what, and what is still asked for."""
    rows = Grant.objects.filter(edition=request.edition).prefetch_related("conditions")
    today = request.edition.now().astimezone(request.edition.zone).date()
    found = [(grant, [one for one in grant.conditions.all() if one.met_at is None]) for grant in rows]
    return render(request, "outcomes/grants.html", {"tab": "grants", "rows": found, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_grant(request: OrganiserRequest) -> HttpResponse:
    """Money to come."""
    start = {"currency": accounts_of(request.edition).currency}
    form = GrantForm(said(request), instance=Grant(edition=request.edition), edition=request.edition, initial=start)
    return _save(request, form, None, {"title": _("New grant"), "cancel": _url(request, "grants")})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_grant(request: OrganiserRequest, grant: str) -> HttpResponse:
    """Other facts of it."""
    found = get_object_or_404(Grant, edition=request.edition, code=grant)
    form = GrantForm(said(request), instance=found, edition=request.edition)
    delete = {"delete_url": _url(request, "delete_grant", grant), "delete_words": _("Delete this grant and its conditions?")}
    return _save(request, form, found, {"title": found.funder, "cancel": _url(request, "grant", grant), **delete})


def _save(request: OrganiserRequest, form: GrantForm, found: Grant | None, texts: dict[str, Any]) -> HttpResponse:
    def save() -> Grant:
        return actions.save_grant(request.user, request.edition, form.facts(), found)

    return form_page(request, form, save, {"tab": "grants", **texts}, lambda row: _url(request, "grant", row.code))


@require_POST
@organiser_page
def delete_grant(request: OrganiserRequest, grant: str) -> HttpResponse:
    """Away with it, if no line names it."""
    found = get_object_or_404(Grant.objects.select_related("edition"), edition=request.edition, code=grant)
    stay = _url(request, "change_grant", grant)
    return delete_and_leave(request, lambda: actions.delete_grant(request.user, found), stay, _url(request, "grants"))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def grant(request: OrganiserRequest, grant: str) -> HttpResponse:
    """Its conditions, its budget lines, and a form for the next condition."""
    found = get_object_or_404(Grant.objects.select_related("edition"), edition=request.edition, code=grant)
    form = ConditionForm(said(request))
    if request.method == "POST" and form.is_valid():
        actions.add_condition(request.user, found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(_url(request, "grant", grant))
    budget = budget_of(request.edition)
    context = {
        "tab": "grants", "found": found, "form": form, "meet": MeetForm(auto_id=False), "budget": budget,
        "today": request.edition.now().astimezone(request.edition.zone).date(),
        "conditions": found.conditions.select_related("met_by"),
        "lines": [one for one in budget.lines.values() if one.line.grant_id == found.pk],
    }  # fmt: skip
    return render(request, "outcomes/grant.html", context, status=422 if form.errors else 200)


def _condition(request: OrganiserRequest, number: int) -> Condition:
    rows = Condition.objects.filter(grant__edition=request.edition).select_related("grant__edition")
    found: Condition = row_or_404(rows, number)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def meet_condition(request: OrganiserRequest, condition: int) -> HttpResponse:
    """It was met, and this shows it."""
    found, form = _condition(request, condition), MeetForm(said(request))
    back = _url(request, "grant", found.grant.code)
    texts = {"tab": "grants", "title": _("Condition met"), "lead": found.text, "submit": _("It is met")}
    return form_page(
        request, form, lambda: actions.meet_condition(request.user, found, form.cleaned_data["evidence"]), texts, back
    )


@require_POST
@organiser_page
def reopen_condition(request: OrganiserRequest, condition: int) -> HttpResponse:
    """It was not met after all."""
    found = _condition(request, condition)
    actions.reopen_condition(request.user, found)
    messages.success(request, _("It is open again."))
    return redirect(_url(request, "grant", found.grant.code))


@require_POST
@organiser_page
def delete_condition(request: OrganiserRequest, condition: int) -> HttpResponse:
    """Away with a condition that was not met."""
    found = _condition(request, condition)
    back = _url(request, "grant", found.grant.code)
    return delete_and_leave(request, lambda: actions.delete_condition(request.user, found), back, back)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def rates(request: OrganiserRequest) -> HttpResponse:
    """What foreign currencies were worth, by day, and who says so; the currency of the totals."""
    accounts = accounts_of(request.edition)
    is_totals = "totals" in request.POST
    form = RateForm(said(request) if not is_totals else None)
    totals = TotalsForm(request.POST if is_totals else None, initial={"currency": accounts.currency}, prefix="of")
    sent = totals if is_totals else form
    if request.method == "POST" and sent.is_valid():
        try:
            if is_totals:
                actions.choose_totals(request.user, request.edition, totals.cleaned_data["currency"])
            else:
                actions.save_rate(request.user, request.edition, **form.cleaned_data)
        except Refused as refused:
            sent.add_error("currency", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(_url(request, "rates"))
    rows = Rate.objects.filter(edition=request.edition)
    context = {"tab": "rates", "form": form, "totals": totals, "rows": rows, "currency": accounts.currency}
    return render(request, "outcomes/rates.html", context, status=422 if sent.errors else 200)


@require_POST
@organiser_page
def delete_rate(request: OrganiserRequest, rate: int) -> HttpResponse:
    """Away with a rate."""
    found = row_or_404(Rate.objects.filter(edition=request.edition).select_related("edition"), rate)
    back = _url(request, "rates")
    return delete_and_leave(request, lambda: actions.delete_rate(request.user, found), back, back)
