"""Shifts and who holds them: by hand, by search, in a calendar file."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, UserFactory
from icalendar import Calendar
from money_rows import activity, hold, organiser_of, shift, skill, worker
from visits import get, post, queries_of

from madang.markets.models import LogEntry, RunState
from madang.outcomes.actions import rosters, staffing
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Duty, RosterRun, Shift
from madang.outcomes.queries.staffing import roster_of
from madang.outcomes.rostering import Breach

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    return organiser_of(edition)


@pytest.fixture
def act(edition):
    return activity(edition, "MEET")


def test_a_shift_is_given_once_and_not_over_its_places(edition, organiser, act):
    reception, person = shift(act, code="S"), worker(edition)
    staffing.assign(organiser, reception, person)
    with pytest.raises(Refused, match="Everybody"):
        staffing.assign(organiser, reception, worker(edition))
    staffing.save_shift(organiser, edition, {"needed": 3}, reception)
    reception.refresh_from_db()
    with pytest.raises(Refused, match="already"):
        staffing.assign(organiser, reception, person)
    with pytest.raises(Refused, match="dropped out"):
        staffing.assign(organiser, reception, worker(edition, left_at=edition.now()))
    with pytest.raises(Refused, match="another shift"):
        staffing.assign(organiser, shift(act), person, anyway=True)
    assert Duty.objects.count() == 1


def test_what_an_organiser_may_decide_over_is_asked(edition, organiser, act):
    french = skill(edition)
    person = worker(edition, hours_a_day=3)
    evening = shift(act, 30, 9, 4, skill=french)
    with pytest.raises(staffing.NeedsWord) as asked:
        staffing.assign(organiser, evening, person)
    assert asked.value.found == [Breach.SKILL, Breach.DAY]
    staffing.assign(organiser, evening, person, anyway=True)
    assert LogEntry.objects.get(verb="assign_shift").details == {"worker": person.code, "against": "skill, day"}


def test_who_drops_out_frees_what_has_not_begun(edition, organiser, act):
    person = worker(edition)
    past, coming = shift(act, 28), shift(act, 30)
    hold(past, person), hold(coming, person)
    assert staffing.leave_worker(organiser, person) == 1
    assert list(Duty.objects.values_list("shift", flat=True)) == [past.pk]
    with pytest.raises(Refused):
        staffing.leave_worker(organiser, person)
    staffing.return_worker(organiser, person)
    person.refresh_from_db()
    assert person.left_at is None


def test_what_has_begun_stays(edition, organiser, act):
    past = shift(act, 28)
    duty = hold(past, worker(edition))
    for change in (lambda: staffing.unassign(organiser, duty), lambda: staffing.delete_shift(organiser, past)):
        with pytest.raises(Refused):
            change()


def test_a_copy_keeps_the_time_at_the_venue(edition, act, organiser):
    edition.time_zone = "Europe/Paris"
    edition.save()
    first = Shift.objects.create(
        edition=edition, activity=act, code="S", name="Over the change of clocks", needed=2,
        starts_at=dt.datetime(2025, 10, 25, 7, tzinfo=dt.UTC), ends_at=dt.datetime(2025, 10, 25, 11, tzinfo=dt.UTC),
    )  # fmt: skip
    days = [dt.date(2025, 10, 25), dt.date(2025, 10, 26), dt.date(2025, 10, 26)]
    assert staffing.copy_shift(organiser, first, days) == 1
    copy = Shift.objects.exclude(pk=first.pk).get()
    assert (copy.code, copy.needed, copy.starts_at, copy.ends_at) == (
        "S-1026", 2, dt.datetime(2025, 10, 26, 8, tzinfo=dt.UTC), dt.datetime(2025, 10, 26, 12, tzinfo=dt.UTC),
    )  # fmt: skip
    assert staffing.copy_shift(organiser, first, days) == 0


def test_a_roster_is_suggested_shown_and_taken_over(edition, organiser, act):
    french = skill(edition)
    people = [worker(edition, french), worker(edition)]
    wanted, open_one, past = shift(act, 30, needed=2), shift(act, 30, 14, 3, skill=skill(edition, "XX")), shift(act, 28)
    answer = post(organiser, "outcomes:rosters", edition, limit=5)
    run = RosterRun.objects.get()
    assert (answer.status_code, run.state, run.report["is_best"]) == (302, RunState.DONE, True)
    assert run.report["pairs"] == [[wanted.pk, people[0].pk], [wanted.pk, people[1].pk]]
    assert run.report["why"] == {str(open_one.pk): {"skill": 2}}
    page = get(organiser, "outcomes:suggested_roster", edition, run.key)
    assert [(row.shift, why) for row, why in page.context["left"]] == [(open_one, "Nobody has the skill.")]
    assert Duty.objects.count() == 0
    assert rosters.take_roster(organiser, run) == 2
    with pytest.raises(Refused, match="already"):
        rosters.take_roster(organiser, run)
    assert (Duty.objects.count(), past.duties.count()) == (2, 0)


def test_a_roster_that_no_longer_fits_is_refused(edition, organiser, act):
    person, wanted = worker(edition), shift(act, 30)
    run, _new = rosters.start_roster(organiser, edition, 2)
    assert rosters.start_roster(organiser, edition, 2) == (run, False)
    rosters.suggest_roster(run.key)
    hold(shift(act, 30, 10), person)
    with pytest.raises(Refused, match="changed"):
        rosters.take_roster(organiser, run)
    assert wanted.duties.count() == 0


def test_a_search_without_shifts_fails_with_a_word_and_can_be_stopped(edition, organiser):
    run, _new = rosters.start_roster(organiser, edition, 2)
    rosters.suggest_roster(run.key)
    run.refresh_from_db()
    assert (run.state, run.fault) == (RunState.FAILED, "There are no shifts or no workers yet, so there is nothing to assign.")
    second, _new = rosters.start_roster(organiser, edition, 2)
    rosters.stop_roster(organiser, second)
    second.refresh_from_db()
    assert second.state == RunState.STOPPED


def test_the_calendar_file_of_a_worker(edition, organiser, act):
    person = worker(edition, code="W-1")
    hold(shift(act, 30, 9, 4, code="S", name="Reception; 안내, 🎬"), person)
    answer = get(organiser, "outcomes:worker_ics", edition, "W-1")
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert [(str(e["summary"]), e.decoded("dtstart"), e.decoded("dtend")) for e in events] == [
        (
            "Reception; 안내, 🎬",
            dt.datetime(2025, 5, 30, 9, tzinfo=edition.zone),
            dt.datetime(2025, 5, 30, 13, tzinfo=edition.zone),
        )
    ]


def test_by_hand_on_the_page_of_a_shift(edition, organiser, act):
    person = worker(edition, hours_a_day=3)
    reception = shift(act, code="S")
    page = get(organiser, "outcomes:shift", edition, "S")
    assert [one.held.worker for one in page.context["unable"]] == [person]
    asked = post(organiser, "outcomes:assign_shift", edition, "S", worker=person.code)
    assert (asked.status_code, asked.context["asked"]) == (422, person)
    assert post(organiser, "outcomes:assign_shift", edition, "S", worker=person.code, anyway="on").status_code == 302
    assert post(organiser, "outcomes:assign_shift", edition, "S", worker="NOBODY").status_code == 404
    duty = reception.duties.get()
    assert post(organiser, "outcomes:unassign_shift", edition, duty.pk).status_code == 302
    assert post(organiser, "outcomes:copy_shift", edition, "S", days=["2025-05-29"]).status_code == 302
    assert post(organiser, "outcomes:copy_shift", edition, "S", days=["2031-01-01"]).status_code == 422
    assert sorted(Shift.objects.values_list("code", flat=True)) == ["S", "S-0529"]


@pytest.mark.parametrize("page", ["outcomes:roster", "outcomes:workers", "outcomes:skills", "outcomes:rosters"])
def test_the_same_queries_for_1_and_3_rows(edition, organiser, act, page):
    def fill():
        hold(shift(act, 29, needed=2), worker(edition, skill(edition, f"K{Duty.objects.count()}")))

    fill()
    one = queries_of(organiser, page, edition)
    fill()
    fill()
    assert queries_of(organiser, page, edition) == one


def test_only_organisers_write(edition, act):
    user, reception, person = UserFactory(), shift(act), worker(edition)
    run = RosterRun.objects.create(edition=edition)
    for change in (
        lambda: staffing.save_skill(user, edition, {"code": "X"}),
        lambda: staffing.save_worker(user, edition, {"code": "X"}, []),
        lambda: staffing.save_shift(user, edition, {"code": "X"}),
        lambda: staffing.copy_shift(user, reception, []),
        lambda: staffing.assign(user, reception, person),
        lambda: staffing.leave_worker(user, person),
        lambda: rosters.start_roster(user, edition, 1),
        lambda: rosters.stop_roster(user, run),
        lambda: rosters.take_roster(user, run),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_who_dropped_out_takes_no_part_in_a_search_but_keeps_what_was_hers(edition, act):
    reception = shift(act, 30, needed=2)
    hold(reception, worker(edition, left_at=edition.now()))
    here = worker(edition)
    problem = roster_of(edition).problem()
    assert ([hand.id for hand in problem.hands], problem.works[0].needed, problem.held) == ([here.pk], 1, frozenset())
