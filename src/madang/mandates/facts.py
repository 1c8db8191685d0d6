"""What a mandate says, field by field: as data for its versions, in words for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.concepts import concept_words
from madang.kernels.rights import media_table
from madang.kit.codes import APART, codes, language_words
from madang.kit.money import money
from madang.mandates.models import FirstTime, Mandate
from madang.mandates.queries import territory_words

FIELDS = (
    "text", "format", "genre", "tones", "minutes_from", "minutes_to", "audiences", "languages", "first_time", "territories",
    "media", "window_from", "window_to", "exclusivity", "budget_from", "budget_to", "budget_currency", "must_nots", "visibility",
)  # fmt: skip
"""What its buyer writes, in the order of the form. A version keeps all of it."""
LISTS = {"tones": concept_words, "audiences": concept_words, "must_nots": concept_words, "territories": territory_words}
SELDOM = {"first_time": FirstTime.WELCOME}
"""What goes without saying."""


def facts_of(mandate: Mandate) -> dict[str, Any]:
    """What it says, fit for JSON: days as ISO dates, amounts with two decimals, None where nothing is said."""
    return {name: _plain(getattr(mandate, name)) for name in FIELDS}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def label_of(name: str) -> str:
    """The field's name on pages."""
    return str(capfirst(str(Mandate._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]  # plain fields of ours


def media_name(code: str) -> str:
    """A medium in the reader's language, as the pages of rights call it."""
    return pgettext("media right", media_table().english.get(code, code))


def media_of(text: str) -> tuple[list[str], list[str]]:
    """(codes in the order of the tree, parts that are no medium) of what somebody wrote with commas."""
    table, found, strange = media_table(), set[str](), []
    by_mask = {mask: code for code, mask in table.masks.items()}
    for part in (part.strip() for part in APART.split(text)):
        mask = table.names.get(part.casefold())
        if mask is not None:
            found.add(part.upper() if part.upper() in table.english else by_mask[mask])
        elif part:
            strange.append(part)
    return in_media_order(found), strange


def in_media_order(media: Iterable[str]) -> list[str]:
    """Codes in the order of the tree, each once."""
    kept = set(media)
    return [code for code in media_table().english if code in kept]


def media_words(text: str) -> str:
    """A stored list of media, in words."""
    return ", ".join(media_name(code) for code in codes(text))


def fact_words(name: str, facts: Mapping[str, Any]) -> str:
    """One field of `facts_of` in words; nothing where nothing is said."""
    value = facts.get(name)
    if value in (None, ""):
        return ""
    if name in LISTS:
        return LISTS[name](value)
    if name == "media":
        return media_words(value)
    if name == "languages":
        return language_words(value, (get_language() or "en")[:2])
    if name in ("window_from", "window_to"):
        return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    if name in ("budget_from", "budget_to"):
        return money(Decimal(value), str(facts.get("budget_currency", "")))
    choices = dict(getattr(Mandate._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))


def between(low: str, high: str) -> str:
    """ "45 to 60", "from 45", "up to 60"."""
    if low and high:
        return low if low == high else gettext("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return gettext("from %(low)s") % {"low": low}
    return gettext("up to %(high)s") % {"high": high} if high else ""


def rows_of(mandate: Mandate) -> list[tuple[str | Promise, str]]:
    """(label, words) of what a mandate says beside its text; what is open is told of format, genre and territories alone."""
    facts = facts_of(mandate)
    said = {name: "" if name in SELDOM and facts[name] == SELDOM[name] else fact_words(name, facts) for name in FIELDS}
    minutes = between(said["minutes_from"], said["minutes_to"])
    rows: list[tuple[str | Promise, str]] = [
        (_("Format"), said["format"] or gettext("Any")),
        (_("Genre"), said["genre"] or gettext("Any")),
        (_("Tone"), said["tones"]),
        (_("Length"), gettext("%(minutes)s min") % {"minutes": minutes} if minutes else ""),
        (_("Audience"), said["audiences"]),
        (_("Languages"), said["languages"]),
        (_("First-time creators"), said["first_time"]),
        (_("Territories"), said["territories"] or gettext("Any")),
        (_("Media"), said["media"]),
        (_("Rights"), between(said["window_from"], said["window_to"])),
        (_("Exclusivity"), said["exclusivity"]),
        (_("Budget"), between(said["budget_from"], said["budget_to"])),
        (_("Must not be"), said["must_nots"]),
    ]
    return [(label, text) for label, text in rows if text]
