"""The shape of questions about what is free: which rights, how the answer shall lie to them, what a map and a sheet show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.queries.free import Question
from madang.deals.sets import read_sets
from madang.deals.words import fault_text, media_name
from madang.kernels import rights as kernel
from madang.kernels.rights import language_table, media_table, territory_table
from madang.kit.fields import DayField
from madang.mandates.models import Mandate
from madang.meetings.models import MeetingRequest

MEDIA = "TV, STREAMING"
"""What most buyers ask for; where nothing else was said."""
YEARS = 3
"""How long a question looks ahead where nothing else was said."""
FURTHEST = 50 * 366
"""Days between the first and the last one of a question."""
LONGEST = 2000
ASK_LENGTH = 2000

MODES: list[tuple[str, str | Promise]] = [
    (kernel.Mode.COVER, _("free for all of it")),
    (kernel.Mode.OVERLAP, _("free for some of it")),
    (kernel.Mode.START_WITHIN, _("free from a day in it on")),
    (kernel.Mode.END_WITHIN, _("free until a day in it")),
]


class SetField(forms.CharField):
    """Territories, media or languages as people write them; cleaned to the kernel's set."""

    def __init__(self, read: Callable[[str], int], *, fault: str | Promise, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)
        self.read, self.fault = read, fault

    def clean(self, value: Any) -> tuple[str, int]:
        """(what was written, the set)."""
        text = super().clean(value)
        try:
            mask = self.read(text)
        except kernel.RightsError as error:
            raise forms.ValidationError(fault_text(str(error))) from error
        if not mask:
            raise forms.ValidationError(str(self.fault))
        return text, mask


def in_order(form: forms.Form) -> dict[str, Any]:
    """Cleaned data, with an error at the last day where it is before the first one or too far from it."""
    start, end = form.cleaned_data.get("start"), form.cleaned_data.get("end")
    if start and end and end < start:
        form.add_error("end", _("The last day is before the first one."))
    elif start and end and (end - start).days > FURTHEST:
        form.add_error("end", _("Ask for fifty years at most."))
    return form.cleaned_data


class QuestionForm(forms.Form):
    """Which rights somebody asks for. Days are the first and the last one."""

    territories = SetField(
        lambda text: territory_table().read(text).mask,
        label=_("Territories"),
        fault=_("Write countries or groups of them, e.g. DE, AT, Benelux or World excl. US."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    media = SetField(  # type: ignore[assignment]  # a field of that name; the form's own media stay what they are
        lambda text: media_table().read(text),
        label=_("Media"),
        fault=_("Write media with commas, e.g. SVOD, AVOD, FREE, PAYTV, THEA, or All media."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "media-choices"}),
    )
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))
    languages = SetField(
        lambda text: language_table().read(text or "any"),
        label=_("Languages"),
        fault=_("Write languages with commas, e.g. fr, de:dub, ko:sub; empty means all."),
        required=False,
    )
    exclusive = forms.BooleanField(label=_("Exclusively"), required=False)

    def clean(self) -> dict[str, Any]:
        return in_order(self)

    def question(self) -> Question:
        """What was asked; the form must be valid."""
        found = self.cleaned_data
        territories, media, languages = (found[name][1] for name in ("territories", "media", "languages"))
        start, end = found["start"].toordinal(), found["end"].toordinal() + 1
        return Question(territories, media, languages, start, end, found["exclusive"])


class SearchForm(QuestionForm):
    """A question to the whole catalogue."""

    mode = forms.ChoiceField(label=_("Titles that are"), choices=MODES)
    days = forms.IntegerField(label=_("For at least so many days"), min_value=1, max_value=40_000, required=False)
    truncate = forms.BooleanField(label=_("Show no more than the time asked for"), required=False)
    unavailable = forms.BooleanField(label=_("Also those that are not free, and why"), required=False)


class HeatForm(forms.Form):
    """What a map shows. Without territories: the groups of the trade; else one row a country."""

    territories = SetField(
        lambda text: territory_table().read(text).mask if text else territory_table().all,
        label=_("Territories"),
        fault=_("Write countries or groups of them, e.g. DE, AT, Benelux or World excl. US."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    media = SetField(  # type: ignore[assignment]  # a field of that name; the form's own media stay what they are
        lambda text: media_table().read(text),
        label=_("Media"),
        fault=_("Write media with commas, e.g. SVOD, AVOD, FREE, PAYTV, THEA, or All media."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        return in_order(self)


class MeetingField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it is not generic when it runs
    """An accepted request, by the two who meet and what about."""

    def label_from_instance(self, obj: Model) -> str:
        request = cast(MeetingRequest, obj)
        people = f"{request.sender.name} – {request.receiver.name}"
        return f"{people} ({request.title})" if request.title else people


class AskForm(forms.Form):
    """What a buyer asks the seller of a title: about which titles, for which mandate, since which meeting."""

    ask = forms.CharField(
        label=_("What you would like to know"),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Rights, price, materials: what an offer has to answer."),
    )
    mandate = forms.ModelChoiceField(
        label=_("For which mandate"), queryset=Mandate.objects.none(), to_field_name="code", required=False,
        empty_label=_("No particular mandate"), help_text=_("The seller reads its words as they stand now."),
    )  # fmt: skip
    request = MeetingField(
        label=_("Since which meeting"), queryset=MeetingRequest.objects.none(), to_field_name="code", required=False,
        empty_label=_("No meeting"),
    )  # fmt: skip
    titles = forms.ModelMultipleChoiceField(
        label=_("Also about"), queryset=Title.objects.none(), to_field_name="code", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
            if not rows.exists():  # nothing to choose from: no field
                del self.fields[name]


def asked(given: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """What the address asks, completed by the defaults; boxes are as they are sent as soon as anything is asked."""
    said = {name: given[name] for name in SearchForm.base_fields if name in given}
    boxes = {name for name, field in SearchForm.base_fields.items() if isinstance(field, forms.BooleanField)}
    kept = {name: text for name, text in defaults.items() if not said or name not in boxes}
    return {**kept, **said}


def usual_question(territories: str, today: dt.date) -> dict[str, str]:
    """The question with which a page begins."""
    later = dt.date(today.year + YEARS, today.month, min(today.day, 28))
    return {
        "territories": territories,
        "media": MEDIA,
        "start": today.isoformat(),
        "end": (later - dt.timedelta(days=1)).isoformat(),
        "mode": kernel.Mode.OVERLAP,
        "truncate": "1",
    }


def media_choices() -> list[tuple[str, str]]:
    """(code, name) of media that people ask for, for a list of suggestions."""
    return [(code, media_name(code)) for code in media_table().english]


def is_readable(territories: str) -> bool:
    """Whether a text names territories that we know."""
    try:
        return bool(read_sets(territories, "ALL").territories)
    except kernel.RightsError:
        return False
