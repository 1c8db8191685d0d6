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
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState, Unplaced
from madang.meetings.queries.warnings import warning_counts
from madang.people.models import Company, Letter, LetterState, Participant
from madang.people.queries import role_counts

Text = str | Promise

PATIENCE = dt.timedelta(days=3)
"""A request that waits longer than this for its answer is worth a reminder."""

TOLD = [status for status in RequestStatus.values if status != RequestStatus.DRAFT]
"""A draft is its writer's alone: no figure knows of it."""

NOT_ASKED = [RequestStatus.DRAFT, RequestStatus.WITHDRAWN]


@dataclass(frozen=True, slots=True)
class Gaps:
    """People of whom something is missing."""

    without_email: int
    sellers_without_title: int
    buyers_without_mandate: int


@dataclass(frozen=True, slots=True)
class Published:
    """The published version (0: none): its meetings, those that should not take place any more, requests it does not know."""

    version: int = 0
    meetings: int = 0
    stale: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts over one edition, all by the database."""

    people: dict[str, int]
    gaps: Gaps
    companies: int
    countries: int
    titles: int
    slots: int
    tables: int
    requests: dict[str, int]
    waiting_long: int
    has_draft: bool
    warnings: int
    letters: int
    published: Published


def facts_of(edition: Edition) -> Facts:
    """Everything the desk's steps and figures stand on, in a constant number of queries."""
    companies = Company.objects.filter(edition=edition).aggregate(n=Count("pk"), countries=Count("country", distinct=True))
    requests = _requests(edition)
    return Facts(
        people=role_counts(Participant.objects.filter(edition=edition)),
        gaps=_gaps(edition),
        companies=companies["n"],
        countries=companies["countries"],
        titles=Title.objects.filter(edition=edition, is_withdrawn=False, part_of=None).count(),
        slots=Slot.objects.filter(edition=edition).count(),
        tables=Table.objects.filter(edition=edition).count(),
        waiting_long=requests.pop("waiting_long"),
        requests=requests,
        warnings=sum(warning_counts(edition).values()),
        letters=Letter.objects.filter(edition=edition, state__in=[LetterState.UNCERTAIN, LetterState.REFUSED]).count(),
        has_draft=Timetable.objects.filter(edition=edition, state=TimetableState.DRAFT).exists(),
        published=_published(Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).first()),
    )


WITHOUT_EMAIL = Q(email="") & Q(user=None)
OWN_TITLE = Title.objects.filter(company=OuterRef("company"), is_withdrawn=False)
OWN_MANDATE = Mandate.objects.filter(buyer=OuterRef("pk"))


def _gaps(edition: Edition) -> Gaps:
    without_title, without_mandate = Q(is_seller=True) & ~Q(Exists(OWN_TITLE)), Q(is_buyer=True) & ~Q(Exists(OWN_MANDATE))
    counts = Participant.objects.filter(edition=edition).aggregate(
        without_email=Count("pk", filter=WITHOUT_EMAIL),
        sellers_without_title=Count("pk", filter=without_title),
        buyers_without_mandate=Count("pk", filter=without_mandate),
    )
    return Gaps(**counts)


def _requests(edition: Edition) -> dict[str, int]:
    """Requests by status, and how many have waited longer than PATIENCE (`waiting_long`)."""
    by_status = {status: Count("pk", filter=Q(status=status)) for status in TOLD}
    long_ago = Q(status=RequestStatus.SENT, created_at__lt=edition.now() - PATIENCE)
    return MeetingRequest.objects.filter(edition=edition).aggregate(**by_status, waiting_long=Count("pk", filter=long_ago))


def _published(timetable: Timetable | None) -> Published:
    if timetable is None:
        return Published()
    accepted = MeetingRequest.objects.filter(edition=timetable.edition_id, status=RequestStatus.ACCEPTED)
    placed = Meeting.objects.filter(timetable=timetable, is_cancelled=False)
    unplaced = Unplaced.objects.filter(timetable=timetable)
    known = Q(pk__in=placed.values("request")) | Q(pk__in=unplaced.values("request"))
    gone = ~Q(request__status=RequestStatus.ACCEPTED) | Q(request__title__is_withdrawn=True)
    counts = placed.aggregate(n=Count("pk"), gone=Count("pk", filter=gone))
    return Published(timetable.version or 0, counts["n"], counts["gone"], accepted.exclude(known).count())


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
        "title": Q(is_seller=True) & ~Q(Exists(OWN_TITLE)),
        "mandate": Q(is_buyer=True) & ~Q(Exists(OWN_MANDATE)),
        "requests": business & ~Q(Exists(asked.exclude(status__in=NOT_ASKED))),
    }
    return people.filter(missing[gap]) if gap in missing else people


def request_counts(people: Iterable[Participant]) -> dict[int, dict[str, int]]:
    """For each person, by id: requests received (`in`), those of them waiting (`waiting`), sent (`out`). Two queries."""
    ids = [person.pk for person in people]
    counts = {pk: {"in": 0, "waiting": 0, "out": 0} for pk in ids}
    rows = MeetingRequest.objects.exclude(status__in=NOT_ASKED).order_by()
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
