"""From a draft to a suggestion that both sides see, and what each of them says of it. Suggestions never book anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, RunState
from madang.markets.runs import edition_of
from madang.matching.actions.feedback import say_of_mandate, say_of_title
from madang.matching.models import Because, ProposeRun, Suggestion, SuggestionState, Verdict
from madang.matching.queries.suggestions import readers_of
from madang.matching.rules import buyer_of
from madang.matching.rules_exposure import guard, suggestions_to_buyer, suggestions_to_seller
from madang.meetings.rules import ASKING_STAGES
from madang.people.actions import Telling, notify_many


class Shown(NamedTuple):
    """What showing came to: meetings shown, people told, drafts that were left because somebody has gone or saw them before."""

    meetings: int
    people: int
    left: int


@transaction.atomic
def show_suggestions(actor: User | None, run: ProposeRun, numbers: Iterable[int] | None = None) -> Shown:
    """Show the run's drafts (or those with these ids) to both sides, as long as people may ask for meetings: else all are left.
    Each person is told once for a run, however often more of it is shown; twice is once."""
    edition = edition_of(run)
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    drafts = Suggestion.objects.filter(run=run, run__state=RunState.DONE, state=SuggestionState.DRAFT)
    if numbers is not None:
        drafts = drafts.filter(pk__in=list(numbers))
    asked = drafts.count()
    if edition.stage not in ASKING_STAGES:
        return Shown(0, 0, asked)
    seen = Suggestion.objects.filter(
        buyer=OuterRef("buyer"), title=OuterRef("title"), state=SuggestionState.SHOWN, run__edition=edition
    )
    gone = Q(buyer__left_at__isnull=False) | Q(title__is_withdrawn=True)
    showing = list(drafts.exclude(gone).exclude(Exists(seen)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(showing), 500):
        part = Suggestion.objects.filter(pk__in=showing[start : start + 500])
        part.update(state=SuggestionState.SHOWN, shown_at=edition.now())
    readers = readers_of(edition, showing)
    notify_many([Telling(person, "meetings_suggested", run.key, {"suggestions": run.key}) for person in readers])
    if showing:
        record(edition, actor, "show_suggestions", run.key, meetings=len(showing), people=len(readers))
    return Shown(len(showing), len(readers), asked - len(showing))


@transaction.atomic
def drop_suggestion(actor: User | None, suggestion: Suggestion) -> Suggestion:
    """Take a draft out; what was shown can be taken back as well, and is then on nobody's page."""
    return _move(actor, suggestion, SuggestionState.DROPPED, "drop_suggestion")


@transaction.atomic
def restore_suggestion(actor: User | None, suggestion: Suggestion) -> Suggestion:
    """Make what was dropped a draft again."""
    return _move(actor, suggestion, SuggestionState.DRAFT, "restore_suggestion")


def _move(actor: User | None, suggestion: Suggestion, state: SuggestionState, verb: str) -> Suggestion:
    edition = edition_of(suggestion.run)
    guard(actor, edition)
    others = Suggestion.objects.filter(pk=suggestion.pk).exclude(state=state)
    if state == SuggestionState.DRAFT:
        others = others.filter(state=SuggestionState.DROPPED)
    if others.update(state=state, shown_at=None):
        record(edition, actor, verb, suggestion.title.code, buyer=suggestion.buyer.code)
    suggestion.refresh_from_db(fields=["state", "shown_at"])
    return suggestion


@transaction.atomic
def decline_suggestion(actor: User, suggestion: Suggestion, because: str = "", words: str = "") -> Suggestion:
    """ "No, thanks": it leaves one's own page. The other side and the organiser read neither that nor the reason."""
    side, edition = _side_of(actor, suggestion), edition_of(suggestion.run)
    Suggestion.objects.filter(pk=suggestion.pk, **{side: None}).update(**{side: edition.now()})
    if because or words.strip():
        said = (Verdict.NOT_FOR_ME, because or Because.OTHER, words.strip()[:300])
        if side == "seller_declined_at" and suggestion.mandate:
            say_of_mandate(actor, suggestion.title, suggestion.mandate, *said)
        elif buyer_of(actor, edition) is not None:  # without a company she has no matches that could learn from it
            say_of_title(actor, suggestion.title, *said)
    suggestion.refresh_from_db()
    return suggestion


@transaction.atomic
def take_decline_back(actor: User, suggestion: Suggestion) -> Suggestion:
    """Have it on one's page again."""
    side = _side_of(actor, suggestion)
    Suggestion.objects.filter(pk=suggestion.pk).update(**{side: None})
    suggestion.refresh_from_db()
    return suggestion


def _side_of(actor: User, suggestion: Suggestion) -> str:
    """The field in which the actor's answer stands; PermissionDenied where the suggestion is not hers."""
    edition = edition_of(suggestion.run)
    for side, field in ((suggestions_to_buyer, "buyer_declined_at"), (suggestions_to_seller, "seller_declined_at")):
        if side(actor, edition).filter(pk=suggestion.pk).exists():
            return field
    raise PermissionDenied
