"""The shape of what people write after a meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.meetings.actions.followups import WHAT_LENGTH
from madang.meetings.models import Meeting
from madang.people.models import Participant


class FollowUpForm(forms.Form):
    """What to do, and until when."""

    what = forms.CharField(label=_("What to do"), max_length=WHAT_LENGTH)
    due_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class NewFollowUpForm(FollowUpForm):
    """The same, after which meeting of one's own."""

    meeting_code = forms.ChoiceField(label=_("After the meeting with"))
    field_order = ("meeting_code", "what", "due_on")

    def __init__(self, data: Any = None, *, me: Participant, meetings: list[Meeting]) -> None:
        super().__init__(data)
        self._by_code = {meeting.request.code: meeting for meeting in meetings}
        choices = [(code, _who(meeting, me)) for code, meeting in self._by_code.items()]
        self.fields["meeting_code"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def meeting(self) -> Meeting:
        """The chosen meeting, once the form is valid."""
        return self._by_code[self.cleaned_data["meeting_code"]]


def _who(meeting: Meeting, me: Participant) -> str:
    people = [one for one in meeting.request.attendees.all() if one.participant_id != me.pk]
    return ", ".join(f"{one.participant.name} ({one.participant.company})" for one in people) or meeting.request.code
