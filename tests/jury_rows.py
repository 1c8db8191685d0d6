"""Rows of a jury for tests: a call that has closed, entries, jurors, criteria, readings with scores."""

from __future__ import annotations

import datetime as dt
from typing import Any

from factories import MOMENT, EditionFactory, ParticipantFactory, UserFactory

from madang.markets.models import Edition
from madang.selection.actions.jury import take_standard_criteria
from madang.selection.models import Call, Entry, EntryState, Juror, Reading, ReadingState, Score


def make_call(edition: Edition | None = None, code: str = "showcase", **facts: Any) -> Call:
    """A call that closed a month ago; jurors score for three more days."""
    month = dt.timedelta(days=30)
    times = {"opens_at": MOMENT - 3 * month, "closes_at": MOMENT - month, "scoring_until": MOMENT + dt.timedelta(days=3)}
    edition = edition or EditionFactory()
    return Call.objects.create(edition=edition, code=code, **{"name": "Showcase call", "readers": 2} | times | facts)


def make_entries(call: Call, count: int, **facts: Any) -> list[Entry]:
    """Submitted entries of one applicant, E-001 and so on."""
    user = facts.pop("user", None) or UserFactory()
    plain = {"languages": "ko", "subtitles": "en", "countries": "KR", "company_name": "Entrant Pictures", "synopsis": "A yard."}
    first = call.entries.count()
    rows = [
        Entry(
            call=call, code=f"E-{n:03}", user=user, name=f"Work {n}", state=EntryState.SUBMITTED, submitted_at=MOMENT,
            **plain | facts,
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    return Entry.objects.bulk_create(rows)


def make_jurors(call: Call, count: int, **facts: Any) -> list[Juror]:
    """Jurors with accounts, who read Korean and English."""
    plain = {"languages": "ko, en"}
    people = [ParticipantFactory(edition=call.edition, is_juror=True, company=None) for _ in range(count)]
    return [Juror.objects.create(call=call, participant=person, **plain | facts) for person in people]


def organiser_of(call: Call):
    """An account that runs the jury."""
    user = UserFactory()
    call.edition.market.organisers.add(user)
    return user


def make_criteria(call: Call) -> list:
    """The standard set: four on each axis, from 1 to 10."""
    take_standard_criteria(organiser_of(call), call)
    return list(call.criteria.all())


def score_all(call: Call, readings: list[Reading], mark=lambda reading, criterion: 5) -> None:
    """Finish readings with the given marks."""
    criteria = list(call.criteria.all())
    rows = [Score(reading=r, criterion=c, value=max(c.low, min(c.high, mark(r, c)))) for r in readings for c in criteria]
    Score.objects.bulk_create(rows)
    Reading.objects.filter(pk__in=[r.pk for r in readings]).update(state=ReadingState.DONE, done_at=MOMENT)


def read_by(jurors: list[Juror], entries: list[Entry]) -> list[Reading]:
    """Each of these jurors reads each of these entries."""
    return Reading.objects.bulk_create([Reading(juror=j, entry=e, assigned_at=MOMENT) for e in entries for j in jurors])
