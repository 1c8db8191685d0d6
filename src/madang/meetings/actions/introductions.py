"""To whom hidden participants are known: rows that follow from requests and mandates, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import Q

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition
from madang.meetings.models import Attendee, MeetingRequest, Part, RequestStatus, Side
from madang.people.models import Block, Introduction, IntroductionCause, Participant, SeenBy

Row = tuple[int, int, str]
"""(the hidden person, to whom she is known, why); ids of participants."""


@transaction.atomic
def introduce(edition: Edition, people: Iterable[Participant] | None = None) -> int:
    """Write the introductions of the edition's hidden participants (or of these people) that follow, delete all others.

    Gives the number of rows that changed. Twice is once; a constant number of queries.
    """
    everybody = Participant.objects.filter(edition=edition)
    if people is not None:
        everybody = everybody.filter(pk__in=[person.pk for person in people])
    hidden = {
        pk: (seen_by, company)
        for pk, seen_by, company, left_at in everybody.exclude(seen_by=SeenBy.EVERYONE)
        .order_by()
        .values_list("pk", "seen_by", "company_id", "left_at")
        if left_at is None
    }
    rows = Introduction.objects.filter(hidden__in=everybody.order_by().values("pk"))
    known = {(one, to, cause): pk for pk, one, to, cause in rows.values_list("pk", "hidden_id", "to_id", "cause")}
    wanted = _allowed(edition, _by_request(edition, set(hidden)) | _by_match(edition, hidden)) if hidden else set()
    _write(wanted - known.keys(), [known[row] for row in known.keys() - wanted])
    return len(wanted ^ known.keys())


def _write(new: set[Row], gone: list[int]) -> None:
    for start in range(0, len(gone), 500):
        Introduction.objects.filter(pk__in=gone[start : start + 500]).delete()
    rows = [Introduction(hidden_id=hidden, to_id=to, cause=cause) for hidden, to, cause in sorted(new)]
    Introduction.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _by_request(edition: Edition, hidden: set[int]) -> set[Row]:
    """Whoever asked is known to who was asked; in an accepted meeting, who comes is known to the other side."""
    found = set()
    for status, sides in _sides(edition):
        for side, other in ((Side.SENDER, Side.RECEIVER), (Side.RECEIVER, Side.SENDER)):
            is_agreed = status == RequestStatus.ACCEPTED
            shown = {pk for pk, is_principal in sides[side] if is_agreed or (is_principal and side == Side.SENDER)}
            found |= {(one, to, IntroductionCause.REQUEST.value) for one in shown & hidden for to, _principal in sides[other]}
    return found


def _sides(edition: Edition) -> Iterator[tuple[str, dict[str, list[tuple[int, bool]]]]]:
    """Of each request that was sent and concerns a hidden person: its status, and (person, is principal) by side."""
    about_hidden = Attendee.objects.filter(~Q(participant__seen_by=SeenBy.EVERYONE), request__edition=edition)
    sent = MeetingRequest.objects.filter(pk__in=about_hidden.order_by().values("request")).exclude(status=RequestStatus.DRAFT)
    seats = Attendee.objects.filter(Q(part=Part.COMING) | Q(is_principal=True), request__in=sent.order_by().values("pk"))
    by_request: dict[int, dict[str, list[tuple[int, bool]]]] = defaultdict(lambda: {side: [] for side in Side.values})
    statuses: dict[int, str] = {}
    rows = seats.order_by().values_list("request_id", "request__status", "side", "participant_id", "is_principal")
    for request, status, side, person, is_principal in rows:
        by_request[request][side].append((person, is_principal))
        statuses[request] = status
    return ((statuses[request], sides) for request, sides in by_request.items())


def _by_match(edition: Edition, hidden: Mapping[int, tuple[str, int | None]]) -> set[Row]:
    """Sellers and creators of companies with a title on offer that fits one of her mandates."""
    matched = [pk for pk, (seen_by, _company) in hidden.items() if seen_by == SeenBy.MATCHES]
    if not matched:
        return set()
    titles = Title.objects.filter(edition=edition, is_withdrawn=False, company__isnull=False).order_by()
    on_offer = list(titles.values_list("company_id", "format", "genre").distinct())
    sellers = _sellers(edition)
    found = set()
    mandates = Mandate.objects.filter(edition=edition, buyer__in=matched, buyer__is_buyer=True).order_by()
    for buyer, form, genre in mandates.values_list("buyer_id", "format", "genre").distinct():
        companies = {company for company, has, of in on_offer if form in ("", has) and genre in ("", of)}
        found |= {
            (buyer, to, IntroductionCause.MATCH.value)
            for company in companies - {hidden[buyer][1]}
            for to in sellers.get(company or 0, ())
        }
    return found


def _sellers(edition: Edition) -> dict[int, list[int]]:
    people = Participant.objects.filter(Q(is_seller=True) | Q(is_creator=True), edition=edition, company__isnull=False)
    found = defaultdict(list)
    for pk, company in people.order_by().values_list("pk", "company_id"):
        found[company].append(pk)
    return found


def _allowed(edition: Edition, rows: set[Row]) -> set[Row]:
    """Never to oneself, to somebody who dropped out, or across a block, whoever of the two blocked the other's company."""
    blocks = set(Block.objects.filter(participant__edition=edition).values_list("participant_id", "company_id"))
    people = Participant.objects.filter(edition=edition, left_at=None).order_by()
    companies = dict(people.values_list("pk", "company_id"))
    return {
        (hidden, to, cause)
        for hidden, to, cause in rows
        if hidden != to and to in companies and (hidden, companies[to]) not in blocks and (to, companies[hidden]) not in blocks
    }
