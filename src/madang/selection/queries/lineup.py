"""Decisions about entries, and the letters that tell them."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from madang.kit.languages import isolated
from madang.people.actions import Address
from madang.people.mail import SITE
from madang.selection.models import Call, Decision, Entry, EntryState, Rank, Ranking, Selection

TOLD = (Decision.ACCEPT, Decision.RESERVE, Decision.DECLINE)
"""Decisions that a letter tells; a shortlist is the organiser's own."""
LETTERS = {Decision.ACCEPT: "accept", Decision.RESERVE: "reserve", Decision.DECLINE: "decline"}


class Letter(NamedTuple):
    """A letter as it will be written."""

    address: Address
    subject: str
    body: str


def lineup_rows(call: Call, ranking: Ranking | None) -> QuerySet[Entry]:
    """Submitted entries with their decision and both places side by side; never one number. Order: by authorship, then code."""
    entries = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).select_related("selection", "call__edition", "user")
    for axis in ("authorship", "audience"):
        ranks = Rank.objects.filter(ranking=ranking, entry=OuterRef("pk"), axis=axis)
        entries = entries.annotate(**{axis: Subquery(ranks.values("place")[:1])})
    return entries.order_by(F("authorship").asc(nulls_last=True), "code")


def decision_counts(call: Call) -> dict[str, int]:
    """How many entries each decision has; "" for none."""
    found = {"": 0} | {decision.value: 0 for decision in Decision}
    rows = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).values_list("selection__decision", flat=True)
    for decision in rows:
        found[decision or ""] += 1
    return found


def reserve_list(call: Call) -> QuerySet[Selection]:
    """Who comes next if a place comes free."""
    rows = Selection.objects.filter(entry__call=call, decision=Decision.RESERVE, entry__state=EntryState.SUBMITTED)
    return rows.select_related("entry__call__edition").order_by("place", "pk")


def untold(call: Call) -> QuerySet[Selection]:
    """Decisions that no letter has told yet."""
    rows = Selection.objects.filter(entry__call=call, decision__in=TOLD, told_at=None, entry__state=EntryState.SUBMITTED)
    return rows.select_related("entry__user", "entry__call__edition").order_by("decision", "entry__code")


def told_outcome(entry: Entry) -> Selection | None:
    """What became of an entry, once a letter has told it."""
    return Selection.objects.filter(entry=entry, told_at__isnull=False).first()


def withdrawn_from(call: Call) -> QuerySet[Entry]:
    """Entries that came into the catalogue, and were then withdrawn or found not eligible; the latest first."""
    gone = Entry.objects.filter(call=call, state__in=[EntryState.WITHDRAWN, EntryState.REFUSED], title__isnull=False)
    return gone.select_related("call__edition", "title").order_by(F("withdrawn_at").desc(nulls_last=True), "code")


def letter_of(selection: Selection) -> Letter:
    """The letter to an applicant, in her language."""
    entry = selection.entry
    email, name = entry.contact_email or entry.user.email, entry.contact_name or entry.user.name
    language = entry.language or entry.user.language or "en"
    decision = Decision(selection.decision)
    with translation.override(language):
        subjects = {
            Decision.ACCEPT: _("%(title)s is in the line-up of %(edition)s"),
            Decision.RESERVE: _("%(title)s is on the reserve list of %(edition)s"),
            Decision.DECLINE: _("%(edition)s: our answer about %(title)s"),
        }
        facts = {"title": isolated(str(entry)), "edition": str(entry.call.edition)}
        address = SITE + reverse("selection:outcome", args=[entry.call.edition.slug, entry.call.code, entry.code])
        context = facts | {"name": isolated(name), "selection": selection, "call": entry.call, "address": address}
        body = render_to_string(f"selection/mail/{LETTERS[decision]}.txt", context)
    return Letter(Address(email, name, language), subjects[decision] % facts, body)
