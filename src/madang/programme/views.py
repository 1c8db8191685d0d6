"""The page of the programme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.catalogue.rules import visible_titles
from madang.markets.pages import EditionRequest, edition_page
from madang.programme.queries import days_of


@require_safe
@edition_page
def events(request: EditionRequest) -> HttpResponse:
    """What the public (or a participant) may attend, by day."""
    days = days_of(request.user, request.edition)
    now = request.edition.now()
    going_on = {event.pk for _, group in days for event in group if event.starts_at <= now < event.ends_at}
    shown = {event.title_id for _, group in days for event in group if event.title_id}
    linked = set(visible_titles(request.user, request.edition).filter(pk__in=shown).values_list("pk", flat=True))
    return render(request, "programme/events.html", {"days": days, "going_on": going_on, "linked": linked})
