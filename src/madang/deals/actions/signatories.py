"""Who may sign for a company: the organiser names the first, and they name their colleagues."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.deals.models import Signatory
from madang.deals.rules import may_name_signatory
from madang.markets.actions import record
from madang.people.actions import notify
from madang.people.models import Participant
from madang.people.notices import person_facts
from madang.people.rules import is_professional, participant_of


@transaction.atomic
def name_signatory(actor: User, participant: Participant) -> Signatory:
    """She may sign for her company from now on, and is told so. Twice is once."""
    participant = _locked(actor, participant)
    if participant.left_at or not is_professional(participant):
        raise PermissionDenied
    edition = participant.edition
    found, is_new = Signatory.objects.get_or_create(
        participant=participant, defaults={"named_by": actor, "named_at": edition.now()}
    )
    if is_new:
        record(edition, actor, "name_signatory", participant.code)
        notify(participant, "signatory_named", edition.now().isoformat(), named_by(actor, participant))
    return found


@transaction.atomic
def unname_signatory(actor: User, participant: Participant) -> None:
    """She signs no more; what she signed stays. Twice is once."""
    participant = _locked(actor, participant)
    gone, _rows = Signatory.objects.filter(participant=participant).delete()
    if gone:
        record(participant.edition, actor, "unname_signatory", participant.code)


def named_by(actor: User, participant: Participant) -> dict[str, str]:
    """Who named her, for the notice: a colleague, or an organiser, who has a name alone."""
    me = participant_of(actor, participant.edition)
    return person_facts(me) if me else {"who": actor.name}


def _locked(actor: User, participant: Participant) -> Participant:
    found = Participant.objects.select_for_update(of=("self",)).select_related("company", "edition").get(pk=participant.pk)
    if not may_name_signatory(actor, found):
        raise PermissionDenied
    return found
