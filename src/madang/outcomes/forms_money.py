"""The shape of what an organiser sends about money."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.choices import RowsField
from madang.kit.fields import AmountField, CurrencyField
from madang.kit.sheets import UnreadableFile, open_book
from madang.markets.models import Edition
from madang.outcomes.models import Activity, BudgetLine, Direction, Goal, Grant, Grows, Posting, PostingKind
from madang.outcomes.queries.budget import current_postings

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
MOST_BYTES = 5_000_000
MOST_MORE = 1000
"""Per cent that a scenario may add."""


class DayField(forms.DateField):
    """A day of our times, as a browser's own field sends it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(_("Write a day between 2000 and 2100."))
        return day


class CodedForm(forms.ModelForm):  # type: ignore[type-arg]  # it is not generic when it runs
    """A row of an edition with a code that is its own there and stands in addresses."""

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not code.replace("-", "").replace("_", "").isalnum() or not code.isascii():
            raise ValidationError(_("Letters, digits and hyphens only: the code stands in addresses."))
        if code == "new":
            raise ValidationError(_("Choose another code: this one has another meaning in addresses."))
        rows = self._meta.model._default_manager.filter(edition=self.edition, code=code)
        if rows.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another one has this code."))
        return code

    def facts(self, *without: str) -> dict[str, Any]:
        """Fields of the model, but those that are rows of their own."""
        return {name: value for name, value in self.cleaned_data.items() if name not in without}


