"""Files that come in: kept until they are confirmed and loaded, then deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, TypeVar

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q

from madang.markets.models import Edition, FileRun, RunState

KEPT = dt.timedelta(days=7)
"""How long a file waits for its confirmation."""
R = TypeVar("R", bound=FileRun)


def digest_of(file: File[Any]) -> str:
    """The SHA-256 of an uploaded file."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def keep_file(run: FileRun, file: File[Any], folder: str) -> None:
    """Store the file under the run's key and save the run."""
    file.seek(0)
    run.stored = default_storage.save(f"{folder}/{run.key}", file)
    run.save()


def ask_to_load(run: FileRun) -> bool:
    """Mark a file that was read, or whose loading ended early, as to be loaded; False where it is so already, or cannot be."""
    ready = Q(state=RunState.DONE, is_confirmed=False, report__may_load=True)
    again = Q(state__in=[RunState.INTERRUPTED, RunState.FAILED], is_confirmed=True)
    waiting = type(run)._default_manager.filter(ready | again, pk=run.pk).exclude(stored="")
    return bool(waiting.update(is_confirmed=True, state=RunState.QUEUED, finished_at=None, fault=""))


def may_confirm(run: FileRun) -> bool:
    """Whether a page offers to load it: read and fit to be loaded, or to be tried again."""
    if not run.stored:
        return False
    if run.is_confirmed:
        return run.state in (RunState.INTERRUPTED, RunState.FAILED)
    return run.state == RunState.DONE and bool(run.report.get("may_load"))


def throw_away_old(model: type[R], edition: Edition) -> None:
    """Files hold what is private: what nobody confirmed does not stay."""
    old = model._default_manager.filter(edition=edition, created_at__lt=edition.now() - KEPT).exclude(stored="")
    for run in old.exclude(state__in=[RunState.QUEUED, RunState.RUNNING]):
        forget_file(run)
        run.save(update_fields=["stored"])


def forget_file(run: FileRun) -> None:
    """Delete the stored file; the run then cannot be confirmed any more."""
    if run.stored:
        default_storage.delete(run.stored)
        run.stored = ""


def forget_file_of_done(run: FileRun) -> None:
    """After the transaction: a file that is deleted cannot be brought back by a rollback."""
    if run.state == RunState.DONE:
        forget_file(run)
        run.save(update_fields=["stored"])
