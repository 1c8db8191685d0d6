"""Reports: freeze one, say why it differs from the one before, publish it, take it back. Nothing in a frozen report changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import close_run, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import ask_to_stop, carry_out, edition_of, open_run
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.measures.face import Measure
from madang.outcomes.models import Correction, Report, ReportRun
from madang.outcomes.queries.reports import columns_by_figure
from madang.outcomes.queries.reports_inputs import inputs_of
from madang.outcomes.reports.cells import published
from madang.outcomes.reports.reading import Stopped, Tell, Unsound, last_line, quietly, read_snaps_of
from madang.outcomes.reports.snapshot import Snap, digest_of_report, read_snaps, write_snaps
from madang.outcomes.rules import may_write_outcomes

Read = tuple[dict[str, Any], list[Snap]]
NAMES = ("name", "name_ko", "name_fr")
READINGS = 3
"""So often all measures are read at most until nothing changes meanwhile; the last time nobody else can write."""


def guard(actor: User | None, edition: Edition) -> None:
    """Raise PermissionDenied unless the actor may write outcomes. None is the command line or the demo on the server itself."""
    if actor is not None and not may_write_outcomes(actor, edition):
        raise PermissionDenied


@transaction.atomic
def start_freezing(actor: User, edition: Edition) -> tuple[ReportRun, bool]:
    """Open a run that will freeze a report; True if it is new. An edition has one at a time."""
    guard(actor, edition)
    run, is_new = open_run(ReportRun.objects.filter(edition=edition, language=""), edition, actor)
    if is_new:
        record(edition, actor, "start_report", run.key)
    return run, is_new


def stop_run(actor: User, run: ReportRun) -> None:
    """Ask an open run to stop: nothing is written then."""
    guard(actor, edition_of(run))
    if ask_to_stop(run):
        record(edition_of(run), actor, "stop_report", run.key)


def carry_out_freezing(run_key: str, names: Mapping[str, str], replaces: int | None) -> ReportRun | None:
    """Do what `start_freezing` opened. None if it does not wait."""
    return carry_out(ReportRun, run_key, lambda run: _freeze(run, names, replaces))


def _freeze(run: ReportRun, names: Mapping[str, str], replaces: int | None) -> None:
    edition = edition_of(run)
    try:
        run.report = freeze_report(run.asked_by, edition, names, replaces=replaces, tell=telling(run.key))
    except Stopped:
        close_run(run, RunState.STOPPED)
    except Refused as refused:
        close_run(run, RunState.FAILED, str(refused))
    else:
        close_run(run, RunState.DONE)


def telling(key: str) -> Tell:
    """Tells how far a run is, and ends it where somebody asked to stop."""
    say = progress.teller(key)

    def tell(what: str, done: int, total: int) -> None:
        say(what, done, total)
        if progress.stop_asked(key):
            raise Stopped

    return tell


def freeze_report(
    actor: User | None, edition: Edition, names: Mapping[str, str], *, replaces: int | None = None,
    measures: Sequence[Measure] | None = None, tell: Tell = quietly,
) -> Report:  # fmt: skip
    """Every measure of the edition, or the given ones, frozen with its rows. `replaces`: the number of the report to correct.

    Raises Refused where a figure's rows do not add up to it, or the report to correct is not there or corrected already.
    """
    guard(actor, edition)
    chosen = list(measures_of(edition).values()) if measures is None else measures
    try:
        for _reading in range(READINGS - 1):
            line = last_line(edition)
            read = _read(edition, chosen, tell)
            with transaction.atomic():
                Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
                if last_line(edition) == line:
                    return _write(actor, edition, names, replaces, read)
        with transaction.atomic():
            Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
            return _write(actor, edition, names, replaces, _read(edition, chosen, tell))
    except Unsound as fault:
        raise Refused(str(fault)) from fault


def _read(edition: Edition, measures: Sequence[Measure], tell: Tell) -> Read:
    """Inputs, with what of each figure may be published, and the figures."""
    inputs, snaps = inputs_of(edition, measures), read_snaps_of(edition, measures, tell)
    tell("cells", len(measures), len(measures))
    inputs["published"] = {str(snap.position): published(snap, inputs["least_cell"]) for snap in snaps}
    return inputs, snaps


def _write(actor: User | None, edition: Edition, names: Mapping[str, str], replaces: int | None, read: Read) -> Report:
    inputs, snaps = read
    before = _to_correct(edition, replaces) if replaces else None
    number = (Report.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0) + 1
    report = Report(edition=edition, number=number, frozen_at=_second(edition.now()), frozen_by=actor, inputs=inputs)
    for name in NAMES:
        setattr(report, name, names.get(name, ""))
    report.replaces = before
    report.digest = digest_of_report(report, snaps)
    report.save()
    write_snaps(report, snaps)
    if before is not None:
        _write_corrections(before, report, snaps)
    record(edition, actor, "freeze_report", number, digest=report.digest, figures=len(snaps))
    return report


def _second(moment: dt.datetime) -> dt.datetime:
    """To the second, as the digest's lines have it."""
    return moment.replace(microsecond=0)