class ActivityForm(CodedForm):
    """An activity and the goals that it serves."""

    goals = RowsField(Goal.objects.none(), label=_("Goals that it serves"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Activity
        fields = ("code", "name", "name_ko", "name_fr", "goals", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goals"].queryset = Goal.objects.filter(edition=self.edition)  # type: ignore[attr-defined]  # choices of rows


class LineForm(CodedForm):
    """A budget line."""

    planned = AmountField(label=_("Planned"))
    limit = AmountField(
        label=_("May be committed at most"), required=False, help_text=_("Nothing: as much as is planned. For costs alone.")
    )
    currency = CurrencyField()

    class Meta:
        model = BudgetLine
        fields = ("code", "activity", "name", "direction", "planned", "currency", "limit", "grows", "grant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("activity", Activity.objects.filter(edition=self.edition)), ("grant", Grant.objects.filter(edition=self.edition))
        ):  # fmt: skip
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # choices of rows
        self.fields["grows"].help_text = _("What the line changes with when you ask “what if”.")
        self.fields["grant"].help_text = _("Of an income: what brings it. Of a cost: what it is charged to.")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("direction") == Direction.INCOME and facts.get("limit") is not None:
            self.add_error("limit", _("An income has no limit."))
        if self.instance.pk and facts.get("direction") and facts["direction"] != self._kept_direction():
            self.add_error("direction", _("Something was posted on it: a cost stays a cost, an income an income."))
        return facts

    def _kept_direction(self) -> str:
        """What it must stay, once anything was posted on it."""
        was = BudgetLine.objects.get(pk=self.instance.pk)
        return was.direction if was.postings.exists() else self.cleaned_data["direction"]


class CommitmentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """A commitment of a line that still stands."""

    def label_from_instance(self, obj: models.Model) -> str:
        words = [f"{obj.currency} {obj.amount}", obj.counterparty, obj.reference, obj.on.isoformat()]  # type: ignore[attr-defined]  # a posting
        return " · ".join(word for word in words if word)


class PostingForm(forms.Form):
    """An amount on a line. `replaces`: the posting that it corrects, which keeps its kind."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PostingKind)
    amount = AmountField(min_value=None, help_text=_("A credit note is an amount below 0."))
    currency = CurrencyField()
    on = DayField(label=_("Day"), help_text=_("Of a commitment or a forecast: when the money will move."))
    reference = forms.CharField(label=_("Invoice or order"), max_length=100, required=False)
    counterparty = forms.CharField(label=_("Whom to, or from"), max_length=200, required=False)
    settles = CommitmentField(Posting.objects.none(), label=_("Pays this commitment"), required=False)

    def __init__(self, *args: Any, line: BudgetLine, replaces: Posting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = current_postings(line.edition).filter(line=line, kind=PostingKind.COMMITTED)
        self.fields["settles"].queryset = mine  # type: ignore[attr-defined]  # choices of rows
        if replaces is not None:
            self.fields["kind"].choices = [(replaces.kind, replaces.get_kind_display())]  # type: ignore[attr-defined]  # of a choice
        if not mine.exists() or (replaces is not None and replaces.kind != PostingKind.SPENT):
            del self.fields["settles"]

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("An amount of 0 says nothing."))
        return amount

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        settles = facts.get("settles")
        if settles and facts.get("kind") != PostingKind.SPENT:
            self.add_error("settles", _("Only a payment can settle a commitment."))
        elif settles and facts.get("currency") and facts["currency"] != settles.currency:
            text = gettext("The commitment is in %(currency)s: post its payment in the same currency.")
            self.add_error("currency", text % {"currency": settles.currency})
        return facts

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "settles"}


class WithdrawForm(forms.Form):
    """Why a posting counts no more."""

    because = forms.CharField(label=pgettext_lazy("reason", "Why"), max_length=300)


class GrantForm(CodedForm):
    """Money that somebody gives."""

    amount = AmountField(min_value=Decimal("0.01"))
    currency = CurrencyField()
    agreed_on = DayField(label=_("Agreed on"), required=False)

    class Meta:
        model = Grant
        fields = ("code", "funder", "kind", "amount", "currency", "agreed_on", "reference")


class ConditionForm(forms.Form):
    """What a grant asks for."""

    text = forms.CharField(label=_("Condition"), max_length=500)
    due_on = DayField(label=_("Until"))


class MeetForm(forms.Form):
    """How one sees that a condition was met."""

    evidence = forms.CharField(label=_("Evidence"), max_length=500, help_text=_("A document, a link, a number."))


class RateForm(forms.Form):
    """What one unit of a currency was worth on a day."""

    currency = CurrencyField()
    on = DayField(label=_("Day"))
    rate = forms.DecimalField(
        label=_("One unit is worth"), max_digits=18, decimal_places=8, min_value=Decimal("0.00000001"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), localize=False,
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("Who says so: a bank, an exchange."))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and (get_language() or "en").startswith("fr") and "," in data.get("rate", ""):
            data = data.copy()
            data["rate"] = data["rate"].replace(",", ".")
        super().__init__(data, **kwargs)


class TotalsForm(forms.Form):
    """The currency of the totals."""

    currency = CurrencyField(label=_("Currency of the totals"))


class ScenarioForm(forms.Form):
    """How many more or fewer there would be, in per cent."""

    exhibitors = forms.IntegerField(label=Grows.EXHIBITORS.label, required=False, min_value=-100, max_value=MOST_MORE)
    buyers = forms.IntegerField(label=Grows.BUYERS.label, required=False, min_value=-100, max_value=MOST_MORE)
    meetings = forms.IntegerField(label=Grows.MEETINGS.label, required=False, min_value=-100, max_value=MOST_MORE)
    guests = forms.IntegerField(label=Grows.GUESTS.label, required=False, min_value=-100, max_value=MOST_MORE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "exhibitors": _("Exhibitors, % more"), "buyers": _("Buyers, % more"), "meetings": _("Meetings, % more"),
            "guests": _("Guests, % more"),
        }  # fmt: skip
        for name, label in names.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["size"] = 4

    def changes(self) -> dict[str, int]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ImportForm(forms.Form):
    """A workbook, or a table, of budget lines and postings. `data_of_file` after `is_valid()`."""

    file = forms.FileField(
        label=_("File"), max_length=200, widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.zip"}),
        help_text=_("An Excel workbook, a CSV file, or CSV files in one .zip file, of up to 5 MB."),
        error_messages={"required": _("Choose the file first.")},
    )  # fmt: skip
    data_of_file: bytes

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        given = file.read(MOST_BYTES + 1)
        if len(given) > MOST_BYTES:
            raise ValidationError(_("The file is too big."))
        try:
            open_book(io.BytesIO(given), file.name).close()
        except UnreadableFile as fault:
            raise ValidationError(fault.text(gettext)) from fault
        self.data_of_file = given
        return file
