"""The shape of what people type about seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.moments import MomentField
from madang.kit.territories import country_choices
from madang.seating.actions.layout import MOST_PLACES, Share
from madang.seating.drawing import LONGEST, Unreadable, read_drawing
from madang.seating.models import Allotment, AllotmentKind, Seating, SeatingMode
from madang.seating.together import Party


class PartyForm(forms.Form):
    """How many, out of which allotment; `numbers`: seats chosen by oneself."""

    allotment = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect)
    count = forms.TypedChoiceField(label=pgettext_lazy("seats", "Places"), coerce=int)
    wheelchairs = forms.TypedChoiceField(label=_("Of them wheelchair places"), coerce=int, required=False, empty_value=None)
    companions = forms.TypedChoiceField(label=_("Of them companions’ seats"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, allotments: list[Allotment], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["allotment"].choices = [(a.kind, a.get_kind_display()) for a in allotments]  # type: ignore[attr-defined]  # a choice field
        self.fields["allotment"].initial = allotments[0].kind if allotments else None
        if len(allotments) == 1:
            self.fields["allotment"].widget = forms.HiddenInput()
        numbers = [(n, str(n)) for n in range(1, most + 1)]
        self.fields["count"].choices = numbers  # type: ignore[attr-defined]  # as above
        self.fields["count"].initial = min(2, most)
        for name in ("wheelchairs", "companions"):
            self.fields[name].choices = [(0, "0"), *numbers]  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "count" in found and not self.party(found).is_possible:
            self.add_error("wheelchairs", _("These are more than the places of the booking."))
        return found

    def party(self, found: dict[str, Any] | None = None) -> Party:
        values = found or self.cleaned_data
        return Party(values["count"], values.get("wheelchairs") or 0, values.get("companions") or 0)


class ReaderForm(forms.Form):
    """Who books without an account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "–"), *country_choices((get_language() or "en")[:2])]  # type: ignore[attr-defined]  # a choice field


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class DrawingForm(forms.Form):
    """A hall as a drawing in letters."""

    drawing = forms.CharField(
        label=_("Drawing"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "class": "code", "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "One line a row, the stage above the first: its name, a space, its seats. o is a seat, w a wheelchair place, "
            "c a companion’s seat beside it, x a seat not in use, a point a gap. An empty line is a gap between rows."
        ),
    )

    def clean_drawing(self) -> str:
        text = str(self.cleaned_data["drawing"])
        try:
            self.seats = read_drawing(text)
        except Unreadable as fault:
            raise forms.ValidationError(str(fault)) from None
        return text


LIMITS = {
    "most": (1, 50),
    "hold_minutes": (2, 120),
    "release_minutes": (0, 240),
    "late_minutes": (0, 240),
    "vote_hours": (1, 336),
}


