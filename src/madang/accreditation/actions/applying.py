"""What applicants do: keep a draft, submit it, answer what the organiser asks, withdraw."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.admitting import admit, dismiss
from madang.accreditation.actions.deciding import let_wait
from madang.accreditation.actions.locking import lock_accreditation, locked
from madang.accreditation.actions.promoting import promote
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.letters import write_letters
from madang.accreditation.models import Answer, Application, ApplicationState, BadgeType, Inquiry, Invitation, Question
from madang.accreditation.queries import draft_mark, places_left, rooms
from madang.accreditation.rules import OPEN, is_open, may_answer, may_edit, may_withdraw
from madang.markets.actions import record
from madang.markets.models import Edition

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a code that nobody mistakes for another."""
State = ApplicationState


class Outdated(Refused):
    """The draft was changed elsewhere since this window read it; `application` is what stands there now."""

    def __init__(self, application: Application) -> None:
        self.application = application
        super().__init__(
            _("This draft was changed in another window since you opened it here. Save it here to keep what stands here.")
        )


class Proof(NamedTuple):
    """A file that was checked, and what its owner called it."""

    content: ContentFile[bytes]
    name: str


def new_codes(edition: Edition, count: int) -> list[str]:
    """Codes of applications that nobody has yet: six signs each, short enough to be typed into the ticket shop."""
    known = set(Application.objects.filter(edition=edition).order_by().values_list("code", flat=True))
    found: list[str] = []
    while len(found) < count:
        code = "".join(secrets.choice(LETTERS) for _sign in range(6))
        if code not in known:
            known.add(code)
            found.append(code)
    return found


@transaction.atomic
def save_draft(
    actor: User,
    badge_type: BadgeType,
    person: Mapping[str, Any],
    answers: Mapping[int, Any],
    *,
    language: str,
    application: Application | None = None,
    invitation: Invitation | None = None,
    seen: str | None = None,
) -> Application:
    """Keep what was typed so far, complete or not; a new draft where there is none. Raises Outdated.

    `person`: fields of the application; `answers`: by the question's id; a `Proof` replaces the file, None leaves it.
    `seen`: the `draft_mark` of what the window read; None writes whatever stands there.
    """
    edition = lock_accreditation(badge_type.edition)
    row = _own_draft(actor, badge_type, application, invitation)
    if row and seen is not None and seen != draft_mark(row):
        raise Outdated(row)
    if row is None:
        if not is_open(badge_type, invitation):
            raise Refused(_("Applications for this badge are closed."))
        row = Application(edition=edition, badge_type=badge_type, invitation=invitation, user=actor, created_at=edition.now())
        row.code = new_codes(edition, 1)[0]
    row.edition = edition
    for name, value in person.items():
        setattr(row, name, value)
    row.email, row.language, row.saved_at = actor.email.lower(), language, edition.now()
    row.save()
    _keep_answers(row, answers)
    return row


def _own_draft(
    actor: User, badge_type: BadgeType, application: Application | None, invitation: Invitation | None
) -> Application | None:
    """The draft as it is now; the one that another window of hers began is the same one."""
    rows = Application.objects.select_related("badge_type", "user", "invitation")
    if application is None:
        return rows.filter(user=actor, badge_type=badge_type, invitation=invitation, state=State.DRAFT).first()
    row = rows.get(pk=application.pk)
    if not may_edit(actor, row):
        raise PermissionDenied
    return row


def _keep_answers(application: Application, answers: Mapping[int, Any]) -> None:
    known = {answer.question_id: answer for answer in application.answers.all()}
    questions = Question.objects.filter(badge_type=application.badge_type_id, pk__in=answers)
    for question in questions:
        answer = known.get(question.pk) or Answer(application=application, question=question)
        given = answers[question.pk]
        if isinstance(given, Proof):
            forget_files([answer.file.name or ""])
            answer.file_name = given.name[-200:]
            answer.file.save(given.content.name or "proof", given.content, save=True)
        elif question.kind != "file":
            answer.value = given
            answer.save()


def forget_files(names: Iterable[str]) -> None:
    """Delete stored files once the transaction holds: a rollback could not bring them back."""
    for name in names:
        if name:
            transaction.on_commit(lambda stored=name: default_storage.delete(stored))  # type: ignore[misc]  # a default is typed by use


@transaction.atomic
def drop_draft(actor: User, application: Application) -> None:
    """Throw a draft away, with its files."""
    found = locked(application)
    if not may_edit(actor, found):
        raise PermissionDenied
    forget_files(found.answers.exclude(file="").values_list("file", flat=True))
    found.delete()


