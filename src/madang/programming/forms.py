"""The shape of what a programmer sends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.kit.choices import RowsField
from madang.kit.languages import isolated
from madang.kit.moments import MomentField
from madang.markets.models import Edition, Hall
from madang.people.models import Participant
from madang.programming.models import ConflictLevel, ConflictRule, Item
from madang.programming.queries.clock import days_of
from madang.programming.queries.problem import programme_halls

LIMITS = [(10, _("10 seconds")), (30, _("30 seconds")), (120, _("2 minutes"))]
STAYS = [
    ("few", _("moves as little as it can")),
    ("all", _("stays; only what has no place is placed")),
    ("free", _("goes where it fits best")),
]
EVENINGS = [(0, _("does not matter")), (5, _("is preferred")), (20, _("matters much"))]
MOST_TRAVEL = 240
NIGHT = 6
"""Until this hour the night belongs to the day before, as on the grid."""


class PlaceForm(forms.Form):
    """Where an item goes: hall, day and time, or no hall to take it off; `was` is where the page showed it (hall|moment)."""

    item = forms.CharField(max_length=40)
    hall = forms.CharField(label=_("Hall"), max_length=40, required=False)
    day = forms.DateField(label=_("Day"), required=False)
    time = forms.RegexField(r"^[0-9]{1,2}:[0-9]{2}$", label=_("Starts"), required=False)
    was = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.found: Item | None = None
        self.place: Hall | None = None
        self.starts_at: dt.datetime | None = None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        self.found = Item.objects.filter(edition=self.edition, code=facts.get("item", "")).select_related("edition").first()
        if self.found is None:
            raise forms.ValidationError(_("That is not an item of this edition."))
        if not facts.get("hall"):
            return facts
        self.place = programme_halls(self.edition).filter(code=facts["hall"]).first()
        day, time = facts.get("day"), facts.get("time")
        if self.place is None or day is None or not time:
            raise forms.ValidationError(_("Choose a hall, a day and a time."))
        hours, minutes = (int(part) for part in time.split(":"))
        if hours > 23 or minutes > 59 or not dt.date(2000, 1, 1) <= day <= dt.date(2999, 12, 31):
            raise forms.ValidationError(_("Choose a time on the days of the edition."))
        if hours < NIGHT:
            day += dt.timedelta(days=1)
        self.starts_at = dt.datetime.combine(day, dt.time(hours, minutes), self.edition.zone).astimezone(dt.UTC)
        return facts

    def spot(self) -> tuple[int | None, dt.datetime | None] | None:
        """Where the page showed the item; None where it did not say, or nothing sensible."""
        hall, _bar, moment = (self.cleaned_data.get("was") or "").partition("|")
        if not _bar:
            return None
        if not hall:
            return (None, None)
        try:
            found = programme_halls(self.edition).filter(code=hall).values_list("pk", flat=True).first()
            return (found, dt.datetime.fromisoformat(moment))
        except ValueError:
            return None


class ItemForm(forms.ModelForm[Item]):
    """An item, without its place. Times are on the venue's clocks."""

    ready_at = MomentField(label=_("Print or file is there from"), required=False)
    not_before = MomentField(label=_("Not before"), required=False)
    not_after = MomentField(label=_("Ends at the latest"), required=False)
    people = forms.CharField(
        label=_("Who has to be there"), required=False, max_length=400, help_text=_("Codes of participants, with commas.")
    )

    class Meta:
        model = Item
        fields = (
            "code", "kind", "title", "name", "name_ko", "name_fr", "minutes", "people", "right_before", "after",
            "is_public", "premiere", "expected", "needs", "languages", "halls", "ready_at", "has_arrived", "not_before",
            "not_after", "about", "about_ko", "about_fr",
        )  # fmt: skip
        labels = {"right_before": _("Stands directly before"), "after": _("Only after the end of")}  # noqa: RUF012  # Django's own form
        widgets = {  # noqa: RUF012  # the same
            "halls": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("about", "about_ko", "about_fr")},
        }
        field_classes = {"halls": RowsField}  # noqa: RUF012  # the same

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.guests = edition, list[Participant]()
        others = Item.objects.filter(edition=edition).exclude(pk=self.instance.pk).select_related("title").order_by("code")
        self.fields["right_before"].queryset = self.fields["after"].queryset = others  # type: ignore[attr-defined]  # choices of rows
        self.fields["title"].queryset = edition.titles.filter(part_of=None).order_by("search_text")  # type: ignore[attr-defined]  # the same
        self.fields["halls"].queryset = programme_halls(edition)  # type: ignore[attr-defined]  # the same
        self.fields["minutes"].widget.attrs |= {"min": 1, "max": 1440}
        if self.instance.pk:
            codes = self.instance.guests.order_by("pk").values_list("participant__code", flat=True)
            self.fields["people"].initial = ", ".join(codes)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        taken = Item.objects.filter(edition=self.edition, code=code).exclude(pk=self.instance.pk).exists()
        if taken:
            raise forms.ValidationError(_("Another item has this code."))
        if not code.replace("-", "").replace("_", "").isalnum() or not code.isascii():
            raise forms.ValidationError(_("Letters, digits and hyphens only: the code stands in addresses."))
        return code

    def clean_minutes(self) -> int:
        minutes = int(self.cleaned_data["minutes"])
        if not 1 <= minutes <= 1440:
            raise forms.ValidationError(_("Between one minute and a day."))
        return minutes

    def clean_people(self) -> str:
        codes = [code.strip() for code in self.cleaned_data["people"].split(",") if code.strip()]
        found = {person.code: person for person in Participant.objects.filter(edition=self.edition, code__in=codes)}
        if missing := [code for code in codes if code not in found]:
            raise forms.ValidationError(_("Nobody here has the code %(code)s.") % {"code": isolated(missing[0])})
        self.guests = [found[code] for code in dict.fromkeys(codes)]
        return str(self.cleaned_data["people"])

    def clean_right_before(self) -> Item | None:
        led: Item | None = self.cleaned_data["right_before"]
        if led is None:
            return None
        if led.greetings.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Something else stands directly before that already."))
        at: Item | None = led
        for _step in range(100):
            if at is None:
                return led
            if at.pk == self.instance.pk:
                break
            at = at.right_before
        raise forms.ValidationError(_("These would stand before each other in a circle."))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("not_before"), facts.get("not_after")
        if first and last and last - first < dt.timedelta(minutes=facts.get("minutes") or 1):
            self.add_error("not_after", _("It does not fit between these times."))
        if not facts.get("title") and not facts.get("name"):
            self.add_error("name", _("Give it a name, or a title."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Fields of the model, without those that are rows of their own."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("people", "halls")}


class LevelsForm(forms.Form):
    """A level for each conflict."""

    def __init__(self, *args: Any, levels: dict[ConflictRule, ConflictLevel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule, level in levels.items():
            self.fields[rule.value] = forms.ChoiceField(label=rule.label, choices=ConflictLevel.choices, initial=level.value)


class HallForm(forms.ModelForm[Hall]):
    """What a hall is like; for each day of the edition when it is open, both empty where it is closed."""

    is_always_open = forms.BooleanField(label=_("Open all day, on every day"), required=False)

    class Meta:
        model = Hall
        fields = ("capacity", "changeover", "equipment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.instance.edition.zone
        openings = {o.starts_at.astimezone(zone).date(): o for o in self.instance.openings.all()}
        self.fields["is_always_open"].initial = not openings
        self.days = days_of(self.instance.edition)
        for number, day in enumerate(self.days):
            known = openings.get(day)
            for name, label, moment in (
                ("from", _("Open from"), known and known.starts_at),
                ("until", _("Open until"), known and known.ends_at),
            ):
                field = forms.TimeField(
                    label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                )
                field.initial = moment.astimezone(zone).time() if moment else None
                self.fields[f"{name}_{number}"] = field

    def rows(self) -> list[tuple[dt.date, Any, Any]]:
        """Each day with its two fields."""
        return [(day, self[f"from_{number}"], self[f"until_{number}"]) for number, day in enumerate(self.days)]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for number in range(len(self.days)):
            start, end = facts.get(f"from_{number}"), facts.get(f"until_{number}")
            if bool(start is None) != bool(end is None):
                self.add_error(f"until_{number}" if end is None else f"from_{number}", _("Give both times, or neither."))
        return facts

    def hours(self) -> dict[dt.date, tuple[dt.time, dt.time] | None]:
        """Day -> opening hours; nothing at all where it is always open."""
        if self.cleaned_data["is_always_open"]:
            return {}
        times = [(self.cleaned_data[f"from_{number}"], self.cleaned_data[f"until_{number}"]) for number in range(len(self.days))]
        return {day: (start, end) if start is not None else None for day, (start, end) in zip(self.days, times, strict=True)}


class TravelForm(forms.Form):
    """Minutes between each two halls of the programme."""

    def __init__(self, *args: Any, halls: list[Hall], minutes: dict[tuple[int, int], int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = sorted(halls, key=lambda hall: hall.pk)
        self.pairs = [(one, other) for n, one in enumerate(ordered) for other in ordered[n + 1 :]]
        for one, other in self.pairs:
            label = f"{isolated(str(one))} – {isolated(str(other))}"
            field = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_TRAVEL)
            field.initial = minutes.get((one.pk, other.pk))
            self.fields[f"way_{one.pk}_{other.pk}"] = field

    def minutes(self) -> dict[tuple[int, int], int]:
        return {(one.pk, other.pk): self.cleaned_data[f"way_{one.pk}_{other.pk}"] or 0 for one, other in self.pairs}


class SuggestForm(forms.Form):
    """How a programme is to be suggested."""

    stay = forms.ChoiceField(label=_("What has a place already"), choices=STAYS, initial="few")
    evening = forms.TypedChoiceField(label=_("The evening, for public screenings"), choices=EVENINGS, coerce=int, initial=5)
    limit = forms.TypedChoiceField(label=_("Time at most"), choices=LIMITS, coerce=int, initial=10)


class PublishForm(forms.Form):
    """What is new in the version, in a few words."""

    note = forms.CharField(label=_("What is new, in a few words"), max_length=300, required=False)
