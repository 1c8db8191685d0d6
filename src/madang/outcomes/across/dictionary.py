"""The data dictionary of an edition's files, in the words of a report's: `reports.dictionary`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from madang.outcomes.across.schema import TABLES
from madang.outcomes.reports.dictionary import COLUMN, COLUMNS, CURRENCY, MEASURE, UNITS, Field, Resource, Text

EDITION = _("Number of the edition in this installation.")
DAY, HOUR = _("Day at the venue."), _("Hour at the venue, 0 to 23.")
BUYER = _("Country (ISO 3166) of the buyer; where both or neither buy, of the side that asked; empty: not known.")
OTHER = _("Country of the other side.")
FORM = _("Where people meet.")
PSEUDONYM = _("Keyed digest of the company, by name and country: the same in all editions of this installation.")

RESOURCES: dict[str, tuple[Text, dict[str, Text]]] = {
    "requests": (
        _("A line a meeting request that was sent; drafts are their senders' own."),
        {
            "edition": EDITION, "status": _("How it stands."), "form": FORM, "day": DAY, "hour": HOUR, "country": BUYER,
            "other_country": OTHER,
        },
    ),
    "meetings": (
        _("A line a meeting of the published timetable that was not cancelled."),
        {
            "edition": EDITION, "day": DAY, "hour": HOUR, "form": FORM,
            "is_over": _("Whether it was over when the files were made; others count nowhere but as planned."),
            "outcome": _("held: by the word of both sides; one_sided; missed; contested; silent: nobody said anything."),
            "cause": _("Of a missed one, what was reported; else empty."),
            "pair": _("On one meeting of each pair of companies that met: new, known from an earlier edition, or unknown where"
                      " no earlier edition is here; empty on all others."),
            "country": BUYER, "other_country": OTHER, "company": PSEUDONYM, "other_company": PSEUDONYM,
        },
    ),
    "companies": (
        _("A line a company of somebody who has not dropped out."),
        {
            "edition": EDITION, "company": PSEUDONYM, "country": _("Country (ISO 3166)."),
            "was_there": _("Whether somebody of it was seen there: a badge, a meeting, a door."),
        },
    ),
    "deals": (
        _("A line a stated value that stands. Stages and currencies are never added."),
        {
            "edition": EDITION, "stage": _("Stage of money."), "currency": CURRENCY.about,
            "column": _("How sure it is; a disputed value is in none of the three columns."), "amount": _("The amount."),
            "sides": _("So many of the parties confirm it."), "parties": _("So many parties there are."),
            "day": _("Day on which it was stated."),
        },
    ),
    "figures": (
        _("The edition's figures: a line a measure, currency and column."),
        {
            "edition": EDITION, "measure": MEASURE.about, "version": _("A change of what is counted is a new version."),
            "unit": _("What its numbers are; a share is a part of 1."), "currency": CURRENCY.about, "column": COLUMN.about,
            "number": _("Rounded to six places; empty: there is no such number."),
        },
    ),
    "budget": (
        _("A line a planned budget line or a posting that stands. Kinds and currencies are never added."),
        {
            "edition": EDITION, "direction": _("Cost or income."), "kind": _("planned, committed, spent or forecast."),
            "currency": CURRENCY.about, "amount": _("The amount."), "day": _("Day of the posting; empty of what is planned."),
        },
    ),
    "log": (
        _("A line a line of the edition's log, without who did it and to what."),
        {"edition": EDITION, "verb": _("What was done."), "day": DAY, "hour": HOUR},
    ),
}  # fmt: skip
"""Name of the file -> what a line is, and what each column holds."""

ONE_OF: dict[tuple[str, str], tuple[str, ...]] = {
    ("meetings", "outcome"): ("held", "one_sided", "missed", "contested", "silent"),
    ("meetings", "pair"): ("", "new", "known", "unknown"),
    ("deals", "column"): (*COLUMNS, "disputed"),
    ("figures", "column"): COLUMNS,
    ("figures", "unit"): UNITS,
    ("budget", "kind"): ("planned", "committed", "spent", "forecast"),
}
OPTIONAL = {("figures", "number"), ("budget", "day")}


def resources() -> dict[str, Resource]:
    """The files with their columns, as a report's dictionary has them."""
    return {name: Resource(RESOURCES[name][0], tuple(_fields(name))) for name in TABLES}


def _fields(table: str) -> list[Field]:
    words = RESOURCES[table][1]
    return [
        Field(name, kind, words[name], (table, name) not in OPTIONAL, ONE_OF.get((table, name), ()))
        for name, kind in TABLES[table].items()
    ]
