"""Forms of the jury: seats, criteria, conflicts, readings by hand, scores."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.people.models import Participant
from madang.selection.models import Call, Criterion, Decision, Entry, Juror

LONGEST = 18
"""Digits that every number of a row fits in."""
NO_LIMIT = "any"
TAKE_BACK = "none"


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """One row; a number longer than any row's is no choice."""

    def clean(self, value: Any) -> Any:
        if len(str(value or "")) > LONGEST:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"})
        return super().clean(value)


class SeatForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """A seat in the jury; `participant` is asked only where the seat is new."""

    participant = RowField(label=_("Participant"), queryset=Participant.objects.none())

    class Meta:
        model = Juror
        fields = ("languages", "most", "is_chair")
        help_texts = {  # noqa: RUF012  # read by Django alone
            "languages": _("Those she judges in, with commas: ko, en, fr. Entries come in one of them, dialogue or subtitles."),
            "most": _("Empty: as many as it takes."),
        }

    def __init__(self, data: Any = None, *, call: Call, juror: Juror | None = None) -> None:
        super().__init__(data, instance=juror)
        people = Participant.objects.filter(edition=call.edition_id, is_juror=True, left_at=None)
        seated = call.jurors.filter(left_at=None).values("participant")
        self.fields["participant"].queryset = people.exclude(pk__in=seated)  # type: ignore[attr-defined]  # of this field
        self.order_fields(["participant", "languages", "most", "is_chair"])
        if juror is not None:
            del self.fields["participant"]

    def clean_languages(self) -> str:
        codes = [part.strip().lower() for part in self.cleaned_data["languages"].split(",") if part.strip()]
        wrong = [code for code in codes if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code)]
        if wrong:
            raise ValidationError(
                gettext("Not a language code: %(code)s. Write for instance ko, en, fr.") % {"code": wrong[0][:40]}
            )
        return ", ".join(dict.fromkeys(codes))

    def facts(self) -> dict[str, Any]:
        """The seat's fields."""
        return {name: self.cleaned_data[name] for name in ("languages", "most", "is_chair")}


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """A criterion on one of the two axes."""

    class Meta:
        model = Criterion
        fields = ("axis", "code", "name", "name_ko", "name_fr", "help", "help_ko", "help_fr", "low", "high", "weight", "position")

    def __init__(self, data: Any = None, *, call: Call, criterion: Criterion | None = None) -> None:
        super().__init__(data, instance=criterion or Criterion(call=call))
        self.fields["weight"].min_value = 0  # type: ignore[attr-defined]  # a number's
        self.fields["low"].widget.attrs |= {"min": -100, "max": 100}
        self.fields["high"].widget.attrs |= {"min": -100, "max": 100}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        low, high = found.get("low"), found.get("high")
        if low is not None and high is not None and not -100 <= low < high <= 100:
            self.add_error("high", gettext("The highest score is above the lowest; both lie between -100 and 100."))
        if (weight := found.get("weight")) is not None and weight <= 0:
            self.add_error("weight", gettext("A weight is above 0."))
        code, call = found.get("code"), self.instance.call
        if code and call.criteria.filter(code=code).exclude(pk=self.instance.pk).exists():
            self.add_error("code", gettext("There is a criterion with this code."))
        return found

    def facts(self) -> dict[str, Any]:
        """The criterion's fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ReasonForm(forms.Form):
    """Why something is done, for the record."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RecuseForm(ReasonForm):
    """Why a juror gives an entry back."""

    is_conflict = forms.BooleanField(
        label=_("I have a conflict of interest"), required=False, help_text=_("I know the makers, work with them, or took part.")
    )


