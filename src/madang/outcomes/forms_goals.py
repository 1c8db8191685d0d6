"""The shape of goals, segments, targets and composed measures as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.choices import RowsField
from madang.kit.fields import AmountField, CurrencyChoice, DayField, LinesField
from madang.markets.models import Edition
from madang.outcomes.measures.catalogue import CATALOGUE, ROOMS
from madang.outcomes.measures.composed import ADDED, fits, measures_of
from madang.outcomes.measures.face import Measure, Unit
from madang.outcomes.models import Comparison, ComposedMeasure, Goal, Segment, Target
from madang.outcomes.starting import TEMPLATES

MOST = Decimal(10) ** 14
FILTERED = 300
"""Letters of a field of texts to narrow by."""


class TemplateForm(forms.Form):
    """Which goals to start with."""

    template = forms.ChoiceField(
        label=_("Start with the goals of"), choices=lambda: [(one.code, one.name) for one in TEMPLATES.values()],
        widget=forms.RadioSelect,
    )  # fmt: skip


class GoalForm(forms.ModelForm[Goal]):
    """A goal; what it is part of is one of the edition's others."""

    class Meta:
        model = Goal
        fields = ("name", "name_ko", "name_fr", "why", "level", "parent", "segments")
        widgets: ClassVar = {
            "why": forms.Textarea(attrs={"rows": 3}),
            "segments": forms.CheckboxSelectMultiple(attrs={"class": "ticks"}),
        }
        field_classes: ClassVar = {"segments": RowsField}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        edition = self.instance.edition
        goals = Goal.objects.filter(edition=edition).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = goals  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["parent"].empty_label = gettext("Nothing: it is a main goal")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["segments"].queryset = Segment.objects.filter(edition=edition)  # type: ignore[attr-defined]  # a ModelChoiceField


class SegmentForm(forms.ModelForm[Segment]):
    """Whom the edition serves."""

    class Meta:
        model = Segment
        fields = ("name", "name_ko", "name_fr", "about")
        widgets: ClassVar = {"about": forms.Textarea(attrs={"rows": 3})}


class TargetAmountField(AmountField):
    """A number; a per cent sign makes it a part of 1."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**({"label": _("Target"), "max_digits": 18, "decimal_places": 4, "max_value": MOST} | facts))

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text.endswith("%"):
            return super().to_python(value)
        number = super().to_python(text.removesuffix("%"))
        try:
            return None if number is None else (number / 100).quantize(Decimal("0.0001"))
        except InvalidOperation as fault:
            raise forms.ValidationError(gettext("Enter a number.")) from fault


class TargetForm(forms.ModelForm[Target]):
    """What a measure is to come to. `reason` is asked for once the targets are frozen."""

    measure = forms.ChoiceField(label=_("Measure"))
    amount = TargetAmountField(help_text=_("A share as 60 % or 0.6, minutes in minutes, a vote from 1 to 5."))
    currency = CurrencyChoice(help_text=_("For an amount of money only."))
    due_on = DayField(label=_("By"))
    reason = forms.CharField(label=pgettext_lazy("change", "Why it changes"), max_length=300)

    field_order = ("measure", "comparison", "amount", "currency", "due_on", "source", "reason")

    class Meta:
        model = Target
        fields = ("measure", "comparison", "amount", "currency", "due_on", "source")
        help_texts: ClassVar = {"source": _("Empty: the measure's own source.")}

    def __init__(self, *args: Any, edition: Edition, is_frozen: bool, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.edition, self.measures = edition, measures_of(edition)
        self.fields["measure"].choices = measure_choices(self.measures)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["comparison"].choices = Comparison.choices  # type: ignore[attr-defined]  # a ChoiceField
        if self.instance.pk and self.instance.amount is not None:
            measure = self.measures.get(self.instance.measure)
            self.initial["amount"] = _typed(self.instance.amount, measure)
        if not is_frozen:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        measure, amount = self.measures.get(found.get("measure", "")), found.get("amount")
        if measure is None:
            return found
        if measure.unit == Unit.MONEY and not found.get("currency"):
            self.add_error("currency", gettext("This measure is an amount of money: choose its currency."))
        if measure.unit != Unit.MONEY:
            found["currency"] = ""
        if amount is not None and measure.unit == Unit.SHARE and amount > 1:
            self.add_error("amount", gettext("A share is at most 100 %: write 60 % or 0.6."))
        if amount is not None and measure.unit == Unit.SCORE and not 1 <= amount <= 5:
            self.add_error("amount", gettext("A mean vote lies between 1 and 5."))
        return found


def _typed(amount: Decimal, measure: Measure | None) -> str:
    """The number as it is typed: shares in per cent."""
    if measure and measure.unit == Unit.SHARE:
        return f"{(amount * 100).normalize():f} %"
    return f"{amount.normalize():f}"


def measure_choices(measures: Mapping[str, Measure]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every measure, in groups as reports have them; composed ones last."""
    groups = [(_room_name(room), [(one.code, str(one.name)) for one in room]) for room in ROOMS if room]
    own = [(code, str(one.name)) for code, one in measures.items() if code not in CATALOGUE]
    return groups + ([(gettext("Composed here"), own)] if own else [])


