"""The pages of the programme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.catalogue.rules import visible_titles
from madang.markets.models import Stage
from madang.markets.pages import EditionRequest, edition_page
from madang.people.rules import participant_of
from madang.programme.queries.events import days_of, on_stage, visits_of
from madang.programme.rules import visible_events


@require_safe
@edition_page
def events(request: EditionRequest) -> HttpResponse:
    """What the public (or a participant) may attend, by day."""
    days = days_of(request.user, request.edition)
    now = request.edition.now()
    going_on = {event.pk for _, group in days for event in group if event.starts_at <= now < event.ends_at}
    shown = {event.title_id for _, group in days for event in group if event.title_id}
    linked = set(visible_titles(request.user, request.edition).filter(pk__in=shown).values_list("pk", flat=True))
    going = set(visits_of(participant_of(request.user, request.edition)))
    context = {"days": days, "going_on": going_on, "linked": linked, "going": going}
    return render(request, "programme/events.html", context)


@require_safe
@edition_page
def event(request: EditionRequest, code: str) -> HttpResponse:
    """One item of the programme: when, where, who is on stage, and whether one goes."""
    found = get_object_or_404(visible_events(request.user, request.edition), code=code)
    now, me = request.edition.now(), participant_of(request.user, request.edition)
    context = {
        "event": found,
        "title_is_linked": visible_titles(request.user, request.edition).filter(pk=found.title_id or 0).exists(),
        "on_stage": on_stage(request.user, found),
        "my_part": visits_of(me).get(found.pk, ""),
        "may_go": me is not None and found.ends_at > now and request.edition.stage != Stage.AFTER,
        "is_now": found.starts_at <= now < found.ends_at,
        "is_over": found.ends_at <= now,
    }
    return render(request, "programme/event.html", context)
