"""The letter NUL, which no person types and PostgreSQL does not keep: there is no such page, on either database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

NUL = "\x00"


class RefuseNul:
    """Middleware: 404 for an address or a form with a NUL in it. Searches, which only read, leave it out themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """After the check of the form's secret, which has read the form already."""
        if NUL in request.path_info or any(NUL in value for _name, values in request.POST.lists() for value in values):
            raise Http404