class SeatingForm(forms.ModelForm[Seating]):
    """How an event is seated and booked."""

    opens_at = MomentField(label=_("Booking from"), required=False)
    closes_at = MomentField(label=_("Booking until"), required=False, help_text=_("Empty: until the start."))

    class Meta:
        model = Seating
        fields = (
            "mode", "opens_at", "closes_at", "most", "hold_minutes", "release_minutes", "late_minutes", "vote_hours",
            "has_waiting_list",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in LIMITS.items():
            known = self.fields[name]
            self.fields[name] = forms.IntegerField(
                label=known.label, min_value=least, max_value=most, initial=known.initial, help_text=known.help_text
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("opens_at") and found.get("closes_at") and found["closes_at"] <= found["opens_at"]:
            self.add_error("closes_at", _("Booking ends before it begins."))
        return found


class ShareForm(forms.Form):
    """What one allotment gets."""

    is_used = forms.BooleanField(label=_("Has places"), required=False)
    count = forms.IntegerField(label=_("Places (free seating)"), min_value=0, max_value=MOST_PLACES, required=False)
    rows = forms.CharField(
        label=_("Rows (reserved seats)"),
        max_length=500,
        required=False,
        help_text=_("With commas: A, B, C. The last share has the rest."),
    )
    opens_at = MomentField(label=_("Booking from"), required=False)
    flows_to = forms.ChoiceField(label=_("What is left goes to"), required=False)
    flows_at = MomentField(label=_("What is left goes on at"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = AllotmentKind(kind)
        others = [(value, label) for value, label in AllotmentKind.choices if value != kind]
        self.fields["flows_to"].choices = [("", _("Nobody else")), *others]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("is_used") and bool(found.get("flows_to")) != bool(found.get("flows_at")):
            self.add_error("flows_at", _("Say both: to whom, and when."))
        return found

    @property
    def share(self) -> Share:
        found = self.cleaned_data
        rows = tuple(row.strip() for row in found["rows"].split(",") if row.strip())
        return Share(self.kind, found["count"] or 0, rows, found["opens_at"], found["flows_to"], found["flows_at"])


def comes_back(kind: str, goes_to: dict[str, str]) -> bool:
    """Whether what is left of an allotment would at last go to itself."""
    at = goes_to.get(kind)
    for _step in goes_to:
        if at == kind:
            return True
        at = goes_to.get(at or "")
    return False


class LayoutForm:
    """The seating of an event with a share for each kind of allotment; the public's is the last, which has the rest."""

    def __init__(self, data: Any, seating: Seating | None, shares: dict[str, Share], capacity: int | None) -> None:
        start = None if seating else {"mode": SeatingMode.FREE}
        self.settings = SeatingForm(data, instance=seating or Seating(), initial=start)
        self.shares = []
        for kind in AllotmentKind.values:
            share = shares.get(kind)
            initial: dict[str, Any] = {"is_used": share is not None}
            if share:
                initial |= {"count": share.count, "rows": ", ".join(share.rows), "flows_to": share.flows_to}
                initial |= {"opens_at": share.opens_at, "flows_at": share.flows_at}
            elif not shares and kind == AllotmentKind.PUBLIC:
                initial = {"is_used": True, "count": capacity}
            self.shares.append(ShareForm(data, prefix=kind, initial=initial, kind=kind))

    def is_valid(self) -> bool:
        is_sound = [form.is_valid() for form in (self.settings, *self.shares)]
        if all(is_sound) and not self.chosen:
            self.settings.add_error(None, _("Give places to at least one allotment."))
        if all(is_sound):
            goes_to = {share.kind: share.flows_to for share in self.chosen}
            for form in self.shares:
                if form.cleaned_data["is_used"] and form.cleaned_data["flows_to"] not in {"", *goes_to}:
                    form.add_error("flows_to", _("This allotment has no places."))
                elif form.cleaned_data["is_used"] and comes_back(form.kind, goes_to):
                    form.add_error("flows_to", _("These would give their places to each other in a circle."))
        return not any(form.errors for form in (self.settings, *self.shares))

    @property
    def chosen(self) -> list[Share]:
        return [form.share for form in self.shares if form.cleaned_data.get("is_used")]

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.settings.cleaned_data)


class GroupForm(ReaderForm):
    """An organiser books for several people at once."""

    allotment = forms.ChoiceField(label=_("Out of"))
    group_name = forms.CharField(label=_("Group"), max_length=200)
    count = forms.IntegerField(label=pgettext_lazy("seats", "Places"), min_value=1, max_value=500)
    wheelchairs = forms.IntegerField(label=_("Of them wheelchair places"), min_value=0, max_value=500, required=False)
    companions = forms.IntegerField(label=_("Of them companions’ seats"), min_value=0, max_value=500, required=False)
    field_order = ("group_name", "allotment", "count", "wheelchairs", "companions", "email", "name", "country")

    def __init__(self, *args: Any, allotments: list[Allotment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["allotment"].choices = [(a.kind, a.get_kind_display()) for a in allotments]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "count" in found and not self.party(found).is_possible:
            self.add_error("wheelchairs", _("These are more than the places of the booking."))
        return found

    def party(self, found: dict[str, Any] | None = None) -> Party:
        values = found or self.cleaned_data
        return Party(values["count"], values.get("wheelchairs") or 0, values.get("companions") or 0)
