"""Tables to take along: the roster, and what a round brought."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from madang.kit.tables import table_file
from madang.markets.pages import organiser_page
from madang.outcomes.models import Round
from madang.outcomes.queries import roster_tables, round_tables
from madang.outcomes.queries.staffing import roster_of
from madang.outcomes.views.rounds import OrganiserRequest


@require_safe
@organiser_page
def roster(request: OrganiserRequest, roster_table: str, ending: str) -> HttpResponse:
    """By day, by person or by shift."""
    made = roster_tables.TABLES.get(roster_table)
    if made is None:
        raise Http404
    return table_file(f"{request.edition.slug}-roster-{roster_table}", ending, *made(roster_of(request.edition)))


@require_safe
@organiser_page
def round_table(request: OrganiserRequest, months: int, round_table: str, ending: str) -> HttpResponse:
    """Answers, or everybody who was asked, without names."""
    made = round_tables.TABLES.get(round_table)
    found = get_object_or_404(Round.objects.select_related("edition"), edition=request.edition, months=min(months, 32767))
    if made is None:
        raise Http404
    return table_file(f"{request.edition.slug}-{found.months}-months-{round_table}", ending, *made(found))
