"""Proposed meetings of the demo: a run with a floor of two, a third of its meetings shown to both sides, one of them declined."""

from __future__ import annotations

import datetime as dt
from copy import copy

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry, Stage
from madang.matching.actions.exposure import keep, start_proposals, turn_dials
from madang.matching.actions.suggestions import show_suggestions
from madang.matching.models import ProposeRun, Suggestion, SuggestionState
from madang.matching.queries.exposure import asked_of, exposure_of, propose
from madang.people.models import Participant

BEFORE = dt.timedelta(days=6)
"""So long ago the organiser computed them; an hour later she showed some."""
FIRST = ("crime", "thriller", "factual")
"""Genres whose meetings were shown first."""


def make_exposure(edition: Edition, organiser: User, known: set[int], now: dt.datetime) -> None:
    """From the stage of meeting requests on. `known`: people with an account of the demo's own, who see suggestions of theirs."""
    if Stage(edition.stage) not in (Stage.MEETINGS, Stage.LIVE, Stage.AFTER):
        return
    dials = turn_dials(organiser, edition, floor=2, floor_first_time=3)
    run, _new = start_proposals(organiser, edition, asked_of(dials))
    keep(run, propose(exposure_of(edition, asked_of(dials)), lambda *_: None))
    drafts = run.suggestions.order_by("pk").values_list("pk", "title__genre", "buyer_id", "title__company_id")
    companies = set(Participant.objects.filter(pk__in=known).values_list("company_id", flat=True))
    chosen = [pk for pk, genre, buyer, company in drafts if genre in FIRST or buyer in known or company in companies]
    run.edition = copy(edition)
    run.edition.stage = Stage.MEETINGS  # they were shown when people could ask for meetings
    show_suggestions(organiser, run, chosen)
    set_back(run, now - BEFORE)


def set_back(run: ProposeRun, moment: dt.datetime) -> None:
    """Give what was done just now its day in the demo's history; the first of those shown was declined a day later."""
    shown_at = moment + dt.timedelta(hours=1)
    ProposeRun.objects.filter(pk=run.pk).update(created_at=moment, finished_at=moment + dt.timedelta(seconds=9))
    shown = Suggestion.objects.filter(run=run, state=SuggestionState.SHOWN)
    shown.update(shown_at=shown_at)
    last = shown.order_by("chance").values_list("pk", flat=True)[:1]
    Suggestion.objects.filter(pk__in=list(last)).update(buyer_declined_at=shown_at + dt.timedelta(days=1))
    lines = LogEntry.objects.filter(edition=run.edition_id)
    lines.filter(verb__in=["turn_dials", "propose_meetings"]).update(at=moment)
    lines.filter(verb="show_suggestions").update(at=shown_at)
    told = run.edition.notices.filter(kind="meetings_suggested") if run.edition else None
    if told is not None:
        told.update(created_at=shown_at, mailed_at=shown_at)  # nobody is mailed a thousand times
