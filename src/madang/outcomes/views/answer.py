"""The page behind somebody's own link: what came of her meetings and deals. It needs no account."""

from __future__ import annotations

from contextlib import nullcontext
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madang.markets.models import Edition
from madang.markets.pages import EditionRequest
from madang.outcomes.actions import rounds as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_rounds import AnswerForm
from madang.outcomes.models import Asked
from madang.outcomes.queries.rounds import things_of
from madang.outcomes.rules import asked_by
from madang.people.mail import language_of


def _asked(request: HttpRequest, edition: str, key: str) -> Asked | None:
    """Who is asked by the link; the request gets its edition, whoever reads it."""
    found = Edition.objects.select_related("market").filter(slug=edition).first()
    asked = asked_by(key, found) if found else None
    if asked is not None and found is not None:
        cast(EditionRequest, request).edition = found
    return asked


def _gone(request: HttpRequest) -> HttpResponse:
    """One page for every link that leads nowhere (any more)."""
    return render(request, "outcomes/answer_gone.html", status=404)


def _own_language(request: HttpRequest, asked: Asked) -> translation.override | nullcontext[None]:
    """Hers, unless she has chosen one on this device."""
    if request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return nullcontext()
    return translation.override(language_of(asked.participant))


def _page(request: HttpRequest, asked: Asked, form: AnswerForm) -> HttpResponse:
    with _own_language(request, asked):
        language = translation.get_language() or "en"
        context = {"asked": asked, "form": form, "rows": list(form.rows()), "me": asked.participant}
        page = render(request, "outcomes/answer.html", context, status=422 if form.errors else 200)
    page["Content-Language"], page["X-Robots-Tag"] = language, "noindex"
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def after(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """Her questions; what is sent is kept, a part of it (htmx) or all."""
    asked = _asked(request, edition, key)
    if asked is None:
        return _gone(request)
    part = request.POST.get("part", "")
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=asked, things=things_of(asked), part=part)
    if not form.is_valid():
        return _kept(request, asked, form) if part else _page(request, asked, form)
    try:
        actions.answer(asked, form.replies(), form.opinion(), is_done=not part and "later" not in request.POST)
    except Refused:
        return _gone(request)
    if part:
        return _kept(request, asked, form)
    return redirect(f"{request.path}?{'later' if 'later' in request.POST else 'thanks'}=1")


def _kept(request: HttpRequest, asked: Asked, form: AnswerForm) -> HttpResponse:
    """The line that says whether a part was kept."""
    with _own_language(request, asked):
        context = {"form": form, "moment": asked.round.edition.now(), "edition": asked.round.edition}
        return render(request, "outcomes/answer.html#kept", context, status=422 if form.errors else 200)


@require_POST
@never_cache
def stop(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """No more letters about this edition."""
    asked = _asked(request, edition, key)
    if asked is None:
        return _gone(request)
    actions.stop_questions(asked)
    return redirect("outcomes:after", edition, key)
