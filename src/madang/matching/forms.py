"""The shape of what a person says of a match."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.matching.models import Because, Verdict

REASONS = [("", _("Choose")), *Because.choices]


class SayForm(forms.Form):
    """Interesting, or not and because of what."""

    verdict = forms.ChoiceField(choices=Verdict, widget=forms.HiddenInput)
    because = forms.ChoiceField(label=_("because of"), choices=REASONS, required=False)
    words = forms.CharField(label=_("in your words (only you read them)"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("verdict") == Verdict.NOT_FOR_ME and not found.get("because") and "because" not in self.errors:
            self.add_error("because", _("Say because of what: only then other titles can be ranked by it."))
        return found

    @property
    def said(self) -> tuple[Verdict, str, str]:
        """(verdict, because, words); what is interesting needs no reason. The form must be valid."""
        verdict = Verdict(self.cleaned_data["verdict"])
        if verdict == Verdict.INTERESTED:
            return verdict, "", self.cleaned_data["words"]
        return verdict, self.cleaned_data["because"], self.cleaned_data["words"]
