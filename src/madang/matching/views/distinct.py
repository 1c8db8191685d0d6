"""What sets a title apart, and titles unlike what one saw: pages for everybody who sees titles."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.catalogue.rules import visible_titles
from madang.markets.pages import EditionRequest, edition_page
from madang.matching.queries.distinct import LISTED, distinct, seen_titles, unlike_titles


@require_safe
@edition_page
def apart(request: EditionRequest, code: str) -> HttpResponse:
    """What is close to a title and what sets it apart, described."""
    title = get_object_or_404(visible_titles(request.user, request.edition), code=code)
    context = {"title": title, "found": distinct(request.user, title)}
    return render(request, "matching/distinct.html", context)


@require_safe
@edition_page
def unlike_seen(request: EditionRequest) -> HttpResponse:
    """Titles unlike those that the reader saw; the address may name more that she saw (`seen`, again and again)."""
    also = [code[:40] for code in request.GET.getlist("seen")[:LISTED] if "\x00" not in code]
    seen = seen_titles(request.user, request.edition, also)
    context = {"seen": seen, "also": also, "rows": unlike_titles(request.user, request.edition, seen)}
    return render(request, "matching/unlike.html", context)
