"""Whether a meeting was held: who may say what, when, and what counts in the figures."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from factories import ParticipantFactory
from hall import hall
from visits import client_of, get, post

from madang.markets.models import LogEntry
from madang.meetings.actions.held import (
    NotNow,
    check_in,
    check_in_both,
    report_absence,
    run_late,
    say_outcome,
    share_card,
    write_note,
)
from madang.meetings.models import Attendee, FollowUp, Meeting, Part, Side, TimetableState
from madang.meetings.queries.held import held_by_day, held_figures, held_meetings, held_panel, meeting_with
from madang.people.models import Notice

pytestmark = pytest.mark.django_db
OVER, NOW = 2, 3


@pytest.fixture
def yard():
    """It is 29 May, 10:40. Buyer 0 meets seller 0 now, met seller 1 at ten, and nobody yesterday; buyer 2 is a stranger."""
    yard = hall()
    yard.ask(0, 0)
    yard.ask(0, 1)
    yard.ask(1, 0)
    draft = yard.draft((0, NOW, 0), (1, OVER, 1), (2, 0, 0))
    draft.state, draft.version = TimetableState.PUBLISHED, 1
    draft.save()
    at(yard, "5-29", "10:40:00")
    return yard


def meeting_of(yard, number):
    related = Meeting.objects.select_related("request__edition", "slot", "request__sender__company", "request__receiver__company")
    return related.get(request=yard.requests[number])


def seat(yard, number, person):
    return Attendee.objects.get(request=yard.requests[number], participant=person)


def at(yard, day, clock):
    """Set the edition's clock to a time in Busan."""
    moment = dt.datetime.fromisoformat(f"2025-0{day}T{clock}+09:00")
    yard.edition.clock_shift += moment - yard.edition.now()
    yard.edition.save()


def outcomes(yard):
    return {key: number for key, number in held_figures(yard.edition).items() if number}


def test_one_side_alone_is_not_held(yard):
    buyer, seller = yard.buyers[0], yard.sellers[1]
    met = meeting_of(yard, 1)
    assert outcomes(yard) == {"over": 2, "silent": 2}
    check_in(buyer.user, met)
    assert outcomes(yard) == {"over": 2, "silent": 1, "one_sided": 1}
    assert list(held_meetings(yard.edition)) == []
    check_in(seller.user, met)
    assert outcomes(yard) == {"over": 2, "silent": 1, "held": 1}
    assert list(held_meetings(yard.edition)) == [met]


def test_two_of_one_side_are_still_one_side(yard):
    colleague = ParticipantFactory(edition=yard.edition, company=yard.buyers[0].company, is_buyer=True)
    Attendee.objects.create(request=yard.requests[1], participant=colleague, side=Side.SENDER)
    for person in (yard.buyers[0], colleague):
        check_in(person.user, meeting_of(yard, 1))
    assert outcomes(yard) == {"over": 2, "silent": 1, "one_sided": 1}


def test_whoever_was_replaced_does_not_count(yard):
    check_in(yard.buyers[0].user, meeting_of(yard, 1))
    check_in(yard.sellers[1].user, meeting_of(yard, 1))
    Attendee.objects.filter(participant=yard.sellers[1]).update(part=Part.REPLACED)
    assert outcomes(yard) == {"over": 2, "silent": 1, "one_sided": 1}


def test_checking_in_twice_is_once(yard):
    for _ in range(2):
        check_in(yard.buyers[0].user, meeting_of(yard, 0))
    mine = seat(yard, 0, yard.buyers[0])
    assert mine.checked_in_by == yard.buyers[0]
    assert LogEntry.objects.filter(verb="check_in").count() == 1


@pytest.mark.parametrize(
    ("day", "clock", "taken"),
    [
        ("5-29", "10:14:59", False),
        ("5-29", "10:15:00", True),
        ("5-29", "23:59:00", True),
        ("6-06", "23:59:00", True),
        ("6-07", "00:00:00", False),
    ],
)
def test_when_one_may_check_in(yard, day, clock, taken):
    at(yard, day, clock)
    if taken:
        assert check_in(yard.buyers[0].user, meeting_of(yard, 0)).checked_in_at is not None
        return
    with pytest.raises(NotNow, match="a quarter of an hour before"):
        check_in(yard.buyers[0].user, meeting_of(yard, 0))
    assert seat(yard, 0, yard.buyers[0]).checked_in_at is None


