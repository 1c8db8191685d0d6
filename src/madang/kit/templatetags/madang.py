"""What templates say with `{% load madang %}`: times with their zones, countries, query strings, fields per language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.kit import calendar, territories
from madang.kit.languages import localised as localised_field

register = template.Library()


def _language() -> str:
    return (get_language() or "en")[:2]


def _own_zone(context: Context) -> str:
    """The reader's zone: as she set it for herself, else as she set it at this edition."""
    zone = getattr(context.get("user"), "time_zone", "") or getattr(context.get("participant"), "time_zone", "")
    return str(zone or "")


def _zone(edition: Any) -> str:
    return str(getattr(edition, "time_zone", "") or "UTC")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None, edition: Any = None) -> str:
    """Date and time in the edition's zone, then the reader's own time where her zone differs."""
    if moment is None:
        return ""
    here, language = calendar.in_zone(moment, _zone(edition)), _language()
    own = calendar.own_time_text(here, _own_zone(context), language)
    aside = format_html(' <span class="own-time" title="{}">({})</span>', _("Your time"), own) if own else SafeString("")
    return format_html(
        '<time datetime="{}">{} <span class="zone">{}</span>{}</time>',
        here.isoformat(timespec="minutes"),
        calendar.moment_text(here, language),
        calendar.zone_mark(here),
        aside,
    )


@register.simple_tag(takes_context=True)
def clock(context: Context, moment: datetime | None, edition: Any = None) -> str:
    """The time of day in the edition's zone; the reader's own time as a title."""
    if moment is None:
        return ""
    here = calendar.in_zone(moment, _zone(edition))
    own = calendar.own_time_text(here, _own_zone(context), _language())
    title = format_html(' title="{}: {}"', _("Your time"), own) if own else SafeString("")
    return format_html(
        '<time datetime="{}"{}>{} <span class="zone">{}</span></time>',
        here.isoformat(timespec="minutes"),
        title,
        calendar.clock_text(here),
        calendar.zone_mark(here),
    )


@register.simple_tag
def day(moment: date | datetime | None, edition: Any = None) -> str:
    """The full date of a day, or of a moment in the edition's zone."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = calendar.in_zone(moment, _zone(edition)).date()
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), calendar.day_text(moment, _language()))


@register.filter
def country(code: str) -> str:
    """An ISO 3166 code as the country's name in the active language."""
    return territories.country_name(str(code or ""), _language())


@register.filter
def zone_name(zone: str) -> str:
    """An IANA time zone in words, in the active language."""
    return calendar.zone_name(str(zone or ""), _language())


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The request's query string with changes; None removes a key. A changed filter starts again at the first page."""
    request = context.get("request")
    values = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        values.pop("page", None)
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None and value != "":
            values.setlist(key, [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)])
    return "?" + values.urlencode()


@register.simple_tag
def localised(thing: Any, field: str) -> str:
    """`thing.<field>` in the active language, as far as it is filled."""
    return localised_field(thing, field) if thing is not None else ""


@register.filter
def share(value: Any, whole: Any) -> str:
    """How much of `whole` the value is, 0 to 100, with a point whatever the language: for the width of an SVG bar."""
    try:
        part = 100 * float(value) / float(whole)
    except (TypeError, ValueError, ZeroDivisionError):
        return "0"
    return f"{min(max(part, 0.0), 100.0):.2f}"
