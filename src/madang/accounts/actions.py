"""What can be done with an account: ask for a sign-in link, use it, change one's profile."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from sesame.utils import get_token, get_user

from madang.accounts.mail import deliver, write_opening_mail, write_sign_in_mail
from madang.accounts.models import User

SCOPE = "sign in"


def send_sign_in_link(email: str, *, address: str, next_page: str, language: str, opening: str = "") -> None:
    """Mail a one-time link to the account of that address, if there is one; nothing tells the caller whether there is.

    `address` is the absolute address of the landing page, `next_page` a path of this site or "". Where an account may be opened,
    `opening` is the whole link for an address that has none.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None and opening:
        deliver(write_opening_mail(email, opening, language))
    if user is None or not user.is_active:
        return
    query = {"token": get_token(user, scope=SCOPE)} | ({"next": next_page} if next_page else {})
    deliver(write_sign_in_mail(user, f"{address}?{urlencode(query)}", language))


def user_of_link(token: str) -> User | None:
    """Whom the link would sign in; None if it was used, has expired or was never given. Looking does not use it up."""
    user: User | None = get_user(token, scope=SCOPE, update_last_login=False) if token else None
    return user


def use_sign_in_link(token: str) -> User | None:
    """Use the link up and return whom to sign in; of two presses at once, one gets None."""
    user = user_of_link(token)
    if user is None:
        return None
    # The token is tied to the last sign-in: whoever moves it on has used the link up.
    moved = User.objects.filter(pk=user.pk, last_login=user.last_login).update(last_login=timezone.now())
    return user if moved else None


def save_profile(user: User, *, name: str, language: str, time_zone: str) -> None:
    """The user's own words about herself."""
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])


@transaction.atomic
def vouch_for_address(user: User) -> None:
    """The organiser knows the account's address, so allauth's list holds it as the confirmed one, and holds no older one."""
    email = user.email.lower()
    EmailAddress.objects.filter(email=email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
