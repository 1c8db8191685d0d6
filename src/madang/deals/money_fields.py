"""Fields for amounts and currencies, as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.kit.money import currencies


class AmountField(forms.DecimalField):
    """An amount with two decimals at most; `1,200.50` and `1 200,50` are read as the active language writes them."""

    def __init__(self, **facts: Any) -> None:
        usual: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "min_value": Decimal(0), "label": _("Amount")}
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **(usual | facts))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split())
            value = value.replace(",", ".") if (get_language() or "en").startswith("fr") else value.replace(",", "")
        return super().to_python(value)


class CurrencyField(forms.CharField):
    """A code of ISO 4217 that is in use; the page has `deals/currencies.html` to choose from."""

    def __init__(self, **facts: Any) -> None:
        attrs = {"list": "currencies", "size": 5, "autocomplete": "off", "autocapitalize": "characters"}
        usual: dict[str, Any] = {"max_length": 3, "label": _("Currency"), "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**(usual | facts))

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if code and code not in currencies():
            raise forms.ValidationError(
                _("%(code)s is no currency in use: write three letters such as EUR."), params={"code": code}
            )
        return code
