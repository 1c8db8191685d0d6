"""Fields of forms as people fill them in: sentences, countries and languages in words, days, amounts, currencies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from madang.kit.codes import codes as codes_in
from madang.kit.codes import countries_of, country_words, language_words, languages_of
from madang.kit.languages import isolated
from madang.kit.money import currencies, offered_currencies


class LinesField(forms.CharField):
    """Some sentences. A line's end counts as one letter, as the browser counts it."""

    def __init__(self, *, rows: int = 4, **facts: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **facts)

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value).replace("\r\n", "\n") if value is not None else value) or ""


class CodesField(forms.CharField):
    """Countries, languages and the like in words or by code, with commas; its value are codes, `longest` signs at most."""

    read: Callable[[str], tuple[list[str], list[str]]]
    words: Callable[[str, str], str]

    def __init__(self, *, longest: int = 60, **facts: Any) -> None:
        self.longest = longest
        super().__init__(**({"max_length": 300, "required": False} | facts))

    def prepare_value(self, value: Any) -> Any:
        text = str(value or "")
        found, strange = type(self).read(text)
        return text if strange else type(self).words(", ".join(found), (get_language() or "en")[:2])

    def clean(self, value: Any) -> str:
        found, strange = type(self).read(super().clean(value))
        if strange:
            text = ngettext("This is not known here: %(names)s", "These are not known here: %(names)s", len(strange))
            raise forms.ValidationError(text % {"names": ", ".join(isolated(name[:40]) for name in strange[:3])})
        return listed(found, self.longest)


class CountriesField(CodesField):
    read = staticmethod(countries_of)
    words = staticmethod(country_words)


class LanguagesField(CodesField):
    read = staticmethod(languages_of)
    words = staticmethod(language_words)


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AmountField(forms.DecimalField):
    """An amount with two decimals at most; `1,200.50` and `1 200,50` are read, and written, as the active language does."""

    def __init__(self, **facts: Any) -> None:
        usual: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "min_value": Decimal(0), "label": _("Amount")}
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **(usual | facts))

    def prepare_value(self, value: Any) -> Any:
        """What is kept, as it is written here; what was typed stays as it was typed."""
        if not isinstance(value, Decimal) or not value.is_finite():
            return value
        places = len(f"{value.normalize():f}".partition(".")[2])
        return number_format(value, decimal_pos=max(places, 2) if places else 0, force_grouping=True)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split())
            value = value.replace(",", ".") if (get_language() or "en").startswith("fr") else value.replace(",", "")
        return super().to_python(value)


class CurrencyField(forms.CharField):
    """A code of ISO 4217 that is in use; the page has a list of them to choose from."""

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


class CurrencyChoice(forms.ChoiceField):
    """One of the currencies in use, the usual ones first; none where nothing is said."""

    def __init__(self, **facts: Any) -> None:
        usual: dict[str, Any] = {"label": _("Currency"), "required": False}
        super().__init__(**(usual | facts), choices=lambda: [("", "–"), *offered_currencies((get_language() or "en")[:2])])


class TicksField(forms.MultipleChoiceField):
    """Some of a few codes, to be ticked; its value are codes with commas in the order of `codes`, `longest` signs at most."""

    def __init__(self, codes: Iterable[str], name: Callable[[str], str], *, longest: int, **facts: Any) -> None:
        self.codes, self.name, self.longest = tuple(codes), name, longest
        widget = forms.CheckboxSelectMultiple(attrs={"class": "ticks"})
        usual: dict[str, Any] = {"required": False, "widget": widget}
        super().__init__(**(usual | facts), choices=self._offered)

    def _offered(self) -> list[tuple[str, str]]:
        return [(code, self.name(code)) for code in self.codes]

    def prepare_value(self, value: Any) -> Any:
        return codes_in(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        chosen = set(super().clean(value))
        return listed([code for code in self.codes if code in chosen], self.longest)


def listed(codes: Iterable[str], longest: int) -> str:
    """Codes with commas; ValidationError where they are longer than the column that keeps them."""
    text = ", ".join(codes)
    if len(text) > longest:
        raise forms.ValidationError(gettext("These are too many: name the most important ones."))
    return text
