"""The form of an edition's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.kit.territories import country_choices
from madang.markets.models import Stage


class EditionForm(forms.Form):
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=Stage.choices,
        help_text=_(
            "From registration on, people who do business see each other and ask for meetings; after the event nobody does."
        ),
    )
    is_public = forms.BooleanField(
        label=_("The public sees this edition"), required=False, help_text=_("Its home, the programme and the showcase.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=200, required=False)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    venue = forms.CharField(label=_("Venue"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.choices = [("", "—"), *country_choices((get_language() or "en")[:2])]
