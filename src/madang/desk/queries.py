"""What an organiser reads at her desk: figures of the edition, and people with what they have asked for and been asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState
from madang.people.models import Company, Participant
from madang.people.queries import role_counts

Text = str | Promise

PATIENCE = dt.timedelta(days=3)
"""A request that waits longer than this for its answer is worth a reminder."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts over one edition, all by the database, each a whole number."""

    people: dict[str, int]
    without_email: int
    sellers_without_title: int
    buyers_without_mandate: int
    companies: int
    countries: int
    titles: int
    showcase: int
    mandates: int
    slots: int
    tables: int
    requests: dict[str, int]
    waiting_long: int
    version: int
    has_draft: bool
    is_computed: bool
    left_out: int
    stale_meetings: int
    meetings: int


def facts_of(edition: Edition) -> Facts:
    """Everything the desk's steps and figures stand on, in a constant number of queries."""
    people = Participant.objects.filter(edition=edition)
    states = dict(Timetable.objects.filter(edition=edition).order_by().values_list("state").annotate(n=Count("pk")))
    published = Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).first()
    titles = Title.objects.filter(edition=edition, is_withdrawn=False)
    companies = Company.objects.filter(edition=edition).aggregate(n=Count("pk"), countries=Count("country", distinct=True))
    title_counts = titles.aggregate(n=Count("pk"), showcase=Count("pk", filter=Q(is_showcase=True)))
    return Facts(
        people=role_counts(people),
        **_gaps(edition),
        companies=companies["n"],
        countries=companies["countries"],
        titles=title_counts["n"],
        showcase=title_counts["showcase"],
        mandates=Mandate.objects.filter(edition=edition).count(),
        slots=Slot.objects.filter(edition=edition).count(),
        tables=Table.objects.filter(edition=edition).count(),
        **_requests(edition),
        version=published.version or 0 if published else 0,
        has_draft=bool(states.get(TimetableState.DRAFT)),
        is_computed=bool(states),
        **_timetable(published),
    )


WITHOUT_EMAIL = Q(email="") & Q(user=None)
OWN_TITLE = Title.objects.filter(company=OuterRef("company"), is_withdrawn=False)
OWN_MANDATE = Mandate.objects.filter(buyer=OuterRef("pk"))


def _gaps(edition: Edition) -> dict[str, int]:
    """People of whom something is missing."""
    return Participant.objects.filter(edition=edition).aggregate(
        without_email=Count("pk", filter=WITHOUT_EMAIL),
        sellers_without_title=Count("pk", filter=Q(is_seller=True) & ~Exists(OWN_TITLE)),
        buyers_without_mandate=Count("pk", filter=Q(is_buyer=True) & ~Exists(OWN_MANDATE)),
    )


def _requests(edition: Edition) -> dict[str, int | dict[str, int]]:
    by_status = {status: Count("pk", filter=Q(status=status)) for status in RequestStatus.values}
    long_ago = Q(status=RequestStatus.SENT, created_at__lt=edition.now() - PATIENCE)
    counts = MeetingRequest.objects.filter(edition=edition).aggregate(**by_status, waiting_long=Count("pk", filter=long_ago))
    return {"waiting_long": counts.pop("waiting_long"), "requests": counts}


def _timetable(published: Timetable | None) -> dict[str, int]:
    """Accepted requests that the published version says nothing of, and its meetings that should not take place any more."""
    if published is None:
        return {"left_out": 0, "stale_meetings": 0, "meetings": 0}
    accepted = MeetingRequest.objects.filter(edition=published.edition_id, status=RequestStatus.ACCEPTED)
    known = Q(meetings__timetable=published, meetings__is_cancelled=False) | Q(unplaced__timetable=published)
    gone = ~Q(request__status=RequestStatus.ACCEPTED) | Q(request__title__is_withdrawn=True)
    standing = Meeting.objects.filter(timetable=published, is_cancelled=False)
    counts = standing.aggregate(n=Count("pk"), gone=Count("pk", filter=gone))
    left_out = accepted.exclude(pk__in=accepted.filter(known).values("pk")).count()
    return {"left_out": left_out, "stale_meetings": counts["gone"], "meetings": counts["n"]}


GAPS: dict[str, Text] = {
    "email": _("Without e-mail"),
    "company": _("Buyers and sellers without company"),
    "title": _("Sellers without title"),
    "mandate": _("Buyers without mandate"),
    "requests": _("Buyers and sellers without requests"),
}
"""What may be missing of a person, by its name in the address."""


def with_gap(people: QuerySet[Participant], gap: str) -> QuerySet[Participant]:
    """The people of whom that of GAPS is missing; everybody for any other word."""
    business = Q(is_buyer=True) | Q(is_seller=True)
    asked = MeetingRequest.objects.filter(Q(sender=OuterRef("pk")) | Q(receiver=OuterRef("pk")))
    missing = {
        "email": WITHOUT_EMAIL,
        "company": Q(company=None) & business,
        "title": Q(is_seller=True) & ~Exists(OWN_TITLE),
        "mandate": Q(is_buyer=True) & ~Exists(OWN_MANDATE),
        "requests": business & ~Exists(asked.exclude(status=RequestStatus.WITHDRAWN)),
    }
    return people.filter(missing[gap]) if gap in missing else people


def request_counts(people: Iterable[Participant]) -> dict[int, dict[str, int]]:
    """For each person, by id: requests received (`in`), those of them waiting (`waiting`), sent (`out`). Two queries."""
    ids = [person.pk for person in people]
    counts = {pk: {"in": 0, "waiting": 0, "out": 0} for pk in ids}
    rows = MeetingRequest.objects.exclude(status=RequestStatus.WITHDRAWN).order_by()
    received = rows.filter(receiver__in=ids).values_list("receiver")
    for pk, number, waiting in received.annotate(n=Count("pk"), w=Count("pk", filter=Q(status=RequestStatus.SENT))):
        counts[pk]["in"], counts[pk]["waiting"] = number, waiting
    for pk, number in rows.filter(sender__in=ids).values_list("sender").annotate(n=Count("pk")):
        counts[pk]["out"] = number
    return counts


def countries_of(edition: Edition) -> list[tuple[str, int]]:
    """(country, companies), the most first."""
    rows = Company.objects.filter(edition=edition).order_by().values_list("country").annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))
