"""The pages of the programme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from madang.catalogue.rules import visible_titles
from madang.markets.models import Stage
from madang.markets.pages import EditionRequest, edition_page
from madang.people.rules import participant_of
from madang.programme.queries.events import by_day, events_of, filtered, on_stage, visits_of, zone_names
from madang.programme.rules import visible_events


@require_safe
@edition_page
def events(request: EditionRequest) -> HttpResponse:
    """What the public (or a participant) may attend, by day."""
    rows, filters = filtered(list(events_of(request.user, request.edition)), request.GET, request.edition)
    now = request.edition.now()
    shown = {event.title_id for event in rows if event.title_id}
    linked = set(visible_titles(request.user, request.edition).filter(pk__in=shown).values_list("pk", flat=True))
    context = {
        "days": by_day(rows, request.edition),
        "filters": filters,
        "zones": zone_names((get_language() or "en")[:2]),
        "reader_zone": filters.zone,
        "going_on": {event.pk for event in rows if event.starts_at <= now < event.ends_at and not event.is_cancelled},
        "linked": linked,
        "going": set(visits_of(participant_of(request.user, request.edition))),
        "webcal": _webcal(request, filters.hall),
    }
    return render(request, "programme/events.html", context)


def _webcal(request: EditionRequest, hall: str) -> str:
    """The address that a calendar follows: of the hall that is shown, else of the whole programme."""
    name, parts = ("programme:hall_calendar", [hall]) if hall else ("programme:calendar", [])
    return "webcal://" + request.get_host() + reverse(name, args=[request.edition.slug, *parts])


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
        "may_go": me is not None and not found.is_cancelled and found.ends_at > now and request.edition.stage != Stage.AFTER,
        "is_now": found.starts_at <= now < found.ends_at and not found.is_cancelled,
        "is_over": found.ends_at <= now,
    }
    return render(request, "programme/event.html", context)
