"""`{% load programme %}`: screenings on the page of a title, which lies below this app."""

from __future__ import annotations

from django import template
from django.template import Context

from madang.catalogue.models import Title
from madang.programme.models import Event
from madang.programme.rules import visible_events

register = template.Library()


@register.simple_tag(takes_context=True)
def title_events(context: Context, title: Title) -> list[Event]:
    """The title's events that the reader may see. One query: once a page, never in a loop."""
    request = context["request"]
    return list(visible_events(request.user, request.edition).filter(title=title))
