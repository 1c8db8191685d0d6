"""Who sees an edition, and who organises it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry

Visitor = User | AnonymousUser
Answer = TypeVar("Answer")
_answers: ContextVar[dict[tuple[object, ...], object] | None] = ContextVar("answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, who somebody is at an edition is asked once: for a page that asks many rules and changes nothing."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(ask: Callable[[], Answer], *about: object) -> Answer:
    """What `ask` gives; inside `asked_once` the first answer to the same question."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if about not in answers:
        answers[about] = ask()
    return answers[about]  # type: ignore[return-value]  # stored above, of the same question


def organised_editions(user: Visitor) -> QuerySet[Edition]:
    """The editions whose market the user organises; all for an administrator."""
    if not user.is_authenticated:
        return Edition.objects.none()
    if user.is_superuser:
        return Edition.objects.all()
    return Edition.objects.filter(market__organisers=user)


def visible_editions(user: Visitor) -> QuerySet[Edition]:
    """Public editions, those the user takes part in, those she organises."""
    if not user.is_authenticated:
        return Edition.objects.filter(is_public=True)
    if user.is_superuser:
        return Edition.objects.all()
    mine = Q(is_public=True) | Q(market__organisers=user) | Q(participants__user=user)
    return Edition.objects.filter(pk__in=Edition.objects.filter(mine).values("pk"))


def may_organise(user: Visitor, edition: Edition) -> bool:
    return remembered(lambda: organised_editions(user).filter(pk=edition.pk).exists(), "organises", user.pk, edition.pk)


def visible_log(user: Visitor, edition: Edition) -> QuerySet[LogEntry]:
    """The log is the organiser's."""
    if not may_organise(user, edition):
        return LogEntry.objects.none()
    return LogEntry.objects.filter(edition=edition)
