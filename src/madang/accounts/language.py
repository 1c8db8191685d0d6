"""Which language the site speaks to this browser: kept in Django's own language cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase

from madang.accounts.models import User


def speak(response: HttpResponseBase, user: User) -> None:
    """From this response on, the user's own language, if she chose one, stands before the browser's."""
    if not user.language:
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
