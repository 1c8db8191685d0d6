"""Two people with the same form open: what tells one saving from the next, and in what two versions differ."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BooleanField
from django.utils.translation import gettext


class Overtaken(Exception):
    """Somebody saved what was being changed since the form was opened; nothing is written.

    `mark`: of what stands there now; `who`: in words, "" where nobody knows, and `at` None.
    """

    def __init__(self, mark: str, who: str, at: dt.datetime | None) -> None:
        super().__init__(mark)
        self.mark, self.who, self.at = mark, who, at


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says something else in two versions, as people read it."""

    label: str
    theirs: str
    mine: str


def mark_of(row: object | None, names: Iterable[str]) -> str:
    """Tells what stands in some fields of a row from what stood there before, whatever a clock says; "" for no row."""
    return "" if row is None else mark_of_facts({name: getattr(row, name) for name in names})


def mark_of_facts(facts: Mapping[str, Any]) -> str:
    """The same of values by their names."""
    text = json.dumps([[name, str(facts[name])] for name in sorted(facts)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seen_in(sent: Mapping[str, str], begun: str | None = None) -> str | None:
    """The mark of what a form was opened from, or of what its reader was shown and lets go; `begun` where none was sent."""
    return sent.get("mine") or sent.get("seen", begun)


def differing(theirs: BaseForm | None, mine: BaseForm | None, about: str = "") -> list[Difference]:
    """Fields that say something else in two forms of one kind, both filled in; None: that side has no such row.

    `about` stands before each label, such as "Line 2".
    """
    form = mine or theirs
    names = [name for name in form.fields if _said(theirs, name) != _said(mine, name)] if form else []
    labels = {name: str(form[name].label) for name in names} if form else {}
    return [
        Difference(f"{about} · {labels[name]}" if about else labels[name], _shown(theirs, name), _shown(mine, name))
        for name in names
    ]


def values_of(form: BaseForm, *, without: str = "") -> dict[str, Any]:
    """What stands in the fields of a form, as it was typed."""
    return {name: form[name].value() for name in form.fields if name != without}


def as_posted(form: BaseForm) -> dict[str, Any]:
    """What a form that shows its beginning would post, so that it can be judged."""
    return {form.add_prefix(name): value for name, value in values_of(form).items() if value is not None}


def _said(form: BaseForm | None, name: str) -> Any:
    """What a field means, None for nothing; as it was typed where that cannot be read."""
    if form is None:
        return None
    if name in form.errors:
        return _shown(form, name)
    cleaned: Mapping[str, Any] = form.cleaned_data
    return cleaned.get(name) or None


def _shown(form: BaseForm | None, name: str) -> str:
    """What stands in a field, as people read it: the words of what was chosen."""
    if form is None:
        return ""
    bound = form[name]
    if isinstance(bound.field, BooleanField):
        return gettext("Yes") if bound.value() else gettext("No")
    shown = bound.field.widget.format_value(bound.value())
    if not isinstance(shown, list):
        return str(shown or "")
    words = {str(value): str(label) for value, label in _choices(getattr(bound.field, "choices", ()))}
    return ", ".join(words.get(str(one), str(one)) for one in shown if str(one))


def _choices(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield value, label