def _to_correct(edition: Edition, number: int) -> Report:
    before = Report.objects.filter(edition=edition, number=number).first()
    if before is None:
        raise Refused(_("There is no report %(number)s to correct.") % {"number": number})
    if hasattr(before, "replaced_by"):
        words = _("Report %(number)s is corrected already, by report %(by)s; correct that one.")
        raise Refused(words % {"number": number, "by": before.replaced_by.number})
    return before


def _write_corrections(before: Report, report: Report, snaps: list[Snap]) -> None:
    """A row for each figure whose numbers or whose definition is another, or that is only in one of them; reasons follow."""
    old, new = columns_by_figure(read_snaps(before)), columns_by_figure(snaps)
    names = [*new, *(name for name in old if name not in new)]
    Correction.objects.bulk_create(
        Correction(report=report, measure=name[0], currency=name[1], before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


@transaction.atomic
def give_reasons(actor: User, report: Report, reasons: Mapping[int, str]) -> None:
    """Say why figures differ from the report that this one replaces, by the pk of the correction; closed once published."""
    guard(actor, report.edition)
    report = _locked(report)
    if report.is_published:
        raise Refused(_("This report is published: its corrections are closed."))
    for correction in report.corrections.filter(pk__in=reasons):
        correction.reason = reasons[correction.pk].strip()[:500]
        correction.save(update_fields=["reason"])
    _forget_files(report)
    record(report.edition, actor, "give_reasons", report.number, count=len(reasons))


@transaction.atomic
def publish_report(actor: User | None, report: Report) -> None:
    """Funders read it by their links from now on. Raises Refused while a correction has no reason."""
    guard(actor, report.edition)
    report = _locked(report)
    if report.corrections.filter(reason="").exists():
        raise Refused(_("Say first of each corrected figure why it differs."))
    _set_published(actor, report, "publish_report", is_published=True)


@transaction.atomic
def unpublish_report(actor: User, report: Report) -> None:
    """Take it away from funders; who downloaded it keeps it."""
    guard(actor, report.edition)
    _set_published(actor, _locked(report), "unpublish_report", is_published=False)


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",), no_key=True).select_related("edition").get(pk=report.pk)


def _set_published(actor: User | None, report: Report, verb: str, *, is_published: bool) -> None:
    if report.is_published != is_published:
        report.is_published = is_published
        report.save(update_fields=["is_published"])
        record(report.edition, actor, verb, report.number)


def _forget_files(report: Report) -> None:
    """What was made before a reason was changed says something else."""
    runs = ReportRun.objects.filter(report=report).exclude(stored="")
    names = list(runs.values_list("stored", flat=True))
    runs.update(stored="")
    for name in names:
        transaction.on_commit(lambda stored=name: default_storage.delete(stored))  # type: ignore[misc]  # a default is typed by use
