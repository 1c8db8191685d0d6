"""The organiser's live board, and how many meetings were held."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.markets.models import Hall
from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings.queries.board import board_of
from madang.meetings.queries.followups import follow_up_counts
from madang.meetings.queries.held import OUTCOME_WORDS, held_by_day, held_figures


@require_safe
@organiser_page
def board(request: EditionRequest) -> HttpResponse:
    """Now and next by table; `?screen=1` for a projector, `?hall=` for one hall. htmx asks for the moving part alone."""
    screen, hall = request.GET.get("screen") == "1", request.GET.get("hall", "")
    if not Hall.objects.filter(edition=request.edition, code=hall).exists():
        hall = ""
    context = {
        "board": board_of(request.edition, hall, is_public=screen),
        "hall": hall,
        "screen": screen,
        "frame": "meetings/board_screen.html" if screen else "base.html",
    }
    template = "meetings/board_live.html" if request.htmx else "meetings/board.html"
    return render(request, template, context)


@require_safe
@organiser_page
def figures(request: EditionRequest) -> HttpResponse:
    """Held, one-sided, not held and why; what came of it, in numbers alone."""
    days = held_by_day(request.edition)
    context = {
        "figures": held_figures(request.edition),
        "outcomes": OUTCOME_WORDS.items(),
        "days": [(day, [(words, n[key]) for key, words in OUTCOME_WORDS.items()], n["over"]) for day, n in days],
        "counts": follow_up_counts(request.edition),
    }
    return render(request, "meetings/held_figures.html", context)
