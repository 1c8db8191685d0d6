"""The organiser's dials: what a computation of the timetable is to look for."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AIMS: dict[str, dict[str, Any]] = {
    "keep": {"keep": 1.0},
    "most": {},
    "gaps": {"break_price": 0.5},
    "fair": {"spread_price": 1.0},
}
"""Each dial as what `actions.compute.start_run` takes: what is published stays, or prices of the kernel's `Aims`."""
AIM_WORDS: dict[str, str | Promise] = {
    "keep": _("What is published stays; few meetings move, and what waits gets the places that are free"),
    "most": _("As many wished meetings as possible"),
    "gaps": _("Fewer gaps in people's days, for some meetings less"),
    "fair": _("Fairer shares: everybody gets about as much of her wishes"),
}
