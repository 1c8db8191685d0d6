"""Meetings that the organiser suggests, for the two who would meet: ask, or say no, thanks."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.matching.actions.suggestions import decline_suggestion, take_decline_back
from madang.matching.forms_exposure import DeclineForm
from madang.matching.models import Suggestion
from madang.matching.queries.suggestions import Row, rows_of
from madang.matching.rules_exposure import visible_suggestions
from madang.people.pages import BusinessRequest, ParticipantRequest, business_page, participant_page

A_PAGE = 30
GROUPS = ("as_buyer", "as_seller", "answered", "declined")
"""What stands first: what waits, what became a request, what I do not want."""


@require_safe
@business_page
def suggestions(request: BusinessRequest) -> HttpResponse:
    """What is suggested to me: what waits, what became a request, what I do not want."""
    rows = rows_of(request.user, request.participant) if request.participant else []
    page = Paginator(sorted(rows, key=_group), A_PAGE).get_page(request.GET.get("page"))
    groups = dict.fromkeys(GROUPS, ()) | {GROUPS[n]: list(some) for n, some in groupby(page, _group)}
    context = {"page": page, **groups, "waits": any(_group(row) < GROUPS.index("answered") for row in rows)}
    return render(request, "matching/suggestions.html", context)


def _group(row: Row) -> int:
    if row.request:
        return GROUPS.index("answered")
    return GROUPS.index("declined" if row.is_declined else "as_buyer" if row.is_buyer else "as_seller")


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def decline(request: ParticipantRequest, number: int) -> HttpResponse:
    """No, thanks: at once, or with a reason that nobody else reads."""
    one = _found(request, number)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        decline_suggestion(request.user, one, **form.cleaned_data)
        messages.success(request, _("It is off your list. Nobody else is told."))
        return redirect("matching:suggestions", request.edition.slug)
    context = {"form": form, "one": one}
    return render(request, "matching/suggestion_decline.html", context, status=422 if form.errors else 200)


@require_POST
@participant_page
def take_back(request: ParticipantRequest, number: int) -> HttpResponse:
    """Have it on the list again."""
    take_decline_back(request.user, _found(request, number))
    return redirect("matching:suggestions", request.edition.slug)


def _found(request: ParticipantRequest, number: int) -> Suggestion:
    mine = visible_suggestions(request.user, request.edition)
    return get_object_or_404(mine.select_related("title__edition", "buyer__company", "run__edition", "mandate"), pk=number)
