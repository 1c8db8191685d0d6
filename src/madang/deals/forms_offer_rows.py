"""The rows of a form in which an offer, a memo or a licence is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.actions.drafts import AGREED
from madang.deals.models import Due, LineKind, LineReason, Milestone, OpenDate, TermKind
from madang.deals.queries.contents import LineWords
from madang.deals.queries.texts import title_words
from madang.deals.readings import Read, read_rights
from madang.kit.fields import AmountField, CurrencyField

EXCLUSIVE, PLAIN = "exclusive", "plain"
WHATS: list[tuple[str, str | Promise]] = [
    (EXCLUSIVE, _("Exclusive licence")),
    (PLAIN, _("Licence, not exclusive")),
    *((reason.value, reason.label) for reason in AGREED),
]
"""What a line of an offer does; the restrictions bind the licensor."""
ON_A_DAY = "day"
PERCENT: dict[str, Any] = {"max_digits": 6, "decimal_places": 3, "min_value": Decimal("0.001"), "max_value": 100}
DAYS = [MinValueValidator(dt.date(1900, 1, 1)), MaxValueValidator(dt.date(2200, 12, 31))]
"""Days that a contract may name."""
MOST_ROWS = 60
LAG: dict[str, Any] = {"min_value": -36_500, "max_value": 36_500}
"""Days before or after a milestone."""


def day_field(label: Any, **facts: Any) -> forms.DateField:
    """A day that may be left out."""
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=picker, validators=DAYS, **facts)


class RowForm(forms.Form):
    """One row of several; where nothing of what matters is filled in, it is left out."""

    MATTERS: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything into it."""
        return not any(str(self[name].value() or "").strip() for name in self.MATTERS)


