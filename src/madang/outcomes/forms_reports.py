"""The shape of what an organiser sends for reports and links of funders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.kit.languages import isolated
from madang.markets.models import Edition
from madang.outcomes.models import Correction, FunderLink, Report


class ReportChoice(forms.ModelChoiceField[Report]):
    """A report by its number and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}: {isolated(str(obj))}"


class ReportForm(forms.ModelForm[Report]):
    """Names of a new report, and which one it corrects."""

    replaces = ReportChoice(
        label=_("corrects"), required=False, queryset=Report.objects.none(), empty_label=_("none: it stands by itself"),
        help_text=_("A correction lists each figure that differs, and asks why."),
    )  # fmt: skip

    class Meta:
        model = Report
        fields = ("name", "name_ko", "name_fr")

    def __init__(self, *args: Any, edition: Edition, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["replaces"].queryset = Report.objects.filter(edition=edition, replaced_by=None)  # type: ignore[attr-defined]  # it is a ReportChoice

    @property
    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "name_ko", "name_fr")}

    @property
    def number(self) -> int | None:
        """Of the report to correct."""
        report: Report | None = self.cleaned_data["replaces"]
        return report.number if report else None


class ReasonsForm(forms.Form):
    """A reason for each correction, under its pk."""

    def __init__(self, *args: Any, corrections: list[tuple[Correction, str]], **facts: Any) -> None:
        super().__init__(*args, **facts)
        for correction, label in corrections:
            self.fields[f"reason-{correction.pk}"] = forms.CharField(label=label, max_length=500, initial=correction.reason)

    @property
    def reasons(self) -> dict[int, str]:
        return {int(name.removeprefix("reason-")): text for name, text in self.cleaned_data.items()}


class LinkForm(forms.Form):
    """For whom a link is, until when, and what it shows beside the reports. `editions`: those that may stand beside."""

    name = forms.CharField(label=FunderLink._meta.get_field("name").verbose_name, max_length=200)
    last_day = forms.DateField(
        label=_("works until the end of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you revoke it."),
    )  # fmt: skip
    beside = forms.ModelChoiceField[Edition](
        label=FunderLink._meta.get_field("beside").verbose_name, required=False, queryset=Edition.objects.none(),
        empty_label=pgettext_lazy("edition", "None"), to_field_name="slug",
        help_text=_("What its newest published report says stands beside this edition's."),
    )  # fmt: skip
    shows_costs = forms.BooleanField(
        label=FunderLink._meta.get_field("shows_costs").verbose_name, required=False,
        help_text=_("What was spent month by month, against the plan, as the newest report froze it. No payment is named."),
    )  # fmt: skip

    def __init__(self, *args: Any, editions: QuerySet[Edition], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["beside"].queryset = editions  # type: ignore[attr-defined]  # it is a ModelChoiceField
        if not editions:
            del self.fields["beside"]
