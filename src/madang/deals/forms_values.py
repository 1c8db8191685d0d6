"""The shape of what people write about values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from madang.deals.actions.evidence import ENDINGS, WrongFile, check_file
from madang.deals.models import ValueStage
from madang.kit.fields import AmountField, CurrencyField


class EvidenceForm(forms.Form):
    """A file or a reference; the other parties and the organiser may open it."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=200,
        help_text=_("PDF, PNG or JPEG, 10 MB at most. The other parties of the deal and the organiser can open it."),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )
    reference = forms.CharField(
        label=_("Or a reference"),
        required=False,
        max_length=300,
        help_text=_("Such as the number of a bank transfer or of a contract, if the paper itself is to stay with you."),
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file:
            try:
                check_file(file)
            except WrongFile as fault:
                raise forms.ValidationError(str(fault)) from fault
        return file

    @property
    def has_evidence(self) -> bool:
        return bool(self.cleaned_data.get("file") or self.cleaned_data.get("reference"))


class OnlyEvidenceForm(EvidenceForm):
    """One of the two is needed."""

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if not self.errors and not self.has_evidence:
            self.add_error("file", _("Choose a file, or write a reference."))
        return found


class RestateForm(EvidenceForm):
    """An amount anew."""

    amount = AmountField(min_value=Decimal("0.01"))
    currency = CurrencyField()
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    field_order = ("stage", "amount", "currency", "note", "file", "reference")


class StateForm(RestateForm):
    """A value of a deal, with what shows it."""

    stage = forms.ChoiceField(label=_("Stage"), choices=ValueStage.choices)


class EstimateForm(forms.Form):
    """What the organiser thinks a meeting or a deal is worth."""

    stage = forms.ChoiceField(label=_("Stage"), choices=ValueStage.choices)
    amount = AmountField(min_value=Decimal("0.01"))
    currency = CurrencyField()
    note = forms.CharField(label=_("Note"), required=False, max_length=300, help_text=_("Where the estimate comes from."))


class DisputeForm(forms.Form):
    """Why a value is not right."""

    reason = forms.CharField(label=_("What is not right"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
