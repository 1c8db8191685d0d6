"""The shape of what people write into their calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit import calendar
from madang.markets.models import Edition
from madang.meetings.actions.calendar import REASON_LENGTH


class TimeOfDay(forms.TimeField):
    """Hours and minutes as clocks show them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class BlockForm(forms.Form):
    """A time on one day of the edition in which somebody cannot meet, by the venue's clocks. An end of 00:00 is midnight."""

    day = forms.ChoiceField(label=_("Day"))
    start = TimeOfDay(label=pgettext_lazy("start", "From"))
    end = TimeOfDay(label=_("Until"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=REASON_LENGTH, help_text=_("Only you and the organisers read it.")
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        days = [edition.starts_on + dt.timedelta(days=n) for n in range((edition.ends_on - edition.starts_on).days + 1)]
        language = (get_language() or "en")[:2]
        field = self.fields["day"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(day.isoformat(), calendar.day_text(day, language)) for day in days]

    def stretch(self) -> tuple[dt.datetime, dt.datetime]:
        """The time itself, in UTC."""
        day, zone = dt.date.fromisoformat(self.cleaned_data["day"]), self.edition.zone
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        last = day + dt.timedelta(days=1) if end == dt.time() else day
        stretch = dt.datetime.combine(day, start, zone), dt.datetime.combine(last, end, zone)
        return stretch[0].astimezone(dt.UTC), stretch[1].astimezone(dt.UTC)
