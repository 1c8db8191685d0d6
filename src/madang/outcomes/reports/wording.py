"""Numbers and states of a report in words, in the active language."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from madang.outcomes.measures.face import Unit
from madang.outcomes.measures.words import said

BY: dict[str, str | Promise] = {"country": gettext_lazy("By country"), "segment": gettext_lazy("By segment")}
NOTHING = "–"
"""There is no such number, or the measure has no such column."""


def shown(text: str | None, unit: str, currency: str = "") -> str:
    """A frozen number as people read it."""
    return said(Decimal(text) if text is not None else None, unit, currency)


def interval_text(columns: dict[str, str | None], facts: dict[str, str], unit: str, currency: str = "") -> str:
    """25% to 90% (90%), or nothing where the figure has no interval."""
    low, high = columns.get("low"), columns.get("high")
    if low is None and high is None:
        return ""
    words = {
        "low": shown(low, unit, currency),
        "high": shown(high, unit, currency) if high is not None else "∞",
        "level": shown(facts.get("interval_level", "0.90"), Unit.SHARE),
    }
    return _("%(low)s to %(high)s (%(level)s)") % words


def answered_text(facts: dict[str, str]) -> str:
    """8 of 20, where the figure comes from questions."""
    if not {"asked", "answered"} <= facts.keys():
        return ""
    return _("%(answered)s of %(asked)s") % facts


def standing(figure: str | None, comparison: str, amount: str, *, is_over: bool) -> str:
    """reached, missed, underway or open: how the confirmed column stands to a target, whose day may still be to come."""
    if figure is None:
        return "open"
    if comparison == "at_least":
        return "reached" if Decimal(figure) >= Decimal(amount) else "missed" if is_over else "underway"
    return "missed" if Decimal(figure) > Decimal(amount) else "reached" if is_over else "underway"


STANDINGS: dict[str, str | Promise] = {
    "reached": pgettext_lazy("target", "Reached"),
    "missed": pgettext_lazy("target", "Missed"),
    "underway": pgettext_lazy("target", "Under way"),
    "open": pgettext_lazy("target", "No figure"),
}
TONES = {"reached": "ok", "missed": "bad", "underway": "", "open": ""}
