"""What a file would do to a budget, in words, each with its place in the file: shown before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format, number_format

from madang.kit.sheets import letter
from madang.outcomes.budget_sheets import LINES, POSTINGS, Place, Reading
from madang.outcomes.models import Direction, Grows, PostingKind
from madang.outcomes.queries.budget import Budget

CHOICES: Mapping[str, Any] = {"direction": Direction, "grows": Grows, "kind": PostingKind}
Effect = dict[str, Any]
"""`kind` ("new_line", "changed_line", "new_posting"), `sheet`, `row`, `code` of the line, and `cells`: each a list of name,
cell, before and after."""


def effects_of(reading: Reading, budget: Budget) -> list[Effect]:
    """In the order of the file: new lines, changed lines, new postings. Texts as they are kept; the same file and budget give
    the same list, so that a change in between is seen."""
    there = {one.line.code: one.line for one in budget.lines.values()}
    found = [_effect("new_line", code, facts, {}, reading.places[code]) for code, facts in reading.new_lines.items()]
    for code, facts in reading.changed_lines.items():
        before = {name: getattr(there[code], name) for name in facts}
        found.append(_effect("changed_line", code, facts, before, reading.places[code]))
    for facts, place in zip(reading.postings, reading.posting_places, strict=True):
        told = {name: value for name, value in facts.items() if name != "line"}
        found.append(_effect("new_posting", facts["line"], told, {}, place))
    return found


def _effect(kind: str, code: str, facts: Mapping[str, Any], before: Mapping[str, Any], place: Place) -> Effect:
    cells = [
        [name, _cell(name, place), _text(before.get(name)), _text(value)]
        for name, value in facts.items()
        if name in before or _text(value)
    ]
    return {"kind": kind, "sheet": place.sheet, "row": place.row, "code": code, "cells": cells}


def _cell(name: str, place: Place) -> str:
    """As "E4"; empty for what has no column, and takes its usual value."""
    return f"{letter(place.columns[name])}{place.row}" if name in place.columns else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(getattr(value, "code", value.pk))
    return str(value)


def told_effects(effects: list[Effect]) -> list[Effect]:
    """The same for the reader: names of columns, choices in words, numbers and days as she writes them."""
    return [one | {"cells": [_told(*cell) for cell in one["cells"]]} for one in effects]


def _told(name: str, cell: str, before: str, after: str) -> list[Any]:
    return [label_of(name), cell, _said(name, before), _said(name, after)]


def label_of(name: str) -> str:
    return str(LINES.get(name) or POSTINGS[name])


def _said(name: str, text: str) -> str:
    if name in CHOICES and text:
        return str(CHOICES[name](text).label)
    if name in ("planned", "limit", "amount") and text:
        return number_format(Decimal(text), use_l10n=True, force_grouping=True)
    return date_format(dt.date.fromisoformat(text), "SHORT_DATE_FORMAT") if name == "on" and text else text
