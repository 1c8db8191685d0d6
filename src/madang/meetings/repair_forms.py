"""The shape of what an organiser says has happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition, Hall, Slot, Table
from madang.meetings.queries.reasons import moment_words
from madang.meetings.queries.timetable import people_named
from madang.people.models import Participant

KIND_CHOICES = [
    ("left", _("Somebody dropped out")),
    ("away", _("Somebody cannot come for a while")),
    ("late", _("Somebody is late")),
    ("table_closed", _("A table or booth is closed")),
    ("hall_closed", _("A hall is closed")),
    ("anything", _("Nothing new: see what no longer fits, and place what waits")),
]
ABOUT_PEOPLE = {"left", "away", "late"}


class HappenedForm(forms.Form):
    """What happened, to whom or where, and for how long. Empty times: from now on, until the end."""

    kind = forms.ChoiceField(label=_("What happened"), choices=KIND_CHOICES, widget=forms.RadioSelect, initial="left")
    person = forms.CharField(label=_("Who (name or code)"), max_length=100, required=False)
    table = forms.ModelChoiceField(label=_("Which table or booth"), queryset=Table.objects.none(), required=False)
    hall = forms.ModelChoiceField(label=_("Which hall"), queryset=Hall.objects.none(), required=False)
    start = forms.TypedChoiceField(label=pgettext_lazy("time", "From"), coerce=int, empty_value=None, required=False)
    end = forms.TypedChoiceField(label=_("Until"), coerce=int, empty_value=None, required=False)
    reason = forms.CharField(
        label=pgettext_lazy("reason", "Why"), help_text=_("Those whose meetings change read it."), max_length=200, required=False
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.found = edition, None
        self.slots = {slot.pk: slot for slot in edition.slots.filter(ends_at__gt=edition.now()).order_by("starts_at")}
        chosen: dict[str, Any] = {"table": edition.tables.all(), "hall": edition.halls.all()}
        for name, rows in chosen.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # both are ModelChoiceFields
        times = [(slot.pk, moment_words(slot, edition)) for slot in self.slots.values()]
        self.fields["start"].choices = [("", _("now")), *times]  # type: ignore[attr-defined]  # a choice field
        self.fields["end"].choices = [("", _("the end of the edition")), *times]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        kind = facts.get("kind")
        if kind in ABOUT_PEOPLE:
            facts["participant"] = self._person(facts.get("person", "").strip())
        for name, wanted in (("table", "table_closed"), ("hall", "hall_closed")):
            if kind == wanted and not facts.get(name):
                self.add_error(name, _("Choose one."))
        if kind == "late" and not facts.get("end"):
            self.add_error("end", _("Say from when the person is there."))
        start, end = self._times(facts)
        if start >= end:
            self.add_error("end", _("This is not after the beginning."))
        return facts | {"starts_at": start, "ends_at": end}

    def _person(self, text: str) -> Participant | None:
        """The one person with that code or name; a person whom nobody can tell from others is no answer."""
        by_code = Participant.objects.filter(edition=self.edition, code=text).first()
        found = [by_code] if by_code else list(people_named(self.edition, text)[:4]) if text else []
        if len(found) == 1:
            return found[0]
        if not found:
            self.add_error("person", _("Nobody has this name or code."))
        else:
            names = "; ".join(f"{one.name} ({one.code})" for one in found[:3])
            self.add_error("person", _("Several people have this name; write the code: %(names)s") % {"names": names})
        return None

    def _times(self, facts: dict[str, Any]) -> tuple[dt.datetime, dt.datetime]:
        first, last = self.slots.get(facts.get("start") or 0), self.slots.get(facts.get("end") or 0)
        is_late = facts.get("kind") == "late"
        start = first.starts_at if first and not is_late else self.edition.now()
        return start, last.starts_at if last else self._end()

    def _end(self) -> dt.datetime:
        last: Slot | None = max(self.slots.values(), key=lambda slot: slot.ends_at, default=None)
        return last.ends_at if last else self.edition.now() + dt.timedelta(minutes=1)

    def facts(self) -> dict[str, Any]:
        """What `actions.happened.take_note` takes, for the kind that was chosen."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        if kind == "anything":
            return {}
        whom: dict[str, Any] = {
            "table_closed": {"table": given["table"]}, "hall_closed": {"hall": given["hall"]}
        }.get(kind, {"participant": given.get("participant")})  # fmt: skip
        times = {} if kind == "left" else {"starts_at": given["starts_at"], "ends_at": given["ends_at"]}
        return whom | times | {"reason": given["reason"].strip()}
