"""What the page of all editions is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Market
from madang.meetings.models import Form
from madang.outcomes.queries.across import Wanted


class AcrossForm(forms.Form):
    """Markets of the reader's editions alone; a field with a fault narrows nothing."""

    market = forms.ChoiceField(label=_("Market"), required=False)
    since = forms.IntegerField(label=_("From the year"), required=False, min_value=1900, max_value=2200)
    until = forms.IntegerField(label=_("Until the year"), required=False, min_value=1900, max_value=2200)
    form = forms.ChoiceField(label=_("Meetings"), required=False, choices=[("", _("All")), *Form.choices])

    def __init__(self, data: Any, markets: Iterable[Market]) -> None:
        super().__init__(data)
        names = sorted((str(market), market.slug) for market in markets)
        self.fields["market"].choices = [("", _("All")), *((slug, name) for name, slug in names)]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        since, until = facts.get("since"), facts.get("until")
        if since is not None and until is not None and since > until:
            self.add_error("until", _("The last year comes after the first."))
        return facts

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value not in ("", None)})
