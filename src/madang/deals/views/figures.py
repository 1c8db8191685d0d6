"""Figures of values for the organiser: by stage and currency, each number down to its rows, and to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.deals.actions import values as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_values import EstimateForm
from madang.deals.models import Deal, Value, ValueStage
from madang.deals.queries.values import Certainty, Stated, edition_values, figures_of, meeting_of, meeting_outcomes
from madang.deals.queries.values_panel import chosen
from madang.kit.tables import Cell, table_file
from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings.models import MeetingRequest

PAGE = 50


@require_safe
@organiser_page
def figures(request: EditionRequest) -> HttpResponse:
    """By stage and currency: confirmed, one-sided, disputed, estimated."""
    rows = figures_of(edition_values(request.edition))
    widest = {currency: max(f.most for f in rows if f.currency == currency) for currency in {f.currency for f in rows}}
    stages = [(stage, [(f, widest[f.currency]) for f in rows if f.stage == stage]) for stage in ValueStage]
    context = {"stages": [pair for pair in stages if pair[1]], "certainties": list(Certainty)}
    return render(request, "deals/figures.html", context)


@require_safe
@organiser_page
def rows(request: EditionRequest) -> HttpResponse:
    """The rows behind a number: who confirmed what and when, with which evidence, from which meeting."""
    found, words = _chosen(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    outcomes = meeting_outcomes(request.edition, page.object_list)
    context = {
        "page": page,
        "rows": [(one, *meeting_of(request.edition, one, outcomes)) for one in page],
        "words": words,
    }
    return render(request, "deals/figure_rows.html", context)


@require_safe
@organiser_page
def table(request: EditionRequest, ending: str) -> HttpResponse:
    """The same rows as a CSV file or an Excel workbook."""
    found, _words = _chosen(request)
    outcomes = meeting_outcomes(request.edition, found)
    body = [_cells(one, outcomes, request.edition.zone) for one in found]
    return table_file(f"{request.edition.slug}-values", ending, _head(), body, _("Values"))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def estimate_meeting(request: EditionRequest, code: str) -> HttpResponse:
    """What the organiser thinks a meeting is worth."""
    found = get_object_or_404(MeetingRequest, edition=request.edition, code=code)
    return _estimate(request, found, reverse("meetings:meeting", args=[request.edition.slug, code]))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def estimate_deal(request: EditionRequest, code: str) -> HttpResponse:
    """What the organiser thinks a deal is worth of which something was stated."""
    found = get_object_or_404(Deal.objects.filter(edition=request.edition, values__isnull=False).distinct(), code=code)
    return _estimate(request, found, reverse("deals:figure_rows", args=[request.edition.slug]) + f"?deal={found.code}")


@require_POST
@organiser_page
def drop_estimate(request: EditionRequest, number: int) -> HttpResponse:
    """Take an estimate back."""
    if number > 2**62:
        raise Http404
    found = get_object_or_404(Value, edition=request.edition, company=None, pk=number)
    try:
        actions.drop_estimate(cast(User, request.user), found)
    except DealRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("deals:value", request.edition.slug, found.pk)


def _estimate(request: EditionRequest, thing: Deal | MeetingRequest, back: str) -> HttpResponse:
    form = EstimateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.estimate_value(cast(User, request.user), thing, **form.cleaned_data)
        messages.success(request, _("The estimate is noted."))
        return redirect("deals:value", request.edition.slug, made.pk)
    context = {"form": form, "thing": thing, "back": back}
    return render(request, "deals/estimate.html", context, status=422 if request.method == "POST" else 200)


def _chosen(request: EditionRequest) -> tuple[list[Stated], list[str]]:
    """The rows that the address asks for, and what it asks for in words."""
    stage, certainty = request.GET.get("stage", ""), request.GET.get("certainty", "")
    stage, certainty = stage if stage in ValueStage else "", certainty if certainty in Certainty else ""
    currency, deal = request.GET.get("currency", "")[:3], request.GET.get("deal", "")[:40]
    found = chosen(edition_values(request.edition), stage, currency, certainty)
    found = [one for one in found if not deal or (one.row.deal and one.row.deal.code == deal)]
    words = [str(ValueStage(stage).label) if stage else "", currency, str(Certainty(certainty).label) if certainty else "", deal]
    return found, [word for word in words if word]


def _head() -> Sequence[str]:
    return [
        _("Stage"), _("Currency"), _("Amount"), _("How sure"), _("Deal"), _("Parties"), _("Stated by"), _("Stated on"),
        _("Confirmed by"), _("Disputed by"), _("Waits for"), _("Evidence"), _("Meeting"), _("Meeting held"), _("Note"),
    ]  # fmt: skip


def _cells(one: Stated, outcomes: dict[int, str], zone: dt.tzinfo) -> list[Cell]:
    """A row of the table; days are those at the venue."""
    row = one.row
    meeting, outcome = meeting_of(row.edition, one, outcomes)
    said = [(party, party.said) for party in one.parties if party.said]
    words = [(f"{party.name} ({what.at.astimezone(zone).date()})", what.disputes) for party, what in said]
    return [
        str(ValueStage(row.stage).label), row.currency, row.amount, str(one.certainty.label), row.deal.code if row.deal else "",
        ", ".join(party.name for party in one.parties), str(row.company or ""), row.stated_at.astimezone(zone).date(),
        "; ".join(text for text, disputes in words if not disputes), "; ".join(text for text, disputes in words if disputes),
        ", ".join(party.name for party in one.waits_for),
        "; ".join(item.reference or f"{item.file_name} (SHA-256 {item.digest})" for item in one.evidence),
        meeting.code if meeting else "", outcome, row.note,
    ]  # fmt: skip
