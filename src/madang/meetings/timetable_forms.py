"""The shape of what an organiser sends about a timetable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import MeetingRequest

LIMITS = [(30, _("30 seconds")), (60, _("1 minute")), (300, _("5 minutes")), (900, _("15 minutes"))]


AIMS: dict[str, dict[str, float]] = {"most": {}, "gaps": {"break_price": 0.5}, "fair": {"spread_price": 1.0}}
"""The organiser's dials, each a setting of the kernel's `Aims`."""


class ComputeForm(forms.Form):
    """What is wanted most, and how long the computation may look for something better."""

    aim = forms.ChoiceField(
        label=_("What matters most"),
        choices=[
            ("most", _("As many wished meetings as possible")),
            ("gaps", _("Fewer gaps in people's days, for some meetings less")),
            ("fair", _("Fairer shares: everybody gets about as much of her wishes")),
        ],
        initial="most",
        required=False,
    )
    limit = forms.TypedChoiceField(label=_("Time at most"), choices=LIMITS, coerce=int, initial=60)

    def aims(self) -> dict[str, float]:
        """The dial as it was set; that of most meetings where nothing sensible was sent."""
        return AIMS.get(self.data.get("aim", ""), {})


class DraftForm(forms.Form):
    """The draft's revision that the page showed, so that nobody works on a state that is gone."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class PublishForm(DraftForm):
    """`drop`: leave out the meetings that no longer fit."""

    drop = forms.BooleanField(required=False)


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
