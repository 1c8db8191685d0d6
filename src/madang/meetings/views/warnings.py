"""What would make meetings fail: the organiser's list, from day one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings.queries.warnings import KINDS, warning_counts, warning_rows, warnings_of

PAGE = 50


@require_safe
@organiser_page
def warnings(request: EditionRequest) -> HttpResponse:
    """Warnings of one kind; the first kind of which there are any where none is chosen."""
    counts = warning_counts(request.edition)
    first = next((kind for kind in KINDS if counts[kind]), next(iter(KINDS)))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else first
    page = Paginator(warnings_of(request.edition, kind), PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "kinds": [(name, words, counts[name]) for name, words in KINDS.items()],
        "total": sum(counts.values()),
        "page": page,
        "rows": warning_rows(request.edition, kind, page),
    }
    return render(request, "meetings/warnings.html", context)
