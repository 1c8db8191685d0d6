"""What a person says of a match, and takes back. It is hers alone: the log tells that she said something, never of what."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.actions import record
from madang.matching.models import Because, Feedback, Verdict
from madang.matching.rules import buyer_of, mandates_to_match, matched_titles
from madang.people.models import Participant


@transaction.atomic
def say_of_title(actor: User, title: Title, verdict: Verdict, because: Because | str = "", words: str = "") -> Feedback:
    """A buyer says of a title, whichever of her mandates it met; what she said before is replaced."""
    me = buyer_of(actor, title.edition)
    if me is None or title.company_id == me.company_id:
        raise PermissionDenied
    return _say(actor, me, title, None, verdict, because, words)


@transaction.atomic
def say_of_mandate(
    actor: User, title: Title, mandate: Mandate, verdict: Verdict, because: Because | str = "", words: str = ""
) -> Feedback:
    """A seller says of a mandate for one of her titles; what she said before is replaced."""
    if not matched_titles(actor, title.edition).filter(pk=title.pk).exists():
        raise PermissionDenied
    if not mandates_to_match(actor, title.edition).filter(pk=mandate.pk).exists():
        raise PermissionDenied
    me = Participant.objects.get(edition=title.edition, user=actor)
    return _say(actor, me, title, mandate, verdict, because, words)


@transaction.atomic
def take_back(actor: User, title: Title, mandate: Mandate | None = None) -> bool:
    """Forget what the actor said of a title (or of a mandate for it); whether there was something to forget."""
    said = Feedback.objects.filter(by__user=actor, title=title, mandate=mandate)
    if not said.exists():
        return False
    said.delete()
    record(title.edition, actor, "take_back_match")
    return True


def _say(
    actor: User, me: Participant, title: Title, mandate: Mandate | None, verdict: Verdict, because: Because | str, words: str
) -> Feedback:
    facts = {"edition": title.edition, "verdict": verdict, "because": because, "words": words, "at": title.edition.now()}
    said, _made = Feedback.objects.update_or_create(by=me, title=title, mandate=mandate, defaults=facts)
    record(title.edition, actor, "say_of_match")
    return said
