"""The shape of a search that is kept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.search.models import Alert


class SearchForm(forms.Form):
    """Its name, and when to tell of new things."""

    name = forms.CharField(label=_("Name of this search"), max_length=80)
    alert = forms.ChoiceField(label=_("Tell me of new ones"), choices=Alert.choices, widget=forms.RadioSelect)
