"""The measure of meetings that were asked for, each with how far it came."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import SURE, Later, facts, figure_of
from madang.outcomes.models import Level
from madang.outcomes.queries.chain import STAGES, Asking, edition_askings

LATER = tuple(STAGES)[1:]
"""Each is a fact of a request: yes or no."""


def asked(edition: Edition) -> list[Figure]:
    rows = [Row("meeting", one.code, Column.CONFIRMED, facts=Later(partial(_told, one))) for one in edition_askings(edition)]
    return [figure_of("meetings_asked", 1, Unit.COUNT, rows, SURE)]


def _told(one: Asking) -> Mapping[str, str]:
    first, second = one.buyer_first
    came = {stage: "yes" if one.is_at(stage) else "no" for stage in LATER}
    return facts(country=first.country, other_country=second.country, buyer=first.person, **came)


def without_requests(edition: Edition) -> str | Promise:
    sent = MeetingRequest.objects.filter(edition=edition).exclude(status=RequestStatus.DRAFT)
    return "" if sent.exists() else _("Nobody has asked for a meeting yet.")


MEASURES = (
    Measure(
        "meetings_asked", 1, _("Meetings asked for"),
        _("Requests for a meeting that were sent, whatever became of them. Each says how far it came: accepted, in the published"
          " timetable, held as both sides say, with an offer, with a memo, signed; each of these is a part of the one before."),
        Unit.COUNT, _("Requests for meetings, the published timetable, check-ins, and documents of deals that came of a request"),
        asked, Level.INPUT, (*LATER, "country", "other_country"), is_missing=without_requests,
    ),
)  # fmt: skip
