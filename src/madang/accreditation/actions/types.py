"""Badge types and their questions, as the organiser sets them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.locking import lock_accreditation
from madang.accreditation.actions.promoting import promote
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import BadgeType, Question
from madang.accreditation.rules import may_decide
from madang.accreditation.sets import STANDARD
from madang.markets.actions import record
from madang.markets.models import Edition


def _lock(actor: User, edition: Edition) -> Edition:
    found = lock_accreditation(edition)
    if not may_decide(actor, found):
        raise PermissionDenied
    return found


@transaction.atomic
def save_badge_type(actor: User, edition: Edition, badge_type: BadgeType | None, values: Mapping[str, Any]) -> BadgeType:
    """Write a badge type, new or known. Places that a raised quota gives go to the waiting list at once."""
    edition = _lock(actor, edition)
    row = (
        BadgeType.objects.get(pk=badge_type.pk) if badge_type else BadgeType(edition=edition, position=_next(edition.badge_types))
    )
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed or badge_type is None:
        row.save()
        record(edition, actor, "change_badge_type" if badge_type else "add_badge_type", row.code, fields=changed)
        promote(edition, actor, [row])
    return row


@transaction.atomic
def remove_badge_type(actor: User, badge_type: BadgeType) -> None:
    """Only where nobody has begun to apply for it."""
    edition = _lock(actor, badge_type.edition)
    if badge_type.applications.exists() or badge_type.invitations.exists() or badge_type.badges.exists():
        raise Refused(_("There are applications, invitations or badges of this type: close it instead."))
    record(edition, actor, "remove_badge_type", badge_type.code)
    badge_type.delete()


@transaction.atomic
def copy_standard_types(actor: User, edition: Edition, roles: Iterable[str]) -> list[BadgeType]:
    """Add the standard badge types of these roles, with their questions in three languages; those that are there stay."""
    edition = _lock(actor, edition)
    known = set(edition.badge_types.values_list("code", flat=True))
    made = []
    for role in roles:
        if role in STANDARD and role not in known:
            facts = dict(STANDARD[role])
            questions = facts.pop("questions")
            row = BadgeType.objects.create(edition=edition, code=role, role=role, position=_next(edition.badge_types), **facts)
            Question.objects.bulk_create(Question(badge_type=row, position=n, **q) for n, q in enumerate(questions, 1))
            record(edition, actor, "add_badge_type", row.code)
            made.append(row)
    return made


@transaction.atomic
def save_question(actor: User, badge_type: BadgeType, question: Question | None, values: Mapping[str, Any]) -> Question:
    """Write a question, new (at the end) or known. The kind of one that was answered stays."""
    edition = _lock(actor, badge_type.edition)
    row = Question.objects.get(pk=question.pk) if question else _new_question(badge_type)
    if question and row.kind != values.get("kind", row.kind) and row.answers.exists():
        raise Refused(_("This question was answered already: its kind cannot change. Add another one."))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(edition, actor, "change_question" if question else "add_question", badge_type.code, question=row.label[:100])
    return row


def _new_question(badge_type: BadgeType) -> Question:
    codes = set(badge_type.questions.values_list("code", flat=True))
    number = len(codes) + 1
    while f"q{number}" in codes:
        number += 1
    return Question(badge_type=badge_type, code=f"q{number}", position=_next(badge_type.questions))


@transaction.atomic
def remove_question(actor: User, question: Question) -> None:
    """Only where nobody has answered it."""
    edition = _lock(actor, question.badge_type.edition)
    if question.answers.exists():
        raise Refused(_("This question was answered already: it stays."))
    record(edition, actor, "remove_question", question.badge_type.code, question=question.label[:100])
    question.delete()


@transaction.atomic
def move_question(actor: User, question: Question, *, up: bool) -> None:
    """One place up or down."""
    edition = _lock(actor, question.badge_type.edition)
    rows = list(question.badge_type.questions.all())
    here = rows.index(question)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows, 1):
            row.position = position
        Question.objects.bulk_update(rows, ["position"])
        record(edition, actor, "move_question", question.badge_type.code, question=question.label[:100])


def _next(rows: Any) -> int:
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1
