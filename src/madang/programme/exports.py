"""The programme for machines: calendars, and the formats that apps for conferences read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from madang.markets.models import Hall
from madang.markets.pages import EditionRequest, edition_page
from madang.people.rules import visible_participants
from madang.programme.models import Event
from madang.programme.queries.calendars import calendar_of
from madang.programme.queries.events import events_of
from madang.programme.queries.schedule import Schedule, as_json, as_xml, programme_json, schedule_of

CALENDAR = "text/calendar; charset=utf-8"
XML = "application/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"

Write = Callable[[list[Event]], bytes]


@require_safe
@edition_page
def calendar(request: EditionRequest, hall: str = "") -> HttpResponse:
    """The programme, or that of one hall, as a calendar to subscribe to; cancelled events say that they are."""
    events = events_of(request.user, request.edition)
    place = get_object_or_404(Hall, edition=request.edition, code=hall) if hall else None
    name = f"programme-{place.code}.ics" if place else "programme.ics"

    def write(rows: list[Event]) -> bytes:
        rows = [event for event in rows if place is None or event.hall_id == place.pk]
        return calendar_of(request.edition, rows, lambda event: _link(request, event), place)

    return _answer(request, list(events), write, CALENDAR, name)


@require_safe
@edition_page
def schedule_xml(request: EditionRequest) -> HttpResponse:
    """The programme in the format of frab."""
    return _answer(request, _events(request), lambda rows: as_xml(_schedule(request, rows)), XML, "schedule.xml")


@require_safe
@edition_page
def schedule_json(request: EditionRequest) -> HttpResponse:
    """The same as JSON."""
    return _answer(request, _events(request), lambda rows: _json(as_json(_schedule(request, rows))), JSON, "schedule.json")


@require_safe
@edition_page
def programme(request: EditionRequest) -> HttpResponse:
    """The programme in our own words, every language, cancelled events marked."""

    def write(rows: list[Event]) -> bytes:
        return _json(programme_json(request.edition, rows, lambda event: _link(request, event)))

    return _answer(request, _events(request), write, JSON, "programme.json")


def _events(request: EditionRequest) -> list[Event]:
    return list(events_of(request.user, request.edition))


def _schedule(request: EditionRequest, rows: list[Event]) -> Schedule:
    seen = visible_participants(request.user, request.edition)
    base = request.build_absolute_uri(reverse("programme:events", args=[request.edition.slug]))
    return schedule_of(request.edition, rows, seen, lambda event: _link(request, event), base)


def _json(facts: object) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _link(request: HttpRequest, event: Event) -> str:
    return request.build_absolute_uri(reverse("programme:event", args=[event.edition.slug, event.code]))


def _answer(request: EditionRequest, events: list[Event], write: Write, kind: str, name: str) -> HttpResponse:
    """The file in the language asked for (`?lang=ko`), or no more than that it has not changed."""
    language = request.GET.get("lang", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else translation.get_language()):
        content = write(events)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    fresh = HttpResponse(content, content_type=kind)
    response = get_conditional_response(request, etag, response=fresh) or fresh
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "public, max-age=60"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"  # other sites may show what everybody may see; browsers send no cookies with it
    return response
