"""A meeting's life on two phones: asked, answered, placed, late, checked in, what came of it, followed up; and the board."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from publication import wait_for_publication
from yard import build_yard

from madang.markets.models import Stage
from madang.meetings.models import Attendee, FollowUp, Meeting
from madang.meetings.queries.held import held_meetings
from madang.people.models import Notice

LANGUAGES = [pytest.param("ko", id="Korean"), pytest.param("en", id="English")]
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", LANGUAGES)
def test_from_asking_to_the_follow_up(language, site, reader):
    yard = build_yard(f"life-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}"
    buyer, seller = (reader(yard.accounts[role], width=390, language=language) for role in ("buyer", "seller"))
    organiser = reader(yard.accounts["organiser"], width=1280, language=language)

    ask(buyer, here)
    accept(seller, here)
    meeting = publish(organiser, here, yard.edition)
    page = f"{here}/meetings/{meeting.request.code}/"

    turn_clock(yard, meeting.slot.starts_at - 10 * MINUTE)
    run_late(seller, page)
    arrive(buyer, f"{here}/agenda/")
    assert list(Notice.objects.filter(recipient=yard.people["buyer"], kind="running_late").values_list("data__minutes")) == [
        (10,)
    ]

    turn_clock(yard, meeting.slot.starts_at + 3 * MINUTE)
    look_at_the_board(organiser, here, "one_sided late")
    turn_clock(yard, meeting.slot.starts_at + 11 * MINUTE)
    assert not held_meetings(yard.edition).exists()
    arrive(seller, page)
    assert list(held_meetings(yard.edition)) == [meeting]
    give_card(seller, page)
    look_at_the_board(organiser, here, "held")

    turn_clock(yard, meeting.slot.ends_at + 5 * MINUTE)
    say_outcome(buyer, page)
    assert Attendee.objects.get(request=meeting.request, participant=yard.people["buyer"]).interest == "offer"
    follow_up(buyer, here, yard.people["seller"])
    assert FollowUp.objects.filter(attendee__request=meeting.request, done_at=None).count() == 0


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_cannot_come_and_the_timetable_is_repaired(language, site, reader):
    yard = build_yard(f"repair-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}"
    buyer, seller, organiser = (
        reader(yard.accounts[role], width=390, language=language) for role in ("buyer", "seller", "organiser")
    )
    ask(buyer, here)
    accept(seller, here)
    meeting = publish(organiser, here, yard.edition)

    organiser.open(f"{here}/desk/timetable/repair/")
    organiser.page.locator("input[name=kind][value=away]").check()
    organiser.page.locator("input[name=person]").fill("P-buyer")
    organiser.page.locator("select[name=start]").select_option(str(meeting.slot_id))
    looks_right(organiser, "repair")
    tap(organiser, "form[action$='/repair/'] button")
    accepting = organiser.page.locator("form[action$='/accept/'] button")
    accepting.wait_for(timeout=300_000)
    looks_right(organiser, "repair-proposal")
    accepting.click()
    organiser.page.wait_for_load_state("load")
    accepting.wait_for(state="detached")

    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.slot_id != meeting.slot_id, moved.sequence, moved.is_cancelled) == (True, 1, False)
    for person in ("buyer", "seller"):
        assert Notice.objects.filter(recipient=yard.people[person], kind="meeting_moved").count() == 1
    buyer.open(f"{here}/notices/")
    looks_right(buyer, "repair-told")


def turn_clock(yard, moment):
    """Let it be that moment of the live market."""
    yard.edition.stage, yard.edition.clock_shift = Stage.LIVE, moment - timezone.now()
    yard.edition.save()


def tap(person, selector):
    """Press what has no words of its own in every language."""
    person.page.locator(f"main {selector}").filter(visible=True).first.click()
    person.page.wait_for_load_state("load")


def looks_right(person, name):
    """Nothing is wrong with the page, and a picture is kept."""
    assert person.faults(loading=False) == []
    person.picture(f"journeys/life-{name}-{person.language}")


def ask(buyer, here):
    buyer.open(f"{here}/requests/to/P-seller/")
    buyer.write("Why you should meet", "Two series of yours would stand well in our autumn.")
    buyer.press("Send the request")
    buyer.see("Waiting for an answer")


def accept(seller, here):
    seller.open(f"{here}/requests/")
    seller.page.locator("main .list a").first.click()
    seller.see("Two series of yours would stand well in our autumn.")
    seller.page.locator("input[name=level][value='3']").check()
    tap(seller, "form[action$='/answer/'] button")
    seller.see("Accepted")


def publish(organiser, here, edition):
    """Compute and publish; the worker does it, the one meeting is given back when it stands."""
    organiser.open(f"{here}/desk/timetable/")
    organiser.press("Compute the timetable")
    organiser.page.get_by_role("button", name=organiser.words("Publish"), exact=True).wait_for(timeout=300_000)
    organiser.press("Publish")
    return wait_for_publication(edition).meetings.get()


def run_late(seller, page):
    seller.open(page)
    tap(seller, "button[name=minutes][value='10']")
    seller.page.locator("button[name=minutes][value='10'][aria-pressed=true]").wait_for()
    looks_right(seller, "late")


def arrive(person, path):
    person.open(path)
    person.press("I am here")
    person.see("Checked in")
    looks_right(person, f"arrived-{person.name}")


def look_at_the_board(organiser, here, state):
    """The cell of the booth where the two meet, and the board on a projector."""
    organiser.open(f"{here}/desk/board/")
    cell = organiser.page.locator(".board > li", has_text="Lefèvre")
    cell.wait_for()
    assert cell.get_attribute("class") == state
    looks_right(organiser, f"board-{state.split()[0]}")
    organiser.open(f"{here}/desk/board/?screen=1")
    looks_right(organiser, f"screen-{state.split()[0]}")


def give_card(seller, page):
    seller.open(page)
    tap(seller, "button[name=gives][value='1']")
    seller.page.locator("button[name=gives][value='0']").wait_for()


def say_outcome(buyer, page):
    """Two taps from the agenda: the meeting, what came of it."""
    buyer.open(page)
    tap(buyer, "button[name=interest][value='offer']")
    buyer.page.locator("button[name=interest][value='offer'][aria-pressed=true]").wait_for()
    looks_right(buyer, "outcome")


def follow_up(buyer, here, met):
    """The list knows whom to write to; her card is there to be kept; done is done."""
    buyer.open(f"{here}/follow-up/")
    looks_right(buyer, "follow-up")
    with buyer.page.expect_download() as download:
        buyer.page.locator("main a[href$='.vcf']").click()
    assert download.value.path().read_bytes().splitlines()[3].decode() == f"FN:{met.latin_name} ({met.native_name})"
    tap(buyer, "button[name=done][value='1']")
    buyer.page.locator("button[name=done][value='0']").wait_for()
