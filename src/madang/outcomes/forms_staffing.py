"""The shape of what an organiser sends about people who work."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madang.kit.choices import RowsField
from madang.kit.fields import AmountField, CurrencyField
from madang.kit.moments import MomentField
from madang.markets.models import Edition, Hall
from madang.outcomes.forms_money import FIRST, LAST, CodedForm
from madang.outcomes.models import Activity, Shift, Skill, Worker

LIMITS = [(5, _("5 seconds")), (15, _("15 seconds")), (60, _("1 minute"))]
LONGEST_SHIFT = dt.timedelta(hours=24)


class SkillForm(CodedForm):
    """What a shift may ask for."""

    class Meta:
        model = Skill
        fields = ("code", "name", "name_ko", "name_fr")


class HoursField(forms.DecimalField):
    """Hours, with quarters."""

    def __init__(self, most: int, **facts: Any) -> None:
        super().__init__(min_value=Decimal(0), max_value=Decimal(most), decimal_places=2, **facts)


class WorkerForm(CodedForm):
    """Somebody who works for the edition."""

    hours_a_day = HoursField(24, label=_("Hours a day at most"))
    rest_hours = HoursField(48, label=_("Hours of rest between two days at least"))
    hours_in_all = HoursField(2000, label=_("Hours in all at most"), required=False)
    pay_an_hour = AmountField(label=_("Pay an hour"), required=False)
    currency = CurrencyField(required=False)
    skills = RowsField(Skill.objects.none(), label=_("Skills"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Worker
        fields = (
            "code", "name", "native_name", "email", "skills", "hours_a_day", "rest_hours", "hours_in_all", "pay_an_hour",
            "currency",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].queryset = Skill.objects.filter(edition=self.edition)  # type: ignore[attr-defined]  # choices of rows

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("pay_an_hour") is not None and not facts.get("currency"):
            self.add_error("currency", _("Say in which currency."))
        return facts


class ShiftForm(CodedForm):
    """A shift; times are on the venue's clocks."""

    starts_at = MomentField(label=_("Starts"))
    ends_at = MomentField(label=_("Ends"))
    needed = forms.IntegerField(label=_("People needed"), min_value=1, max_value=500)

    class Meta:
        model = Shift
        fields = ("code", "name", "name_ko", "name_fr", "activity", "hall", "starts_at", "ends_at", "skill", "needed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("activity", Activity), ("hall", Hall), ("skill", Skill)):
            self.fields[name].queryset = model.objects.filter(edition=self.edition)  # type: ignore[attr-defined]  # choices of rows

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        starts, ends = facts.get("starts_at"), facts.get("ends_at")
        if starts and not FIRST <= starts.date() <= LAST:
            self.add_error("starts_at", _("Write a day between 2000 and 2100."))
        elif starts and ends and ends <= starts:
            self.add_error("ends_at", _("It must end after it starts."))
        elif starts and ends and ends - starts > LONGEST_SHIFT:
            self.add_error("ends_at", _("A shift has 24 hours at most."))
        return facts


class CopyForm(forms.Form):
    """Days to which a shift is copied: those of the edition, and one before it."""

    days = forms.MultipleChoiceField(label=_("Days"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, edition: Edition, shift: Shift, words: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = shift.starts_at.astimezone(edition.zone).date()
        span = (edition.ends_on - edition.starts_on).days + 2
        days = [edition.starts_on + dt.timedelta(days=number - 1) for number in range(min(span, 60))]
        self.fields["days"].choices = [(day.isoformat(), words(day)) for day in days if day != here]  # type: ignore[attr-defined]  # of choices

    def clean_days(self) -> list[dt.date]:
        return [dt.date.fromisoformat(day) for day in self.cleaned_data["days"]]


class AssignForm(forms.Form):
    """Who gets the shift; `anyway` where something speaks against it that an organiser may decide over."""

    worker = forms.CharField(max_length=40)
    anyway = forms.BooleanField(required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition

    def clean_worker(self) -> Worker:
        found = Worker.objects.filter(edition=self.edition, code=self.cleaned_data["worker"]).first()
        if found is None:
            raise ValidationError(_("Nobody here has this code."))
        return found


class SuggestForm(forms.Form):
    """How long to search."""

    limit = forms.TypedChoiceField(label=_("Time at most"), choices=LIMITS, coerce=int, initial=15)
