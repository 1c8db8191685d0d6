"""`{% load programming %}`: bare times for the grid, which says its zone in its head."""

from __future__ import annotations

import datetime as dt

from django import template

from madang.kit.calendar import clock_text, in_zone
from madang.markets.models import Edition

register = template.Library()


@register.simple_tag
def venue_time(moment: dt.datetime | None, edition: Edition) -> str:
    """The time of day at the venue, as a time field takes it."""
    return clock_text(in_zone(moment, edition.time_zone)) if moment else ""
