"""What people are told about their places: by letter who booked with an address alone, by notice who takes part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.kit.calendar import in_zone, moment_text, zone_mark
from madang.kit.icalendar import Entry, calendar_bytes
from madang.kit.languages import isolated
from madang.people.actions import Address, notify, write_to
from madang.people.mail import SITE
from madang.programme.models import Event
from madang.seating.models import Booking, BookingState

BOOKED, OFFERED, LAPSED, MOVED, WAITING, CANCELLED = "booked", "offered", "lapsed", "moved", "waiting", "cancelled"


@dataclass(frozen=True)
class Told:
    """A letter or notice that has been put into words, still to be written in the transaction of what it tells."""

    booking: Booking
    kind: str
    once: str
    subject: str = ""
    body: str = ""
    calendar: str = ""

    def write(self) -> None:
        booking, edition = self.booking, self.booking.seating.event.edition
        if booking.participant is not None:
            booking.participant.edition = edition
            notify(booking.participant, f"seats_{self.kind}", self.once, notice_facts(booking, self.kind))
        else:
            address = Address(booking.email, booking.name, booking.language)
            write_to(edition, address, self.subject, self.body, once=self.once, calendar=self.calendar)


def put_into_words(booking: Booking, kind: str, mark: str = "") -> Told:
    """What the reader is told, in her language; once for each booking, `kind` and `mark`. No query."""
    once = f"seats/{booking.pk}/{kind}" + (f"/{mark}" if mark else "")
    if booking.participant_id is not None:
        return Told(booking, kind, once)
    with translation.override(booking.language or settings.LANGUAGE_CODE):
        facts = letter_facts(booking)
        body = render_to_string(f"seating/mail/{kind}.txt", facts)
        calendar = booking_calendar(booking, str(facts["url"])).decode() if kind in (BOOKED, MOVED, CANCELLED) else ""
        return Told(booking, kind, once, _subject(kind) % {"event": facts["event"]}, body, calendar)


def _subject(kind: str) -> str:
    return {
        BOOKED: _("Your places: %(event)s"),
        OFFERED: _("Places came free for you: %(event)s"),
        LAPSED: _("Your offer has run out: %(event)s"),
        MOVED: _("Your places have changed: %(event)s"),
        CANCELLED: _("Cancelled: %(event)s"),
        WAITING: _("You are on the waiting list: %(event)s"),
    }[kind]


def letter_facts(booking: Booking) -> dict[str, object]:
    """What the templates of letters may use."""
    event = booking.seating.event
    return {
        "name": isolated(booking.name),
        "event": isolated(str(event)),
        "edition": event.edition,
        "when": moment_words(event.starts_at, event),
        "hall": event.hall,
        "count": booking.count,
        "code": booking.code,
        "until": moment_words(booking.held_until, event) if booking.held_until else "",
        "url": SITE + reverse("seating:booking", args=[event.edition.slug, booking.key]),
        "book_url": SITE + reverse("seating:book", args=[event.edition.slug, event.code]),
    }


def moment_words(moment: dt.datetime, event: Event) -> str:
    here = in_zone(moment, event.edition.time_zone)
    return f"{moment_text(here, (get_language() or 'en')[:2])} {zone_mark(here)}"


def notice_facts(booking: Booking, kind: str) -> dict[str, str]:
    """What a notice keeps; the time is that of the event, or until when an offer stands."""
    event = booking.seating.event
    moment = booking.held_until if kind == OFFERED and booking.held_until else event.starts_at
    what = {"what": event.name or str(event), "what_ko": event.name_ko, "what_fr": event.name_fr, "booking": booking.key}
    return what | {"starts_at": moment.isoformat(), "zone": event.edition.time_zone, "place": str(event.hall)}


def booking_calendar(booking: Booking, url: str) -> bytes:
    """The event as a calendar entry that replaces itself when it moves, and goes when the booking is given back."""
    event = booking.seating.event
    edition = event.edition
    changed = [moment for moment in (booking.booked_at, booking.ended_at, event.moved_at) if moment]
    is_over = event.is_cancelled or (booking.state != BookingState.BOOKED and booking.booked_at is not None)
    entry = Entry(
        uid=f"seats-{booking.seating_id}-{booking.code}@madang",
        sequence=event.sequence + (1 if booking.ended_at else 0),
        changed_at=max(changed, default=booking.created_at),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=str(event),
        location=", ".join(part for part in (str(event.hall), edition.venue, edition.city) if part),
        description="" if url.startswith(SITE) else url,
        url="" if url.startswith(SITE) else url,
        is_cancelled=is_over,
    )
    return calendar_bytes(str(event), edition.time_zone, [entry], (edition.starts_on, edition.ends_on), "PUBLISH")
