"""Pages of search: what is found, and the searches that people keep."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.markets.pages import EditionRequest, edition_page
from madang.markets.rules import asked_once
from madang.search.queries.asking import OPEN_KINDS, kinds_for
from madang.search.queries.results import results


@require_safe
@edition_page
def search(request: EditionRequest) -> HttpResponse:
    """What the reader finds of what she may see; everybody may search, visitors the public programme and the showcase."""
    with asked_once():
        found = results(request.user, request.edition, request.GET)
        context = {
            "found": found,
            "typed": found.instead_of or found.asked.words,
            "searches_business": len(kinds_for(request.user, request.edition)) > len(OPEN_KINDS),
        }
        return render(request, "search/search.html", context)
