"""Calls as everybody reads them, and one's own entries."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.kit.languages import localised
from madang.markets.pages import EditionRequest, edition_page
from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import entries as actions
from madang.selection.actions.refusals import Refused
from madang.selection.queries.entries import asked_of, call_state
from madang.selection.rules.entries import is_open, own_entries, visible_calls


@require_safe
@edition_page
def calls(request: EditionRequest) -> HttpResponse:
    """Every call of the edition: open ones first, then those to come, then those that are over."""
    rows = [(call, call_state(call)) for call in visible_calls(request.user, request.edition)]
    order = ["open", "coming", "closed"]
    rows.sort(key=lambda row: (order.index(row[1]), row[0].closes_at))
    mine = own_entries(request.user, request.edition).exists()
    return render(request, "selection/calls.html", {"calls": rows, "has_entries": mine})


@require_safe
@edition_page
def call(request: EditionRequest, call: str) -> HttpResponse:
    """What a call asks for, until when, and how to enter."""
    found = get_object_or_404(visible_calls(request.user, request.edition), code=call)
    context = {
        "call": found,
        "state": call_state(found),
        "rules": localised(found, "rules"),
        "asked": asked_of(found),
        "entries": own_entries(request.user, request.edition).filter(call=found).order_by("created_at"),
        "is_open": is_open(found),
    }
    return render(request, "selection/call.html", context)


@require_POST
@signed_in_page
def begin(request: SignedInRequest, call: str) -> HttpResponse:
    """A draft, at once."""
    found = get_object_or_404(visible_calls(request.user, request.edition), code=call)
    try:
        entry = actions.begin_entry(request.user, found, language=(get_language() or "en")[:2])
    except PermissionDenied:
        messages.error(request, _("This call takes no entries now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        return redirect("selection:entry", request.edition.slug, entry.code)
    return redirect("selection:call", request.edition.slug, found.code)


@require_safe
@signed_in_page
def entries(request: SignedInRequest) -> HttpResponse:
    """What the reader enters."""
    rows = own_entries(request.user, request.edition).order_by("call__closes_at", "created_at")
    return render(request, "selection/entries.html", {"entries": [(row, is_open(row.call)) for row in rows]})
