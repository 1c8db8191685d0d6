"""`{% load programme %}`: screenings on the page of a title, which lies below this app; times in a zone that a reader chose."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.translation import get_language

from madang.catalogue.models import Title
from madang.kit import calendar
from madang.programme.models import Event
from madang.programme.rules import visible_events

register = template.Library()


@register.simple_tag(takes_context=True)
def title_events(context: Context, title: Title) -> list[Event]:
    """The title's events that the reader may see. One query: once a page, never in a loop."""
    request = context["request"]
    return list(visible_events(request.user, request.edition).filter(title=title))


@register.simple_tag(takes_context=True)
def other_time(context: Context, event: Event) -> str:
    """When the event begins in the zone that the reader chose on the page; empty where she chose none, or it is the same."""
    zone = context.get("reader_zone") or ""
    here = calendar.in_zone(event.starts_at, event.edition.time_zone)
    return calendar.own_time_text(here, zone, (get_language() or "en")[:2]) if zone else ""