def missing_answers(application: Application) -> list[Question]:
    """Questions that must be answered and are not."""
    given = {answer.question_id for answer in application.answers.all() if answer.file or answer.value not in (None, "", [])}
    return [row for row in application.badge_type.questions.all() if row.is_required and row.pk not in given]


@transaction.atomic
def submit_application(actor: User, application: Application) -> Application:
    """Hand the draft in. Twice is once. By an invitation that says so it is accepted at once, or waits where all is full."""
    found = locked(application)
    if found.user_id == actor.pk and found.state in (State.SUBMITTED, State.ACCEPTED, State.WAITING):
        return found
    if not may_edit(actor, found):
        raise PermissionDenied
    if not found.family_name or missing_answers(found):
        raise Refused(_("Something is missing: please answer every question that must be answered."))
    ensure_possible(found.edition, found.badge_type, found.invitation, [found.email])
    found.state, found.submitted_at = State.SUBMITTED, found.edition.now()
    found.save(update_fields=["state", "submitted_at"])
    if not found.user.name:  # an account that was opened by an address alone
        found.user.name = found.latin_name[:200]
        found.user.save(update_fields=["name"])
    receive(found.edition, actor, [found])
    return found


def ensure_possible(edition: Edition, badge_type: BadgeType, invitation: Invitation | None, emails: list[str]) -> None:
    """Behind the lock: open, not full, within the invitation's places, nobody twice. Raises Refused."""
    if not is_open(badge_type, invitation):
        raise Refused(_("Applications for this badge are closed."))
    if rooms([badge_type])[badge_type.pk].is_full:
        raise Refused(_("All badges of this kind are taken."))
    if invitation and places_left(invitation) < len(emails):
        raise Refused(_("This invitation has no place left for that many people."))
    taken = Application.objects.filter(edition=edition, badge_type=badge_type, email__in=emails, state__in=OPEN).first()
    if taken or len(set(emails)) < len(emails):
        twice = taken.email if taken else next(email for email in emails if emails.count(email) > 1)
        raise Refused(_("There is an application for this badge from %(email)s already.") % {"email": twice})


def receive(edition: Edition, actor: User, rows: list[Application]) -> None:
    """What follows when applications have come in, all of one badge type and invitation."""
    for row in rows:
        record(edition, actor, "submit_application", row.code, badge=row.badge_type.code)
    write_letters("received", rows, edition.now())
    invitation = rows[0].invitation
    if invitation and invitation.is_accepted_at_once:
        left = rooms([rows[0].badge_type])[rows[0].badge_type_id].left
        admit(edition, None, rows if left is None else rows[:left], kind="accepted")
        late = [] if left is None else rows[left:]
        if late and rows[0].badge_type.has_waiting_list:
            let_wait(edition, None, late)


@transaction.atomic
def answer_inquiry(actor: User, inquiry: Inquiry, answer: str, proof: Proof | None = None) -> Inquiry:
    """Answer what the organiser asked; once nothing is open any more she looks again."""
    application = locked(inquiry.application)
    found = Inquiry.objects.get(pk=inquiry.pk)
    found.application = application
    if not may_answer(actor, found):
        raise PermissionDenied
    found.answer, found.answered_at = answer, application.edition.now()
    if proof:
        found.file_name = proof.name[-200:]
        found.file.save(proof.content.name or "proof", proof.content, save=False)
    found.save()
    if application.state == State.ASKED and not application.inquiries.filter(answered_at=None).exists():
        application.state = State.SUBMITTED
        application.save(update_fields=["state"])
    record(application.edition, actor, "answer_inquiry", application.code)
    return found


@transaction.atomic
def withdraw_application(actor: User, application: Application) -> Application:
    """Give up the application, or the badge; the next on the waiting list gets the place. Twice is once."""
    found = locked(application)
    if found.state == State.WITHDRAWN and actor.pk == found.user_id:
        return found
    if not may_withdraw(actor, found):
        raise PermissionDenied
    had_badge, now = found.state == State.ACCEPTED, found.edition.now()
    found.state, found.waiting_since = State.WITHDRAWN, None
    found.save(update_fields=["state", "waiting_since"])
    if had_badge:
        dismiss([found], now, "withdrawn")
    record(found.edition, actor, "withdraw_application", found.code)
    write_letters("withdrawn", [found], now)
    promote(found.edition, actor, [found.badge_type])
    return found
