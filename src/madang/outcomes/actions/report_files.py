"""The files of a report: made once a language, kept in the storage, handed out to organisers and funders alike."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import RunState
from madang.markets.runs import carry_out
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.reports import guard, telling
from madang.outcomes.models import Report, ReportRun
from madang.outcomes.reports.files import files_of, zipped
from madang.outcomes.reports.reading import Stopped


@transaction.atomic
def start_files(actor: User, report: Report, language: str) -> tuple[ReportRun, bool]:
    """Open the making of a report's files in a language; True if it is new. Each language has one at a time."""
    guard(actor, report.edition)
    report = Report.objects.select_for_update(of=("self",), no_key=True).select_related("edition").get(pk=report.pk)
    if report.corrections.filter(reason="").exists():
        raise Refused(_("Say first of each corrected figure why it differs."))
    latest = ReportRun.objects.filter(report=report, language=language).order_by("-pk").first()
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    facts = {"edition": report.edition, "asked_by": actor, "created_at": report.edition.now()}
    run = ReportRun.objects.create(report=report, language=language, **facts)
    record(report.edition, actor, "make_report_files", report.number, language=language)
    return run, True


def carry_out_files(run_key: str) -> ReportRun | None:
    """Make what `start_files` opened. None if it does not wait."""
    return carry_out(ReportRun, run_key, _make)


def _make(run: ReportRun) -> None:
    report = Report.objects.select_related("edition", "replaces").get(runs=run)
    try:
        files = files_of(report, run.language, telling(run.key))
    except Stopped:
        close_run(run, RunState.STOPPED)
        return
    run.stored = default_storage.save(f"reports/{run.key}.zip", ContentFile(zipped(files)))
    close_run(run, RunState.DONE)
