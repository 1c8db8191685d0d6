"""Skills, workers, shifts and who holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.budget import delete_row, guard, write_row
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Duty, Shift, Skill, Worker
from madang.outcomes.queries.staffing import breaches_of
from madang.outcomes.rostering import Breach


class NeedsWord(Refused):
    """Something speaks against it which an organiser may decide over; `found` are its reasons."""

    def __init__(self, found: Sequence[Breach], text: str) -> None:
        super().__init__(text)
        self.found = found


@transaction.atomic
def save_skill(actor: User, edition: Edition, facts: Mapping[str, Any], skill: Skill | None = None) -> Skill:
    """A new skill, or other names of one. Refused for a code that is taken."""
    return write_row(actor, skill or Skill(edition=edition), facts, "skill")


@transaction.atomic
def delete_skill(actor: User, skill: Skill) -> None:
    """Workers lose it. Refused while a shift asks for it."""
    delete_row(actor, skill, "skill", _("A shift asks for it: change that shift first."))


@transaction.atomic
def save_worker(
    actor: User, edition: Edition, facts: Mapping[str, Any], skills: Iterable[Skill], worker: Worker | None = None
) -> Worker:
    """A new worker, or other facts and skills of one. Refused for a code that is taken."""
    row = write_row(actor, worker or Worker(edition=edition), facts, "worker")
    row.skills.set([skill for skill in skills if skill.edition_id == edition.pk])
    return row


@transaction.atomic
def leave_worker(actor: User, worker: Worker) -> int:
    """She drops out: shifts of hers that have not begun are open again. Gives how many."""
    edition = worker.edition
    guard(actor, edition)
    if not Worker.objects.filter(pk=worker.pk, left_at=None).update(left_at=edition.now()):
        raise Refused(_("She has dropped out already."))
    freed = Duty.objects.filter(worker=worker, shift__starts_at__gt=edition.now()).delete()[0]
    record(edition, actor, "leave_worker", worker.code, freed=freed)
    return freed


@transaction.atomic
def return_worker(actor: User, worker: Worker) -> None:
    """She works after all; the shifts that she held stay as they are now."""
    guard(actor, worker.edition)
    if Worker.objects.filter(pk=worker.pk, left_at__isnull=False).update(left_at=None):
        record(worker.edition, actor, "return_worker", worker.code)


@transaction.atomic
def save_shift(actor: User, edition: Edition, facts: Mapping[str, Any], shift: Shift | None = None) -> Shift:
    """A new shift, or other facts of one: whoever holds it keeps it, and the warnings tell what no longer fits."""
    return write_row(actor, shift or Shift(edition=edition), facts, "shift")


@transaction.atomic
def delete_shift(actor: User, shift: Shift) -> None:
    """With who holds it. Refused once it has begun."""
    if shift.starts_at <= shift.edition.now():
        raise Refused(_("It has begun: it stays to be seen."))
    delete_row(actor, shift, "shift", _("Something hangs on it."))


@transaction.atomic
def copy_shift(actor: User, shift: Shift, days: Sequence[dt.date]) -> int:
    """The same shift at the same time at the venue on other days, held by nobody. Gives how many; a copy that is there stays."""
    edition = shift.edition
    guard(actor, edition)
    here = shift.starts_at.astimezone(edition.zone)
    length = shift.ends_at - shift.starts_at
    taken = set(Shift.objects.filter(edition=edition).values_list("code", flat=True))
    copies = []
    for day in dict.fromkeys(days):
        code = f"{shift.code[:31]}-{day:%m%d}"
        if day == here.date() or code in taken:
            continue
        starts_at = dt.datetime.combine(day, here.time(), edition.zone).astimezone(dt.UTC)
        names = {name: getattr(shift, name) for name in ("name", "name_ko", "name_fr", "activity", "hall", "skill", "needed")}
        copies.append(Shift(edition=edition, code=code, starts_at=starts_at, ends_at=starts_at + length, **names))
    Shift.objects.bulk_create(copies)
    if copies:
        record(edition, actor, "copy_shift", shift.code, count=len(copies))
    return len(copies)


@transaction.atomic
def assign(actor: User, shift: Shift, worker: Worker, *, anyway: bool = False) -> Duty:
    """Give a shift to somebody. Refused where she dropped out, is elsewhere at that time, or it is full.

    NeedsWord for a skill, rest or hours that it breaks, unless `anyway`.
    """
    edition = shift.edition
    guard(actor, edition)
    Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    found = Worker.objects.select_for_update(of=("self",)).get(pk=worker.pk, edition=edition)
    if found.left_at:
        raise Refused(_("She has dropped out."))
    if Duty.objects.filter(shift=shift).count() >= shift.needed:
        raise Refused(_("Everybody who is needed is there already."))
    against = breaches_of(found, shift)
    if Breach.OVERLAP in against:
        raise Refused(_("She holds another shift at that time."))
    if against and not anyway:
        raise NeedsWord(against, _("Something speaks against it."))
    try:
        with transaction.atomic():
            duty = Duty.objects.create(shift=shift, worker=found, at=edition.now())
    except IntegrityError:
        raise Refused(_("She holds this shift already.")) from None
    record(edition, actor, "assign_shift", shift.code, worker=worker.code, against=", ".join(against))
    return duty


@transaction.atomic
def unassign(actor: User, duty: Duty) -> None:
    """Take a shift from somebody. Refused once it has begun: who was there stays to be seen."""
    edition = duty.shift.edition
    guard(actor, edition)
    if duty.shift.starts_at <= edition.now():
        raise Refused(_("It has begun: it stays to be seen."))
    if Duty.objects.filter(pk=duty.pk).delete()[0]:
        record(edition, actor, "unassign_shift", duty.shift.code, worker=duty.worker.code)


def told(count: int) -> str:
    """How many shifts came of it."""
    return ngettext("%(count)s shift is open again.", "%(count)s shifts are open again.", count) % {"count": count}
