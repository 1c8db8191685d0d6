"""Publishing as a run: opened by a press, done by a worker in one transaction, with its letters; or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted
from madang.markets.models import Edition, RunState
from madang.markets.runs import carry_out, edition_of
from madang.meetings.actions.drafts import guard, lock_edition
from madang.meetings.actions.publish import Changes, publish_timetable
from madang.meetings.actions.refusals import AlreadyPublished, NoDraft, Outdated, Refused, Unfit
from madang.meetings.models import PublishRun, Timetable
from madang.meetings.queries.reasons import stray_sentences, violation_sentences


@transaction.atomic
def start_publishing(actor: User, edition: Edition, revision: int, *, drop: bool = False) -> tuple[PublishRun, bool]:
    """Open the publication of the draft at `revision`; True if it is new. A second click gets the one that is open."""
    guard(actor, edition)
    lock_edition(edition)
    latest = PublishRun.objects.filter(edition=edition).first()
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    run = PublishRun.objects.create(edition=edition, asked_by=actor, revision=revision, drop=drop, created_at=edition.now())
    return run, True


def publish_run(run_key: str, after: Callable[[], object] = lambda: None) -> PublishRun | None:
    """Publish what the run was opened for. None if the run is not waiting to be started.

    The version, its notices, the end of the run, and what `after` writes (the task that mails) are one transaction: a worker
    that is killed leaves all of it or nothing.
    """
    return carry_out(PublishRun, run_key, lambda run: _publish(run, after))


def _publish(run: PublishRun, after: Callable[[], object]) -> None:
    edition = edition_of(run)
    try:
        with transaction.atomic():
            version, changes = publish_timetable(
                run.asked_by, edition, run.revision, drop=run.drop, tell=lambda phase: progress.tell(run.key, phase=phase)
            )
            run.timetable, run.changes = version, _counts(changes)
            after()
            close_run(run, RunState.DONE)
    except Refused as refused:
        run.timetable, run.changes = None, {}
        run.refusal = _refusal(edition, refused)
        close_run(run, RunState.FAILED)


def _counts(changes: Changes) -> dict[str, int]:
    return {name: len(getattr(changes, name)) for name in ("placed", "moved", "cancelled", "kept")}


def _refusal(edition: Edition, refused: Refused) -> dict[str, Any]:
    """Why it was not published, as JSON; sentences in the language of who asked."""
    if isinstance(refused, Unfit):
        found = refused.situation
        sentences = stray_sentences(edition, refused.strays)
        sentences += violation_sentences(edition, found.maps, found.plan, refused.violations)
        more = len(refused.strays) + len(refused.violations) - len(sentences)
        return {"kind": "unfit", "sentences": sentences, "more": max(0, more)}
    if isinstance(refused, Outdated):
        return {"kind": "outdated", "changed": len(refused.requests)}
    if isinstance(refused, AlreadyPublished):
        return {"kind": "already", "version": refused.published.version, "who": _who(refused.published)}
    return {"kind": "no_draft" if isinstance(refused, NoDraft) else "stale"}


def _who(published: Timetable) -> str:
    return str(published.published_by) if published.published_by else _("the command line")
