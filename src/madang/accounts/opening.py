"""An account by mail: who reads a mailbox opens the account of its address, where an app above asks for it.

A page that takes strangers in (an application, an entry) sends them to `door_url(next)`. Its signature says that this page lets
accounts be opened; without it the door knows only who is known already, and says the same words either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from madang.accounts.actions import vouch_for_address
from madang.accounts.models import User

WELCOME = "accounts.welcome"
OPENING = "accounts.opening"
A_DAY = 24 * 3600
BATCH = 500


class Opening(NamedTuple):
    """What a letter's link carries: whose account, where to go then, the language in which it was asked for."""

    email: str
    next_page: str
    language: str


def welcome_to(next_page: str) -> str:
    """The signature that goes with `next_page`, a path of this site, for a day."""
    return signing.dumps(next_page, salt=WELCOME)


def is_welcome(welcome: str, next_page: str) -> bool:
    """Whether an account may be opened on the way to that page."""
    try:
        return bool(next_page) and signing.loads(welcome, salt=WELCOME, max_age=A_DAY) == next_page
    except signing.BadSignature:
        return False


def door_url(next_page: str) -> str:
    """Where a visitor signs in, or opens an account, before she goes on to `next_page`."""
    return f"{reverse('accounts:sign_in_link')}?{urlencode({'next': next_page, 'welcome': welcome_to(next_page)})}"


def opening_token(opening: Opening) -> str:
    return signing.dumps(list(opening), salt=OPENING)


def opening_of(token: str, *, max_age: int | None = None) -> Opening | None:
    """What the link carries; None if it was never given or is older than a sign-in link may be."""
    try:
        return Opening(*signing.loads(token, salt=OPENING, max_age=settings.SESAME_MAX_AGE if max_age is None else max_age))
    except signing.BadSignature:
        return None


def is_used(opening: Opening) -> bool:
    """The account is there: the link was used, or somebody was faster."""
    return User.objects.filter(email__iexact=opening.email).exists()


def open_account(opening: Opening) -> User | None:
    """The account of whoever followed the link, with her address confirmed; None where there is one already."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(opening.email, language=opening.language)
            vouch_for_address(user)
    except IntegrityError:  # of two presses at once, one comes second
        return None
    return user


class NewAccount(NamedTuple):
    """Whose account is wanted; name and language count where it has to be made."""

    email: str
    name: str
    language: str


def accounts_of(people: Iterable[NewAccount]) -> dict[str, int]:
    """The account of each address, which somebody who may do so vouches for, by its small letters; made where there is none."""
    first = {person.email.lower(): person for person in reversed(list(people))}
    known = _known(list(first))
    made = [
        User(email=email, name=person.name[:200], language=person.language, password=make_password(None))
        for email, person in first.items() if email not in known
    ]  # fmt: skip
    User.objects.bulk_create(made, batch_size=BATCH)
    EmailAddress.objects.filter(email__in=[user.email for user in made]).delete()
    rows = [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made]
    EmailAddress.objects.bulk_create(rows, batch_size=BATCH)
    return known | {user.email: user.pk for user in made}


def _known(emails: list[str]) -> dict[str, int]:
    rows = User.objects.annotate(address=Lower("email")).filter(address__in=emails)
    return dict(rows.values_list("address", "pk"))
