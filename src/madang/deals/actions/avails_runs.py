"""An avails file in the browser: it comes in, is read and compared, and is loaded when the seller says so."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from madang.accounts.models import User
from madang.avails.files import Verdict, judge
from madang.avails.records import Unreadable
from madang.deals.actions.avails import NotLoaded, load_avails, may_load_avails
from madang.deals.models import AvailsImport
from madang.deals.queries.avails_plan import examine
from madang.deals.queries.avails_reports import finding_row, report_of
from madang.deals.queries.avails_titles import Matching
from madang.deals.rules import dealer_of
from madang.kit import progress
from madang.markets.actions import close_run
from madang.markets.files import ask_to_load, digest_of, forget_file, forget_file_of_done, keep_file, throw_away_old
from madang.markets.models import Edition, RunState

logger = logging.getLogger(__name__)


def start_avails_import(
    actor: User, edition: Edition, file: File[Any], matching: str, *, create_parts: bool = False
) -> tuple[AvailsImport, bool]:
    """Keep the file and open an import; False where the same file is being read already (a second click)."""
    me = dealer_of(actor, edition)
    if me is None or me.company is None or not may_load_avails(actor, edition, me.company):
        raise PermissionDenied
    digest = digest_of(file)
    throw_away_old(AvailsImport, edition)
    reading = Q(state__in=[RunState.QUEUED, RunState.RUNNING], is_confirmed=False)
    same = AvailsImport.objects.filter(reading, edition=edition, asked_by=actor, digest=digest, matching=matching).first()
    if same is not None:
        return same, False
    run = AvailsImport(
        edition=edition,
        asked_by=actor,
        company=me.company,
        imported_by=me,
        file_name=(file.name or "")[-200:],
        digest=digest,
        matching=Matching(matching),
        report={"create_parts": create_parts, "language": (translation.get_language() or "en")[:2]},
        created_at=edition.now(),
    )
    keep_file(run, file, "avails")
    return run, True


def read_avails_import(key: str) -> None:
    """Read the stored file and compare it; the report is what the preview shows. Nothing else is written."""
    if not AvailsImport.objects.filter(key=key, state=RunState.QUEUED, is_confirmed=False).update(state=RunState.RUNNING):
        return
    run = _run(key)
    with progress.alive(key), translation.override(_language(run)):
        try:
            verdict = _judged(run)
            found = examine(verdict.file, _edition(run), run.company, **_options(run))
        except Unreadable as fault:
            forget_file(run)
            run.report |= {"refusal": str(fault)}
            close_run(run, RunState.FAILED, str(fault))
        except Exception:
            logger.exception("Reading the avails of import %s failed", key)
            forget_file(run)
            close_run(run, RunState.FAILED)
        else:
            run.report |= report_of(verdict, found)
            if not found.may_load:
                forget_file(run)
            close_run(run, RunState.DONE)


def _run(key: str) -> AvailsImport:
    return AvailsImport.objects.select_related("edition__market", "asked_by", "company").get(key=key)


def _edition(run: AvailsImport) -> Edition:
    if run.edition is None:
        raise ValueError(run.key)
    return run.edition


def _language(run: AvailsImport) -> str:
    """The one in which the seller sent the file: her report is kept in it."""
    return str(run.report.get("language") or "en")


def _options(run: AvailsImport) -> dict[str, Any]:
    return {
        "matching": Matching(run.matching),
        "create_parts": bool(run.report.get("create_parts")),
        "tell": progress.teller(run.key),
    }


def _judged(run: AvailsImport) -> Verdict:
    with default_storage.open(run.stored) as file:
        return judge(file.read(), run.file_name)


def confirm_avails_import(actor: User, run: AvailsImport) -> bool:
    """Ask for the loading; False where it was asked for already, or cannot be."""
    if run.edition is None or not may_load_avails(actor, run.edition, run.company):
        raise PermissionDenied
    return ask_to_load(run)


def load_avails_import(key: str) -> None:
    """Load the confirmed file, whole or not at all; the run is closed in the same transaction."""
    if not AvailsImport.objects.filter(key=key, state=RunState.QUEUED, is_confirmed=True).update(state=RunState.RUNNING):
        return
    run = _run(key)
    with progress.alive(key), translation.override(_language(run)):
        try:
            _load(run)
        except NotLoaded as refusal:
            run.report |= {"late": [finding_row(finding) for finding in refusal.findings[:200]]}
            close_run(run, RunState.FAILED)
        except Exception:
            logger.exception("Loading the avails of import %s failed", key)
            close_run(run, RunState.FAILED)
    forget_file_of_done(run)


def _load(run: AvailsImport) -> None:
    file = _judged(run).file
    with transaction.atomic():
        found = load_avails(run.asked_by, _edition(run), run.company, file, **_options(run))
        run.report |= {"outcome": found.counts()}
        close_run(run, RunState.DONE)
