"""The door without a password, and the page about oneself. The door with a password is allauth's."""

from __future__ import annotations

from typing import cast

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


def own_page(request: HttpRequest, address: str | None) -> str:
    """The address if it leads to a page of this site, else nothing."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return address if address and safe else ""


@never_cache
def sign_in_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether the address is known or not."""
    next_page = own_page(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(next_page or "/")
    form = SignInLinkForm(request.POST or None, initial={"next": next_page})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="sign_in_link"):
            return cast(HttpResponse, ratelimit.respond_429(request))
        if ratelimit.consume(request, action="sign_in_mail", key=email.lower()):
            send_link(request, email, next_page)
        return render(request, "accounts/sign_in_sent.html", door_facts(next_page) | {"email": email})
    status = 422 if form.errors else 200
    return render(request, "accounts/sign_in_link.html", door_facts(next_page) | {"form": form}, status=status)


def send_link(request: HttpRequest, email: str, next_page: str) -> None:
    actions.send_sign_in_link(
        email,
        address=request.build_absolute_uri(reverse("accounts:sign_in_with")),
        next_page=next_page,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )


def door_facts(next_page: str) -> dict[str, object]:
    return {"next": next_page, "minutes": settings.SESAME_MAX_AGE // 60, "mail_in_console": settings.IS_DEMO}


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
