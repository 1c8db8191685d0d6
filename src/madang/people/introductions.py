"""To whom hidden participants are known: rows that follow from what the apps above know, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import models, transaction

from madang.markets.models import Edition
from madang.people.models import Block, Introduction, IntroductionCause, Participant, SeenBy


class Hidden(NamedTuple):
    """A participant who hides: from whom, and of which company."""

    seen_by: str
    company_id: int | None


def hidden_people(edition: Edition, people: Iterable[Participant] | None = None) -> dict[int, Hidden]:
    """Who of the edition (or of these people) hides and takes part, by id."""
    rows = _asked(edition, people).exclude(seen_by=SeenBy.EVERYONE).filter(left_at=None)
    return {pk: Hidden(seen_by, company) for pk, seen_by, company in rows.values_list("pk", "seen_by", "company_id")}


@transaction.atomic
def set_introductions(
    edition: Edition, cause: IntroductionCause, people: Iterable[Participant] | None, wanted: Mapping[int, Iterable[int]]
) -> int:
    """Make the rows of one cause, for these people (None: all), exactly those `wanted`: hidden person -> to whom (ids).

    None to oneself, to somebody who dropped out, or across a block, whoever of the two blocked the other's company. Gives the
    number of rows that changed; twice is once.
    """
    rows = Introduction.objects.filter(hidden__in=_asked(edition, people).values("pk"), cause=cause)
    known = {(hidden, to): pk for pk, hidden, to in rows.values_list("pk", "hidden_id", "to_id")}
    asked = {(hidden, to) for hidden, others in wanted.items() for to in others}
    allowed = _allowed(edition, asked) if asked else set()
    gone = [known[pair] for pair in known.keys() - allowed]
    for start in range(0, len(gone), 500):
        Introduction.objects.filter(pk__in=gone[start : start + 500]).delete()
    new = [Introduction(hidden_id=hidden, to_id=to, cause=cause) for hidden, to in sorted(allowed - known.keys())]
    Introduction.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return len(gone) + len(new)


def _asked(edition: Edition, people: Iterable[Participant] | None) -> models.QuerySet[Participant]:
    everybody = Participant.objects.filter(edition=edition).order_by()
    return everybody if people is None else everybody.filter(pk__in=[person.pk for person in people])


def _allowed(edition: Edition, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    blocks = set(Block.objects.filter(participant__edition=edition).values_list("participant_id", "company_id"))
    companies = dict(Participant.objects.filter(edition=edition, left_at=None).order_by().values_list("pk", "company_id"))
    return {
        (hidden, to)
        for hidden, to in pairs
        if hidden != to and to in companies and (hidden, companies[to]) not in blocks and (to, companies[hidden]) not in blocks
    }
