"""From a draft to events and versions, and who is told."""

import pytest
from django.core.exceptions import PermissionDenied
from factories import ParticipantFactory, TitleFactory, UserFactory
from icalendar import Calendar
from visits import get

from madang.markets.models import LogEntry
from madang.people.models import Letter, Notice
from madang.programme.models import Event, EventPart, Visit
from madang.programming.actions.items import delete_item, items_from_events, save_item
from madang.programming.actions.placing import lock_item, place_item
from madang.programming.actions.publishing import publish_programme
from madang.programming.actions.refusals import Blocked, Refused, Stale
from madang.programming.models import Item, Version
from madang.programming.queries.versions import difference, published_rows, rows_of
from madang.seating.models import Allotment, AllotmentKind, Booking, BookingState, Seating, SeatingMode

pytestmark = pytest.mark.django_db


def events(table):
    rows = Event.objects.filter(edition=table.edition).order_by("code")
    return [(e.code, e.hall.code, e.starts_at.isoformat()[11:16], e.minutes, e.is_cancelled, e.sequence) for e in rows]


def publish(table, note=""):
    return publish_programme(table.organiser, table.edition, note)


def test_publishing_writes_events_and_a_version(table):
    table.item("A", "10:00", premiere="asian", languages="fr, en subtitles")
    table.item("B")
    outcome = publish(table, "The first")
    assert events(table) == [("A", "BIG", "01:00", 60, False, 0)]
    assert ([e.code for e in outcome.new], outcome.moved, outcome.cancelled) == (["A"], [], [])
    version = Version.objects.get()
    assert (version.number, version.note, version.published_by) == (1, "The first", table.organiser)
    assert version.items == [
        {
            "code": "A", "kind": "screening", "name": "A", "title": "", "hall": "BIG", "starts_at": "2025-05-30T01:00+00:00",
            "minutes": 60, "is_public": True, "premiere": "asian", "languages": "fr, en subtitles",
        }
    ]  # fmt: skip
    assert Item.objects.get(code="A").event == Event.objects.get()


def test_a_second_version_moves_cancels_and_brings_back(table):
    for code, clock in (("A", "10:00"), ("B", "12:00"), ("C", "14:00")):
        table.item(code, clock)
    publish(table)
    a, b, _c = Item.objects.order_by("code")
    place_item(table.organiser, a, table.small, table.at("10:30"))
    place_item(table.organiser, b, None, None)
    outcome = publish(table)
    assert ([e.code for e in outcome.moved], [e.code for e in outcome.cancelled]) == (["A"], ["B"])
    assert events(table) == [
        ("A", "SMALL", "01:30", 60, False, 1),
        ("B", "BIG", "03:00", 60, True, 1),
        ("C", "BIG", "05:00", 60, False, 0),
    ]
    old, new = (version.items for version in Version.objects.order_by("number"))
    changes = difference(old, new)
    assert [(was["hall"], now["hall"]) for was, now in changes.moved] == [("BIG", "SMALL")]
    assert ([row["code"] for row in changes.cancelled], changes.kept, changes.new) == (["B"], 1, [])
    place_item(table.organiser, b, table.big, table.at("12:00"))
    assert [e.code for e in publish(table).moved] == ["B"]
    assert events(table)[1] == ("B", "BIG", "03:00", 60, False, 2)


def test_publishing_again_changes_nothing(table):
    table.item("A", "10:00")
    publish(table)
    outcome = publish(table)
    assert (outcome.new, outcome.moved, outcome.cancelled) == ([], [], [])
    assert events(table) == [("A", "BIG", "01:00", 60, False, 0)]
    assert difference(published_rows(table.edition), rows_of(Item.objects.all())).is_empty


def test_what_blocks_is_not_published(table):
    table.item("A", "10:00")
    table.item("B", "10:30")
    with pytest.raises(Blocked) as blocked:
        publish(table)
    assert blocked.value.sentences == ("“A” and “B” are both in Auditorium from 10:30 to 11:00.",)
    assert (Event.objects.count(), Version.objects.count()) == (0, 0)


def test_nothing_is_no_programme(table):
    table.item("A")
    with pytest.raises(Refused, match="nothing to publish"):
        publish(table)


def test_what_has_begun_stays(table):
    item = table.item("A", "10:00")
    publish(table)
    table.edition.clock_shift += table.at("10:05") - table.edition.now()
    table.edition.save()
    place_item(table.organiser, item, table.big, table.at("12:00"))
    with pytest.raises(Refused, match="has begun"):
        publish(table)
    place_item(table.organiser, item, None, None)
    with pytest.raises(Refused, match="can no longer be cancelled"):
        publish(table)


def test_who_is_on_stage_has_it_in_her_agenda_and_is_told(table):
    kim, lee = table.person(), table.person()
    item = table.item("A", "10:00", guests=[kim, lee])
    publish(table)
    stage = Visit.objects.filter(part=EventPart.SPEAKER)
    assert set(stage.values_list("participant", flat=True)) == {kim.pk, lee.pk}
    assert set(Notice.objects.values_list("recipient", "kind")) == {(kim.pk, "on_stage"), (lee.pk, "on_stage")}
    item.guests.filter(participant=lee).delete()
    publish(table)
    assert list(stage.values_list("participant", flat=True)) == [kim.pk]
    assert Notice.objects.count() == 2


