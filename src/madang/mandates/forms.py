"""The form of a mandate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.concepts import AUDIENCES, EVERY, TONES, ConceptsField, OfferingForm, concept_name
from madang.catalogue.models import Format, Genre
from madang.kernels.rights import media_table
from madang.kit.codes import codes
from madang.kit.fields import AmountField, CurrencyChoice, DayField, LanguagesField, LinesField, TicksField
from madang.mandates.facts import FIELDS, in_media_order, media_name
from madang.mandates.models import Exclusivity, FirstTime, Mandate, Visibility

ANY = ("", _("Any"))
USUAL_MEDIA = (
    "ALL",
    "THEA",
    "FREE",
    "PAYTV",
    "SVOD",
    "AVOD",
    "FVOD",
    "FAST",
    "TRANSACTIONAL",
    "VIDEO",
    "AIR",
    "REMAKE",
    "FORMAT",
)
"""Media that the form offers; others come from workbooks and stay."""
LONGEST_WORK = 3000
GROUPS = [
    ("what", _("More of what it is"), ("tones", "minutes_from", "minutes_to")),
    ("whom", _("For whom"), ("audiences", "languages", "first_time")),
    ("where", _("Rights and time"), ("media", "window_from", "window_to", "exclusivity")),
    ("money", _("Budget"), ("budget_from", "budget_to", "budget_currency")),
    ("not", _("What it must not be"), ("must_nots",)),
]
"""Fields that are folded away until they say something: key, heading, fields."""
RANGES = [
    ("minutes_from", "minutes_to", _("The longest is shorter than the shortest.")),
    ("window_from", "window_to", _("The last day is before the first one.")),
    ("budget_from", "budget_to", _("The highest amount is below the lowest.")),
]


def longest(name: str) -> int:
    """Signs that a column of a mandate holds."""
    return getattr(Mandate._meta.get_field(name), "max_length", 0) or 0


def minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST_WORK, required=False)


class MandateForm(OfferingForm):
    """A buyer's wish: her words, and fields that may all stay open. `offered` is what was found in her words."""

    TAKES = {  # noqa: RUF012 - a constant
        "format": tuple(Format.values), "genre": tuple(Genre.values), "tones": TONES, "audiences": AUDIENCES, "must_nots": EVERY,
    }  # fmt: skip

    text = LinesField(
        label=_("What I look for"),
        max_length=1000,
        rows=5,
        help_text=_(
            "For whom, of what kind, when, and what it must not be: two or three sentences that a seller can answer, "
            "in Korean, English or French."
        ),
    )
    format = forms.ChoiceField(label=_("Format"), choices=[ANY, *Format.choices], required=False)
    genre = forms.ChoiceField(label=_("Genre"), choices=[ANY, *Genre.choices], required=False)
    territories = forms.CharField(
        label=_("Territories"),
        max_length=200,
        required=False,
        help_text=_("Countries with commas, in words or as codes, e.g. FR, BE, CH. Empty means any."),
    )
    tones = TicksField(TONES, concept_name, longest=longest("tones"), label=_("Tone"))
    minutes_from = minutes(_("Minutes, at least"))
    minutes_to = minutes(_("Minutes, at most"))
    audiences = TicksField(AUDIENCES, concept_name, longest=longest("audiences"), label=_("Audience"))
    languages = LanguagesField(
        longest=longest("languages"),
        label=_("Languages that you need"),
        help_text=_("Spoken, dubbed or subtitled; with commas, such as: Korean, French"),
    )
    first_time = forms.ChoiceField(
        label=_("First-time creators"),
        choices=FirstTime.choices,
        initial=FirstTime.WELCOME,
        required=False,
        widget=forms.RadioSelect,
    )
    media = TicksField(USUAL_MEDIA, media_name, longest=longest("media"), label=_("Media"))  # type: ignore[assignment]  # as the field is called
    window_from = DayField(label=_("Rights from"), required=False)
    window_to = DayField(label=_("Rights until"), required=False)
    exclusivity = forms.ChoiceField(
        label=_("Exclusivity"), choices=[("", pgettext_lazy("not settled", "Open")), *Exclusivity.choices], required=False
    )
    budget_from = AmountField(max_digits=15, label=_("Budget from"), required=False)
    budget_to = AmountField(
        max_digits=15,
        label=_("Budget up to"),
        required=False,
        help_text=_("For all of it. Whoever sees the mandate reads it; empty means open."),
    )
    budget_currency = CurrencyChoice()
    must_nots = ConceptsField(
        longest=longest("must_nots"),
        label=_("Must not be"),
        help_text=_("In words with commas, in any of the three languages, such as: horror, war. Such titles do not match."),
    )
    visibility = forms.ChoiceField(
        label=_("Seen by"),
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_("A hidden mandate is found by nobody else, not even by search or number."),
    )

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        field = self.fields["media"]
        stored = [code for code in codes(self.initial["media"]) if code in media_table().english] if self._has_media() else []
        if isinstance(field, TicksField):
            field.codes = tuple(in_media_order([*USUAL_MEDIA, *stored]))

    def _has_media(self) -> bool:
        return isinstance(self.initial.get("media"), str)

    @property
    def first(self) -> list[BoundField]:
        """What everybody fills in."""
        return [self[name] for name in ("format", "genre", "territories")]

    @property
    def groups(self) -> Iterator[tuple[str, Any, list[BoundField], bool]]:
        """(key, heading, fields, whether they say something or lack something)."""
        for key, heading, names in GROUPS:
            fields = [self[name] for name in names]
            yield key, heading, fields, any(field.errors or self._says(field) for field in fields)

    def _says(self, field: BoundField) -> bool:
        return bool(field.value()) and field.value() != self.fields[field.name].initial

    def offer_name(self, name: str, code: str) -> str:
        known = {"format": dict(Format.choices), "genre": dict(Genre.choices)}.get(name)
        return str(known[code]) if known else concept_name(code)

    def clean_first_time(self) -> str:
        return self.cleaned_data["first_time"] or FirstTime.WELCOME

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for name, chosen in self.taken().items():
            self._take_one(name, chosen) if name in ("format", "genre") else self.take(name, chosen)
        for low, high, text in RANGES:
            if facts.get(low) is not None and facts.get(high) is not None and facts[low] > facts[high]:
                self.add_error(high, text)
        self._clean_budget(facts)
        return {name: facts[name] for name in FIELDS if name in facts}

    def _take_one(self, name: str, chosen: list[str]) -> None:
        """A tick fills in a choice that is open; two of them, or another one, is for the buyer to settle."""
        wanted = {*chosen, *([self.cleaned_data[name]] if self.cleaned_data.get(name) else [])}
        if len(wanted) > 1:
            self.add_error(name, _("One alone can be kept here: choose it, or leave it at any."))
        elif name in self.cleaned_data:
            self.cleaned_data[name] = wanted.pop()

    def _clean_budget(self, facts: dict[str, Any]) -> None:
        amounts = [facts.get(name) for name in ("budget_from", "budget_to")]
        if any(amount is not None for amount in amounts):
            if not facts.get("budget_currency") and "budget_currency" not in self.errors:
                self.add_error("budget_currency", _("Choose the currency of the budget."))
        elif not {"budget_from", "budget_to"} & self.errors.keys():
            facts["budget_currency"] = ""
