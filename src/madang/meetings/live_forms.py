"""The shape of what people send about a published timetable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    """Why, for the other side to read; and whether the two look for another time."""

    words = forms.CharField(
        label=_("What the other side reads"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    again = forms.ChoiceField(
        label=_("And then"),
        choices=[("end", _("we do not meet")), ("again", _("we look for another time"))],
        initial="end",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, may_again: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_again:  # who has dropped out looks for no other time
            del self.fields["again"]


class AnswerProposalForm(forms.Form):
    """Yes or no to a proposed time."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
