"""Figures on the organiser's desk: every measure in its three columns, the rows beneath, and the evidence of each row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from madang.markets.pages import organiser_page
from madang.outcomes.actions import goals as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_goals import ComposedForm
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.measures.face import Figure, Measure, Row
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, reading_once
from madang.outcomes.measures.words import COLUMNS, UNITS, country_label, fact_label, said, text_label
from madang.outcomes.models import ComposedMeasure
from madang.outcomes.queries.evidence import EVIDENCE, evidence_of
from madang.outcomes.queries.figures import choices_of, chosen_rows, told, told_measures
from madang.outcomes.queries.goals import measure_standings
from madang.outcomes.views.goals import OrganiserRequest

PAGE = 50
PARTS = {NUMERATOR: gettext_lazy("above the line"), DENOMINATOR: gettext_lazy("below the line"), "": ""}
COUNTRIES = ("country", "other_country")
"""Facts with a column of their own."""
BRIEF = {
    "day", "sender", "receiver", "event", "allotment", "deal", "meeting", "meetings", "stated_by", "waits_for", "licensor",
    "licensee", "state", "people", "seen", "held", "one_sided", "company", "outcome",
}  # fmt: skip
"""Facts that a list of rows has room for; a row's own page has all of them."""
KINDS = {
    "meeting": gettext_lazy("Meeting"),
    "value": gettext_lazy("Value"),
    "document": gettext_lazy("Document"),
    "title": gettext_lazy("Title"),
    "pair": gettext_lazy("Pair"),
    "company": gettext_lazy("Company"),
    "participant": gettext_lazy("Person"),
    "country": gettext_lazy("Country"),
    "event": gettext_lazy("Event"),
}
"""What a row is, for the reader; others by their own name."""


@require_safe
@organiser_page
def figures(request: OrganiserRequest) -> HttpResponse:
    """Every measure."""
    found = told_measures(request.edition)
    context = {"known": [one for one in found if not one.missing], "missing": [one for one in found if one.missing]}
    return render(request, "outcomes/figures.html", context)


@require_safe
@organiser_page
def figure(request: OrganiserRequest, measure: str) -> HttpResponse:
    """A measure: its words, its numbers, its rows; narrowed by column, currency and the facts that it offers."""
    one = _measure(request, measure)
    with reading_once():
        found = told(request.edition, one)
        standings = measure_standings(request.edition, one.code)
    plain = [shown.figure for shown in found.figures]
    column = request.GET.get("column", "")
    column = column if column in COLUMNS else ""
    currencies = [figure.currency for figure in plain if figure.currency]
    currency = request.GET.get("currency", "") if request.GET.get("currency", "") in currencies else ""
    filters = {name: request.GET.get(name, "")[:200] for name in one.filters}
    rows = chosen_rows(plain, column, currency, filters)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "told": found, "alone": [found], "unit": UNITS[one.unit], "page": page,
        "rows": [_line(figure, row) for figure, row in page],
        "choices": choices_of(plain, one.filters), "filters": filters, "column": column, "columns": list(COLUMNS.items()),
        "currency": currency, "currencies": currencies, "total": sum(len(figure.rows) for figure in plain),
        "standings": standings, "is_own": one.code not in CATALOGUE,
    }  # fmt: skip
    return render(request, "outcomes/figure.html", context)


def _measure(request: OrganiserRequest, code: str) -> Measure:
    found = measures_of(request.edition).get(code)
    if found is None:
        raise Http404
    return found


def _line(figure: Figure, row: Row) -> dict[str, Any]:
    """A row for the page."""
    unit = figure.unit if not row.part else "count"
    return {
        "row": row,
        "name": row_name(row),
        "countries": " → ".join(country_label(row.facts[name]) for name in COUNTRIES if row.facts.get(name)),
        "column": COLUMNS[row.column],
        "amount": said(row.amount, unit, figure.currency),
        "part": str(PARTS.get(row.part, "")),
        "brief": [(fact_label(name), text_label(name, text)) for name, text in row.facts.items() if name in BRIEF],
    }


def row_name(row: Row) -> str:
    """What a row is and its code."""
    if row.kind == "country":
        return country_label(row.key)
    return f"{KINDS.get(row.kind) or fact_label(row.kind)} {row.key.replace('|', ' · ')}"


@require_safe
@organiser_page
def row(request: OrganiserRequest, measure: str) -> HttpResponse:
    """One row and what stands behind it: who confirmed it, when, which document."""
    one = _measure(request, measure)
    kind, key = request.GET.get("kind", "")[:40], request.GET.get("key", "")[:200]
    found = [
        (figure, row) for figure in one.compute(request.edition) for row in figure.rows if (row.kind, row.key) == (kind, key)
    ]
    if not found:
        raise Http404
    evidence = evidence_of(request.user, request.edition, kind, key)
    context = {
        "measure": one,
        "lines": [_line(figure, row) for figure, row in found],
        "facts": [(fact_label(name), text_label(name, text)) for name, text in found[0][1].facts.items()],
        "evidence": evidence,
        "has_kind": kind in EVIDENCE,
        "name": evidence.name if evidence else row_name(found[0][1]),
    }
    return render(request, "outcomes/figure_row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def compose(request: OrganiserRequest) -> HttpResponse:
    """A new measure of others."""
    return _compose(request, ComposedMeasure(edition=request.edition))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def recompose(request: OrganiserRequest, measure: str) -> HttpResponse:
    """The next version of a composed measure; targets and reports keep theirs."""
    rows = ComposedMeasure.objects.filter(edition=request.edition, code=measure).select_related("edition")
    newest = rows.order_by("-version").first()
    return _compose(request, newest or get_object_or_404(rows))


def _compose(request: OrganiserRequest, found: ComposedMeasure) -> HttpResponse:
    is_new = found.pk is None
    form = ComposedForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        try:
            made = actions.compose_measure(request.user, form.instance)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Version %(version)s of the measure is saved.") % {"version": made.version})
            return redirect("outcomes:figure", request.edition.slug, made.code)
    context = {"form": form, "measure": None if is_new else found}
    return render(request, "outcomes/figure_compose.html", context, status=422 if form.is_bound else 200)