NAMES = {
    "people": _("People"),
    "meetings": _("Meetings"),
    "deals": _("Deals"),
    "programme": _("Programme and titles"),
    "money": _("Money and cost"),
    "rounds": _("What came of it"),
    "showcase": _("The showcase"),
}
"""What a module of measures is called."""


def _room_name(room: tuple[Measure, ...]) -> str:
    module = room[0].compute.__module__.rpartition(".")[2]
    return str(NAMES.get(module, module))


class ReasonForm(forms.Form):
    """Why a frozen target is taken away."""

    reason = forms.CharField(label=pgettext_lazy("change", "Why"), max_length=300)


class ComposedForm(forms.ModelForm[ComposedMeasure]):
    """A measure of others. Narrowing is typed as `country: FR, DE`, one fact a line."""

    first = forms.ChoiceField(label=_("First measure"), choices=lambda: added_choices())
    second = forms.ChoiceField(
        label=_("Second measure"), required=False, choices=lambda: [("", "–"), *added_choices()],
        help_text=_("What is divided by, or added. Empty for a share of the first measure in all of itself."),
    )  # fmt: skip
    first_only = LinesField(
        label=_("Of the first, only"), required=False, rows=2, max_length=FILTERED,
        help_text=_("One fact a line, for example “country: FR, DE”. Empty: all of it."),
    )  # fmt: skip
    second_only = LinesField(label=_("Of the second, only"), required=False, rows=2, max_length=FILTERED)

    class Meta:
        model = ComposedMeasure
        fields = ("name", "name_ko", "name_fr", "definition", "definition_ko", "definition_fr", "operation", "first", "second")
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 2}) for name in ("definition", "definition_ko", "definition_fr")}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name in ("first", "second"):
            kept = (self.instance.filters or {}).get(name, {})
            self.initial[f"{name}_only"] = "\n".join(f"{fact}: {', '.join(texts)}" for fact, texts in kept.items())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, second = CATALOGUE.get(found.get("first", "")), CATALOGUE.get(found.get("second", ""))
        if first is None:
            return found
        if reason := fits(found.get("operation", ""), first, second):
            self.add_error("operation", str(reason))
        narrowing = {"first": self._narrowing("first_only", first), "second": self._narrowing("second_only", second or first)}
        self.instance.filters = {name: kept for name, kept in narrowing.items() if kept}
        if not self.instance.code:
            self.instance.code = free_code(self.instance.edition, found.get("name", ""))
        return found

    def _narrowing(self, name: str, measure: Measure) -> dict[str, list[str]]:
        """The field's lines by name of a fact; a name that the measure does not offer is an error at the field."""
        kept: dict[str, list[str]] = {}
        for line in str(self.cleaned_data.get(name) or "").splitlines():
            fact, _sign, texts = (part.strip() for part in line.partition(":"))
            wanted = [text.strip() for text in texts.split(",") if text.strip()]
            if fact not in measure.filters or not wanted:
                offered = ", ".join(measure.filters) or gettext("nothing")
                text = gettext("“%(measure)s” is narrowed by: %(names)s. Write “%(example)s: …”.")
                words = {"measure": measure.name, "names": offered, "example": (measure.filters or ("country",))[0]}
                self.add_error(name, text % words)
                return {}
            kept[fact] = wanted
        return kept


def added_choices() -> list[tuple[str, str]]:
    return [(code, str(CATALOGUE[code].name)) for code in ADDED]


def free_code(edition: Edition, name: str) -> str:
    """A code of letters from the name that no measure has."""
    stem = slugify(name)[:30].strip("-") or "measure"
    known = {"compose", *CATALOGUE, *ComposedMeasure.objects.filter(edition=edition).values_list("code", flat=True)}
    tries = [stem, *(f"{stem}-{n}" for n in range(2, len(known) + 3))]
    return next(code for code in tries if code not in known)
