"""The shape of what people write after a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.kit.calendar import day_text
from madang.markets.models import Edition
from madang.meetings.actions.followups import WHAT_LENGTH
from madang.meetings.models import Meeting
from madang.people.models import Participant

LATEST = dt.timedelta(days=3 * 365)
"""How long after the edition something may still be due."""


class FollowUpForm(forms.Form):
    """What to do, and until when."""

    what = forms.CharField(label=_("What to do"), max_length=WHAT_LENGTH)
    due_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = (edition.starts_on, edition.ends_on + LATEST)
        self.fields["due_on"].widget.attrs |= {"min": self.days[0].isoformat(), "max": self.days[1].isoformat()}

    def clean_due_on(self) -> dt.date | None:
        """A day on which something can come of this edition."""
        day: dt.date | None = self.cleaned_data["due_on"]
        first, last = self.days
        if day is not None and not first <= day <= last:
            language = (get_language() or "en")[:2]
            words = {"first": day_text(first, language), "last": day_text(last, language)}
            raise forms.ValidationError(_("Choose a day from %(first)s to %(last)s."), params=words)
        return day


class NewFollowUpForm(FollowUpForm):
    """The same, after which meeting of one's own."""

    meeting_code = forms.ChoiceField(label=_("After the meeting with"))
    field_order = ("meeting_code", "what", "due_on")

    def __init__(self, data: Any = None, *, me: Participant, meetings: list[Meeting]) -> None:
        super().__init__(data, edition=me.edition)
        self._by_code = {meeting.request.code: meeting for meeting in meetings}
        choices = [(code, _who(meeting, me)) for code, meeting in self._by_code.items()]
        self.fields["meeting_code"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def meeting(self) -> Meeting:
        """The chosen meeting, once the form is valid."""
        return self._by_code[self.cleaned_data["meeting_code"]]


def _who(meeting: Meeting, me: Participant) -> str:
    people = [one for one in meeting.request.attendees.all() if one.participant_id != me.pk]
    return ", ".join(f"{one.participant.name} ({one.participant.company})" for one in people) or meeting.request.code
