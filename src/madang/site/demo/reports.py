"""The demo's reports after the event: one that was published, the one that corrects it, and a funder's link."""

from __future__ import annotations

import copy
import datetime as dt

from django.db import transaction

from madang.accounts.models import User
from madang.deals.models import Confirmation, ValueStage
from madang.deals.queries.values import Certainty, Stated, edition_values
from madang.markets.models import Edition, LogEntry, Stage
from madang.outcomes.actions.reports import freeze_report, give_reasons, publish_report
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.models import FunderLink, Report
from madang.site.demo.values import first_people

NAMES = {"name": "What the market brought", "name_ko": "마켓의 성과", "name_fr": "Ce que le marché a apporté"}
REASON = "A party confirmed what it had been paid after the first report had been frozen."
LEFT_OUT = frozenset({"meetings_planned", "meetings_held_share", "meeting_minutes", "meetings-for-each-buyer"})
"""Measures of thousands of rows that other figures have too: the demo is to be there soon."""
LATE = frozenset({"meetings_held", "first_time_pairs", "cost_a_held_meeting"})
"""Measures of the check-ins, which were still being read in when the first report was frozen."""
LATE_REASON = "The check-ins of the last day had not been read in when the first report was frozen."
BEFORE = dt.timedelta(days=4)
"""So long before the demo's moment the first report was frozen."""


@transaction.atomic
def make_reports(edition: Edition, organiser: User) -> None:
    """After the event only. The second report differs by what one party confirmed in between, and has what came late."""
    if edition.stage != Stage.AFTER:
        return
    earlier = copy.copy(edition)
    earlier.clock_shift = edition.clock_shift - BEFORE
    measures = [measure for code, measure in measures_of(edition).items() if code not in LEFT_OUT]
    first = freeze_report(organiser, earlier, NAMES, measures=[one for one in measures if one.code not in LATE])
    publish_report(organiser, first)
    confirm(edition, late_value(edition), earlier.now() + dt.timedelta(days=1))
    second = freeze_report(organiser, edition, NAMES, replaces=first.number, measures=measures)
    reasons = {one.pk: LATE_REASON if one.measure in LATE else REASON for one in second.corrections.all()}
    give_reasons(organiser, second, reasons)
    publish_report(organiser, second)
    set_back(edition, first)
    FunderLink.objects.create(
        edition=edition, name="City of Busan, culture office", made_by=organiser, made_at=edition.now(), opened=3,
        opened_at=edition.now(), expires_at=edition.now() + dt.timedelta(days=365),
    )  # fmt: skip


def late_value(edition: Edition) -> Stated | None:
    """A contract or payment with evidence that waits for the word of one party."""
    waiting = (
        one
        for one in edition_values(edition)
        if one.row.stage in (ValueStage.CONTRACT, ValueStage.PAID) and one.certainty == Certainty.ONE_SIDED and one.evidence
    )
    return next((one for one in waiting if len(one.waits_for) == 1 and one.waits_for[0].company), None)


def confirm(edition: Edition, found: Stated | None, at: dt.datetime) -> None:
    """The party that had said nothing confirms it."""
    if found is None or found.waits_for[0].company is None:
        return
    company = found.waits_for[0].company
    Confirmation.objects.create(value=found.row, company=company, participant=first_people(edition)[company.pk], at=at)


def set_back(edition: Edition, first: Report) -> None:
    """The first report's line of publishing has the day of its freezing."""
    lines = LogEntry.objects.filter(edition=edition, verb="publish_report", subject=str(first.number))
    lines.update(at=first.frozen_at + dt.timedelta(minutes=5))
