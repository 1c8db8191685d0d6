"""The form of a mandate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Genre
from madang.mandates.models import Visibility

ANY = ("", _("Any"))


class MandateForm(forms.Form):
    text = forms.CharField(
        label=_("What I look for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For whom, of what kind, when, and what it must not be: two or three sentences that a seller can answer."),
    )
    format = forms.ChoiceField(label=_("Format"), choices=[ANY, *Format.choices], required=False)
    genre = forms.ChoiceField(label=_("Genre"), choices=[ANY, *Genre.choices], required=False)
    territories = forms.CharField(
        label=_("Territories"),
        max_length=200,
        required=False,
        help_text=_("Countries with commas, in words or as codes, e.g. FR, BE, CH. Empty means any."),
    )
    visibility = forms.ChoiceField(
        label=_("Seen by"),
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_("A hidden mandate is found by nobody else, not even by search or number."),
    )