class ConflictForm(forms.Form):
    """A conflict that the organiser knows of."""

    juror = RowField(label=_("Juror"), queryset=Juror.objects.none())
    entry = forms.CharField(label=_("Entry (code)"), max_length=40)
    note = forms.CharField(label=_("What it is"), max_length=500)

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        self.call = call
        self.fields["juror"].queryset = call.jurors.filter(left_at=None).select_related("participant")  # type: ignore[attr-defined]  # of this field

    def clean_entry(self) -> Entry:
        found = self.call.entries.filter(code__iexact=self.cleaned_data["entry"].strip()).first()
        if found is None:
            raise ValidationError(gettext("There is no entry with this code in the call."))
        return found


class AssignmentForm(forms.Form):
    """How readings are dealt out."""

    way = forms.ChoiceField(
        label=_("What happens to readings that are dealt out"),
        choices=[
            ("fill", _("They stay; only what is missing is filled")),
            ("anew", _("Deal out anew; only what is begun, scored or set by hand stays")),
        ],
        initial="fill",
    )
    compatriots = forms.ChoiceField(
        label=_("Jurors of an entry’s own countries"),
        choices=[("0", _("None")), ("1", _("One at most")), ("2", _("Two at most")), (NO_LIMIT, _("Any number, but rather few"))],
        initial="1",
    )

    def settings(self) -> dict[str, Any]:
        """What the run is given; the usual where the form was not understood."""
        if not self.is_valid():
            return {"anew": False, "most_compatriots": 1}
        limit = self.cleaned_data["compatriots"]
        return {"anew": self.cleaned_data["way"] == "anew", "most_compatriots": None if limit == NO_LIMIT else int(limit)}


class ReaderForm(forms.Form):
    """A reading by hand."""

    juror = RowField(label=_("Add a juror"), queryset=Juror.objects.none())

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        self.fields["juror"].queryset = call.jurors.filter(left_at=None).select_related("participant")  # type: ignore[attr-defined]  # of this field


class ScoreForm(forms.Form):
    """A juror's scores, one field a criterion (`c<pk>`), and her comment. Nothing is required: it saves by itself."""

    comment = forms.CharField(
        label=_("Comment for the jury"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The others read it once they have scored this entry themselves."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, criteria: Iterable[Criterion], given: dict[int, int], comment: str) -> None:
        super().__init__(data, initial={"comment": comment})
        self.criteria = list(criteria)
        for criterion in self.criteria:
            choices = [("", "–"), *((str(n), str(n)) for n in range(criterion.low, criterion.high + 1))]
            self.fields[f"c{criterion.pk}"] = forms.ChoiceField(
                label=str(criterion),
                choices=choices,
                required=False,
                initial=str(given.get(criterion.pk, "")),
                widget=forms.RadioSelect if criterion.high - criterion.low <= 10 else forms.Select,
            )

    def axes(self) -> list[tuple[str, list[tuple[Criterion, Any]]]]:
        """(words of an axis, its criteria with their fields), authorship first."""
        found: dict[str, list[tuple[Criterion, Any]]] = {}
        for criterion in sorted(self.criteria, key=lambda c: c.axis != "authorship"):
            found.setdefault(criterion.get_axis_display(), []).append((criterion, self[f"c{criterion.pk}"]))
        return list(found.items())

    def values(self) -> dict[int, int | None]:
        """Criterion -> score, None where it is taken back."""
        marks = {c.pk: self.cleaned_data.get(f"c{c.pk}", "") for c in self.criteria}
        return {pk: int(mark) if mark else None for pk, mark in marks.items()}


class RemarkForm(forms.Form):
    """One word in the discussion."""

    text = forms.CharField(label=_("Your remark"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    """What becomes of the entries that are ticked."""

    decision = forms.ChoiceField(label=_("Decision"), choices=[*Decision.choices, (TAKE_BACK, _("Take the decision back"))])
    section = forms.CharField(label=_("Section (line-up)"), max_length=200, required=False)
    reason = forms.CharField(label=_("Reason, for the record"), max_length=2000, required=False)
    words = forms.CharField(
        label=_("Words for the applicant"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They stand in the letter."),
    )  # fmt: skip
