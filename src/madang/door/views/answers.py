"""What a phone is told of a scan: the outcome, and whatever a door person needs to know with it."""

from __future__ import annotations

from typing import Any

from madang.door.actions.scans import Taken
from madang.door.codes import digest
from madang.door.models import Admission
from madang.door.queries.copy import first_facts


def answer_of(taken: Taken) -> dict[str, Any]:
    """As JSON: `first` names the other door, `seat` where to sit, `reason` why not."""
    scan = taken.scan
    admission = Admission.objects.filter(scan=scan).select_related("ticket__place__seat", "participant").first()
    seat = admission.ticket.place.seat if admission and admission.ticket else None
    found = taken.finding
    return {
        "token": str(scan.token),
        "event": scan.event.code,
        "outcome": scan.outcome,
        "told": scan.told,
        "allotment": admission.allotment if admission else found.allotment if found else "",
        "seat": str(seat or ""),
        "is_late": bool(admission and admission.is_late),
        "reason": found.reason if found else "",
        "first": first_facts(scan.first),
        "uses": uses_of(admission or (taken.finding.earlier if taken.finding else None)),
    }


def uses_of(admission: Admission | None) -> list[str]:
    """Digests of the ticket and the badge that are used now: the phone knows them again without network, whatever was scanned."""
    if admission is None:
        return []
    keys = [admission.ticket and admission.ticket.key, admission.participant and admission.participant.badge_key]
    return [digest(key) for key in keys if key]
