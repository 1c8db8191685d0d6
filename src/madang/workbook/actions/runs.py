"""An import in the browser: the file comes in, is read and compared, and is loaded when the organiser says so."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from madang.accounts.models import User
from madang.kit import progress
from madang.kit.sheets import UnreadableFile, open_book
from madang.markets.actions import close_run
from madang.markets.files import ask_to_load, digest_of, forget_file, forget_file_of_done, keep_file, throw_away_old
from madang.markets.models import Edition, RunState
from madang.workbook.actions.load import NotLoaded, load_workbook
from madang.workbook.comparing import Examination, Progress, examine
from madang.workbook.models import ImportRun
from madang.workbook.reporting import refusal_report, report_of
from madang.workbook.rules import may_import

logger = logging.getLogger(__name__)


def start_import(actor: User, edition: Edition, file: File[Any]) -> tuple[ImportRun, bool]:
    """Keep the file and open an import; False where the same file of the same person is being read already (a second click)."""
    if not may_import(actor, edition):
        raise PermissionDenied
    digest = digest_of(file)
    throw_away_old(ImportRun, edition)
    reading = Q(state__in=[RunState.QUEUED, RunState.RUNNING])
    same = ImportRun.objects.filter(reading, edition=edition, asked_by=actor, digest=digest, is_confirmed=False).first()
    if same is not None:
        return same, False
    run = ImportRun(edition=edition, asked_by=actor, file_name=(file.name or "")[-200:], digest=digest, created_at=edition.now())
    keep_file(run, file, "workbooks")
    return run, True


def read_import(key: str) -> None:
    """Read the stored file and compare it; the report is what the preview shows. Nothing else is written."""
    if not ImportRun.objects.filter(key=key, state=RunState.QUEUED, is_confirmed=False).update(state=RunState.RUNNING):
        return
    run = ImportRun.objects.select_related("edition__market", "asked_by").get(key=key)
    with progress.alive(key):
        try:
            found = _examined(run, progress.teller(key))
        except UnreadableFile as fault:
            forget_file(run)
            run.report = refusal_report(fault)
            close_run(run, RunState.FAILED, fault.text())
        except Exception:
            logger.exception("Reading the workbook of import %s failed", key)
            forget_file(run)
            close_run(run, RunState.FAILED)
        else:
            run.report = report_of(found)
            if not found.may_load:
                forget_file(run)
            close_run(run, RunState.DONE)


def _examined(run: ImportRun, tell: Progress) -> Examination:
    with default_storage.open(run.stored) as file:
        book = open_book(file, run.file_name)
    try:
        return examine(run.asked_by, run.edition, book, progress=tell)
    finally:
        book.close()


def confirm_import(actor: User, run: ImportRun) -> bool:
    """Ask for the loading; False where it was asked for already, or cannot be."""
    if run.edition is None or not may_import(actor, run.edition):
        raise PermissionDenied
    return ask_to_load(run)


def load_import(key: str) -> None:
    """Load the confirmed file, whole or not at all; the run is closed in the same transaction."""
    if not ImportRun.objects.filter(key=key, state=RunState.QUEUED, is_confirmed=True).update(state=RunState.RUNNING):
        return
    run = ImportRun.objects.select_related("edition__market", "asked_by").get(key=key)
    with progress.alive(key):
        try:
            _load(run, progress.teller(key))
        except NotLoaded as refusal:
            run.report |= {"late_faults": [fault.as_json() for fault in refusal.faults[:200]]}
            close_run(run, RunState.FAILED)
        except Exception:
            logger.exception("Loading the workbook of import %s failed", key)
            close_run(run, RunState.FAILED)
    forget_file_of_done(run)


def _load(run: ImportRun, tell: Progress) -> None:
    found = _examined(run, tell)
    with transaction.atomic():
        outcome = load_workbook(run.asked_by, run.edition, found, tell)
        run.report |= {"outcome": {"edition": outcome.edition.slug, "is_new": outcome.is_new, "counts": outcome.counts}}
        close_run(run, RunState.DONE)
