"""The answer to what no page has foreseen: a database that is busy or away is asked again (503); all else is our fault (500)."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

AGAIN_AFTER = 5
"""Seconds until somebody who was told "busy" tries again."""
SHORTAGES = ("locked", "busy")
"""Words of SQLite's message where it waited too long for another writer; its other faults are no matter of waiting."""


def unforeseen(request: HttpRequest) -> HttpResponse:
    """Django calls it while the fault is being handled. The page stands without a database."""
    if not is_busy(sys.exc_info()[1]):
        return server_error(request)
    return HttpResponse(render_to_string("busy.html"), status=503, headers={"Retry-After": str(AGAIN_AFTER)})


def is_busy(fault: BaseException | None) -> bool:
    """Whether the database was busy, full of connections or away: what was asked may succeed when it is asked again."""
    if connection.vendor == "sqlite":
        return isinstance(fault, OperationalError) and any(word in str(fault) for word in SHORTAGES)
    return isinstance(fault, OperationalError | InterfaceError)
