"""The front page and an edition's home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from madang.markets.pages import EditionRequest, edition_page
from madang.markets.rules import visible_editions


def home(request: HttpRequest) -> HttpResponse:
    """The editions the visitor sees; with one alone, that one at once."""
    editions = list(visible_editions(request.user).select_related("market")[:50])
    if len(editions) == 1:
        return redirect(editions[0])
    return render(request, "site/home.html", {"editions": editions})


@edition_page
def edition_home(request: EditionRequest) -> HttpResponse:
    return render(request, "site/edition.html", {})
