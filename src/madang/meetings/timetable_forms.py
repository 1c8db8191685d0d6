"""The shape of what an organiser sends about a timetable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition, Slot, Stage, Table
from madang.meetings.aims import AIM_WORDS, AIMS
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.timetable import published_of

LIMITS = [(30, _("30 seconds")), (60, _("1 minute")), (300, _("5 minutes")), (900, _("15 minutes"))]


class ComputeForm(forms.Form):
    """What is wanted most, and how long the computation may look for something better.

    Beside a published timetable it can stay as it is; while the event is on, that is what is wanted unless it is said otherwise.
    """

    aim = forms.ChoiceField(label=_("What matters most"), required=False)
    limit = forms.TypedChoiceField(label=_("Time at most"), choices=LIMITS, coerce=int, initial=60)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_published = published_of(edition) is not None
        self.usual = "keep" if is_published and edition.stage == Stage.LIVE else "most"
        choices = [(name, words) for name, words in AIM_WORDS.items() if is_published or name != "keep"]
        self.fields["aim"].choices, self.fields["aim"].initial = choices, self.usual  # type: ignore[attr-defined]  # a ChoiceField

    def aims(self) -> dict[str, float]:
        """The dial as it was set; the usual one where nothing sensible was sent."""
        return AIMS.get(self.data.get("aim", ""), AIMS[self.usual])


class DraftForm(forms.Form):
    """The draft's revision that the page showed, so that nobody works on a state that is gone."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class PublishForm(DraftForm):
    """`drop`: leave out the meetings that no longer fit; `sure`: also if many move."""

    drop = forms.BooleanField(required=False)
    sure = forms.BooleanField(required=False)


class MoveForm(DraftForm):
    """A request, and where it goes: `to` is "<slot>-<table>", "<slot>-" for a booth, empty to take it off."""

    request = forms.CharField(max_length=40)
    to = forms.RegexField(r"^([0-9]{1,18}-([0-9]{1,18})?)?$", required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.found: MeetingRequest | None = None
        self.slot: Slot | None = None
        self.table: Table | None = None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        self.found = MeetingRequest.objects.filter(edition=self.edition, code=facts.get("request", "")).first()
        slot, _dash, table = (facts.get("to") or "").partition("-")
        self.slot = Slot.objects.filter(edition=self.edition, pk=int(slot)).first() if slot else None
        self.table = Table.objects.filter(edition=self.edition, pk=int(table)).first() if table else None
        if self.found is None or (slot and self.slot is None) or (table and self.table is None):
            raise forms.ValidationError(_("That meeting or that place is not there any more; please look again."))
        return facts