class OfferLineForm(RowForm):
    """A line of rights."""

    MATTERS = ("title", "territories", "media")
    READ = ("territories", "media", "languages")

    title = forms.ChoiceField(label=_("Title"))
    what = forms.ChoiceField(label=_("What it does"), choices=WHATS)
    territories = forms.CharField(
        label=_("Territories"), max_length=2000, help_text=_("As you would write them: KR, Benelux, World excl. US, CA.")
    )
    media = forms.CharField(  # type: ignore[assignment]  # it takes the name of what a form without files does not need
        label=_("Media"), max_length=1000, help_text=_("With commas: SVOD, AVOD, Free TV, All media.")
    )
    languages = forms.CharField(
        label=_("Languages"), max_length=1000, required=False, help_text=_("ko, fr:dub, en:sub. Empty means all languages.")
    )
    start_from = forms.ChoiceField(label=_("Begins"))
    start = day_field(_("First day"))
    start_lag = forms.IntegerField(label=_("Begins so many days after its milestone"), required=False, **LAG)
    end_from = forms.ChoiceField(label=_("Ends"))
    end = day_field(_("Last day"))
    end_lag = forms.IntegerField(label=_("Ends so many days after its milestone"), required=False, **LAG)
    runs = forms.IntegerField(label=_("Runs"), required=False, min_value=1, max_value=100_000)
    clause = forms.CharField(label=_("Clause"), max_length=60, required=False)

    def __init__(self, *args: Any, titles: Mapping[str, Title], milestones: Mapping[str, Milestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles, self.milestones = titles, milestones
        names = [(code, title_words(title)) for code, title in titles.items()]
        self.fields["title"].choices = [("", gettext("Choose a title")), *names]  # type: ignore[attr-defined]  # of this field
        events = [(key, gettext("After: %(milestone)s") % {"milestone": m}) for key, m in milestones.items()]
        begins = [(ON_A_DAY, _("On a day")), ("tba", OpenDate.TBA.label), *events]
        ends = [(ON_A_DAY, _("On a day")), *OpenDate.choices, *events]
        self.fields["start_from"].choices = begins  # type: ignore[attr-defined]  # of this field
        self.fields["end_from"].choices = ends  # type: ignore[attr-defined]  # of this field
        for name in self.READ:
            self.fields[name].widget.attrs |= {"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}

    def fields_of(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names]

    @property
    def main(self) -> list[BoundField]:
        return self.fields_of("title", "what", "territories", "media", "languages")

    @property
    def begins(self) -> list[BoundField]:
        return self.fields_of("start_from", "start")

    @property
    def ends(self) -> list[BoundField]:
        return self.fields_of("end_from", "end")

    @property
    def more(self) -> list[BoundField]:
        return self.fields_of("start_lag", "end_lag", "runs", "clause")

    @property
    def more_is_used(self) -> bool:
        return any(field.errors or (field.value() and field.name != "clause") for field in self.more)

    @property
    def reads(self) -> list[tuple[str, Read]]:
        """What the three texts mean, with the labels of their fields; nothing for a field that is empty."""
        read = [
            (str(self[name].label), read_rights(name, str(self[name].value() or ""))) for name in self.READ if self[name].value()
        ]
        return [(label, one) for label, one in read if one.words or one.fault]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.READ:
            if name in data and (fault := read_rights(name, data[name]).fault):
                self.add_error(name, fault)
        for side in ("start", "end"):
            if data.get(f"{side}_from") == ON_A_DAY and not data.get(side) and side not in self.errors:
                self.add_error(side, _("Which day?"))
        first, last = (data.get(side) if data.get(f"{side}_from") == ON_A_DAY else None for side in ("start", "end"))
        if first and last and last < first:
            self.add_error("end", _("The last day is before the first one."))
        return data

    def words(self) -> LineWords:
        data = self.cleaned_data
        is_licence = data["what"] in (EXCLUSIVE, PLAIN)
        return LineWords(
            self.titles[data["title"]], data["territories"], data["media"], data["languages"],
            LineKind.LICENCE if is_licence else LineKind.RESTRICTION,
            "" if is_licence else LineReason(data["what"]).value,
            *self._bound("start"), *self._bound("end"),
            data["what"] == EXCLUSIVE, data["runs"], data["clause"],
        )  # fmt: skip

    def _bound(self, side: str) -> tuple[dt.date | None, str, Milestone | None, int]:
        """Day, open, after, lag."""
        data = self.cleaned_data
        how = data[f"{side}_from"]
        if how == ON_A_DAY:
            return data[side], "", None, 0
        if how in self.milestones:
            return None, "", self.milestones[how], data[f"{side}_lag"] or 0
        return None, how, None, 0


class TermForm(RowForm):
    """Something that is paid."""

    MATTERS = ("amount", "percent", "base", "note")

    kind = forms.ChoiceField(label=_("Kind"), choices=TermKind.choices)
    amount = AmountField(required=False)
    currency = CurrencyField(required=False)
    percent = forms.DecimalField(
        label=_("Per cent"), required=False, max_digits=6, decimal_places=3, min_value=Decimal("0.001"), max_value=100
    )
    base = forms.CharField(label=_("Of what"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"amount", "percent"} & set(self.errors):
            return data
        if (data.get("amount") is None) == (data.get("percent") is None):
            self.add_error("amount", _("Write an amount or per cent: one of the two."))
        elif data.get("amount") == 0:
            self.add_error("amount", _("An amount is more than nothing."))
        elif data.get("amount") and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("In which currency?"))
        return data


class PartForm(RowForm):
    """An instalment of one of the payments."""

    MATTERS = ("amount",)

    of = forms.IntegerField(label=_("Of payment no."), min_value=1, max_value=MOST_ROWS, initial=1)
    amount = AmountField()
    due = forms.ChoiceField(label=_("Due"), choices=Due.choices)
    due_on = day_field(_("On"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("due") == Due.DATE and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Which day?"))
        if data.get("due") != Due.DATE:
            data["due_on"] = None
        return data


class MaterialForm(RowForm):
    """Something that is handed over."""

    MATTERS = ("what",)

    what = forms.CharField(label=_("Material"), max_length=300)
    due_on = day_field(_("Until"))


class RestForm(forms.Form):
    """What stands once in a document."""

    conditions = forms.CharField(
        label=_("Further conditions"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In the language that both of you read. They stand in the document as you write them."),
    )  # fmt: skip
    expires_on = day_field(_("Expires"), help_text=_("The last day on which it can be answered."))
    holds_on = day_field(
        _("Kept free until"), help_text=_("So long you offer these rights to nobody else: others read that they are held.")
    )
    note = forms.CharField(
        label=_("A word to the other side"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, may_hold: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_hold:
            del self.fields["holds_on"]
