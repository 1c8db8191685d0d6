"""Badges are drawn into one PDF by a worker; the file is kept for a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.badge_pdf import FORMATS, badges_pdf
from madang.accreditation.models import BadgeRun
from madang.accreditation.queries_badges import chosen_badges, face_of
from madang.accreditation.rules_badges import may_hand_out
from madang.kit import progress
from madang.markets.actions import close_run, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import carry_out, edition_of

KEPT = dt.timedelta(days=7)
MOST_TOLD = 500
"""Remarks that are kept of one print."""


class Stopped(Exception):
    """Somebody asked the print to stop."""


def start_badge_run(
    actor: User,
    edition: Edition,
    page: str,
    numbers: Iterable[int],
    *,
    order: str = "name",
    both_sides: bool = False,
    site: str = "",
) -> BadgeRun:
    """Open a print of the badges with these numbers; `site` is where their QRs lead, such as "https://market.example"."""
    if not may_hand_out(actor, edition):
        raise PermissionDenied
    asked = {"numbers": sorted(set(numbers)), "order": order, "both_sides": both_sides, "site": site}
    count = chosen_badges(edition, asked).count()
    if not count:
        raise Refused(_("There is no valid badge among them."))
    throw_away_old_prints(edition)
    run = BadgeRun.objects.create(
        edition=edition, asked_by=actor, asked=asked, format=page, count=count, created_at=edition.now()
    )
    record(edition, actor, "make_badges", str(count), format=page)
    return run


def print_badges(key: str) -> BadgeRun | None:
    """Draw what a run asks for; a run that has begun already is left alone."""
    return carry_out(BadgeRun, key, _draw)


def _draw(run: BadgeRun) -> None:
    edition = edition_of(run)
    say = progress.teller(run.key)
    say("reading", 0, run.count)
    faces = [face_of(badge, edition, run.asked["site"]) for badge in chosen_badges(edition, run.asked)]

    def watch(done: int) -> None:
        say("drawing", done, len(faces))
        if progress.stop_asked(run.key):
            raise Stopped

    page, sides = FORMATS[run.format], bool(run.asked["both_sides"])
    try:
        drawn, told = badges_pdf(faces, page, title=str(edition.name), both_sides=sides, watch=watch)
    except Stopped:
        close_run(run, RunState.STOPPED)
        return
    run.stored = default_storage.save(f"badges/{run.key}.pdf", ContentFile(drawn))
    told_words = [[one.number, one.field, one.kind, one.text[:300], one.lost[:50]] for one in told[:MOST_TOLD]]
    run.asked |= {"told": told_words, "told_count": len(told)}
    run.count = len(faces)
    close_run(run, RunState.DONE)


def stop_badge_run(actor: User, run: BadgeRun) -> None:
    """Ask the worker to stop; nothing is kept. One that nobody has begun ends at once."""
    if run.edition is None or not may_hand_out(actor, run.edition):
        raise PermissionDenied
    waiting = BadgeRun.objects.filter(pk=run.pk, state=RunState.QUEUED)
    if not waiting.update(state=RunState.STOPPED, finished_at=run.now()):
        progress.ask_stop(run.key)


def throw_away_old_prints(edition: Edition) -> None:
    """A sheet of badges opens doors: it does not lie about for longer than it is needed."""
    for run in BadgeRun.objects.filter(edition=edition, created_at__lt=edition.now() - KEPT).exclude(stored=""):
        default_storage.delete(run.stored)
        run.stored = ""
        run.save(update_fields=["stored"])
