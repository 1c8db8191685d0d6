"""Scores and their limits, reminders, and rankings that freeze them axis by axis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import MOMENT
from jury_rows import make_call, make_criteria, make_entries, make_jurors, organiser_of, read_by, score_all

from madang.people.models import Notice
from madang.selection.actions.jury import drop_criterion, save_criterion, take_standard_criteria
from madang.selection.actions.ranking import make_ranking
from madang.selection.actions.refusals import Refused
from madang.selection.actions.reminders import remind_due_jurors, remind_jurors
from madang.selection.actions.scoring import add_remark, finish_reading, recuse, save_scores
from madang.selection.models import Criterion, Rank, Reading, ReadingState
from madang.selection.queries.jury import board_figures, is_late, juror_rows, next_reading
from madang.selection.queries.ranking import axis_mark, dots, lines, scored, strictness

pytestmark = pytest.mark.django_db


def test_scores_are_kept_changed_and_taken_back():
    call = make_call()
    criteria = make_criteria(call)
    reading = read_by(make_jurors(call, 1), make_entries(call, 1))[0]
    user = reading.juror.participant.user
    first, second = criteria[0].pk, criteria[1].pk
    assert save_scores(user, reading, {first: None}, "").state == ReadingState.ASSIGNED
    assert save_scores(user, reading, {first: 3, second: 4}, "Hm.").state == ReadingState.BEGUN
    save_scores(user, reading, {first: 9, second: None}, "Hm.")
    assert list(reading.scores.values_list("criterion", "value")) == [(first, 9)]
    for wrong in (0, 11):
        with pytest.raises(Refused, match="goes from 1 to 10"):
            save_scores(user, reading, {first: wrong}, "")
    with pytest.raises(PermissionDenied):
        save_scores(make_jurors(call, 1)[0].participant.user, reading, {first: 5}, "")


def test_what_is_done_is_final_and_time_runs_out():
    call = make_call()
    criteria = make_criteria(call)
    works = make_entries(call, 2)
    one, two = read_by(make_jurors(call, 1), works)
    user = one.juror.participant.user
    with pytest.raises(Refused, match="Not scored yet"):
        finish_reading(user, one)
    save_scores(user, one, {c.pk: 5 for c in criteria}, "")
    assert finish_reading(user, one).state == ReadingState.DONE
    for act in (
        lambda: save_scores(user, one, {}, "More."),
        lambda: finish_reading(user, one),
        lambda: recuse(user, one, "x", is_conflict=False),
    ):
        with pytest.raises(Refused, match="scored already"):
            act()
    assert add_remark(user, works[0], "Bold.").text == "Bold."
    with pytest.raises(PermissionDenied):
        add_remark(user, works[1], "I have not seen it.")
    call.scoring_until = MOMENT - dt.timedelta(minutes=1)
    call.save()
    with pytest.raises(Refused, match="time for scoring is over"):
        save_scores(user, two, {}, "")


def test_criteria_stay_once_they_are_used():
    call = make_call()
    organiser = organiser_of(call)
    assert (take_standard_criteria(organiser, call), take_standard_criteria(organiser, call)) == (8, 0)
    first = call.criteria.first()
    facts = {name: getattr(first, name) for name in ("axis", "code", "name", "low", "high", "weight")}
    save_criterion(organiser, call, facts | {"high": 5}, first)
    score_all(call, read_by(make_jurors(call, 1), make_entries(call, 1)))
    save_criterion(organiser, call, facts | {"high": 5, "name": "Its own voice"}, first)
    for act in (
        lambda: save_criterion(organiser, call, facts | {"high": 7}, first),
        lambda: save_criterion(organiser, call, facts | {"code": "new"}),
        lambda: drop_criterion(organiser, first),
    ):
        with pytest.raises(Refused):
            act()
    assert (call.criteria.count(), Criterion.objects.get(pk=first.pk).name) == (8, "Its own voice")


def test_the_mark_of_an_axis_is_its_weighted_mean_on_the_first_scale():
    rows = [Criterion(pk=1, low=1, high=10, weight=Decimal(2)), Criterion(pk=2, low=0, high=5, weight=Decimal(1))]
    assert axis_mark(rows, {1: 10, 2: 5}) == 10
    assert axis_mark(rows, {1: 1, 2: 0}) == 1
    assert axis_mark(rows, {1: 10, 2: 0}) == pytest.approx(7)
    assert axis_mark(rows, {1: 10}) is None
    assert axis_mark([], {}) is None


def strict_jury(entries: int = 6):
    """One juror of four gives two points less; entries differ more and more; audience runs the other way."""
    call = make_call(readers=4)
    make_criteria(call)
    jurors, works = make_jurors(call, 4), make_entries(call, entries)

    def mark(reading, criterion):
        rank = int(reading.entry.code[2:])
        own = rank if criterion.axis == "authorship" else entries - 1 - rank
        return 2 + own - (2 if reading.juror_id == jurors[0].pk else 0) + (reading.juror_id + rank) % 2

    score_all(call, read_by(jurors, works), mark)
    return call, jurors, works


def test_a_ranking_is_frozen_per_axis_and_made_once_for_the_same_scores():
    call, jurors, works = strict_jury()
    organiser = organiser_of(call)
    ranking, is_new = make_ranking(organiser, call)
    assert (is_new, ranking.number, ranking.facts["readings"], ranking.digest) == (True, 1, 24, scored(call).digest)
    assert make_ranking(organiser, call) == (ranking, False)
    assert Rank.objects.filter(ranking=ranking).count() == 2 * len(works)
    best = {axis: Rank.objects.get(ranking=ranking, axis=axis, place=1).entry.code for axis in ("authorship", "audience")}
    assert best == {"authorship": "E-005", "audience": "E-000"}
    for rank in Rank.objects.filter(ranking=ranking):
        assert rank.low <= rank.fair <= rank.high
        assert rank.place_low <= rank.place <= rank.place_high
    strictest = strictness(ranking, "authorship", {j.pk: j for j in jurors})
    assert (strictest[0].juror, strictest[0].code, {row.code for row in strictest[1:]}) == (jurors[0], "strict", {"mild"})
    assert -100 <= strictest[0].left <= strictest[0].left + strictest[0].breadth <= 0
    ranks = list(Rank.objects.filter(ranking=ranking, axis="authorship"))
    shown = lines(ranking, "authorship", ranks)
    assert (shown[0].begins_band, shown[0].rank.place, shown[-1].above_next) == (True, 1, None)
    assert all(0 <= line.low <= line.fair <= line.high <= 100 for line in shown)
    assert sorted(dot.authorship.place for dot in dots(ranking)) == list(range(1, 7))


def test_new_scores_make_a_new_ranking_beside_the_old():
    call, jurors, _works = strict_jury(4)
    organiser = organiser_of(call)
    first, _new = make_ranking(organiser, call)
    Reading.objects.filter(juror=jurors[0]).first().scores.all().update(value=10)
    second, is_new = make_ranking(organiser, call)
    assert (is_new, second.number, second.digest == first.digest) == (True, 2, False)
    assert Rank.objects.filter(ranking=first).count() == 8


def test_nothing_to_rank_and_little_to_say():
    call = make_call()
    make_criteria(call)
    organiser = organiser_of(call)
    with pytest.raises(Refused):
        make_ranking(organiser, call)
    score_all(call, read_by(make_jurors(call, 1), make_entries(call, 2)), lambda r, c: 4 + r.entry_id % 2)
    ranking, _new = make_ranking(organiser, call)
    assert [ranking.facts[axis]["code"] for axis in ("authorship", "audience")] == ["one_reading", "one_reading"]
    assert all(rank.low == rank.fair == rank.high == rank.mean for rank in Rank.objects.all())
    with pytest.raises(PermissionDenied):
        make_ranking(make_jurors(call, 1)[0].participant.user, call)


def test_reminders_go_out_once_a_day():
    call = make_call(scoring_until=MOMENT + dt.timedelta(days=2, hours=20))
    make_criteria(call)
    busy, idle = make_jurors(call, 2)
    read_by([busy], make_entries(call, 2))
    organiser = organiser_of(call)
    day = dt.timedelta(days=1)
    told = [remind_due_jurors(call.edition, MOMENT + n * day / 4) for n in range(12)]
    assert told == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {busy.participant_id}
    assert remind_jurors(organiser, call) == 0
    Notice.objects.all().delete()
    assert (remind_jurors(organiser, call), remind_jurors(organiser, call)) == (1, 0)
    with pytest.raises(PermissionDenied):
        remind_jurors(idle.participant.user, call)


def test_the_board_tells_who_is_late():
    call = make_call(scoring_until=MOMENT + dt.timedelta(days=1))
    make_criteria(call)
    late, steady = make_jurors(call, 2)
    works = make_entries(call, 4)
    readings = read_by([late, steady], works)
    Reading.objects.update(assigned_at=MOMENT - dt.timedelta(days=3))
    score_all(call, [r for r in readings if r.juror_id == steady.pk][:3])
    rows = {row.juror: (row.done, row.total, row.is_late) for row in juror_rows(call)}
    assert rows == {late: (0, 4, True), steady: (3, 4, False)}
    assert board_figures(call) == {"entries": 4, "wanted": 8, "dealt": 8, "done": 3}
    assert is_late(call, 4, 0, MOMENT) is False
    user = late.participant.user
    assert [next_reading(user, call, work).entry.code for work in works] == ["E-001", "E-002", "E-003", "E-000"]
