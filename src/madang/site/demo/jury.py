"""The jury of the call that has closed: twelve people, entries dealt out, scores on two axes, a ranking and a shortlist."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry, Stage
from madang.people.models import Notice, Participant
from madang.selection.actions.assignment import compute_assignment, start_assignment, take_assignment
from madang.selection.actions.jury import detect_conflicts, take_standard_criteria
from madang.selection.actions.lineup import decide
from madang.selection.actions.ranking import make_ranking
from madang.selection.models import (
    AssignmentRun,
    Axis,
    Call,
    Conflict,
    Criterion,
    Decision,
    Juror,
    Rank,
    Ranking,
    Reading,
    ReadingState,
    Remark,
    Score,
    Selection,
)
from madang.site.demo.entries import CLOSED
from madang.site.demo.people import make_accounts, make_person, saved

SEATS = 12
LANGUAGES = {"KR": "ko, en", "FR": "fr, en", "BE": "fr, en", "JP": "ja, en", "CN": "zh, en", "TH": "th, en", "NO": "no, en"}
SAYS = [
    "The first ten minutes ask too little of me, the last ten too much. I would see the second episode.",
    "말이 적은 장면이 오래 남습니다. 작가의 목소리가 분명합니다.",
    "Une voix, enfin. Le public visé me paraît plus large que ce que dit la note.",
    "Well made, and I have seen it before.",
    "누구를 위한 이야기인지 분명하고, 그 사람들은 좋아할 것입니다.",
    "On sent le plaisir d’écrire. Le rythme se perd au milieu.",
]
WORDS = [
    "I gave it more than I thought I would. Did the ending hold for you?",
    "결말은 그대로 두면 좋겠습니다. 만든 사람의 말에도 그렇게 적혀 있어요.",
    "We should talk about whom it is for: the statement says teenagers, I see their parents.",
]
LATE = {Stage.REGISTRATION: 0.85, Stage.MEETINGS: 0.3, Stage.LIVE: 0.07, Stage.AFTER: 0.02}
"""Share of readings that are not done at the demo's moment."""


def make_jury(rng: random.Random, edition: Edition, organiser: User, people: list[Participant], seat: Participant) -> None:
    """The jury of a call that has closed, if there is one; `seat` is the demo’s juror, who still has entries to score."""
    call = (
        Call.objects.filter(edition=edition, code=CLOSED, closes_at__lt=edition.now()).select_related("edition__market").first()
    )
    if call is None:
        return
    if edition.stage == Stage.LIVE:  # the jury's last days, so that its pages can be tried
        call.scoring_until = edition.now() + dt.timedelta(days=2, hours=6)
        call.save(update_fields=["scoring_until"])
    jurors = _seats(call, [seat, *_others(rng, edition, people, seat)])
    take_standard_criteria(organiser, call)
    detect_conflicts(organiser, call)
    run, _new = start_assignment(organiser, call, anew=False, most_compatriots=1)
    compute_assignment(run.key)
    run.refresh_from_db()
    take_assignment(organiser, run)
    _set_back(edition, jurors)
    _score(rng, call, jurors)
    ranking, _new_one = make_ranking(organiser, call)
    best = Rank.objects.filter(ranking=ranking, place__lte=12).values_list("entry", flat=True).distinct()
    decide(organiser, call, list(best), Decision.SHORTLIST, reason="Among the first twelve of either axis.")
    _set_back_ranking(call)


def _set_back(edition: Edition, jurors: list[Juror]) -> None:
    """Dealt out three weeks ago, or when the call had closed, and told then."""
    moment = edition.now() - dt.timedelta(days=24 if edition.stage != Stage.REGISTRATION else 5)
    Reading.objects.filter(juror__in=jurors).update(assigned_at=moment)
    Notice.objects.filter(edition=edition, kind="readings_assigned").update(created_at=moment, mailed_at=moment)
    Conflict.objects.filter(juror__in=jurors).update(created_at=moment)
    AssignmentRun.objects.filter(edition=edition).update(created_at=moment, finished_at=moment, taken_at=moment)
    verbs = ["take_standard_criteria", "detect_conflicts", "compute_assignment", "take_assignment"]
    LogEntry.objects.filter(edition=edition, verb__in=verbs).update(at=moment)


