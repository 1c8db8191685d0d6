"""Searches that people keep. The log says that somebody did, never what she searches for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.accounts.models import User
from madang.markets.actions import record
from madang.people.models import Participant
from madang.search.models import Alert, SavedSearch
from madang.search.queries.asking import Asked
from madang.search.rules import may_keep_searches, visible_searches
from madang.search.tokens import query_of

MOST = 20
"""Searches that one person keeps."""
LONGEST = 500


@transaction.atomic
def save_search(actor: User, participant: Participant, asked: Asked, *, name: str, alert: str) -> SavedSearch:
    """Keep a search of one's own; the same search again only changes its name and alert.

    Raises ValidationError where there is nothing to search for, it is too long, or she keeps `MOST` already.
    """
    if participant.user_id != actor.pk or not may_keep_searches(actor, participant.edition):
        raise PermissionDenied
    if not query_of(asked.words).words:
        raise ValidationError(_("There are no letters or digits in this search."))
    if len(asked.address) > LONGEST:
        raise ValidationError(_("This search is too long to be kept. Use fewer words."))
    Participant.objects.select_for_update().get(pk=participant.pk)  # two clicks at once do not keep one more than MOST
    kept = visible_searches(actor, participant.edition)
    same = kept.filter(query=asked.address).first()
    if same is None and kept.count() >= MOST:
        text = ngettext("You keep %(n)s search already.", "You keep %(n)s searches already. Delete one first.", MOST)
        raise ValidationError(text % {"n": MOST})
    search = same or SavedSearch(edition=participant.edition, participant=participant, query=asked.address)
    _set(search, name, alert)
    search.save()
    record(participant.edition, actor, "change_search" if same else "save_search", participant.code)
    return search


@transaction.atomic
def change_search(actor: User, search: SavedSearch, *, name: str, alert: str) -> SavedSearch:
    """Another name, or another alert."""
    if not visible_searches(actor, search.edition).filter(pk=search.pk).exists():
        raise PermissionDenied
    _set(search, name, alert)
    search.save(update_fields=["name", "alert", "told_until"])
    record(search.edition, actor, "change_search", search.participant.code)
    return search


@transaction.atomic
def delete_search(actor: User, search: SavedSearch) -> None:
    """Forget a search of one's own."""
    if not visible_searches(actor, search.edition).filter(pk=search.pk).exists():
        raise PermissionDenied
    search.delete()
    record(search.edition, actor, "delete_search", search.participant.code)


def _set(search: SavedSearch, name: str, alert: str) -> None:
    """Who begins to be told anew is not told what came in between."""
    if search.alert == Alert.NEVER and alert != Alert.NEVER:
        search.told_until = timezone.now()
    search.name, search.alert = name, alert
