"""`{% load free %}`: what is free of a title on its page, which lies below this app."""

from __future__ import annotations

from django import template
from django.template import Context

from madang.catalogue.models import Title
from madang.deals.views.free import Panel, panel_of

register = template.Library()


@register.simple_tag(takes_context=True)
def title_free(context: Context, title: Title) -> Panel | None:
    """What `deals/free_panel.html#panel` shows; None for who may not read it. Once a page, never in a loop."""
    return panel_of(context["request"], title)
