"""How estimates and their intervals are written and drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()


@register.filter
def as_percent(value: float | None) -> str:
    """0.314 as "31 %", 0.004 as "0.4 %"; nothing for None."""
    if value is None:
        return ""
    places = 1 if 0 < abs(value) < 0.0995 else 0
    return f"{number_format(100 * value, places)} %"


@register.filter
def percents(ends: Sequence[float]) -> str:
    """(0.31, 0.72) as "31 % to 72 %"."""
    return gettext("%(low)s to %(high)s") % {"low": as_percent(ends[0]), "high": as_percent(ends[-1])}


@register.filter
def between(interval: Any) -> str:
    """An interval of a share: "31 % to 72 %"."""
    return percents((interval.low, interval.high)) if interval is not None else ""


@register.filter
def times(value: float | None) -> str:
    """A ratio with as many digits as it deserves: 1.83, 0.04, 12."""
    if value is None or math.isinf(value):
        return "∞" if value else ""
    return number_format(value, 0 if abs(value) >= 10 else 2)


@register.filter
def plain(value: float | None) -> str:
    """A number in words of the page's language: whole from 100 on, else up to two places, without zeros at the end."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    if abs(value) >= 100 or value == int(value):
        return number_format(value, 0, force_grouping=True)
    return number_format(float(f"{value:.2f}"))


@register.inclusion_tag("outcomes/bar.html")
def interval_bar(low: float, middle: float, high: float, start: float, end: float, mark: float | None = None) -> dict[str, Any]:
    """An interval on a scale from `start` to `end` as a small picture; `mark` is where nothing has changed."""

    def place(value: float) -> float:
        return min(100.0, max(0.0, 100 * (value - start) / (end - start))) if end > start else 0.0

    left, right = place(low), place(high)
    return {
        "left": f"{left:.1f}",
        "width": f"{max(right - left, 0.5):.1f}",
        "middle": f"{min(place(middle), 98.5):.1f}",
        "mark": None if mark is None else f"{place(mark):.1f}",
    }


@register.inclusion_tag("outcomes/bar.html")
def ratio_bar(low: float, middle: float, high: float, most: float = 4.0) -> dict[str, Any]:
    """The same for ratios, on a logarithmic scale from 1/`most` to `most` with its mark at 1."""
    left, centre, right = (math.log(max(value, 1e-9)) for value in (low, middle, high))
    return interval_bar(left, centre, right, -math.log(most), math.log(most), 0.0)


@register.filter
def signed(value: float) -> str:
    """A number with its sign: +0.42, −0.10."""
    return ("+" if value > 0 else "−" if value < 0 else "") + plain(abs(value))


@register.filter
def points(interval: Any) -> str:
    """A difference of two shares in percentage points: "+3.1 (−0.4 to +6.5)"."""
    shown = {name: signed(round(100 * getattr(interval, name), 1)) for name in ("estimate", "low", "high")}
    return gettext("%(estimate)s (%(low)s to %(high)s)") % shown
