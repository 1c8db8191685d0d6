"""Door people with phones: paired once, without network, together again."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from contextlib import closing

import pytest
import segno
from browser import QUIET, chromium
from door_rows import event_in, ticket_for
from factories import EditionFactory, HallFactory, UserFactory

from madang.door.models import Admission, Device, Scan
from madang.seating.models import Allotment, Place, Seating

PATIENT = "{ const wait = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => wait(Math.max(ms, 120_000)); }"
"""A phone that is online waits for the site's answer, however busy the machine is; it decides alone where there is no network."""


@pytest.fixture
def evening(site):
    """An event in twenty minutes with four public places, three of them booked; its organiser."""
    organiser = UserFactory(email=f"{uuid.uuid4().hex[:8]}@doors.example", name="Dora Doors")
    edition = EditionFactory(slug=f"doors-{uuid.uuid4().hex[:6]}")
    edition.market.organisers.add(organiser)
    hall = HallFactory(edition=edition, code="BIG", name="Auditorium", capacity=400)
    event = event_in(hall, 20)
    seating = Seating.objects.create(event=event, mode="free")
    allotment = Allotment.objects.create(seating=seating, kind="public")
    Place.objects.bulk_create(Place(seating=seating, number=n, allotment=allotment) for n in range(1, 5))
    return organiser, event, [ticket_for(event) for _number in range(3)]


def phone(reader, organiser, edition, name):
    """An organiser makes a device and its link; a phone opens it and is that door."""
    desk = reader(organiser)
    desk.open(f"/e/{edition.slug}/desk/doors/")
    desk.write("Name", name)
    desk.press("Make its pairing link")
    link = desk.page.get_by_label(desk.words("Pairing link")).input_value()
    desk.page.reload()
    assert desk.page.get_by_label(desk.words("Pairing link")).count() == 0  # shown once
    door = reader(None, width=390, name=name)
    door.context.add_init_script(PATIENT)
    door.page.goto(link)
    door.press("Pair this phone")
    door.page.locator("#door[data-kept=yes]").wait_for()
    return door


def check(door, code, word):
    """Type a code; the answer in its big words."""
    door.page.get_by_label(door.words("Code, typed or by a hand scanner")).fill(code)
    door.page.keyboard.press("Enter")
    door.page.locator("[data-part=word]", has_text=re.compile(f"^{word}$")).wait_for()


def test_two_doors_without_network_let_one_seat_in_once(reader, evening):
    organiser, event, (ticket, other, third) = evening
    edition = event.edition
    left, right = (phone(reader, organiser, edition, name) for name in ("Left", "Right"))
    check(left, other.key, "Let in")
    check(right, other.key, "Let in before")
    for door in (left, right):
        door.context.set_offline(True)
        door.page.reload()  # the page opens without network: the service worker has it
        door.page.locator("[data-part=work]:not([hidden])").wait_for()
        check(door, "nonsense", "Not known")
    check(left, ticket.key, "Let in")
    check(left, third.booking.code.lower(), "Let in")
    check(left, third.key, "Let in before")
    left.page.evaluate(
        "const real = Date.now; Date.now = () => real() + 600_000"
    )  # what Left has scanned, it scanned long before
    check(right, f"https://market.example/tickets/{ticket.key}/", "Let in")
    check(left, other.key, "Let in before")
    left.picture("door/offline")
    right.context.set_offline(False)  # the later one is heard of first
    right.page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(lambda: Admission.objects.filter(ticket=ticket, scan__device__name="Right").exists(), right)
    left.context.set_offline(False)
    left.page.evaluate("window.dispatchEvent(new Event('online'))")
    codes = {ticket.key, third.key}
    wait_until(lambda: Scan.objects.filter(code__in=codes, device__name="Left", told="admitted").count() == 2, left)
    scans = (
        Scan.objects.filter(code=ticket.key).order_by("at").values_list("device__name", "told", "outcome", "first__device__name")
    )
    assert list(scans) == [("Left", "admitted", "admitted", None), ("Right", "admitted", "conflict", "Left")]
    assert Admission.objects.filter(event=event).count() == 3
    desk = reader(organiser)
    desk.open(f"/e/{edition.slug}/desk/doors/conflicts/")
    desk.see("Let in at two doors that were offline")
    assert desk.faults() == []


