"""The form of what an organiser settles about meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.meetings.actions.policy import FIELDS
from madang.meetings.models import MeetingPolicy

PARTS = [
    (_("How many requests"), ("buyers_out", "sellers_out", "buyers_in", "sellers_in")),
    (_("Answers in time"), ("expires_after_hours", "remind_before_hours")),
    (_("After publication"), ("booking", "cancel_minutes", "standby_minutes", "most_people")),
    (_("Ways and rest"), ("walk_minutes", "door_minutes", "lunch_from", "lunch_until", "lunch_minutes", "most_in_a_row")),
]
"""The form's parts, each with its heading."""

HELP = {
    "buyers_out": _("Withdrawn and expired requests give their place back. Empty: no limit."),
    "sellers_out": _("Empty: no limit."),
    "buyers_in": _("So many may wait for her answer; then nobody else can ask her until she answers some. Empty: no limit."),
    "sellers_in": _("Empty: no limit."),
    "expires_after_hours": _("Of requests sent from now on. Empty: they wait without end."),
    "remind_before_hours": _("Whoever has not answered is told once. 0: no reminder."),
    "standby_minutes": _("A place that comes free is offered to the two who want it most; they have so long to take it."),
    "walk_minutes": _("Between two halls, before and after each meeting and event."),
    "lunch_from": _("Empty: no common lunch."),
    "lunch_minutes": _("So long stays free of meetings between the two times."),
    "most_in_a_row": _("Then one slot stays free. Empty: as many as come."),
}
BOUNDS = {
    "buyers_out": (0, 1000),
    "sellers_out": (0, 1000),
    "buyers_in": (1, 1000),
    "sellers_in": (1, 1000),
    "expires_after_hours": (1, 24 * 90),
    "remind_before_hours": (0, 24 * 30),
    "cancel_minutes": (0, 7 * 24 * 60),
    "standby_minutes": (5, 24 * 60),
    "most_people": (2, 6),
    "walk_minutes": (0, 120),
    "door_minutes": (0, 120),
    "lunch_minutes": (5, 240),
    "most_in_a_row": (1, 50),
}
"""Field -> (least, most)."""


class PolicyForm(forms.ModelForm[MeetingPolicy]):
    """Everything of MeetingPolicy, in parts."""

    class Meta:
        model = MeetingPolicy
        fields = FIELDS
        help_texts = HELP
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("lunch_from", "lunch_until")}  # noqa: RUF012 - as Django's forms are written

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in BOUNDS.items():
            old = self.fields[name]
            self.fields[name] = forms.IntegerField(
                label=old.label, required=old.required, min_value=least, max_value=most, help_text=old.help_text
            )

    def parts(self) -> Iterator[tuple[object, list[forms.BoundField]]]:
        """(heading, fields) in order."""
        for heading, names in PARTS:
            yield heading, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        expires, reminds = facts.get("expires_after_hours"), facts.get("remind_before_hours")
        if expires and reminds and reminds >= expires:
            self.add_error("remind_before_hours", _("The reminder comes before the end: fewer hours than until it expires."))
        self._clean_lunch(facts.get("lunch_from"), facts.get("lunch_until"), facts.get("lunch_minutes"))
        return facts

    def _clean_lunch(self, begin: dt.time | None, end: dt.time | None, minutes: int | None) -> None:
        if (begin is None) != (end is None):
            if not {"lunch_from", "lunch_until"} & set(self.errors):
                self.add_error("lunch_until" if begin else "lunch_from", _("Give both times, or neither."))
        elif begin and end:
            length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
            if length <= 0:
                self.add_error("lunch_until", _("Lunch ends before it begins."))
            elif minutes and minutes > length:
                self.add_error("lunch_minutes", _("Between these two times there are only %(n)s minutes.") % {"n": length})
