"""The shape of what is written at the desk, and of what phones send."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.door.actions.queues import MOST_MINUTES, MOST_PEOPLE
from madang.door.models import Outcome
from madang.markets.models import Edition, Hall
from madang.seating.models import AllotmentKind

OLDEST = dt.timedelta(days=7)
KINDS = ["scan", "hand", "back", "slip", "queue"]


class DeviceForm(forms.Form):
    """A new device; without a hall it lets people in everywhere."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("as door persons call it: Main door, left"))
    hall = forms.ModelChoiceField(Hall.objects.none(), label=_("Hall"), required=False, empty_label=_("All halls"))

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Hall]", self.fields["hall"]).queryset = Hall.objects.filter(edition=edition)


class QueueForm(forms.Form):
    """The queue as somebody sees it."""

    minutes = forms.IntegerField(label=_("Minutes in the queue"), min_value=0, max_value=MOST_MINUTES)
    people = forms.IntegerField(label=_("People in the queue"), min_value=0, max_value=MOST_PEOPLE, required=False)


class VoteForm(forms.Form):
    """From 1 to 5."""

    VALUES = ((5, _("Outstanding")), (4, _("Good")), (3, _("All right")), (2, _("Weak")), (1, _("Not for me")))

    value = forms.TypedChoiceField(label=_("Your vote"), choices=VALUES, coerce=int, widget=forms.RadioSelect)


class Sent(NamedTuple):
    """One thing that a phone tells; `age`: how long ago by the phone's own clock, which may be wrong but goes on evenly."""

    kind: str
    token: uuid.UUID
    event: str
    age: dt.timedelta
    code: str = ""
    told: str = ""
    allotment: str = ""
    minutes: int = 0
    people: int | None = None


def read_sent(raw: Any) -> Sent | None:
    """What a phone sent, as far as it makes sense; None where it does not."""
    try:
        kind, told, allotment = str(raw["kind"]), str(raw.get("told") or ""), str(raw.get("allotment") or "")
        age = dt.timedelta(milliseconds=min(max(float(raw.get("age") or 0), 0.0), OLDEST / dt.timedelta(milliseconds=1)))
        people = None if raw.get("people") in (None, "") else int(raw["people"])
        sent = Sent(
            kind, uuid.UUID(str(raw["token"])), str(raw["event"])[:40], age, str(raw.get("code") or "")[:500], told, allotment,
            int(raw.get("minutes") or 0), people,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    is_known = sent.kind in KINDS and sent.told in ("", *Outcome.values)
    is_known &= sent.kind != "hand" or sent.allotment in AllotmentKind.values
    return sent if is_known and "\0" not in sent.code + sent.event else None