def test_a_revoked_phone_forgets_what_it_carried(reader, evening):
    organiser, event, _tickets = evening
    door = phone(reader, organiser, event.edition, "Left")
    Device.objects.filter(edition=event.edition).update(revoked_at=event.edition.now())
    door.page.evaluate("window.dispatchEvent(new Event('online'))")
    door.page.locator("[data-part=revoked]:not([hidden])").wait_for()
    kept = door.page.evaluate(
        "DoorStore.open('madang door ' + document.getElementById('door').dataset.edition).then((s) => s.all('kept'))"
    )
    assert kept == []
    assert door.open(f"/e/{event.edition.slug}/door/") == 404
    assert Admission.objects.filter(event=event).count() == 0


def test_a_copy_that_somebody_changed_is_refused(reader, evening):
    organiser, event, _tickets = evening
    door = phone(reader, organiser, event.edition, "Left")
    said = door.page.evaluate("""async () => {
      const store = await DoorStore.open('madang door ' + document.getElementById('door').dataset.edition);
      const kept = await store.get('kept', 'copy');
      const key = document.getElementById('door').dataset.key;
      const changed = {...kept, payload: kept.payload.replace('"valid"', '"Valid"')};
      return [Boolean(await DoorCopy.verify(kept, key)), await DoorCopy.verify(changed, key)];
    }""")
    assert said == [True, None]


def test_the_scanning_page_keeps_the_rules_of_the_house(reader, evening):
    organiser, event, (ticket, *_others) = evening
    door = phone(reader, organiser, event.edition, "Left")
    door.open(f"/e/{event.edition.slug}/door/")
    door.page.locator("#door[data-kept=yes]").wait_for()
    check(door, ticket.key, "Let in")
    assert door.faults(loading=False) == []
    door.picture("door/admitted")


def test_the_camera_reads_a_ticket(reader, evening, browser, tmp_path):
    """A browser of its own: its camera shows a film of the ticket's QR."""
    organiser, event, (ticket, *_others) = evening
    film(ticket.key, tmp_path / "ticket.y4m")
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    fake += [*QUIET, f"--use-file-for-fake-video-capture={tmp_path / 'ticket.y4m'}"]
    door = phone(reader, organiser, event.edition, "Camera")
    cookies = door.context.cookies()
    with closing(browser.browser_type.launch(executable_path=chromium(), args=fake)) as eyes:
        page = eyes.new_context(viewport={"width": 390, "height": 844}, storage_state={"cookies": cookies}).new_page()
        page.goto(f"{door.site.url}/e/{event.edition.slug}/door/")
        page.locator("#door[data-ready=yes]").wait_for()
        page.get_by_role("button", name="Camera", exact=True).click()
        page.locator("[data-part=word]", has_text=re.compile("^Let in$")).wait_for()
    assert Admission.objects.get(event=event).ticket == ticket


def film(text, path):
    """Two pictures of a QR as an uncompressed film of 640 by 480."""
    modules = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(scale=10, border=4)]
    top, left = (480 - len(modules)) // 2, (640 - len(modules)) // 2
    grey = [bytearray([200]) * 640 for _row in range(480)]
    for y, row in enumerate(modules):
        grey[top + y][left : left + len(row)] = bytes(0 if dark else 255 for dark in row)
    picture = b"FRAME\n" + b"".join(grey) + bytes([128]) * (640 * 480 // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + 2 * picture)


def wait_until(holds, door, seconds=120):
    """Until the database tells it."""
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    while not holds():
        assert dt.datetime.now(dt.UTC) < until
        door.page.wait_for_timeout(100)
