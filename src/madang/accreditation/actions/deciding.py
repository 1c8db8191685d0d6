"""What the organiser decides of applications, one or hundreds at once: ask, accept, decline, let wait, revoke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.admitting import admit, dismiss
from madang.accreditation.actions.locking import lock_accreditation, locked
from madang.accreditation.actions.promoting import promote
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.letters import write_letters
from madang.accreditation.models import Application, ApplicationState, Inquiry
from madang.accreditation.queries import rooms
from madang.accreditation.rules import OPEN, UNDECIDED, may_decide
from madang.markets.actions import record, record_many
from madang.markets.models import Edition
from madang.people.models import Company

State = ApplicationState


class Decision(models.TextChoices):
    """What is to become of applications."""

    ACCEPT = "accept"
    WAIT = "wait"
    DECLINE = "decline"


class Outcome(NamedTuple):
    """Codes of applications: `waiting` were to be accepted, or to wait; `left` could not be changed (no place, or decided)."""

    accepted: list[str]
    waiting: list[str]
    declined: list[str]
    left: list[str]


@transaction.atomic
def decide(actor: User, edition: Edition, pks: Iterable[int], decision: Decision, *, reason: str = "") -> Outcome:
    """Decide these applications of the edition together, all or none, with a constant number of queries.

    Places go to who submitted first; whoever finds none waits, where the badge type has a waiting list. Declining is open for all
    that are undecided; an accepted one is revoked, one by one. `reason` is told to those who are declined.
    """
    if not may_decide(actor, edition):
        raise PermissionDenied
    edition = lock_accreditation(edition)
    asked = Application.objects.filter(edition=edition, pk__in=list(pks)).exclude(state=State.DRAFT)
    rows = list(asked.select_related("badge_type", "company", "user", "invitation").order_by("submitted_at", "pk"))
    for row in rows:
        row.edition = row.badge_type.edition = edition
    takes = (*UNDECIDED, State.DECLINED) if decision != Decision.DECLINE else UNDECIDED
    fit = _without_doubles(edition, [row for row in rows if row.state in takes])
    left = [row.code for row in rows if row not in fit]
    if decision == Decision.ACCEPT:
        return _accept(edition, actor, fit, left, reason)
    if decision == Decision.WAIT:
        fit, unlisted = _split(fit, lambda row: row.badge_type.has_waiting_list and row.state != State.WAITING)
        let_wait(edition, actor, fit, reason=reason)
        promote(edition, actor, {row.badge_type for row in fit})
        return Outcome([], [row.code for row in fit], [], left + [row.code for row in unlisted])
    _decline(edition, actor, fit, reason)
    return Outcome([], [], [row.code for row in fit], left)


def _split(rows: list[Application], holds: Callable[[Application], bool]) -> tuple[list[Application], list[Application]]:
    return [row for row in rows if holds(row)], [row for row in rows if not holds(row)]


def _without_doubles(edition: Edition, rows: list[Application]) -> list[Application]:
    """A declined application stays so where the same person has applied for the same badge again since."""
    again = [row.email for row in rows if row.state == State.DECLINED]
    open_ones = (
        Application.objects.filter(edition=edition, email__in=again, state__in=OPEN) if again else Application.objects.none()
    )
    taken = set(open_ones.values_list("email", "badge_type"))
    kept: dict[tuple[str, int], Application] = {}
    for row in rows:
        key = (row.email, row.badge_type_id)
        if row.state != State.DECLINED or key not in taken:
            kept.setdefault(key, row)
    return list(kept.values())


def _accept(edition: Edition, actor: User, rows: list[Application], left: list[str], reason: str) -> Outcome:
    found = rooms({row.badge_type for row in rows})
    places = {pk: room.left for pk, room in found.items()}
    inside: list[Application] = []
    outside: list[Application] = []
    for row in rows:
        free = places[row.badge_type_id]
        if free is None or free > 0:
            places[row.badge_type_id] = None if free is None else free - 1
            inside.append(row)
        else:
            outside.append(row)
    admit(edition, actor, inside, kind="accepted", reason=reason)
    listed = [row for row in outside if row.badge_type.has_waiting_list and row.state != State.WAITING]
    let_wait(edition, actor, listed, reason=reason)
    waits = [row.code for row in outside if row.badge_type.has_waiting_list]
    return Outcome([row.code for row in inside], waits, [], left + [r.code for r in outside if not r.badge_type.has_waiting_list])


def let_wait(edition: Edition, actor: User | None, rows: list[Application], *, reason: str = "") -> None:
    """Put them at the end of the waiting list, behind the lock, in their order: each a microsecond after the one before."""
    now = edition.now()
    for turn, row in enumerate(rows):
        row.state, row.decided_at, row.decided_by, row.reason = State.WAITING, now, actor, reason
        row.waiting_since = now + dt.timedelta(microseconds=turn)
    Application.objects.bulk_update(rows, ["state", "waiting_since", "decided_at", "decided_by", "reason"], batch_size=200)
    record_many(edition, actor, "let_application_wait", [row.code for row in rows])
    write_letters("waiting", rows, now)


def _decline(edition: Edition, actor: User, rows: list[Application], reason: str) -> None:
    now = edition.now()
    for row in rows:
        row.state, row.waiting_since, row.decided_at, row.decided_by, row.reason = State.DECLINED, None, now, actor, reason
    Application.objects.bulk_update(rows, ["state", "waiting_since", "decided_at", "decided_by", "reason"], batch_size=200)
    record_many(edition, actor, "decline_application", [row.code for row in rows], reason=reason)
    write_letters("declined", rows, now)


@transaction.atomic
def ask_applicant(actor: User, application: Application, text: str) -> Inquiry:
    """Ask for more; the applicant gets a letter and answers on her page."""
    found = locked(application)
    if not may_decide(actor, found.edition):
        raise PermissionDenied
    if found.state not in UNDECIDED:
        raise Refused(_("This application is decided: there is nothing to ask any more."))
    now = found.edition.now()
    inquiry = Inquiry.objects.create(application=found, text=text, asked_by=actor, asked_at=now)
    if found.state != State.WAITING:  # whoever waits keeps her rank
        found.state = State.ASKED
        found.save(update_fields=["state"])
    record(found.edition, actor, "ask_applicant", found.code, text=text[:200])
    write_letters("asked", [found], now, inquiry=inquiry)
    return inquiry


@transaction.atomic
def choose_company(actor: User, application: Application, company: Company | None) -> Application:
    """The organiser says which of the edition's companies the applicant means, before she is accepted."""
    found = locked(application)
    if not may_decide(actor, found.edition) or (company and company.edition_id != found.edition_id):
        raise PermissionDenied
    if found.state not in UNDECIDED:
        raise Refused(_("This application is decided: its company stays."))
    found.company = company
    found.save(update_fields=["company"])
    record(found.edition, actor, "choose_company", found.code, company=company.code if company else "")
    return found


@transaction.atomic
def revoke_application(actor: User, application: Application, *, reason: str) -> Application:
    """Take an accreditation back: the badge is void, the role is gone, the next in line gets the place. Twice is once."""
    found = locked(application)
    if not may_decide(actor, found.edition):
        raise PermissionDenied
    if found.state == State.REVOKED:
        return found
    if found.state != State.ACCEPTED:
        raise Refused(_("Only an accepted application can be revoked."))
    now = found.edition.now()
    found.state, found.reason, found.decided_at, found.decided_by = State.REVOKED, reason, now, actor
    found.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    dismiss([found], now, reason)
    record(found.edition, actor, "revoke_application", found.code, reason=reason)
    write_letters("revoked", [found], now)
    promote(found.edition, actor, [found.badge_type])
    return found
