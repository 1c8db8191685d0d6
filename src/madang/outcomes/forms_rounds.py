"""Forms of rounds: their days for the organiser, and the questions that somebody answers by her link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.kit.fields import AmountField, CurrencyField
from madang.outcomes.actions.rounds import Opinion, Reply
from madang.outcomes.models import Asked, Came, Round
from madang.outcomes.queries.rounds import Thing


class RoundForm(forms.Form):
    """The days of a round and its reminders."""

    opens_on = forms.DateField(label=_("Opens"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    closes_on = forms.DateField(label=_("Closes"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reminders = forms.IntegerField(label=_("Reminders at most"), min_value=0, max_value=5)
    days_between = forms.IntegerField(label=_("Days between two of them"), min_value=1, max_value=60)

    def __init__(self, data: Any = None, *, asking: Round) -> None:
        facts = ("opens_on", "closes_on", "reminders", "days_between")
        super().__init__(data, initial={name: getattr(asking, name) for name in facts})
        if asking.opened_at:
            self.fields["opens_on"].disabled = True

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("opens_on") and facts.get("closes_on") and facts["closes_on"] <= facts["opens_on"]:
            self.add_error("closes_on", _("A round closes after it opens."))
        return facts


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One thing with its three fields, as the page shows them."""

    thing: Thing
    came: forms.BoundField
    amount: forms.BoundField
    currency: forms.BoundField

    @property
    def is_told(self) -> bool:
        """Whether an amount or its fault is to be seen."""
        return bool(self.amount.value() or self.amount.errors or self.currency.errors)

    @property
    def names(self) -> str:
        """The fields that are sent when this row alone is kept."""
        return f"part,{self.came.name},{self.amount.name},{self.currency.name}"


SATISFACTION = [(number, str(number)) for number in range(1, 6)]


class AnswerForm(forms.Form):
    """What came of each thing, then the opinion of the whole. `part`: only that thing is read, so that parts can be kept."""

    satisfaction = forms.TypedChoiceField(
        label=_("How useful was the event for you?"), choices=SATISFACTION, coerce=int, empty_value=None, required=False,
        widget=forms.RadioSelect, help_text=_("1: not at all, 5: very"),
    )  # fmt: skip
    share = forms.IntegerField(
        label=_("How much of this is owed to the event, in percent?"), min_value=0, max_value=100, required=False,
        help_text=_("100: nothing of it would have come without the event."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    words = forms.CharField(label=_("In your words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, asked: Asked, things: Sequence[Thing], part: str = "") -> None:
        opinion = {name: getattr(asked, name) for name in ("satisfaction", "share", "words")}
        super().__init__(data, initial=opinion)
        self.things = [thing for thing in things if part in ("", thing.key)]
        self.is_part = bool(part)
        if part not in ("", "opinion"):
            self.fields.clear()
        if part == "opinion":
            self.things = []
        for thing in self.things:
            self._ask(thing)

    def _ask(self, thing: Thing) -> None:
        choices = [(one.value, one.label) for one in Came]
        asked: dict[str, forms.Field] = {
            "came": forms.ChoiceField(
                label=_("What came of it?"), choices=choices, required=self.is_part, widget=forms.RadioSelect
            ),
            "amount": AmountField(label=_("Amount"), required=False),
            "currency": CurrencyField(required=False),
        }
        for name, field in asked.items():
            field.initial = getattr(thing, name)
            self.fields[f"{name}-{thing.key}"] = field

    def rows(self) -> Iterator[AnswerRow]:
        for thing in self.things:
            yield AnswerRow(thing, *(self[f"{name}-{thing.key}"] for name in ("came", "amount", "currency")))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for thing in self.things:
            came, amount, currency = (facts.get(f"{name}-{thing.key}") for name in ("came", "amount", "currency"))
            if amount is not None and not currency and f"currency-{thing.key}" not in self.errors:
                self.add_error(f"currency-{thing.key}", _("In which currency? Three letters such as EUR."))
            if amount is not None and not came and f"came-{thing.key}" not in self.errors:
                self.add_error(f"came-{thing.key}", _("What is this an amount of? Please choose."))
        return facts

    def replies(self) -> dict[str, Reply]:
        """What was said, by key; things without a choice are left out."""
        facts = self.cleaned_data
        said = {}
        for thing in self.things:
            if came := facts.get(f"came-{thing.key}"):
                amount = facts.get(f"amount-{thing.key}")
                said[thing.key] = Reply(came, amount, facts.get(f"currency-{thing.key}", "") if amount is not None else "")
        return said

    def opinion(self) -> Opinion | None:
        if "words" not in self.fields:
            return None
        facts = self.cleaned_data
        return Opinion(facts["satisfaction"], facts["share"], facts["words"])
