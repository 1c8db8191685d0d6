"""How a published version lived: its numbered changes, and how it stood after each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.markets.pages import organiser_page
from madang.meetings.models import Change, Timetable
from madang.meetings.queries.timetable import published_versions
from madang.meetings.queries.versions import change_rows, opening_revision, state_at, state_rows
from madang.meetings.views.timetable import OrganiserRequest

PAGE = 50


@require_safe
@organiser_page
def changes(request: OrganiserRequest, version: int) -> HttpResponse:
    """The changes of a version, the newest first; with `revision`, every meeting as it stood then."""
    found = get_object_or_404(published_versions(request.edition), version=version)
    first = opening_revision(found)
    context = {"found": found, "first": first, "tab": "timetable"}
    if "revision" in request.GET:
        return _state(request, found, context)
    page = Paginator(Change.objects.filter(timetable=found), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "meetings/version_changes.html", context | {"page": page, "rows": change_rows(page.object_list, first)}
    )


def _state(request: OrganiserRequest, found: Timetable, context: dict[str, Any]) -> HttpResponse:
    number = _number(request.GET["revision"])
    if not context["first"] <= number <= found.revision:
        raise Http404
    page = Paginator(sorted(state_at(found, number).items()), PAGE).get_page(request.GET.get("page"))
    state = {"number": number, "count": number - context["first"], "page": page}
    rows = state_rows(request.edition, page.object_list)
    return render(request, "meetings/version_state.html", context | state | {"rows": rows})


def _number(text: str) -> int:
    if not (text.isdecimal() and len(text) < 10):
        raise Http404
    return int(text)
