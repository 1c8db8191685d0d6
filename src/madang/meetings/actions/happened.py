"""What happened to an edition's people and places while its timetable lives: facts first, then what follows from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, Hall, Table
from madang.meetings.models import Closure, Unavailability
from madang.people.models import Participant

KINDS = ["left", "away", "late", "table_closed", "hall_closed", "anything"]
"""`anything`: nothing new, but what no longer fits, or waits for a place, is to be looked at."""


def take_note(
    actor: User,
    edition: Edition,
    kind: str,
    *,
    participant: Participant | None = None,
    table: Table | None = None,
    hall: Hall | None = None,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Write the fact down; what is given back tells it, as JSON, and how to take it back. Call it inside a transaction.

    A table or hall is closed, and a person away, from `starts_at` until `ends_at`; a person who is late is away until `ends_at`.
    """
    facts: dict[str, Any] = {"kind": kind, "reason": reason}
    if participant is not None and kind == "left":
        facts |= {"participant": participant.pk} | _leave(actor, edition, participant)
    elif participant is not None and starts_at and ends_at:
        facts |= {"participant": participant.pk} | _be_away(participant, starts_at, ends_at, reason)
    elif starts_at and ends_at and (table or hall):
        tables = [table] if table else list(Table.objects.filter(edition=edition, hall=hall))
        closed = Closure.objects.bulk_create(
            Closure(table=one, starts_at=starts_at, ends_at=ends_at, reason=reason[:200]) for one in tables
        )
        facts |= {"table": table.pk} if table else {"hall": hall.pk if hall else None}
        facts["closures"] = [one.pk for one in closed]
    if starts_at and ends_at:
        facts |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    record(edition, actor, "take_note", participant.code if participant else (table or hall or ""), kind=kind)
    return facts


def _leave(actor: User, edition: Edition, participant: Participant) -> dict[str, Any]:
    """She is in no list any more; who had left already is not left again."""
    if participant.left_at is not None:
        return {}
    participant.left_at = edition.now()
    participant.save(update_fields=["left_at"])
    record(edition, actor, "leave_edition", participant.code)
    return {"has_left": True}


def _be_away(participant: Participant, starts_at: dt.datetime, ends_at: dt.datetime, reason: str) -> dict[str, Any]:
    """A block of her calendar; one that begins at the same moment becomes longer."""
    known = Unavailability.objects.filter(participant=participant, starts_at=starts_at).first()
    if known is not None:
        if known.ends_at < ends_at:
            known.ends_at = ends_at
            known.save(update_fields=["ends_at"])
        return {}
    row = Unavailability.objects.create(participant=participant, starts_at=starts_at, ends_at=ends_at, reason=reason[:200])
    return {"unavailability": row.pk}


def take_back(actor: User, edition: Edition, facts: dict[str, Any]) -> None:
    """It did not happen after all: the fact goes, as far as it was new. Call it inside a transaction."""
    if facts.get("has_left"):
        left = Participant.objects.filter(edition=edition, pk=facts["participant"], left_at__isnull=False)
        for participant in left:
            participant.left_at = None
            participant.save(update_fields=["left_at"])
            record(edition, actor, "return_to_edition", participant.code)
    Unavailability.objects.filter(participant__edition=edition, pk=facts.get("unavailability", 0)).delete()
    Closure.objects.filter(table__edition=edition, pk__in=facts.get("closures", [])).delete()
    record(edition, actor, "take_back_note", "", kind=facts.get("kind", ""))
