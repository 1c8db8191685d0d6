"""Proposed meetings: the market they come from, the dials, a run, its drafts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from exposure_rows import fair, pairs_of
from factories import MeetingRequestFactory, ParticipantFactory, UserFactory

from madang.catalogue.models import Profile
from madang.kit import progress
from madang.markets.models import LogEntry, RunState
from madang.matching.actions.exposure import propose_meetings, start_proposals, stop_proposals, turn_dials
from madang.matching.actions.suggestions import decline_suggestion, show_suggestions
from madang.matching.models import Dials, ProposeRun, Suggestion
from madang.matching.queries.exposure import Asked, asked_of, dials_of, exposure_of
from madang.matching.queries.exposure_results import compared, lacks_of
from madang.people.models import Block

pytestmark = pytest.mark.django_db


def gates(here) -> dict[str, str]:
    """Title -> the buyers who may meet it, by their codes."""
    exposure = exposure_of(here.edition, Asked())
    buyers = {one.pk: one.code for one in here.buyers}
    codes = {one.pk: one.code for one in here.titles}
    return {
        codes[title]: " ".join(sorted(buyers[int(pk)] for pk in exposure.pairs.buyers[exposure.market.gates[:, n]]))
        for n, title in enumerate(exposure.titles)
    }


def test_who_may_be_brought_together():
    here = fair(buyers=3, titles=1)
    film, empty, shy = here.add_title(), here.add_title(), here.add_title()
    film.format = "film"
    film.save()
    here.sellers[2].left_at = here.edition.now()
    here.sellers[2].save()
    Block.objects.create(participant=here.buyers[0], company=here.sellers[0].company)
    Block.objects.create(participant=here.sellers[3], company=here.buyers[1].company)
    here.add_title(seller=ParticipantFactory(edition=here.edition, company=here.buyers[2].company, is_seller=True))
    assert (empty.code, shy.code) == ("W2", "W3")
    assert gates(here) == {"W0": "B1 B2", "W1": "", "W2": "", "W3": "B0 B2", "W4": "B0 B1"}
    ParticipantFactory(edition=here.edition, company=here.sellers[3].company, is_creator=True)
    assert gates(here)["W3"] == "B0 B1 B2"  # somebody of the company is there who does not block her


def test_what_was_asked_is_not_proposed_and_what_was_agreed_counts():
    here = fair(buyers=3, titles=2)
    facts = {"edition": here.edition, "sender": here.buyers[0], "receiver": here.sellers[0], "title": here.titles[0]}
    MeetingRequestFactory(**facts, status="accepted")
    also = MeetingRequestFactory(edition=here.edition, sender=here.sellers[1], receiver=here.buyers[1], status="declined")
    also.also_about.add(here.titles[1])
    draft = facts | {"sender": here.buyers[2]}
    MeetingRequestFactory(**draft, status="draft")
    assert gates(here) == {"W0": "B1 B2", "W1": "B0 B2"}
    market = exposure_of(here.edition, Asked()).market
    assert market.has.tolist() == [1, 0]


def test_what_waits_takes_its_room_until_it_is_declined():
    here = fair(buyers=1, titles=2)
    show_suggestions(here.organiser, here.run(floor=0, buyer_room=1))
    [shown] = Suggestion.objects.all()
    exposure = exposure_of(here.edition, Asked(buyer_room=1, title_room=3))
    waits = exposure.titles.index(shown.title_id)
    assert (exposure.market.buyer_room.tolist(), exposure.market.gates[:, waits].tolist()) == ([0], [False])
    assert (exposure.market.has[waits], exposure.market.title_room[waits]) == (1, 2)
    decline_suggestion(here.buyers[0].user, shown)
    exposure = exposure_of(here.edition, Asked(buyer_room=1, title_room=3))
    assert (exposure.market.buyer_room.tolist(), exposure.market.gates[:, waits].tolist()) == ([1], [False])
    assert (exposure.market.has[waits], exposure.market.title_room[waits]) == (0, 3)


def test_a_floor_gives_the_quiet_title_its_meeting_and_tells_its_price():
    here = fair(buyers=2, titles=2)
    here.add_title("romance")
    without, with_floor = here.run(floor=0, buyer_room=1), here.run(floor=1, buyer_room=2, title_room=2)
    assert {title for _buyer, title in pairs_of(without)} <= {"W0", "W1"}
    assert {title for _buyer, title in pairs_of(with_floor)} == {"W0", "W1", "W2"}
    prices = with_floor.report["prices"]
    assert [row["floor"] for row in prices] == [0, 1, 2, 3]
    assert [(row["met"], row["lacking"]) for row in prices] == [(2, 0), (3, 0), (2, 1), (2, 1)]
    assert prices[1]["lost"] > 0
    assert prices[0]["expected"] == with_floor.report["free"]
    assert (with_floor.report["meetings"], with_floor.report["is_best"], with_floor.report["lacking"]) == (4, True, [])
    assert Suggestion.objects.get(run=with_floor, title=here.titles[2]).by_floor
    told = compared(without, with_floor)
    assert (told.both, told.only_one, told.only_other) == (2, 0, 2)
    assert (here.titles[2], 0, 1) in told.moved


def test_floors_of_their_own_for_a_country_and_for_first_works():
    here = fair(buyers=2, titles=2)
    first, laos = here.add_title("romance"), here.add_title("romance", countries="FR, LA")
    Profile.objects.create(title=first, is_first_work=True)
    run = here.run(floor=0, first_time=1, countries=(("LA", 2),), buyer_room=2)
    assert {title for _buyer, title in pairs_of(run)} >= {first.code, laos.code}
    assert [title for _buyer, title in pairs_of(run)].count(laos.code) == 2
    assert run.report["free"] > run.report["expected"]
    assert (run.asked["countries"], Asked.from_json(run.asked).countries) == ({"LA": 2}, (("LA", 2),))


def test_titles_below_their_floor_are_told_with_the_reason():
    here = fair(buyers=2, titles=1)
    here.add_title(format="film"), here.add_title()
    here.sellers[2].left_at = here.edition.now()
    here.sellers[2].save()
    here.add_title()
    for buyer in here.buyers:
        MeetingRequestFactory(
            edition=here.edition, sender=buyer, receiver=here.sellers[3], title=here.titles[3], status="declined"
        )
    run = here.run(floor=3)
    told = {lack.code: [(title.code, row["lacks"], row["able"]) for title, row in lack.titles] for lack in lacks_of(run)}
    assert told == {
        "few_buyers": [("W0", 1, 2)],
        "no_buyer": [("W1", 3, 0)],
        "no_seller": [("W2", 3, 0)],
        "all_asked": [("W3", 3, 0)],
    }


def test_a_run_is_one_at_a_time_and_shows_nobody_anything():
    here = fair()
    run, is_new = start_proposals(here.organiser, here.edition, Asked())
    again, is_second = start_proposals(here.organiser, here.edition, Asked(floor=1))
    assert (is_new, is_second, again) == (True, False, run)
    assert propose_meetings(run.key).state == RunState.DONE
    assert propose_meetings(run.key) is None
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"draft"}
    assert list(LogEntry.objects.values_list("verb", "subject")) == [("propose_meetings", run.key)]
    assert progress.told(run.key)["total"] == 4


def test_another_seed_is_as_good():
    here = fair(buyers=3, titles=3)
    one, other = here.run(buyer_room=1), here.run(buyer_room=1, seed=7)
    assert one.report["expected"] == pytest.approx(other.report["expected"])
    assert one.suggestions.count() == other.suggestions.count() == 3


def test_stopping_keeps_nothing():
    here = fair()
    run, _new = start_proposals(here.organiser, here.edition, Asked())
    stop_proposals(here.organiser, run)
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    later, _new = start_proposals(here.organiser, here.edition, Asked())
    progress.ask_stop(later.key)  # the worker has begun when it is asked
    assert propose_meetings(later.key).state == RunState.STOPPED
    assert Suggestion.objects.count() == 0


def test_nothing_fits():
    here = fair(buyers=1, titles=0)
    run = here.run()
    assert (run.state, run.fault) == (
        RunState.FAILED,
        "No buyer and title fit each other that have not been brought together before.",
    )


def test_dials_are_kept_and_told():
    here = fair()
    assert asked_of(dials_of(here.edition)) == Asked()
    facts = {"floor": 1, "floor_first_time": 3, "floor_countries": {"LA": 2, "KR": 0}, "buyer_room": 5, "title_room": 9}
    turn_dials(here.organiser, here.edition, **facts)
    turn_dials(here.organiser, here.edition, **facts)
    assert asked_of(dials_of(here.edition), 4) == Asked(1, 3, (("LA", 2),), 5, 9, 4)
    assert Dials.objects.count() == 1
    told = LogEntry.objects.get(verb="turn_dials")
    assert told.details == {"changed": ["buyer_room", "floor", "floor_countries", "floor_first_time", "title_room"]}


@pytest.mark.parametrize("who", ["buyer", "stranger"])
def test_only_organisers_propose(who):
    here = fair(buyers=1, titles=1)
    run = here.run()
    actor = here.buyers[0].user if who == "buyer" else UserFactory()
    for act in (
        lambda: start_proposals(actor, here.edition, Asked()),
        lambda: turn_dials(actor, here.edition, floor=0),
        lambda: show_suggestions(actor, run),
        lambda: stop_proposals(actor, run),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (ProposeRun.objects.count(), Suggestion.objects.filter(state="shown").count()) == (1, 0)


def test_the_market_takes_as_many_queries_however_many_rows():
    small, large = fair(buyers=1, titles=1), fair(buyers=3, titles=3)
    counts = []
    for here in (small, large):
        Block.objects.create(participant=here.buyers[0], company=here.sellers[0].company)
        with CaptureQueriesContext(connection) as captured:
            exposure_of(here.edition, Asked(first_time=1, countries=(("KR", 1),)))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_gone_worker_leaves_the_run_to_be_started_anew():
    here = fair()
    run, _new = start_proposals(here.organiser, here.edition, Asked())
    ProposeRun.objects.filter(pk=run.pk).update(state=RunState.INTERRUPTED, finished_at=dt.datetime.now(dt.UTC))
    assert start_proposals(here.organiser, here.edition, Asked())[1]
