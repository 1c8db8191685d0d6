"""Who sees calls, entries and their materials, and who may change an entry."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.selection.models import Call, Entry, EntryState, Material, MaterialKind, Reading, ReadingState

ENTERED = Q(submitted_at__isnull=False)
"""Entries that were submitted once; a draft is its author's own."""
SHOWN_WHEN_BLIND = (MaterialKind.STILL, MaterialKind.SCREENER, MaterialKind.SUBTITLES)
"""Materials that do not name the makers by themselves: what a juror of a blind call opens."""


def visible_calls(user: Visitor, edition: Edition) -> QuerySet[Call]:
    """Public calls, open or not; organisers see all."""
    calls = Call.objects.filter(edition=edition).select_related("edition")
    return calls if may_organise(user, edition) else calls.filter(is_public=True)


def open_calls(user: Visitor, edition: Edition) -> QuerySet[Call]:
    """The calls that take entries at this second."""
    now = edition.now()
    return visible_calls(user, edition).filter(opens_at__lte=now, closes_at__gt=now)


def is_open(call: Call) -> bool:
    """From the second in which it opens until that in which it closes, by the edition's clock."""
    return call.opens_at <= call.edition.now() < call.closes_at


def own_entries(user: Visitor, edition: Edition) -> QuerySet[Entry]:
    """What the user enters herself."""
    if not user.is_authenticated:
        return Entry.objects.none()
    return Entry.objects.filter(call__edition=edition, user=user).select_related("call__edition", "user")


def visible_entries(user: Visitor, edition: Edition) -> QuerySet[Entry]:
    """One's own; organisers also see what others have submitted, never their drafts."""
    if not user.is_authenticated:
        return Entry.objects.none()
    entries = Entry.objects.filter(call__edition=edition).select_related("call__edition", "user")
    if may_organise(user, edition):
        return entries.filter(ENTERED | Q(user=user))
    return entries.filter(user=user)


def may_enter(user: Visitor, call: Call) -> bool:
    """Whoever has an account, while the call is open."""
    return user.is_authenticated and open_calls(user, call.edition).filter(pk=call.pk).exists()


def may_change_entry(user: Visitor, entry: Entry) -> bool:
    """Its author, until the call closes, unless it was refused or withdrawn."""
    state = entry.state in (EntryState.DRAFT, EntryState.SUBMITTED)
    return state and is_open(entry.call) and own_entries(user, entry.call.edition).filter(pk=entry.pk).exists()


def may_withdraw_entry(user: Visitor, entry: Entry) -> bool:
    """Its author, at any time: also after the call has closed."""
    return entry.state == EntryState.SUBMITTED and own_entries(user, entry.call.edition).filter(pk=entry.pk).exists()


def may_enter_again(user: Visitor, entry: Entry) -> bool:
    """Its author, while the call is open: a withdrawn entry becomes a draft."""
    return entry.state == EntryState.WITHDRAWN and may_enter(user, entry.call) and entry.user_id == user.pk


def may_judge_eligibility(user: Visitor, entry: Entry) -> bool:
    """Organisers, of what was submitted."""
    return entry.submitted_at is not None and may_organise(user, entry.call.edition)


def visible_materials(user: Visitor, edition: Edition) -> QuerySet[Material]:
    """Its author's, the organiser's once submitted, and those jurors' who read the entry; a blind call's jurors see fewer."""
    if not user.is_authenticated:
        return Material.objects.none()
    rows = Material.objects.filter(entry__call__edition=edition).select_related("entry__call__edition")
    seen = Q(entry__in=visible_entries(user, edition).order_by().values("pk"))
    named = Q(kind__in=SHOWN_WHEN_BLIND) | Q(entry__call__is_blind=False)
    return rows.filter(seen | (named & Q(entry__in=_read_by(user).values("entry"), entry__state=EntryState.SUBMITTED)))


def _read_by(user: User) -> QuerySet[Reading]:
    """What she reads as a juror; what she gave back is not among it."""
    mine = Reading.objects.filter(juror__participant__user=user, juror__left_at=None, juror__call=F("entry__call"))
    return mine.filter(juror__participant__left_at=None).exclude(state=ReadingState.RECUSED).order_by()
