"""The programme as a calendar that a reader's own software follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext

from madang.kit.icalendar import Entry, calendar_bytes
from madang.kit.languages import localised
from madang.markets.models import Edition, Hall
from madang.programme.models import Event


def calendar_of(edition: Edition, events: Iterable[Event], link: Callable[[Event], str], hall: Hall | None = None) -> bytes:
    """The events as a file, cancelled ones too, so that calendars take them out; of one hall where it is given."""
    name = f"{edition}: {hall}" if hall else gettext("%(edition)s: programme") % {"edition": edition}
    entries = [entry_of(event, edition, link(event)) for event in events]
    return calendar_bytes(name, edition.time_zone, entries, (edition.starts_on, edition.ends_on))


def entry_of(event: Event, edition: Edition, url: str) -> Entry:
    """One event: the same UID for ever, a SEQUENCE that rises when it moves or is cancelled."""
    place = [str(event.hall), edition.venue, edition.city]
    summary = f"{event.get_kind_display()}: {event}"
    return Entry(
        uid=f"event-{edition.slug}-{event.code}@madang",
        sequence=event.sequence,
        changed_at=event.moved_at or event.starts_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=gettext("Cancelled: %(event)s") % {"event": summary} if event.is_cancelled else summary,
        location=", ".join(part for part in place if part),
        description="\n".join(part for part in (localised(event, "about"), event.languages) if part),
        url=url,
        is_cancelled=event.is_cancelled,
    )
