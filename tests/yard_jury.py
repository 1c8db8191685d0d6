"""The yard's jury: its juror reads the entry of the call, another has scored it; a proposal, a ranking, a decision."""

from __future__ import annotations

from typing import Any

from factories import ParticipantFactory
from jury_rows import make_criteria, make_entries, read_by, score_all

from madang.kernels.jury import assignment as kernel
from madang.markets.models import RunState
from madang.selection.actions.jury import add_conflict
from madang.selection.actions.lineup import decide
from madang.selection.actions.ranking import make_ranking
from madang.selection.models import AssignmentRun, Call, Entry, Juror, Remark
from madang.selection.queries.assignment import board_of, report_of

PARTS = {
    ("selection", "seat"): "seat_in_jury",
    ("selection", "criterion"): "criterion",
    ("selection", "conflict"): "conflict",
    ("selection", "reading"): "reading",
    ("selection", "key"): "assignment",
}
SPECIAL = {("selection:discussion", "code"): "discussed"}


def add_jury(yard: Any) -> None:
    """Needs the accounts, people and entries of the yard."""
    call = Call.objects.get(edition=yard.edition, code=yard.codes["call"])
    entry = Entry.objects.get(call=call, code=yard.codes["entry"])
    organiser = yard.accounts["organiser"]
    criterion = make_criteria(call)[0]
    people = [yard.people["juror"], *(ParticipantFactory(edition=yard.edition, code=f"J-{n}", is_juror=True) for n in range(2))]
    jurors = [
        Juror.objects.create(call=call, participant=person, languages="ko, en", is_chair=person == people[0]) for person in people
    ]
    works = [entry, *make_entries(call, 2, user=yard.accounts["audience"])]
    mine, *others = read_by(jurors[:1], works) + read_by(jurors[1:], works)
    score_all(call, others, lambda r, c: 4 + (r.juror_id + c.pk + r.entry_id) % 5)
    Remark.objects.create(entry=entry, juror=jurors[1], text="A voice of its own.")
    conflict = add_conflict(organiser, jurors[2], works[2], "They have worked together.")
    make_ranking(organiser, call)
    decide(organiser, call, [works[1].pk], "reserve")
    decide(organiser, call, [works[2].pk], "accept", section="Competition")
    yard.codes |= {"seat_in_jury": jurors[0].pk, "criterion": criterion.pk, "conflict": conflict.pk, "reading": mine.pk}
    yard.codes["discussed"] = works[1].code
    yard.codes["assignment"] = _proposal(yard, call).key


def _proposal(yard: Any, call: Call) -> AssignmentRun:
    board = board_of(call)
    plan = kernel.repair(board.problem, board.before).plan
    settings = {"anew": False, "most_compatriots": 1}
    facts = {"state": RunState.DONE, "finished_at": yard.edition.now(), "report": report_of(board, plan, settings)}
    return AssignmentRun.objects.create(edition=yard.edition, call=call, asked_by=yard.accounts["organiser"], **facts)
