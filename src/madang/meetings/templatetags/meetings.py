"""`{% load meetings %}`: what stands in a reader's way on pages of apps below this one."""

from __future__ import annotations

from django import template
from django.template import Context

from madang.meetings.actions.calendar import meetings_in
from madang.meetings.models import Meeting
from madang.meetings.queries.busy import time_of_visit, venue_of
from madang.people.rules import participant_of
from madang.programme.models import Event, EventPart, Visit

register = template.Library()


@register.simple_tag(takes_context=True)
def meetings_beside(context: Context, event: Event) -> list[Meeting]:
    """The reader's own meetings that she would miss for the event, the door and the way there counted. Once a page."""
    request = context["request"]
    person = participant_of(request.user, event.edition)
    if person is None or event.is_cancelled:
        return []
    visit = Visit(event=event, participant=person, part=EventPart.AUDIENCE)
    return meetings_in(person, *time_of_visit(venue_of(event.edition), visit))
