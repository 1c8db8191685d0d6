"""Invitations: by link, for one or for a company's people; who applies for several does it in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.applying import ensure_possible, new_codes, receive
from madang.accreditation.actions.locking import lock_accreditation
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.letters import write_invitations
from madang.accreditation.models import Application, ApplicationState, BadgeType, Invitation
from madang.accreditation.rules import may_decide, valid_invitations
from madang.markets.actions import record, record_many


class Invitee(NamedTuple):
    """Whom to invite; `places` counts people, `company` is the name of their company."""

    email: str
    company: str = ""
    places: int = 1
    language: str = ""


class Colleague(NamedTuple):
    """Somebody for whom another person applies."""

    family_name: str
    given_name: str
    email: str
    job_title: str = ""


@transaction.atomic
def invite(
    actor: User,
    badge_type: BadgeType,
    invitees: Sequence[Invitee],
    *,
    payer: str,
    at_once: bool,
    expires_at: dt.datetime | None = None,
) -> list[Invitation]:
    """Write an invitation and its letter for each address that has no valid one yet for this badge and company."""
    edition = lock_accreditation(badge_type.edition)
    if not may_decide(actor, edition):
        raise PermissionDenied
    known = set(valid_invitations(edition).filter(badge_type=badge_type).values_list("email", "company_name"))
    fresh = {(one.email.lower(), one.company): one for one in reversed(invitees)}
    rows = [
        Invitation(
            edition=edition, badge_type=badge_type, company_name=one.company, email=one.email.lower(), language=one.language,
            places=one.places, payer=payer, is_accepted_at_once=at_once, expires_at=expires_at, created_by=actor,
            created_at=edition.now(),
        )
        for key, one in reversed(fresh.items()) if key not in known
    ]  # fmt: skip
    Invitation.objects.bulk_create(rows, batch_size=200)
    record_many(edition, actor, "invite", [row.email for row in rows], badge=badge_type.code)
    write_invitations(edition, rows)
    return rows


@transaction.atomic
def revoke_invitation(actor: User, invitation: Invitation) -> Invitation:
    """The link works no more; what was applied for by it stays. Twice is once."""
    edition = lock_accreditation(invitation.edition)
    if not may_decide(actor, edition):
        raise PermissionDenied
    found = Invitation.objects.get(pk=invitation.pk)
    if found.revoked_at is None:
        found.revoked_at = edition.now()
        found.save(update_fields=["revoked_at"])
        record(edition, actor, "revoke_invitation", found.email)
    return found


@transaction.atomic
def apply_for_colleagues(actor: User, invitation: Invitation, people: Sequence[Colleague], *, language: str) -> list[Application]:
    """One person applies for several; all are handed in, or none. Questions of the badge type are the organiser's to ask then."""
    edition = lock_accreditation(invitation.edition)
    found = valid_invitations(edition).filter(pk=invitation.pk).first()
    if found is None:
        raise Refused(_("This invitation no longer works: ask the organiser for a new one."))
    emails = [person.email.lower() for person in people]
    ensure_possible(edition, found.badge_type, found, emails)
    now = edition.now()
    rows = [
        Application(
            edition=edition, badge_type=found.badge_type, invitation=found, user=actor, code=code, email=person.email.lower(),
            state=ApplicationState.SUBMITTED, family_name=person.family_name, given_name=person.given_name,
            job_title=person.job_title, company=found.company, company_name=found.company_name, language=language,
            country=found.company.country if found.company else "", created_at=now, saved_at=now, submitted_at=now,
        )
        for person, code in zip(people, new_codes(edition, len(people)), strict=True)
    ]  # fmt: skip
    Application.objects.bulk_create(rows, batch_size=200)
    receive(edition, actor, rows)
    return rows
