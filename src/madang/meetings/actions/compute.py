"""Computing a timetable: open a run, solve outside any transaction, referee, save a draft whole or not at all."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Meeting as Placed
from madang.kernels.timetable.problem import Plan, Problem, Progress, Reason, Status
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import carry_out, edition_of
from madang.meetings.actions.drafts import guard, lock_edition, new_draft, refresh_figures, write_meetings, write_unplaced
from madang.meetings.actions.keeping import keep_the_past
from madang.meetings.actions.refusals import FactsRefused, Situation
from madang.meetings.models import Timetable, TimetableRun
from madang.meetings.queries.contradictions import FactBook
from madang.meetings.queries.past import checked_in, first_to_come, with_the_past
from madang.meetings.queries.reasons import violation_sentences
from madang.meetings.queries.timetable import Maps, latest_run, overlapping_slots, plan_of, published_of, timetable_problem

log = logging.getLogger(__name__)

LONGEST = 3600
"""Seconds that a computation may be given."""
TELL_EVERY = 0.3
"""Seconds between two tellings of progress: the page asks once a second."""

CONTRADICTION_SECONDS = 5.0
"""How long it may be looked for what contradicts what."""

Watch = Callable[[Progress], None]


@transaction.atomic
def start_run(
    actor: User | None, edition: Edition, limit: int = 60, seed: int = 0, aims: dict[str, float] | None = None
) -> tuple[TimetableRun, bool]:
    """Open a computation; True if it is new. An edition has one at a time: a second click gets the one that is open.

    `aims`: the dials that are not as usual, by their names in the kernel's `Aims`; `keep`: what is published stays instead.
    """
    guard(actor, edition)
    lock_edition(edition)
    latest = latest_run(edition)
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    limit = max(1, min(limit, LONGEST))
    facts = {"limit": limit, "seed": seed, "aims": aims or {}, "created_at": edition.now()}
    run = TimetableRun.objects.create(edition=edition, asked_by=actor, **facts)
    record(edition, actor, "compute_timetable", run.key, limit=limit, seed=seed)
    return run, True


@transaction.atomic
def stop_run(actor: User | None, run: TimetableRun) -> None:
    """Ask an open run to stop and keep the best it has; one that has not begun is closed at once."""
    guard(actor, edition_of(run))
    lock_edition(edition_of(run))
    progress.ask_stop(run.key)
    waiting = TimetableRun.objects.filter(pk=run.pk, state=RunState.QUEUED).first()
    if waiting is not None:
        close_run(waiting, RunState.STOPPED)


def compute_timetable(run_key: str, watch: Watch | None = None) -> TimetableRun | None:
    """Compute the run's timetable and save it as the edition's draft. None if the run is not waiting to be started.

    The run ends as done, stopped (with the best found so far), or failed with a sentence. A worker that is killed in the middle
    leaves the draft of before; `notice_interrupted` then closes the run. `watch` is told of progress as well.
    """
    return carry_out(TimetableRun, run_key, lambda run: _compute_or_say_why(run, watch))


def _compute_or_say_why(run: TimetableRun, watch: Watch | None) -> None:
    try:
        _compute(run, watch)
    except FactsRefused as refused:
        close_run(run, RunState.FAILED, "\n".join(refused.sentences))


def _compute(run: TimetableRun, watch: Watch | None) -> None:
    progress.tell(run.key, phase="reading")
    edition = edition_of(run)
    base, problem, maps = facts_of(edition)
    teller = _Teller(run.key, watch)
    aims = {name: price for name, price in run.aims.items() if name != "keep"}
    if base is not None and aims != run.aims:
        plan = kept_plan(problem, maps, base, float(run.limit), teller)
    else:
        plan = kernel.solve(problem, seed=run.seed, limit=float(run.limit), progress=teller, aims=kernel.Aims(**aims))
    stopped = progress.stop_asked(run.key)
    progress.tell(run.key, phase="checking")
    found = Situation(problem, plan, maps)
    _ensure_sound(edition, found)
    reasons = kernel.explain(problem, plan)
    progress.tell(run.key, phase="saving")
    _save(run, found, reasons, base, stopped=stopped)


def facts_of(edition: Edition) -> tuple[Timetable | None, Problem, Maps]:
    """The published timetable, and what is to be computed beside it; FactsRefused where no timetable can come from it."""
    base = published_of(edition)  # before the facts: what changes while they are read counts as later
    problem, maps = timetable_problem(edition)
    if base is not None:
        problem = with_the_past(problem, plan_of(base, maps)[0], first_to_come(edition, maps))
    _ensure_sensible(problem, maps)
    return base, problem, maps


def kept_plan(problem: Problem, maps: Maps, base: Timetable, limit: float, progress: Callable[[Progress], bool]) -> Plan:
    """The published timetable, changed as little as the facts ask; what waits gets the places that are free."""
    plan, since = plan_of(base, maps)[0], first_to_come(base.edition, maps)
    found = kernel.repair(problem, plan, since=since, locked=checked_in(base), limit=limit, progress=progress)
    return replace(found.plan, status=Status.FEASIBLE, bound=None)  # proven is how little moves


class _Teller:
    """What the kernel calls while it works: tells the page and the watcher, and answers whether to stop."""

    def __init__(self, key: str, watch: Watch | None) -> None:
        self.key, self.watch, self.last = key, watch, 0.0

    def __call__(self, now: Progress) -> bool:
        if self.watch is not None:
            self.watch(now)
        if time.monotonic() - self.last < TELL_EVERY:
            return False
        self.last = time.monotonic()
        facts = {"placed": now.placed, "possible": now.possible, "objective": now.objective, "bound": now.bound}
        progress.tell(self.key, phase="solving", seconds=now.seconds, **facts)
        return progress.stop_asked(self.key)


def _ensure_sensible(problem: Problem, maps: Maps) -> None:
    """Refuse facts from which no timetable can come, with sentences that say how to mend them."""
    sentences = []
    if not maps.slots:
        sentences.append(_("The edition has no slots yet. Load them with the workbook's sheet Slots."))
    if not problem.requests:
        sentences.append(_("No meeting request has been accepted yet, so there is nothing to place."))
    overlap = _("The slots %(one)s and %(two)s overlap. Mend them in the workbook's sheet Slots.")
    sentences += [overlap % {"one": one.code, "two": two.code} for one, two in overlapping_slots(maps.slots)]
    if sentences:
        raise FactsRefused(sentences)


def _ensure_sound(edition: Edition, found: Situation) -> None:
    """A plan is refereed before it is saved, always: a solver that gave up may hold something that looks like a timetable."""
    cut_short = found.plan.status == Status.FEASIBLE and not found.plan.meetings  # the limit passed before the search began
    if found.plan.status == Status.UNKNOWN or cut_short:
        raise FactsRefused([_("No timetable was found in that time. Give it more time and compute again.")])
    if found.plan.status == Status.INFEASIBLE:
        contradiction = _("The meetings that are fixed to a slot or a table contradict each other.")
        raise FactsRefused([contradiction, *(_fixed_clashes(edition, found) or contradiction_sentences(edition, found))])
    violations = kernel.check(found.problem, found.plan)
    if violations:
        log.error("The solver's plan breaks rules: %s", violations[:5])
        failure = _("The computed plan did not pass the check, so it was not saved.")
        raise FactsRefused([failure, *violation_sentences(edition, found.maps, found.plan, violations[:5])])


def contradiction_sentences(edition: Edition, found: Situation) -> list[str]:
    """The smallest sets of facts that contradict each other, as the kernel proves them; empty where it proves none."""
    sets = kernel.contradictions(found.problem, limit=CONTRADICTION_SECONDS)
    book = FactBook(edition, found.maps, sets)
    return [book.sentence(one) for one in sets]


def _fixed_clashes(edition: Edition, found: Situation) -> list[str]:
    """What stands in the way of the fixed meetings, as the referee sees them alone; which table they get is no matter here."""
    fixed = [request for request in found.problem.requests if request.fixed_slot is not None]
    places = tuple(Placed(request.id, request.fixed_slot or 0, request.fixed_table) for request in fixed)
    plan = Plan(Status.FEASIBLE, None, None, 0.0, places)
    violations = [one for one in kernel.check(found.problem, plan) if one.rule != "table_missing"]
    return violation_sentences(edition, found.maps, plan, violations)


@transaction.atomic
def _save(run: TimetableRun, found: Situation, reasons: list[Reason], base: Timetable | None, *, stopped: bool) -> None:
    """The draft and the end of the run, in one transaction."""
    edition = lock_edition(edition_of(run))
    if TimetableRun.objects.get(pk=run.pk).state != RunState.RUNNING:
        return  # a page took us for dead, and somebody may have started again
    draft = new_draft(edition, _result(run, found, stopped=stopped), base)
    refresh_figures(draft, found)
    draft.save(update_fields=["result"])
    write_meetings(draft, found.plan.meetings, found.maps)
    missing = {request.id for request in found.problem.requests} - {meeting.id for meeting in found.plan.meetings}
    write_unplaced(draft, [reason for reason in reasons if reason.request in missing], found.maps)
    keep_the_past(draft, base)
    run.timetable = draft
    close_run(run, RunState.STOPPED if stopped else RunState.DONE)
    record(
        edition,
        run.asked_by,
        "save_draft_timetable",
        run.key,
        placed=len(found.plan.meetings),
        possible=len(found.problem.requests),
    )


def _result(run: TimetableRun, found: Situation, *, stopped: bool) -> dict[str, Any]:
    plan = found.plan
    return {
        "status": str(plan.status),
        "objective": plan.objective,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 2),
        "seed": run.seed,
        "limit": run.limit,
        "aims": run.aims,
        "stopped": stopped,
    }
