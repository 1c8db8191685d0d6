"""What the goals' pages say with `{% load goals %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.models import Comparison, TargetChange

register = template.Library()

NAMES = {
    "measure": _("Measure"),
    "version": _("Version of the measure"),
    "source": _("Source"),
    "due_on": pgettext_lazy("day", "By"),
    "comparison": _("is to be"),
    "amount": _("Target"),
    "currency": _("Currency"),
    "goal": _("Goal"),
}


@register.filter
def target_difference(change: TargetChange) -> list[tuple[str, str, str]]:
    """(what, before, after) of what differs."""
    before, after = change.before or {}, change.after or {}
    return [
        (str(name), _text(key, before.get(key)), _text(key, after.get(key)))
        for key, name in NAMES.items()
        if before.get(key) != after.get(key)
    ]


def _text(key: str, value: object) -> str:
    text = "" if value is None else str(value)
    if key == "measure":
        return measure_name(text)
    if key == "comparison" and text in Comparison:
        return str(Comparison(text).label)
    return text


@register.filter
def measure_name(code: str) -> str:
    """A measure of the catalogue by its name; a composed one by its code."""
    return str(CATALOGUE[code].name) if code in CATALOGUE else code