def test_visitors_and_bookings_are_told_of_moves_and_cancellations(table):
    item, other = table.item("A", "10:00"), table.item("B", "14:00")
    publish(table)
    visitor, booker = table.person(), table.person()
    event = Event.objects.get(code="A")
    Visit.objects.create(event=event, participant=visitor)
    seating = Seating.objects.create(event=event, mode=SeatingMode.FREE)
    allotment = Allotment.objects.create(seating=seating, kind=AllotmentKind.PUBLIC)
    shared = {"seating": seating, "allotment": allotment}
    Booking.objects.create(code="1", state=BookingState.BOOKED, email="a@b.example", name="Ann", language="fr", **shared)
    Booking.objects.create(code="2", state=BookingState.BOOKED, participant=booker, **shared)
    Booking.objects.create(code="3", state=BookingState.CANCELLED, email="gone@b.example", **shared)
    place_item(table.organiser, item, table.small, table.at("11:00"))
    place_item(table.organiser, other, None, None)
    publish(table)
    told = set(Notice.objects.values_list("recipient", "kind", "key"))
    assert told == {(visitor.pk, "event_moved", "A/v2"), (booker.pk, "event_moved", "A/v2")}
    letter = Letter.objects.get(recipient=None)
    assert (letter.address, letter.language) == ("a@b.example", "fr")
    assert "SEQUENCE:1" in letter.calendar
    assert "event-" + table.edition.slug + "-A@madang" in letter.calendar


def test_events_become_items_with_greetings_before_their_screening(table):
    title = TitleFactory(edition=table.edition)
    facts = {"edition": table.edition, "hall": table.big, "title": title}
    hello = Event.objects.create(code="A-G", kind="greeting", starts_at=table.at("10:00"), ends_at=table.at("10:15"), **facts)
    shown = Event.objects.create(code="A-S", kind="screening", starts_at=table.at("10:15"), ends_at=table.at("11:15"), **facts)
    Visit.objects.create(event=hello, participant=(kim := table.person()), part=EventPart.SPEAKER)
    assert items_from_events(table.organiser, table.edition) == 2
    assert items_from_events(table.organiser, table.edition) == 0
    first, second = Item.objects.order_by("code")
    assert (first.event, first.minutes, first.right_before, first.hall) == (hello, 15, second, table.big)
    assert list(first.guests.values_list("participant", flat=True)) == [kim.pk]
    publish(table)
    assert Event.objects.count() == 2
    assert Event.objects.get(pk=shown.pk).sequence == 0


def test_a_move_by_two_at_once(table):
    item = table.item("A", "10:00")
    was = (item.hall_id, item.starts_at)
    place_item(table.organiser, item, table.small, table.at("12:00"), was=was)
    place_item(table.organiser, item, table.small, table.at("12:00"), was=was)  # a double click
    with pytest.raises(Stale, match="Somebody else"):
        place_item(table.organiser, item, table.big, table.at("13:00"), was=was)
    lines = LogEntry.objects.filter(verb="place_item")
    assert [line.details for line in lines] == [{"before": "BIG 2025-05-30 10:00", "after": "SMALL 2025-05-30 12:00"}]


def test_locked_and_foreign_places_are_refused(table):
    item = table.item("A", "10:00")
    with pytest.raises(Refused, match="no place yet"):
        lock_item(table.organiser, table.item("B"), is_locked=True)
    with pytest.raises(Refused, match="days of the edition"):
        place_item(table.organiser, item, table.big, table.at("10:00", 9))
    lock_item(table.organiser, item, is_locked=True)
    with pytest.raises(Refused, match="locked"):
        place_item(table.organiser, item, None, None)
    item.refresh_from_db()
    assert item.starts_at == table.at("10:00")


def test_a_published_item_is_cancelled_and_not_deleted(table):
    item = table.item("A", "10:00")
    publish(table)
    item.refresh_from_db()
    with pytest.raises(Refused, match="is published"):
        delete_item(table.organiser, item)
    place_item(table.organiser, item, None, None)
    publish(table) if Item.objects.exclude(hall=None).exists() else publish_programme(table.organiser, table.edition)
    delete_item(table.organiser, item)
    assert (Item.objects.count(), events(table)) == (0, [("A", "BIG", "01:00", 60, True, 1)])


def test_a_code_is_taken_once(table):
    table.item("A")
    with pytest.raises(Refused, match="this code"):
        save_item(table.organiser, table.edition, {"code": "A", "kind": "talk", "minutes": 5}, guests=[], halls=[])


def test_nobody_else_may(table):
    item = table.item("A", "10:00")
    for stranger in (UserFactory(), ParticipantFactory(edition=table.edition, is_buyer=True).user):
        for act in (
            lambda: place_item(stranger, item, None, None),  # noqa: B023  # called at once
            lambda: lock_item(stranger, item, is_locked=True),  # noqa: B023  # called at once
            lambda: publish_programme(stranger, table.edition),  # noqa: B023  # called at once
            lambda: items_from_events(stranger, table.edition),  # noqa: B023  # called at once
            lambda: delete_item(stranger, item),  # noqa: B023  # called at once
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_visitors_own_calendar_follows(table):
    item = table.item("A", "10:00")
    publish(table)
    visitor = table.person()
    Visit.objects.create(event=Event.objects.get(), participant=visitor)

    def entry():
        feed = get(None, "meetings:calendar_feed", table.edition, visitor.feed_key)
        (event,) = Calendar.from_ical(feed.content).walk("VEVENT")
        return str(event["uid"]), int(event["sequence"]), str(event["status"]), event["dtstart"].dt.strftime("%H:%M")

    uid = f"event-{table.edition.slug}-A-{visitor.pk}@madang"
    assert entry() == (uid, 0, "CONFIRMED", "10:00")
    place_item(table.organiser, item, table.small, table.at("12:00"))
    table.item("B", "14:00")
    publish(table)
    assert entry() == (uid, 1, "CONFIRMED", "12:00")
    place_item(table.organiser, item, None, None)
    publish(table)
    assert entry() == (uid, 2, "CANCELLED", "12:00")
