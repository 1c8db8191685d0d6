"""The map of what is free over time: several titles, or one title by its media."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.catalogue.models import Title
from madang.catalogue.queries import BY_NAME, TITLE_COLUMNS
from madang.deals.forms_free import HeatForm, asked, usual_question
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries.free import market_book
from madang.deals.queries.heat import (
    ACROSS,
    HIGH,
    LABEL,
    SHADES,
    TOP,
    Asked,
    charts_of_media,
    charts_of_titles,
    row_codes,
    ticks_of,
)
from madang.deals.rules import answered_titles
from madang.kit.search import matching

PAGE = 4
"""Charts of a page: each is a dozen rows, and a phone shows one below the other."""


@require_safe
@dealer_page
def heat(request: DealerRequest) -> HttpResponse:
    """A chart a title, a page at a time; of one title (`title`) a chart for each of its media."""
    everything = answered_titles(request.user, request.edition)
    one = everything.filter(code=request.GET.get("title", "")[:40]).first()
    usual = usual_question("", request.edition.now().date()) | ({"media": "ALL"} if one else {})
    form = HeatForm(asked(request.GET, usual))
    titles = matching(everything.filter(part_of=None), request.GET.get("q", "")[:200], TITLE_COLUMNS)
    if not request.participant.is_buyer:
        titles = titles.filter(company=request.company)
    page = Paginator(titles.order_by(*BY_NAME), PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "form": form,
        "one": one,
        "page": None if one else page,
        "query_words": request.GET.get("q", "")[:200],
        "shades": [(shade, sign, words) for shade, (sign, words) in SHADES.items()],
        "size": {"label": LABEL, "across": ACROSS, "high": HIGH, "top": TOP, "wide": LABEL + ACROSS},
    }
    if form.is_valid():
        context |= _charts(request, form, one, list(page.object_list))
    return render(request, "deals/heat.html", context, status=422 if form.errors else 200)


def _charts(request: DealerRequest, form: HeatForm, one: Title | None, titles: list[Title]) -> dict[str, object]:
    said = form.cleaned_data
    territories = said["territories"][1] if said["territories"][0] else None
    start, end = said["start"].toordinal(), said["end"].toordinal() + 1
    shown = Asked(row_codes(territories), said["media"][1], start, end)
    buyer = request.company if request.participant.is_buyer else None
    if one:
        charts = charts_of_media(market_book([one]), one, shown, buyer if one.company_id != request.company.pk else None)
    else:
        charts = charts_of_titles(market_book(titles), titles, shown, buyer)
    return {"charts": charts, "ticks": ticks_of(shown), "first": dt.date.fromordinal(start), "last": said["end"]}