def test_a_cancelled_meeting_takes_nothing(yard):
    Meeting.objects.filter(request=yard.requests[0]).update(is_cancelled=True)
    with pytest.raises(NotNow, match="cancelled"):
        check_in(yard.buyers[0].user, meeting_of(yard, 0))
    assert held_panel(yard.buyers[0].user, meeting_of(yard, 0)) == {"held": None}


ACTS = {
    "check in": lambda user, meeting, other: check_in(user, meeting),
    "run late": lambda user, meeting, other: run_late(user, meeting, 5),
    "report the seller": lambda user, meeting, other: report_absence(user, meeting, other, "door"),
    "say an outcome": lambda user, meeting, other: say_outcome(user, meeting, "offer"),
    "write a note": lambda user, meeting, other: write_note(user, meeting, "hm"),
    "give a card": lambda user, meeting, other: share_card(user, meeting, gives=True),
}
MAY = {
    "buyer": set(ACTS),
    "seller": set(ACTS) - {"report the seller"},
    "stranger": set(),
    "organiser": {"report the seller"},
}


@pytest.mark.parametrize("role", MAY)
def test_who_may_say_what(yard, role):
    users = {"buyer": yard.buyers[0].user, "seller": yard.sellers[0].user, "stranger": yard.buyers[2].user}
    users["organiser"] = yard.organiser
    may = set()
    for name, act in ACTS.items():
        try:
            act(users[role], meeting_of(yard, 0), seat(yard, 0, yard.sellers[0]))
        except PermissionDenied:
            continue
        may.add(name)
    assert may == MAY[role]


def test_an_absence_has_its_cause_and_can_be_taken_back(yard):
    absent = seat(yard, 1, yard.sellers[1])
    check_in(yard.buyers[0].user, meeting_of(yard, 1))
    report_absence(yard.buyers[0].user, meeting_of(yard, 1), absent, "late")
    assert outcomes(yard) == {"over": 2, "silent": 1, "late": 1}
    report_absence(yard.buyers[0].user, meeting_of(yard, 1), absent, "refused")
    assert outcomes(yard) == {"over": 2, "silent": 1, "refused": 1}
    report_absence(yard.buyers[0].user, meeting_of(yard, 1), absent, "")
    assert outcomes(yard) == {"over": 2, "silent": 1, "one_sided": 1}
    told = Notice.objects.filter(recipient=yard.sellers[1]).order_by("pk")
    assert [(one.kind, one.data["cause"]) for one in told] == [
        ("absence_reported", "Late from another meeting"),
        ("absence_reported", "Refused the meeting"),
    ]


def test_the_absent_one_may_say_otherwise_and_that_alone_is_not_held(yard):
    check_in(yard.buyers[0].user, meeting_of(yard, 1))
    report_absence(yard.buyers[0].user, meeting_of(yard, 1), seat(yard, 1, yard.sellers[1]), "absent")
    check_in(yard.sellers[1].user, meeting_of(yard, 1))
    assert outcomes(yard) == {"over": 2, "silent": 1, "contested": 1}
    assert Notice.objects.filter(recipient=yard.buyers[0], kind="absence_contested").count() == 1
    report_absence(yard.buyers[0].user, meeting_of(yard, 1), seat(yard, 1, yard.sellers[1]), "")
    assert outcomes(yard) == {"over": 2, "silent": 1, "held": 1}


def test_nobody_is_absent_before_it_begins(yard):
    at(yard, "5-29", "10:29:00")
    with pytest.raises(NotNow, match="has not begun"):
        report_absence(yard.buyers[0].user, meeting_of(yard, 0), seat(yard, 0, yard.sellers[0]), "absent")


def test_one_scan_counts_for_both_sides(yard):
    at(yard, "5-29", "10:31:00")
    report_absence(yard.buyers[0].user, meeting_of(yard, 0), seat(yard, 0, yard.sellers[0]), "late")
    check_in_both(yard.buyers[0].user, meeting_of(yard, 0), yard.sellers[0])
    at(yard, "5-29", "11:01:00")
    assert outcomes(yard) == {"over": 3, "silent": 2, "held": 1}
    assert seat(yard, 0, yard.sellers[0]).checked_in_by == yard.buyers[0]
    with pytest.raises(PermissionDenied):
        check_in_both(yard.buyers[0].user, meeting_of(yard, 0), yard.sellers[2])


def test_the_meeting_that_two_people_have_now(yard):
    buyer, seller, other = yard.buyers[0], yard.sellers[0], yard.sellers[1]
    assert meeting_with(buyer, seller) == meeting_of(yard, 0)
    assert meeting_with(buyer, other) == meeting_of(yard, 1)  # just over
    assert meeting_with(buyer, yard.sellers[2]) is None
    at(yard, "5-29", "10:14:00")
    for person in (buyer, seller, other):
        person.edition = yard.edition
    assert meeting_with(buyer, seller) is None


