"""The shape of an identity statement, and of what matches need to know of a title."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.concepts import AUDIENCES, THEMES, TONES, OfferingForm, ThemesField, concept_name
from madang.catalogue.models import Identity, IdentityStatement, Profile, Seeks
from madang.kit.fields import AmountField, CurrencyChoice, LanguagesField, LinesField, TicksField

FIELDS = [field.name for field in Identity._meta.get_fields()]
HELP = {
    "for_whom": _("One person who would love it, in a few sentences: who is she, when does she watch, what does it give her?"),
    "to_keep": _("What makes it yours: a rhythm, a silence, an ending, a language. Without it, it would be another work."),
    "to_learn": _("What another country, format or audience could teach it, and where you would gladly be advised."),
}


class IdentityForm(forms.ModelForm[IdentityStatement]):
    """Three questions in three languages; each may stay open."""

    class Meta:
        model = IdentityStatement
        fields = FIELDS
        help_texts = HELP
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in FIELDS}  # noqa: RUF012 - as Django's forms are written

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        return {name: text.replace("\r\n", "\n") if isinstance(text, str) else text for name, text in facts.items()}

    def _post_clean(self) -> None:
        """The row is written by its action, not by the form."""


def longest(name: str) -> int:
    """Signs that a column of a profile holds."""
    return getattr(Profile._meta.get_field(name), "max_length", 0) or 0


class ProfileForm(OfferingForm):
    """A title's side of a match; all of it may stay open. `offered` are concepts that its texts name."""

    TAKES = {"tones": TONES, "themes": THEMES, "audiences": AUDIENCES}  # noqa: RUF012 - a constant

    tones = TicksField(TONES, concept_name, longest=longest("tones"), label=_("Tone"))
    themes = ThemesField(
        longest=longest("themes"),
        label=_("Themes and settings"),
        help_text=_("In words with commas, in any of the three languages, such as: friendship, sea, migration"),
    )
    audiences = TicksField(AUDIENCES, concept_name, longest=longest("audiences"), label=_("Audience"))
    comparables = LinesField(
        rows=3,
        max_length=longest("comparables"),
        required=False,
        label=_("Comparable titles"),
        help_text=_("Two or three that the same people love, and in what yours is another."),
    )
    is_first_work = forms.BooleanField(label=_("It is its creators’ first work"), required=False)
    spoken_in = LanguagesField(
        longest=longest("spoken_in"),
        label=_("Dubbed or subtitled in"),
        help_text=_("Languages in which it can be had, with commas, such as: English, French"),
    )
    seeks = forms.ChoiceField(
        label=_("What you ask for"), choices=[("", pgettext_lazy("not settled", "Open")), *Seeks.choices], required=False
    )
    asks = AmountField(
        max_digits=15,
        label=_("Asked at least"),
        required=False,
        help_text=_("The least you would sign for. Who does business here reads it; empty means open."),
    )
    asks_currency = CurrencyChoice()

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for name, concepts in self.taken().items():
            self.take(name, concepts)
        if facts.get("asks") is not None and not facts.get("asks_currency") and "asks_currency" not in self.errors:
            self.add_error("asks_currency", _("Choose the currency of the amount."))
        if facts.get("asks") is None and "asks" not in self.errors:
            facts["asks_currency"] = ""
        return facts
