"""What people are told when the programme changes: those on stage, visitors, and whoever booked a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from madang.kit import calendar
from madang.kit.icalendar import calendar_bytes
from madang.kit.languages import localised
from madang.markets.models import Edition
from madang.people.actions import Address, Telling, notify_many, write_to
from madang.people.mail import SITE
from madang.people.models import Participant
from madang.programme.models import Event, Visit
from madang.programme.queries.calendars import entry_of
from madang.programming.models import Version
from madang.seating.models import Booking, BookingState

CONCERNED = [BookingState.HELD, BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED]
"""Bookings whose reader still counts on the event."""


def tell_those_concerned(version: Version, moved: list[Event], cancelled: list[Event]) -> None:
    """Everybody who means to come, once for each version. A constant number of queries, and one for each letter."""
    kinds = {event.pk: "event_moved" for event in moved} | {event.pk: "event_cancelled" for event in cancelled}
    events = {event.pk: event for event in [*moved, *cancelled]}
    people: set[tuple[int, int]] = set(Visit.objects.filter(event__in=events).values_list("event", "participant"))
    bookings = Booking.objects.filter(seating__event__in=events, state__in=CONCERNED).select_related("seating")
    people |= {(b.seating.event_id, b.participant_id) for b in bookings if b.participant_id}
    known = Participant.objects.select_related("edition").in_bulk({person for _event, person in people})
    tellings = []
    for pk, person in sorted(people):
        facts = event_facts(events[pk], version.edition)
        tellings.append(Telling(known[person], kinds[pk], f"{events[pk].code}/v{version.number}", facts))
    notify_many(tellings)
    for booking in bookings.filter(Q(participant=None) & ~Q(email="")):
        _write(version, booking, events[booking.seating.event_id])


def tell_on_stage(edition: Edition, pairs: Iterable[tuple[Participant, Event]], number: int) -> None:
    notify_many(
        Telling(person, "on_stage", f"{event.code}/speaker/v{number}", event_facts(event, edition)) for person, event in pairs
    )


def event_facts(event: Event, edition: Edition) -> dict[str, Any]:
    """What a notice about an event keeps, in every language."""
    facts: dict[str, Any] = {"event": event.code, "starts_at": event.starts_at.isoformat(), "zone": edition.time_zone}
    for language, suffix in (("en", ""), ("ko", "_ko"), ("fr", "_fr")):
        with translation.override(language):
            facts |= {f"what{suffix}": str(event), f"place{suffix}": localised(event.hall, "name")}
    return facts


def _write(version: Version, booking: Booking, event: Event) -> None:
    """A letter in the language of the booking, with the calendar entry that replaces the one of before."""
    edition = version.edition
    with translation.override(booking.language or "en"):
        words = {"event": str(event), "edition": str(edition), "when": _moment(event.starts_at, edition), "hall": str(event.hall)}
        if event.is_cancelled:
            subject = _("Cancelled: %(event)s") % words
            text = _("“%(event)s” at %(edition)s is cancelled. It was to be: %(when)s, %(hall)s.") % words
        else:
            subject = _("New time or place: %(event)s") % words
            text = _("“%(event)s” at %(edition)s has moved. It is now: %(when)s, %(hall)s. Your places stay yours.") % words
        link = SITE + reverse("programme:event", args=[edition.slug, event.code])
        entries = [entry_of(event, edition, "")]
        file = calendar_bytes(str(edition), edition.time_zone, entries, (edition.starts_on, edition.ends_on), "PUBLISH")
    address = Address(booking.email, booking.name, booking.language)
    once = f"programme/v{version.number}/{event.code}/{booking.pk}"
    write_to(edition, address, subject, f"{text}\n\n{link}\n", once=once, calendar=file.decode())


def _moment(moment: dt.datetime, edition: Edition) -> str:
    here = calendar.in_zone(moment, edition.time_zone)
    return f"{calendar.moment_text(here, (translation.get_language() or 'en')[:2])} {calendar.zone_mark(here)}"
