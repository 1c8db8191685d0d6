"""The data dictionary of a report's open data: each file, each column, its type and what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its type in the Table Schema, what it holds, whether it is always filled, and the texts it may have."""

    name: str
    type: str
    about: Text
    required: bool = True
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A file: what a line is, its columns, and which of them name a line where none of those may be empty."""

    about: Text
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    measure_is_listed: bool = False


MEASURE = Field("measure", "string", _("Code of the measure, as in measures.csv."))
CURRENCY = Field("currency", "string", _("ISO 4217; empty where the number is no money."), required=False)
COLUMNS = ("confirmed", "one_sided", "estimate")
COLUMN = Field("column", "string", _("How sure it is. Nothing is added across columns."), one_of=COLUMNS)
UNITS = ("count", "share", "money", "minutes", "score", "ratio")


def _in_languages(name: str, about: Text, *, required: bool) -> tuple[Field, ...]:
    return tuple(Field(f"{name}_{language}", "string", about, required) for language in ("en", "ko", "fr"))


RESOURCES: dict[str, Resource] = {
    "measures": Resource(
        _("What is measured, in words."),
        (
            Field("code", "string", _("Code of the measure.")),
            Field("version", "integer", _("A change of what is counted is a new version.")),
            Field("unit", "string", _("What its numbers are; a share is a part of 1."), one_of=UNITS),
            *_in_languages("name", _("Name in that language."), required=True),
            *_in_languages("definition", _("Definition in that language."), required=False),
            *_in_languages("source", _("Where its rows come from, in that language."), required=False),
        ),
        ("code",),
    ),
    "figures": Resource(
        _("The figures: a line a measure, currency and column."),
        (
            MEASURE, CURRENCY, COLUMN,
            Field("number", "number", _("Empty: there is no such number, or it is withheld."), required=False),
            Field("withheld", "string", _("Why it is not published: few stand behind it, or one makes most of it."),
                  required=False, one_of=("few", "one_large")),
            Field("rows", "integer", _("So many rows of rows.csv are in this column; empty where withheld."), required=False),
            Field("low", "number", _("Lower end of the interval around the number."), required=False),
            Field("high", "number", _("Upper end of the interval."), required=False),
            Field("level", "number", _("Level of the interval, as a part of 1."), required=False),
            Field("asked", "integer", _("So many were asked, where the figure comes from answers."), required=False),
            Field("answered", "integer", _("So many of them answered."), required=False),
        ),
        measure_is_listed=True,
    ),
    "rows": Resource(
        _("What the figures follow from: within a measure, currency and column the amounts add up to the number; where rows are"
          " parts, the numerators of the column are divided by all denominators of the measure and currency."),
        (
            MEASURE, CURRENCY, COLUMN,
            Field("part", "string", _("Part of a ratio; empty where amounts are added."), required=False,
                  one_of=("numerator", "denominator")),
            Field("kind", "string", _("What the row is: a meeting, a stated value, an answer.")),
            Field("row", "string", _("Keyed digest of the thing: the same in all figures of this report, another in others.")),
            Field("amount", "number", _("What it adds.")),
        ),
        measure_is_listed=True,
    ),
    "cells": Resource(
        _("How figures divide by country and by segment."),
        (
            MEASURE, CURRENCY, COLUMN,
            Field("by", "string", _("What it is divided by."), one_of=("country", "segment")),
            Field("value", "string", _("Country (ISO 3166) or code of the segment; others: all small ones; empty: not known."),
                  required=False),
            Field("number", "number", _("Empty: hidden, for it is small or would give a small one away."), required=False),
        ),
        measure_is_listed=True,
    ),
    "goals": Resource(
        _("What the edition wanted."),
        (
            Field("code", "string", _("Code of the goal.")),
            Field("parent", "string", _("Code of the goal that it is part of."), required=False),
            Field("name", "string", _("Name.")),
            Field("name_ko", "string", _("Name in Korean."), required=False),
            Field("name_fr", "string", _("Name in French."), required=False),
        ),
        ("code",),
    ),
    "targets": Resource(
        _("What measures were to come to."),
        (
            Field("goal", "string", _("Code of the goal, as in goals.csv.")), MEASURE,
            Field("version", "integer", _("Version of the measure when the target was set.")), CURRENCY,
            Field("comparison", "string", _("Whether more or less is good."), one_of=("at_least", "at_most")),
            Field("amount", "number", _("The target.")),
            Field("due_on", "date", _("By this day.")),
            Field("source", "string", _("Where the figure was to come from."), required=False),
        ),
        ("goal", "measure", "due_on"),
    ),
    "changes": Resource(
        _("Targets that were changed after they had been frozen."),
        (
            Field("at", "datetime", _("When, in UTC.")),
            Field("goal", "string", _("Code of the goal."), required=False),
            Field("measure", "string", _("Code of the measure."), required=False),
            Field("before", "object", _("What the target was; empty: it was added."), required=False),
            Field("after", "object", _("What it is; empty: it was taken away."), required=False),
            Field("reason", "string", _("Why.")),
        ),
    ),
    "corrections": Resource(
        _("What this report says otherwise than the one that it replaces."),
        (
            MEASURE, CURRENCY,
            Field("before", "object", _("Version and columns in the report before; empty: not in it."), required=False),
            Field("after", "object", _("Version and columns in this report; empty: not in it."), required=False),
            Field("reason", "string", _("Why."), required=False),
        ),
    ),
    "rates": Resource(
        _("What one unit of a currency was worth in the currency of the totals."),
        (
            Field("currency", "string", _("ISO 4217.")),
            Field("on", "date", _("Day.")),
            Field("rate", "number", _("So much of the currency of the totals.")),
            Field("source", "string", _("Who says so."), required=False),
        ),
        ("currency", "on"),
    ),
    "dictionary": Resource(
        _("This dictionary as a table."),
        (
            Field("file", "string", _("Name of the file.")),
            Field("field", "string", _("Name of the column; empty: the file itself."), required=False),
            Field("type", "string", _("Type after the Table Schema."), required=False),
            Field("about", "string", _("What it holds.")),
        ),
    ),
}  # fmt: skip
"""Name of the file without its ending -> what is in it."""
