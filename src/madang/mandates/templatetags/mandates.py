"""`{% load mandates %}`: mandates on a person's page, which lies below this app; territories in words."""

from __future__ import annotations

from django import template
from django.template import Context

from madang.mandates.models import Mandate
from madang.mandates.queries import territory_words
from madang.mandates.rules import visible_mandates
from madang.people.models import Participant

register = template.Library()

MOST = 50


@register.simple_tag(takes_context=True)
def open_mandates(context: Context, buyer: Participant) -> list[Mandate]:
    """The buyer's mandates that the reader may see. One query: once a page, never in a loop."""
    request = context["request"]
    return list(visible_mandates(request.user, request.edition).filter(buyer=buyer)[:MOST])


@register.filter
def territories(text: str) -> str:
    """Codes of countries as their names."""
    return territory_words(text)
