"""`{% load mandates %}`: mandates on the pages of people, and as requests and deals were told of them; territories in words."""

from __future__ import annotations

import datetime as dt

from django import template
from django.template import Context

from madang.mandates.models import Mandate
from madang.mandates.queries import territory_words
from madang.mandates.rules import visible_mandates
from madang.mandates.versions import Said, said_at
from madang.people.models import Participant

register = template.Library()

MOST = 50


@register.simple_tag(takes_context=True)
def open_mandates(context: Context, buyer: Participant) -> list[Mandate]:
    """The buyer's mandates that the reader may see. One query: once a page, never in a loop."""
    request = context["request"]
    return list(visible_mandates(request.user, request.edition).filter(buyer=buyer)[:MOST])


@register.simple_tag
def mandate_told(mandate: Mandate | None, moment: dt.datetime) -> Said | None:
    """What a mandate said when it was named to somebody; later words are for those who may read them. Never in a loop."""
    return said_at(mandate, moment) if mandate else None


@register.filter
def territories(text: str) -> str:
    """Codes of countries as their names."""
    return territory_words(text)
