"""Making the files of editions: what has changed is made anew, one edition after another; a reader never meets half a folder."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import Edition, RunState
from madang.markets.rules import organised_editions
from madang.markets.runs import ask_to_stop, carry_out
from madang.outcomes.across.marks import damaged, digest_of, mark_of, root
from madang.outcomes.across.rows import SOURCES
from madang.outcomes.models import AcrossRun, EditionFiles

NIGHT = dt.timedelta(hours=3)
"""From this hour on, at the venue, the night's files are due."""
LEFT_OVER = 24 * 3600
"""Seconds after which a folder that no row names was left by a maker that was killed."""
Stop = Callable[[], bool]
Tell = Callable[[str, int, int], None]


class Stopped(Exception):
    """Somebody asked the making of files to stop."""


def never() -> bool:
    return False


def start_across(actor: User) -> tuple[AcrossRun, bool]:
    """Open a run over all editions that the actor organises; True if it is new. A second click gets the one that is open."""
    if not organised_editions(actor).exists():
        raise PermissionDenied
    latest = AcrossRun.objects.filter(asked_by=actor).order_by("-pk").first()
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    try:
        with transaction.atomic():
            run = AcrossRun.objects.create(asked_by=actor)
            record(None, actor, "make_across_files", run.key)
    except IntegrityError:  # another click was first, at the same moment
        return AcrossRun.objects.filter(asked_by=actor).latest("pk"), False
    return run, True


@transaction.atomic
def stop_across(actor: User, run: AcrossRun) -> None:
    """Ask an open run to stop: editions that are done stay as they are."""
    if run.asked_by_id != actor.pk:
        raise PermissionDenied
    if ask_to_stop(run):
        record(None, actor, "stop_across_files", run.key)


def carry_out_across(run_key: str) -> AcrossRun | None:
    """Bring the files of the asker's editions up to date. None if the run does not wait."""
    return carry_out(AcrossRun, run_key, _carry_out)


def _carry_out(run: AcrossRun) -> None:
    counts = {"made": 0, "kept": 0}
    editions = organised_editions(run.asked_by).order_by("pk") if run.asked_by else Edition.objects.none()
    try:
        for is_new in bring_up_to_date(editions, lambda: progress.stop_asked(run.key), progress.teller(run.key)):
            counts["made" if is_new else "kept"] += 1
    except Stopped:
        run.report = counts
        close_run(run, RunState.STOPPED)
        return
    run.report = counts
    close_run(run, RunState.DONE)


def bring_up_to_date(editions: Iterable[Edition], stop: Stop = never, tell: Tell | None = None) -> Iterator[bool]:
    """For each edition, True where its files were made anew, False where they are as they should be. Raises Stopped."""
    every = list(editions)
    for number, edition in enumerate(every):
        if stop():
            raise Stopped
        if tell:
            tell(str(edition), number, len(every))
        yield make_files(edition, stop)
    if tell:
        tell("", len(every), len(every))


def make_files(edition: Edition, stop: Stop = never) -> bool:
    """Make the edition's files, unless they are whole and nothing has changed since. True if they were made.

    The mark is read before the rows: what changes meanwhile makes them due again. No transaction is held while rows are read.
    """
    files, _is_new = EditionFiles.objects.get_or_create(edition=edition)
    mark = mark_of(edition)
    if files.mark == mark and not damaged(files):
        return False
    from madang.outcomes.across.files import write_folder  # PyArrow takes a while to load: only where files are made

    folder, counts = write_folder(root(), str(edition.pk), lambda table: _stoppable(SOURCES[table](edition), stop))
    _take_over(edition, folder, mark, counts)
    return True


def _stoppable(rows: Iterable[Any], stop: Stop) -> Iterator[Any]:
    """The rows, with a question now and then whether to go on."""
    for number, row in enumerate(rows):
        if number % 1000 == 0 and stop():
            raise Stopped
        yield row


def _take_over(edition: Edition, folder: str, mark: str, counts: dict[str, int]) -> None:
    """From now on readers are sent to the new folder; the one before stays for those who are reading it."""
    path = root() / folder
    told = {
        name: {"rows": rows, "bytes": (path / name).stat().st_size, "sha256": digest_of(path / name)}
        for name, rows in counts.items()
    }
    with transaction.atomic():
        files = EditionFiles.objects.select_for_update().get(edition=edition)
        gone = files.before
        files.before, files.folder, files.mark, files.files, files.made_at = files.folder, folder, mark, told, timezone.now()
        files.save()
    if gone:
        shutil.rmtree(root() / gone, ignore_errors=True)
    _sweep(edition, {files.folder, files.before})


def _sweep(edition: Edition, known: set[str]) -> None:
    """What was left by makers that were killed."""
    for path in [*root().glob(f"{edition.pk}-*"), *root().glob(f".{edition.pk}-*")]:
        if path.name not in known and _age(path) > LEFT_OVER:
            shutil.rmtree(path, ignore_errors=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:  # another maker swept it
        return 0.0


def claim_night(edition: Edition, now: dt.datetime) -> bool:
    """Whether tonight's files of the edition are still to be asked for; True to one asker a night alone."""
    night = (now.astimezone(edition.zone) - NIGHT).date()
    if EditionFiles.objects.filter(edition=edition, looked_on__gte=night).exists():
        return False
    EditionFiles.objects.get_or_create(edition=edition)
    before = Q(looked_on=None) | Q(looked_on__lt=night)
    return bool(EditionFiles.objects.filter(before, edition=edition).update(looked_on=night))