def _set_back_ranking(call: Call) -> None:
    """Ranked and decided two hours ago."""
    moment = call.edition.now() - dt.timedelta(hours=2)
    Ranking.objects.filter(call=call).update(made_at=moment)
    Selection.objects.filter(entry__call=call).update(decided_at=moment)
    LogEntry.objects.filter(edition=call.edition, verb__in=["make_ranking", "decide_entries"]).update(at=moment)


def _others(rng: random.Random, edition: Edition, people: list[Participant], seat: Participant) -> list[Participant]:
    """Jurors there are, and as many more as fill the seats."""
    known = [person for person in people if person.is_juror and person.pk != seat.pk]
    taken = {person.email for person in people}
    more = []
    for number in range(SEATS - 1 - len(known)):
        country = ["KR", "FR", "JP", "KR", "US", "CN", "BE"][number % 7]
        person = make_person(rng, edition, country, ("juror",), "juror.example", taken, None)
        person.code = f"J{number + 1:03}"
        more.append(person)
    make_accounts(more)
    return [*known, *saved(more)][: SEATS - 1]


def _seats(call: Call, people: Iterable[Participant]) -> list[Juror]:
    facts = [{"languages": LANGUAGES.get(person.country, "en"), "participant": person} for person in people]
    rows = [Juror(call=call, is_chair=n == 1, **row) for n, row in enumerate(facts)]
    return Juror.objects.bulk_create(rows)


def _score(rng: random.Random, call: Call, jurors: list[Juror]) -> None:
    """Works differ, jurors are strict or mild, and the two axes go together only a little."""
    criteria = list(call.criteria.all())
    strict = {(juror.pk, axis): rng.gauss(0, 0.8) for juror in jurors for axis in Axis.values}
    readings = list(Reading.objects.filter(juror__in=jurors).exclude(state=ReadingState.RECUSED).order_by("pk"))
    worth = _worth(rng, sorted({reading.entry_id for reading in readings}))
    done, scores, remarks = [], [], []
    for reading in readings:
        mine = reading.juror_id == jurors[0].pk
        if rng.random() < (0.3 if mine else LATE[Stage(call.edition.stage)]):
            continue
        reading.state, reading.done_at = ReadingState.DONE, call.edition.now() - dt.timedelta(hours=rng.uniform(3, 400))
        reading.comment = rng.choice(SAYS) if rng.random() < 0.35 else ""
        done.append(reading)
        level = {axis: worth[reading.entry_id, axis] - strict[reading.juror_id, axis] + rng.gauss(0, 0.6) for axis in Axis.values}
        scores += [Score(reading=reading, criterion=c, value=_mark(rng, c, level[c.axis])) for c in criteria]
        if rng.random() < 0.12:
            facts = {"entry_id": reading.entry_id, "juror_id": reading.juror_id, "at": reading.done_at}
            remarks.append(Remark(text=rng.choice(WORDS), **facts))
    Reading.objects.bulk_update(done, ["state", "done_at", "comment"], batch_size=300)
    Score.objects.bulk_create(scores, batch_size=500)
    Remark.objects.bulk_create(remarks)


def _worth(rng: random.Random, entries: list[int]) -> dict[tuple[int, str], float]:
    found = {}
    for entry in entries:
        both = rng.gauss(0, 0.6)
        for axis in Axis.values:
            found[entry, axis] = 6.2 + both + rng.gauss(0, 1.1)
    return found


def _mark(rng: random.Random, criterion: Criterion, level: float) -> int:
    return max(criterion.low, min(criterion.high, round(level + rng.gauss(0, 0.9))))
