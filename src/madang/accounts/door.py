"""How allauth behaves here: nobody signs up alone, mail does not delay the answer, a person's language comes with her."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse

from madang.accounts.language import speak
from madang.accounts.mail import deliver
from madang.accounts.models import User


class Door(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Set as ACCOUNT_ADAPTER."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        speak(response, user)
        return response

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        return bool(email_address.email.lower() != email_address.user.email.lower())

    def send_mail(self, template_prefix: str, email: str, context_of_mail: dict[str, Any]) -> None:
        request = context.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request), **context_of_mail}
        deliver(self.render_mail(template_prefix, email, facts))
