"""What this app does when rows of the apps below change: whom a hidden buyer is known to follows from her mandates."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from madang.mandates.models import Mandate
from madang.meetings.actions.introductions import introduce
from madang.people.models import Participant, SeenBy


def connect() -> None:
    """Called once, when the apps are ready."""
    post_save.connect(mandate_changed, sender=Mandate, dispatch_uid="introduce after a mandate")
    post_delete.connect(mandate_changed, sender=Mandate, dispatch_uid="introduce after a mandate's end")


def mandate_changed(instance: Mandate, raw: bool = False, **kwargs: Any) -> None:
    """In the same transaction, so that nobody finds her by a mandate that is no more."""
    buyer = Participant.objects.filter(pk=instance.buyer_id, seen_by=SeenBy.MATCHES).select_related("edition").first()
    if buyer and not raw:
        introduce(buyer.edition, [buyer])
