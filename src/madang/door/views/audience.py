"""Afterwards: the audience votes; who came, for the organiser and for the public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from madang.door.actions.votes import cast_vote
from madang.door.forms import VoteForm
from madang.door.models import Admission, Vote
from madang.door.queries.attendance import (
    FEWEST_VOTES,
    Came,
    attendance_of,
    kinds_seen,
    opinions_of,
    public_attendance,
    shown_again,
)
from madang.door.rules import admission_of_key, may_vote, my_admission, voting_closes
from madang.kit.tables import Cell, table_file
from madang.kit.territories import country_name
from madang.markets.models import Stage
from madang.markets.pages import EditionRequest, edition_page, organiser_page
from madang.people.pages import SignedInRequest, signed_in_page
from madang.programme.models import Event
from madang.programme.rules import visible_events
from madang.seating.models import AllotmentKind


@require_http_methods(["GET", "HEAD", "POST"])
@edition_page
def vote(request: EditionRequest, key: str) -> HttpResponse:
    """The vote of a ticket's seat; of a booking's link the seats that were used, each with its own vote."""
    seats = list(admission_of_key(request.edition, key).order_by("pk"))
    if not seats:
        raise Http404
    wanted = [seat for seat in seats if str(seat.pk) == request.POST.get("seat", str(seats[0].pk))]
    if not wanted:
        raise Http404
    return voting(request, seats, wanted[0])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def my_vote(request: SignedInRequest, code: str) -> HttpResponse:
    """The vote of a participant who was let in."""
    event = get_object_or_404(visible_events(request.user, request.edition), code=code)
    seat = my_admission(request.user, event)
    if seat is None:
        return render(request, "door/vote.html", {"event": event, "forms": []})
    return voting(request, [seat], seat)


def voting(request: Any, seats: list[Admission], voted: Admission) -> HttpResponse:
    """The page of votes, and what was pressed on it."""
    event, now = voted.event, request.edition.now()
    sent = VoteForm(request.POST) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            cast_vote(voted, value=sent.cleaned_data["value"])
        except PermissionDenied:
            messages.warning(request, _("Voting is closed."))
        else:
            messages.success(request, _("Thank you. You can change your vote until voting closes."))
        return redirect(request.path)
    votes = dict(Vote.objects.filter(admission__in=seats).values_list("admission", "value"))
    forms = []
    for seat in seats:
        form = sent if sent is not None and seat == voted else VoteForm(initial={"value": votes.get(seat.pk)})
        form.auto_id = f"id_{seat.pk}_%s"
        forms.append((seat, form, votes.get(seat.pk)))
    context = {
        "event": event,
        "forms": forms,
        "is_open": may_vote(voted, now),
        "closes": voting_closes(event),
        "has_begun": event.starts_at <= now,
    }
    return render(request, "door/vote.html", context, status=422 if sent is not None else 200)


@require_safe
@edition_page
def audience(request: EditionRequest) -> HttpResponse:
    """What the public may know: people by event, small numbers hidden, and how audiences voted, once voting has closed."""
    if request.edition.stage not in (Stage.LIVE, Stage.AFTER):
        raise Http404
    now = request.edition.now()
    seen = set(
        visible_events(request.user, request.edition).filter(is_public=True, ends_at__lte=now).values_list("pk", flat=True)
    )
    rows = [row for row in attendance_of(request.edition) if row.event.pk in seen]
    closed = [row.event for row in rows if voting_closes(row.event) <= now]
    opinions = opinions_of(closed)
    labels = [kind.label for kind in AllotmentKind]
    public = public_attendance(rows)
    shown = [(row, list(zip(labels, row.by_allotment, strict=True)), opinions.get(row.event.pk)) for row in public]
    context = {"rows": shown, "kinds": AllotmentKind.labels, "fewest": FEWEST_VOTES}
    return render(request, "door/audience.html", context)


@require_safe
@organiser_page
def attendance(request: EditionRequest) -> HttpResponse:
    """Who came, to the organiser: every number."""
    rows = attendance_of(request.edition)
    opinions, kinds = opinions_of([row.event for row in rows]), kinds_seen(rows)
    countries: dict[str, int] = {}
    for row in rows:
        for code, count in row.by_country.items():
            countries[code] = countries.get(code, 0) + count
    ordered = sorted(countries.items(), key=lambda pair: (-pair[1], pair[0]))
    context = {
        "rows": [(row, by_kind(row, kinds), opinions.get(row.event.pk)) for row in rows],
        "kinds": [kind.label for kind in kinds],
        "again": shown_again(rows),
        "countries": ordered[:30],
        "most": ordered[0][1] if ordered else 1,
        "fewest": FEWEST_VOTES,
        "total": sum(row.total for row in rows),
        "no_shows": sum(row.no_shows for row in rows),
    }
    return render(request, "door/attendance.html", context)


def by_kind(row: Came, kinds: list[AllotmentKind]) -> list[tuple[str, int]]:
    return [(str(kind.label), row.by_allotment[kind]) for kind in kinds]


@require_safe
@organiser_page
def table(request: EditionRequest, ending: str) -> HttpResponse:
    """A row an event, allotment and country, to count on: CSV or Excel."""
    rows = attendance_of(request.edition)
    body = cells(rows, request.edition.zone)
    head = [_("Code"), _("Event"), _("Title"), _("Hall"), _("Starts"), _("Let in"), *map(str, AllotmentKind.labels)]
    head += [
        _("Booked, did not come"),
        pgettext("seats", "Places"),
        pgettext("visitors", "Countries"),
        _("Votes"),
        _("Mean vote"),
        pgettext("interval", "from"),
        pgettext("interval", "to"),
    ]
    return table_file(f"{request.edition.slug}-attendance", ending, head, body, _("Attendance"))


def cells(rows: list[Came], zone: Any) -> list[list[Cell]]:
    opinions = opinions_of([row.event for row in rows])
    body: list[list[Cell]] = []
    for row in rows:
        event, said = row.event, opinions.get(row.event.pk)
        numbers = (
            [f"{value:.2f}" if value is not None else "" for value in (said.mean, said.low, said.high)] if said else [""] * 3
        )
        countries = ", ".join(f"{country_name(code, 'en') if code else '?'} {n}" for code, n in row.by_country.most_common())
        body.append([
            event.code, str(event), str(event.title or ""), str(event.hall), moment_text(event, zone),
            row.total, *(row.by_allotment[kind] for kind in AllotmentKind.values), row.no_shows, row.room, countries,
            said.votes if said else 0, *numbers,
        ])  # fmt: skip
    return body


def moment_text(event: Event, zone: Any) -> str:
    """As spreadsheets sort it."""
    return f"{event.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
