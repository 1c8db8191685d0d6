"""The organiser's invitations."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.accreditation.actions import inviting
from madang.accreditation.forms_desk import InviteForm
from madang.accreditation.queries import used_places
from madang.accreditation.rules import visible_invitations
from madang.markets.pages import EditionRequest, organiser_page

PAGE = 50


@require_safe
@organiser_page
def invitations(request: EditionRequest) -> HttpResponse:
    """Who was invited, how many places were used, and the link."""
    rows = visible_invitations(request.user, request.edition)
    page = Paginator(rows.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    used, now = used_places(page.object_list), request.edition.now()
    context = {
        "page": page,
        "rows": [(row, used.get(row.pk, 0), bool(row.expires_at and row.expires_at <= now)) for row in page],
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "accreditation/desk_invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def invite(request: EditionRequest) -> HttpResponse:
    """Invite one or many by pasted lines."""
    with timezone.override(request.edition.zone):
        form = InviteForm(request.edition, request.POST or None)
        if request.method == "POST" and form.is_valid():
            facts = form.cleaned_data
            made = inviting.invite(
                cast(User, request.user), facts["badge_type"], form.invitees, payer=facts["payer"], at_once=facts["at_once"],
                expires_at=facts["expires_at"],
            )  # fmt: skip
            _tell(request, len(made), len(form.invitees) - len(made))
            return redirect("accreditation:desk_invitations", request.edition.slug)
        return render(request, "accreditation/desk_invite.html", {"form": form}, status=422 if form.errors else 200)


def _tell(request: EditionRequest, made: int, known: int) -> None:
    if made:
        text = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", made)
        messages.success(request, text % {"n": made})
    if known:
        text = ngettext("%(n)s was invited already: no second letter.", "%(n)s were invited already: no second letter.", known)
        messages.warning(request, text % {"n": known})


@require_POST
@organiser_page
def revoke(request: EditionRequest, key: str) -> HttpResponse:
    """Take an invitation back."""
    row = get_object_or_404(visible_invitations(request.user, request.edition), key=key)
    inviting.revoke_invitation(cast(User, request.user), row)
    return redirect("accreditation:desk_invitations", request.edition.slug)
