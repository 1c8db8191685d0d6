"""Forms of what came back: benefits low to high, and how large the next edition will be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.kit.fields import AmountField, CurrencyField
from madang.outcomes.models import Benefit, BenefitKind

ENDS = ("low", "central", "high")
HUNDRED = Decimal(100)


class BenefitForm(forms.Form):
    """A range of an amount, and of the share that would not have come without the event (in percent)."""

    name = forms.CharField(label=_("What came"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=BenefitKind.choices)
    currency = CurrencyField()
    low = AmountField(label=_("Low"))
    central = AmountField(label=_("Central"))
    high = AmountField(label=_("High"))
    share_low = forms.DecimalField(label=_("Share of the event, low (percent)"), min_value=0, max_value=100, decimal_places=1)
    share_central = forms.DecimalField(
        label=_("Share of the event, central (percent)"), min_value=0, max_value=100, decimal_places=1
    )
    share_high = forms.DecimalField(label=_("Share of the event, high (percent)"), min_value=0, max_value=100, decimal_places=1)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so, and how it was found out."))

    def __init__(self, data: Any = None, *, currency: str, benefit: Benefit | None = None) -> None:
        initial: dict[str, Any] = {"currency": currency}
        if benefit:
            names = ("name", "kind", "currency", "source", *ENDS)
            initial = {name: getattr(benefit, name) for name in names}
            initial |= {f"share_{end}": (getattr(benefit, f"share_{end}") * HUNDRED).normalize() for end in ENDS}
            initial |= {name: f"{initial[name]:f}" for name in (*ENDS, *(f"share_{end}" for end in ENDS))}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for prefix in ("", "share_"):
            for lower, upper in (("low", "central"), ("central", "high")):
                below, above = facts.get(prefix + lower), facts.get(prefix + upper)
                if below is not None and above is not None and below > above:
                    self.add_error(prefix + upper, _("Low, central and high rise in this order."))
        return facts

    def facts(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        return found | {f"share_{end}": found[f"share_{end}"] / HUNDRED for end in ENDS}


class AheadForm(forms.Form):
    """How many buyers are expected next time; empty: as many as usual."""

    buyers = forms.IntegerField(
        label=_("Buyers expected next time"), min_value=1, max_value=1_000_000, required=False,
        help_text=_("Then the other numbers go with the buyers."),
    )  # fmt: skip
