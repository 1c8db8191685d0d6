"""What every template may use: the edition, the user's part in it, the navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from madang.accreditation.rules import applied, takes_applications
from madang.markets.models import Edition, Stage
from madang.markets.rules import may_organise
from madang.people.models import Participant
from madang.people.rules import is_professional, participant_of, visible_notices
from madang.selection.rules import sits_in_jury
from madang.selection.rules.entries import visible_calls


def edition_context(request: HttpRequest) -> dict[str, Any]:
    """Facts for base.html; outside an edition only an empty navigation."""
    edition: Edition | None = getattr(request, "edition", None)
    if edition is None:
        return {"edition": None, "participant": None, "may_organise": False, "nav": [], "desk_nav": [], "unread_notices": 0}
    participant = participant_of(request.user, edition)
    organises = may_organise(request.user, edition)
    unread = visible_notices(request.user, edition).filter(read_at=None).count() if participant else 0
    return {
        "edition": edition,
        "participant": participant,
        "may_organise": organises,
        "nav": navigation(request, edition, participant, organises),
        "desk_nav": desk_navigation(request, edition) if organises else [],
        "unread_notices": unread,
    }


def navigation(request: HttpRequest, edition: Edition, participant: Participant | None, organises: bool) -> list[dict[str, Any]]:
    """The edition's main navigation for this user, the current page marked."""
    business = organises or is_professional(participant)
    deals = participant is not None and participant.company_id is not None and is_professional(participant)
    entries = [
        (_("Programme"), "programme:events", True),
        (_("Audience"), "door:audience", edition.stage == Stage.AFTER),
        (_("Titles"), "catalogue:titles", True),
        (_("Companies"), "people:companies", business),
        (_("Mandates"), "mandates:mandates", business),
        (_("Matches"), "matching:matches", deals and participant is not None and not participant.left_at),
        (_("Calls"), "selection:calls", visible_calls(request.user, edition).exists()),
        (_("Jury"), "selection:juries", participant is not None and participant.is_juror and sits_in_jury(request.user, edition)),
        (_("Requests"), "meetings:requests", is_professional(participant)),
        (_("Rights"), "deals:rights", deals),
        (_("Agenda"), "meetings:agenda", participant is not None),
        (_("Deals"), "deals:deals", deals),
        (_("Follow-up"), "meetings:follow_ups", is_professional(participant) and edition.stage in (Stage.LIVE, Stage.AFTER)),
        (_("Badges"), "accreditation:badges", takes_applications(edition) or applied(request.user, edition)),
        (_("Organiser's desk"), "desk:desk", organises),
    ]
    links = [(label, reverse(name, args=[edition.slug])) for label, name, shown in entries if shown]
    return [{"label": label, "url": url, "current": request.path.startswith(url)} for label, url in links]


def desk_navigation(request: HttpRequest, edition: Edition) -> list[dict[str, Any]]:
    """The organiser's desk, on its own pages: its wings, the current one with its rooms."""
    desk = reverse("desk:desk", args=[edition.slug])
    if not request.path.startswith(desk):
        return []
    wings = [_wing(request, edition, label, rooms) for label, rooms in desk_wings()]
    return [{"label": _("To do"), "url": desk, "current": request.path == desk, "rooms": []}, *wings]


def desk_wings() -> list[tuple[str, list[tuple[str, str]]]]:
    """(name, its rooms as (name, address)) of each wing of the desk."""
    return [
        (
            _("People"),
            [
                (_("People"), "desk:people"),
                (_("Accreditation"), "accreditation:desk_applications"),
                (_("Who may sign"), "deals:desk_signatories"),
                (_("Letters"), "people:letters"),
            ],
        ),
        (
            _("Showcase"),
            [
                (_("Calls"), "selection:desk_calls"),
                (_("Entries"), "selection:desk_entries"),
                (_("Juries"), "selection:desk_juries"),
                (_("Programming"), "programming:grid"),
                (_("Seats"), "seating:desk"),
                (_("Doors"), "door:doors"),
            ],
        ),
        (
            _("Meetings"),
            [
                (_("Requests"), "meetings:desk_requests"),
                (_("Exposure"), "matching:exposure"),
                (_("Timetable"), "meetings:timetable"),
                (_("Warnings"), "meetings:warnings"),
                (_("Live board"), "meetings:board"),
            ],
        ),
        (_("Figures"), [(_("Outcomes"), "outcomes:hub"), (_("Figures"), "deals:figures")]),
        (_("Edition"), [(_("Workbook"), "workbook:uploads"), (_("Log"), "desk:log"), (_("Settings"), "desk:settings")]),
    ]


BEYOND = {
    "accreditation:desk_applications": (
        "accreditation:desk_types", "accreditation:desk_invitations", "accreditation:desk_badges", "accreditation:desk_orders",
    ),
    "door:doors": ("door:attendance",),
    "meetings:board": ("meetings:held_figures",),
    "desk:settings": ("meetings:policy",),
}  # fmt: skip
"""Rooms whose tabs lead to other addresses: those."""


def _is_in(request: HttpRequest, edition: Edition, room: str) -> bool:
    """Whether the page is of that room."""
    return any(request.path.startswith(reverse(name, args=[edition.slug])) for name in (room, *BEYOND.get(room, ())))


def _wing(request: HttpRequest, edition: Edition, label: str, rooms: list[tuple[str, str]]) -> dict[str, Any]:
    """A wing opens with its first room."""
    shown = [
        {"label": name, "url": reverse(room, args=[edition.slug]), "current": _is_in(request, edition, room)}
        for name, room in rooms
    ]
    return {"label": label, "url": shown[0]["url"], "current": any(room["current"] for room in shown), "rooms": shown}
