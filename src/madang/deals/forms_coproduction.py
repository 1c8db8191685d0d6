"""The shape of a co-production: partners, financing, order of recoupment."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.actions.coproduction import PartnerFacts
from madang.deals.models import Deal, FundingKind, FundingState
from madang.kernels.rights import RightsError, territory_table
from madang.kit.choices import RowsField
from madang.kit.fields import AmountField, CurrencyField
from madang.markets.models import Edition
from madang.people.models import Company

BLANK = 3
"""Empty rows below those that are filled."""


class StartForm(forms.Form):
    """What the co-production is about, and its budget."""

    titles = RowsField(Title.objects.none(), label=_("Titles"), widget=forms.SelectMultiple(attrs={"size": 5}))
    budget = AmountField(label=_("Budget"), min_value=Decimal(1))
    currency = CurrencyField()

    def __init__(self, *args: Any, titles: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["titles"].queryset = titles  # type: ignore[attr-defined]  # a ModelMultipleChoiceField has one


class PartnerForm(forms.Form):
    """A partner; `who` is a company of the edition by its code or name, or the name of one outside."""

    who = forms.CharField(
        label=_("Partner"), max_length=200, widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"})
    )
    share = AmountField(label=_("Share in per cent"), max_digits=6, decimal_places=3, min_value=Decimal("0.001"), max_value=100)
    territories = forms.CharField(label=_("Territories kept"), required=False, max_length=2000)

    def clean_territories(self) -> str:
        text: str = self.cleaned_data["territories"].strip()
        try:
            mask = territory_table().read(text).mask if text else 1
        except RightsError as fault:
            raise forms.ValidationError(str(fault)) from fault
        if not mask:
            raise forms.ValidationError(_("No territory is left of what is written here."))
        return text


class PartnerRows(forms.BaseFormSet[PartnerForm]):
    """All partners; rows left empty or marked for deletion are none."""

    edition: Edition

    def facts(self) -> list[PartnerFacts]:
        """What is written, once the forms are valid. One query."""
        rows = filled(self)
        words = {row["who"].strip() for row in rows}
        known = _companies_by_word(self.edition, words)
        return [_facts(row, known.get(row["who"].strip().casefold())) for row in rows]


def _companies_by_word(edition: Edition, words: Iterable[str]) -> dict[str, Company]:
    """Companies whose code or name is one of the words; a name that two have stands for neither."""
    asked = Q()
    for word in words:
        asked |= Q(code__iexact=word) | Q(name__iexact=word) | Q(name_ko__iexact=word)
    found: dict[str, Company] = {}
    twice: set[str] = set()
    for company in Company.objects.filter(asked, edition=edition) if asked else []:
        for word in {company.name.casefold(), company.name_ko.casefold()} - {""}:
            twice |= {word} if word in found else set()
            found[word] = company
        found[company.code.casefold()] = company
    return {word: company for word, company in found.items() if word not in twice}


def _facts(row: dict[str, Any], company: Company | None) -> PartnerFacts:
    name = "" if company else row["who"].strip()
    return PartnerFacts(row["share"], company, name, row["territories"])


class FundingForm(forms.Form):
    """A source of money. Its lists begin with what a browser sends of a row left empty."""

    source = forms.CharField(
        label=_("Source"), max_length=200, widget=forms.TextInput(attrs={"list": "partners", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=FundingKind.choices, initial=FundingKind.EQUITY)
    amount = AmountField()
    currency = CurrencyField()
    rate = forms.DecimalField(
        label=_("Rate"), max_digits=16, decimal_places=8, min_value=Decimal("0.00000001"), required=False, widget=forms.TextInput
    )
    state = forms.ChoiceField(label=_("State"), choices=FundingState.choices, initial=FundingState.PLANNED)
    due_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sale = forms.ModelChoiceField(Deal.objects.none(), label=_("Comes from the sale"), required=False)

    def __init__(self, *args: Any, sales: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["sale"].queryset = sales  # type: ignore[attr-defined]  # a ModelChoiceField has one

    def clean_rate(self) -> Decimal:
        return self.cleaned_data["rate"] or Decimal(1)


class RecoupmentForm(forms.Form):
    """A step of who is paid back."""

    position = forms.IntegerField(label=_("Step"), min_value=1, max_value=99)
    recipient = forms.CharField(
        label=_("Who is paid"), max_length=200, widget=forms.TextInput(attrs={"list": "partners", "autocomplete": "off"})
    )
    percent = AmountField(
        label=_("Per cent of what comes in"), max_digits=6, decimal_places=3, min_value=Decimal("0.001"), max_value=100
    )
    cap = AmountField(label=_("Up to"), required=False)
    field_order = ("recipient", "position", "percent", "cap")


class PlanForm(forms.Form):
    """The budget, and which revision was read."""

    budget = AmountField(label=_("Budget"), min_value=Decimal(1))
    currency = CurrencyField()


class ReceiptsForm(forms.Form):
    """What might come in."""

    receipts = AmountField(label=_("If this comes in"))


PartnerFormSet = forms.formset_factory(PartnerForm, PartnerRows, extra=BLANK, can_delete=True, max_num=40, validate_max=True)
FundingFormSet = forms.formset_factory(FundingForm, extra=BLANK, can_delete=True, max_num=60, validate_max=True)
RecoupmentFormSet = forms.formset_factory(RecoupmentForm, extra=BLANK, can_delete=True, max_num=60, validate_max=True)


def filled(rows: Any) -> list[dict[str, Any]]:
    """What stands in the rows of a valid formset that are neither empty nor marked for deletion."""
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in rows.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]
