"""The shape of a call for entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Premiere, Progress
from madang.kit.codes import codes
from madang.kit.fields import CountriesField, LanguagesField, LinesField
from madang.markets.models import Edition
from madang.selection.models import Call, MaterialKind

PARTS = [
    (_("The call"), ("code", "name", "name_ko", "name_fr", "is_public", "opens_at", "closes_at")),
    (_("Rules, as they are read"), ("rules", "rules_ko", "rules_fr")),
    (
        _("What is taken"),
        ("formats", "progress", "countries", "languages", "premieres", "year_from", "year_until", "minutes_from", "minutes_until",
         "episodes_until", "most_entries"),
    ),
    (_("What must be there"), ("required", "needs_identity")),
    (_("The jury"), ("is_blind", "readers", "scoring_until")),
]  # fmt: skip
"""The form's parts, each with its heading."""
FIELDS = [name for _heading, names in PARTS for name in names]
COPIED = [name for name in FIELDS if name not in ("code", "opens_at", "closes_at", "scoring_until")]
"""What a new call takes over from an earlier one."""
BOUNDS = {
    "year_from": (1888, 2100),
    "year_until": (1888, 2100),
    "minutes_from": (1, 6000),
    "minutes_until": (1, 6000),
    "episodes_until": (1, 2000),
    "most_entries": (1, 1000),
    "readers": (1, 50),
}
MOMENT = "%Y-%m-%dT%H:%M:%S"
MOMENTS = ("opens_at", "closes_at", "scoring_until")


class SomeField(forms.MultipleChoiceField):
    """Some of a list; none means all. Its value are codes with commas."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, required=False, **facts)

    def prepare_value(self, value: Any) -> Any:
        return codes(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return ", ".join(super().clean(value))


class LongCountriesField(CountriesField):
    longest = 600


class CallForm(forms.ModelForm[Call]):
    """Everything of a call. Moments are typed and shown in the edition's zone."""

    formats = SomeField(label=_("Formats"), choices=Format.choices, help_text=_("None: all formats."))
    progress = SomeField(label=_("Stages of work"), choices=Progress.choices, help_text=_("None: all stages."))
    premieres = SomeField(
        label=_("Premieres"),
        choices=Premiere.choices,
        help_text=_("One of these at least; a wider one also counts. None: no rule."),
    )
    required = SomeField(label=_("Materials that must be there"), choices=MaterialKind.choices)
    countries = LongCountriesField(label=_("Countries"), help_text=_("One of them made it; with commas. Empty: all countries."))
    languages = LanguagesField(label=_("Languages of dialogue or subtitles"), help_text=_("One of them. Empty: all languages."))

    class Meta:
        model = Call
        fields = FIELDS

    def __init__(self, edition: Edition, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.edition = edition
        self.fields["code"].validators.append(
            RegexValidator(r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", _("Letters, digits and single hyphens, such as SERIES-2026."))
        )
        self.fields["code"].widget.attrs["maxlength"] = 20
        if self.instance.pk:
            del self.fields["code"]
        for name in MOMENTS:
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"
            )
            self.fields[name].help_text = edition.time_zone
        for name in ("rules", "rules_ko", "rules_fr"):
            old = self.fields[name]
            self.fields[name] = LinesField(rows=8, label=old.label, required=False, max_length=20_000)
        for name, (least, most) in BOUNDS.items():
            self.fields[name].validators = [MinValueValidator(least), MaxValueValidator(most)]
            self.fields[name].widget = forms.NumberInput(attrs={"min": least, "max": most})
        for name in MOMENTS:
            value = self.initial.get(name)
            if isinstance(value, dt.datetime):
                self.initial[name] = value.astimezone(edition.zone).replace(tzinfo=None)

    def parts(self) -> Iterator[tuple[object, list[forms.BoundField]]]:
        """(heading, fields) in order."""
        for heading, names in PARTS:
            yield heading, [self[name] for name in names if name in self.fields]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if len(code) > 20 or code.lower() == "new":
            raise forms.ValidationError(_("Another code, please: 20 signs at most."))
        return code

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for name in MOMENTS:
            if isinstance(moment := facts.get(name), dt.datetime):
                self._set_moment(facts, name, moment)
        opens, closes = facts.get("opens_at"), facts.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes after it opens."))
        for least, most in (("year_from", "year_until"), ("minutes_from", "minutes_until")):
            if facts.get(least) and facts.get(most) and facts[least] > facts[most]:
                self.add_error(most, _("This is less than the number before."))
        return facts

    def _set_moment(self, facts: dict[str, Any], name: str, moment: dt.datetime) -> None:
        """What was typed is the venue's time, whatever zone the site speaks."""
        there = timezone.make_naive(moment, dt.UTC) if timezone.is_aware(moment) else moment
        facts[name] = at_venue(there, self.edition.zone)
        if facts[name].astimezone(self.edition.zone).replace(tzinfo=None) != there:
            self.add_error(name, _("The clocks skip this hour in this zone: choose another."))

    def _post_clean(self) -> None:
        """The row is written by its action, not by the form."""


def at_venue(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A time of day at the venue as a moment in UTC."""
    return moment.replace(tzinfo=zone).astimezone(dt.UTC)
