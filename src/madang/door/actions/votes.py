"""What the audience thought: one vote a seat, which may be changed until voting closes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from madang.door.models import Admission, Vote
from madang.door.rules import may_vote


def cast_vote(admission: Admission, *, value: int) -> Vote:
    """The vote of one seat; whoever holds the key of its ticket, or was let in by her badge, is the caller's to know."""
    now = admission.event.edition.now()
    if not may_vote(admission, now) or not 1 <= value <= 5:
        raise PermissionDenied
    facts: dict[str, Any] = {"value": value, "at": now}
    return Vote.objects.update_or_create(admission=admission, defaults=facts)[0]
