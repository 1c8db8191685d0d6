"""The door without a password, and the page about oneself. The door with a password is allauth's."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from madang.accounts import actions
from madang.accounts.forms import ProfileForm, SignInLinkForm
from madang.accounts.language import speak
from madang.accounts.models import User
from madang.accounts.opening import A_DAY, Opening, door_url, is_used, is_welcome, opening_of, opening_token, welcome_to
from madang.accounts.opening import open_account as create_account


def own_page(request: HttpRequest, address: str | None) -> str:
    """The address if it leads to a page of this site, else nothing."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return address if address and safe else ""


@never_cache
def sign_in_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether the address is known or not."""
    given = request.POST if request.method == "POST" else request.GET
    next_page, welcome = own_page(request, given.get("next")), given.get("welcome", "")
    may_open = is_welcome(welcome, next_page)
    if request.user.is_authenticated:
        return redirect(next_page or "/")
    form = SignInLinkForm(request.POST or None, initial={"next": next_page, "welcome": welcome}, may_open=may_open)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="sign_in_link"):
            return cast(HttpResponse, ratelimit.respond_429(request))
        if ratelimit.consume(request, action="sign_in_mail", key=email.lower()):
            send_link(request, email, next_page, may_open=may_open)
        return render(request, "accounts/sign_in_sent.html", door_facts(next_page, may_open=may_open) | {"email": email})
    status = 422 if form.errors else 200
    return render(request, "accounts/sign_in_link.html", door_facts(next_page, may_open=may_open) | {"form": form}, status=status)


def send_link(request: HttpRequest, email: str, next_page: str, *, may_open: bool) -> None:
    language = translation.get_language() or settings.LANGUAGE_CODE
    token = opening_token(Opening(email, next_page, language[:2]))
    opening = request.build_absolute_uri(f"{reverse('accounts:open_account')}?{urlencode({'token': token})}")
    actions.send_sign_in_link(
        email,
        address=request.build_absolute_uri(reverse("accounts:sign_in_with")),
        next_page=next_page,
        language=language,
        opening=opening if may_open else "",
    )


def door_facts(next_page: str, *, may_open: bool = False) -> dict[str, object]:
    return {
        "next": next_page,
        "again": door_url(next_page) if may_open else "",
        "may_open": may_open,
        "minutes": settings.SESAME_MAX_AGE // 60,
        "mail_in_console": settings.IS_DEMO,
    }


@never_cache
@sensitive_post_parameters("token")
def sign_in_with(request: HttpRequest) -> HttpResponse:
    """Where the link leads: a button to press, for programs that read mail follow links but press nothing."""
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    token, next_page = given.get("token", ""), own_page(request, given.get("next"))
    user = actions.use_sign_in_link(token) if posted else actions.user_of_link(token)
    if user is None:
        form = SignInLinkForm(initial={"next": next_page})
        return render(request, "accounts/sign_in_expired.html", door_facts(next_page) | {"form": form}, status=410)
    if not posted:
        return render(request, "accounts/sign_in_with.html", {"person": user, "token": token, "next": next_page})
    answer = perform_login(request, user, email_verification="none", redirect_url=next_page or None)
    return cast(HttpResponse, answer)


@never_cache
@sensitive_post_parameters("token")
def open_account(request: HttpRequest) -> HttpResponse:
    """Where the link of a letter to an unknown address leads: one press opens the account."""
    posted = request.method == "POST"
    token = (request.POST if posted else request.GET).get("token", "")
    opening = opening_of(token)
    if opening is None or is_used(opening):
        return opened_already(request, opening_of(token, max_age=A_DAY))
    if not posted:
        return render(request, "accounts/open_account.html", {"token": token, "email": opening.email})
    user = create_account(opening)
    if user is None:
        return opened_already(request, opening)
    answer = perform_login(request, user, email_verification="none", redirect_url=own_page(request, opening.next_page) or None)
    return cast(HttpResponse, answer)


def opened_already(request: HttpRequest, opening: Opening | None) -> HttpResponse:
    """A link that no longer works: whoever it let in goes on, anybody else may ask for another."""
    next_page = own_page(request, opening.next_page) if opening else ""
    user = request.user
    if opening and user.is_authenticated and user.email.lower() == opening.email.lower():
        return redirect(next_page or "/")
    form = SignInLinkForm(
        initial={"next": next_page, "welcome": welcome_to(next_page)} if opening else {}, may_open=bool(opening)
    )
    return render(request, "accounts/sign_in_expired.html", door_facts(next_page) | {"form": form}, status=410)


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    user = cast(User, request.user)
    form = ProfileForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_profile(user, **form.cleaned_data)
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Saved."))
        response = redirect("accounts:profile")
        speak(response, user)
        return response
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)