def test_a_badge_is_scanned(yard):
    buyer, seller, stranger = yard.buyers[0], yard.sellers[0], yard.buyers[2]
    assert get(buyer.user, "meetings:scan", yard.edition, seller.badge_key).status_code == 200
    assert Attendee.objects.exclude(checked_in_at=None).count() == 0  # looking changes nothing
    assert post(buyer.user, "meetings:scan", yard.edition, seller.badge_key).status_code == 302
    assert Attendee.objects.exclude(checked_in_at=None).count() == 2
    assert get(stranger.user, "meetings:scan", yard.edition, seller.badge_key).status_code == 404
    assert get(buyer.user, "meetings:scan", yard.edition, "no-such-key").status_code == 404
    assert get(seller.user, "meetings:scan", yard.edition, seller.badge_key).url == reverse(
        "meetings:badge", args=[yard.edition.slug]
    )
    assert get(None, "meetings:scan", yard.edition, seller.badge_key).status_code == 302
    assert get(yard.organiser, "meetings:scan", yard.edition, seller.badge_key).url.endswith(f"/agenda/{seller.code}/")


def test_a_badge_shows_its_code(yard):
    page = get(yard.buyers[0].user, "meetings:badge", yard.edition).content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert yard.buyers[0].badge_key not in page.replace("svg", "")  # drawn, not written


def test_being_late_is_told_once_a_change(yard):
    for minutes in (10, 10, 15, 0):
        run_late(yard.buyers[0].user, meeting_of(yard, 0), minutes)
    told = Notice.objects.filter(recipient=yard.sellers[0]).order_by("pk")
    assert [(one.kind, one.data["minutes"]) for one in told] == [("running_late", 10), ("running_late", 15), ("on_time", 0)]
    assert seat(yard, 0, yard.buyers[0]).late_minutes is None
    for minutes in (7, -1, 1000):
        with pytest.raises(NotNow):
            run_late(yard.buyers[0].user, meeting_of(yard, 0), minutes)
    with pytest.raises(NotNow):
        run_late(yard.buyers[0].user, meeting_of(yard, 1), 5)  # it is over


def test_an_outcome_begins_a_follow_up_and_ends_it(yard):
    buyer, met = yard.buyers[0], meeting_of(yard, 1)
    say_outcome(buyer.user, met, "follow_up")
    assert list(FollowUp.objects.values_list("what", "due_on")) == [
        (f"Write to {yard.sellers[1].name}, {yard.sellers[1].company}", dt.date(2025, 6, 6))
    ]
    say_outcome(buyer.user, met, "offer")
    assert list(FollowUp.objects.values_list("what", "due_on")) == [
        (f"Send an offer to {yard.sellers[1].name}, {yard.sellers[1].company}", dt.date(2025, 6, 13))
    ]
    say_outcome(buyer.user, met, "none")
    assert (FollowUp.objects.count(), seat(yard, 1, buyer).interest) == (0, "none")


def test_a_note_and_an_outcome_are_nobody_elses(yard):
    write_note(yard.buyers[0].user, meeting_of(yard, 1), "Too dear, but charming")
    say_outcome(yard.buyers[0].user, meeting_of(yard, 1), "offer")
    code = yard.requests[1].code
    for user in (yard.sellers[1].user, yard.organiser):
        page = get(user, "meetings:meeting", yard.edition, code).content.decode()
        assert "Too dear" not in page
        assert 'aria-pressed="true"' not in page
    assert "Too dear" in get(yard.buyers[0].user, "meetings:meeting", yard.edition, code).content.decode()
    assert not any("dear" in str(entry.details) for entry in LogEntry.objects.all())
    with pytest.raises(NotNow, match="too long"):
        write_note(yard.buyers[0].user, meeting_of(yard, 1), "x" * 2001)


def test_a_card_is_given_and_taken_back(yard):
    buyer, seller, code = yard.buyers[0], yard.sellers[0], yard.requests[0].code

    def asks(user):
        return get(user, "meetings:card", yard.edition, code, seller.code).status_code

    assert asks(buyer.user) == 404
    share_card(seller.user, meeting_of(yard, 0), gives=True)
    assert {"buyer": asks(buyer.user), "stranger": asks(yard.buyers[2].user), "organiser": asks(yard.organiser)} == {
        "buyer": 200,
        "stranger": 404,
        "organiser": 404,
    }
    assert Notice.objects.filter(recipient=buyer, kind="card_given").count() == 1
    share_card(seller.user, meeting_of(yard, 0), gives=False)
    assert asks(buyer.user) == 404


def test_pages_do_what_they_say(yard):
    buyer, code = yard.buyers[0], yard.requests[0].code
    post(buyer.user, "meetings:run_late", yard.edition, code, minutes="10")
    post(buyer.user, "meetings:check_in", yard.edition, code, back="agenda")
    post(buyer.user, "meetings:outcome", yard.edition, code, interest="follow_up")
    post(buyer.user, "meetings:note", yard.edition, code, note="Send the trailer")
    post(buyer.user, "meetings:report_absence", yard.edition, code, person=yard.sellers[0].code, cause="door")
    post(buyer.user, "meetings:share_card", yard.edition, code, gives="1")
    mine, theirs = seat(yard, 0, buyer), seat(yard, 0, yard.sellers[0])
    assert (mine.late_minutes, mine.interest, mine.note, mine.shares_card) == (10, "follow_up", "Send the trailer", True)
    assert (bool(mine.checked_in_at), theirs.absent_cause, theirs.absent_by) == (True, "door", buyer)
    page = get(buyer.user, "meetings:meeting", yard.edition, code).content.decode()
    for words in ("Checked in", "Did not come: Stuck in the queue at the door", "Send the trailer", "Take my card back"):
        assert words in page
    assert post(yard.buyers[2].user, "meetings:check_in", yard.edition, code).status_code == 404


def test_wrong_words_write_nothing(yard):
    buyer, code = yard.buyers[0], yard.requests[0].code
    for page, data in (
        ("outcome", {"interest": "love"}),
        ("run_late", {"minutes": "x"}),
        ("report_absence", {"person": "nobody"}),
    ):
        assert post(buyer.user, f"meetings:{page}", yard.edition, code, **data).status_code in (302, 404)
    mine = seat(yard, 0, buyer)
    assert (mine.interest, mine.late_minutes) == ("", None)


def test_who_is_there_is_asked_again_by_itself(yard):
    buyer, code = yard.buyers[0], yard.requests[0].code
    url = reverse("meetings:held_status", args=[yard.edition.slug, code])
    part = client_of(buyer.user).get(url, HTTP_HX_REQUEST="true").content.decode()
    assert part.startswith('<ul class="list" id="held-status" hx-get=')
    assert client_of(buyer.user).get(url).status_code == 302  # without a script, the page
    assert client_of(yard.buyers[2].user).get(url).status_code == 404


def test_figures_by_day(yard):
    check_in_both(yard.buyers[0].user, meeting_of(yard, 1), yard.sellers[1])
    days = [(day.isoformat(), {key: n for key, n in numbers.items() if n}) for day, numbers in held_by_day(yard.edition)]
    assert days == [("2025-05-28", {"over": 1, "silent": 1}), ("2025-05-29", {"over": 1, "held": 1})]
    page = get(yard.organiser, "meetings:held_figures", yard.edition)
    assert page.status_code == 200
    assert get(yard.buyers[0].user, "meetings:held_figures", yard.edition).status_code == 404


def test_the_agenda_checks_in_with_one_tap(yard):
    buyer = yard.buyers[0]
    run_late(yard.sellers[0].user, meeting_of(yard, 0), 10)
    page = get(buyer.user, "meetings:agenda", yard.edition).content.decode()
    assert page.count("I am here") == 1
    assert page.count("I was there") == 1
    assert "10 minutes late" in page
    assert "I am here" not in get(yard.organiser, "meetings:agenda_of", yard.edition, buyer.code).content.decode()
    answer = post(buyer.user, "meetings:check_in", yard.edition, yard.requests[0].code, back="agenda")
    assert answer.url.endswith("/agenda/")
    page = get(buyer.user, "meetings:agenda", yard.edition).content.decode()
    assert page.count("I am here") == 0
    assert page.count("Checked in") == 1


def test_a_late_entry_counts_and_says_that_it_is_one(yard):
    check_in(yard.buyers[0].user, meeting_of(yard, 1))
    at(yard, "6-02", "09:00:00")
    check_in(yard.sellers[1].user, meeting_of(yard, 1))
    assert list(held_meetings(yard.edition)) == [meeting_of(yard, 1)]
    page = get(yard.buyers[0].user, "meetings:meeting", yard.edition, yard.requests[1].code).content.decode()
    assert page.count("entered later") == 1
