"""Where the link of an invitation leads."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.accounts.models import User
from madang.accreditation.actions import inviting
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.forms_applying import colleagues_form
from madang.accreditation.pages import applicant_page, invitation_of
from madang.accreditation.queries import TONES, places_left
from madang.accreditation.rules import own_applications
from madang.markets.pages import EditionRequest


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_page
def invitation(request: EditionRequest, key: str) -> HttpResponse:
    """One's own application by it, or the table for several people of a company."""
    found = invitation_of(request, key)
    if found is None:
        return render(request, "accreditation/invitation_over.html", status=410)
    if found.places == 1:
        address = reverse("accreditation:apply", args=[request.edition.slug, found.badge_type.code])
        return redirect(f"{address}?invitation={found.key}")
    left, posted = places_left(found), request.method == "POST"
    form = colleagues_form(left, request.POST if posted else None)
    refusal = ""
    if posted and form.is_valid():
        try:
            user = cast(User, request.user)
            language = user.language or (get_language() or "en")[:2]
            if form.people:
                rows = inviting.apply_for_colleagues(user, found, form.people, language=language)
                messages.success(request, _("%(count)s applications have arrived. A letter says so too.") % {"count": len(rows)})
                return redirect("accreditation:invitation", request.edition.slug, key)
            refusal = _("Write at least one name and e-mail address.")
        except Refused as fault:
            refusal = str(fault)
    mine = own_applications(request.user, request.edition).filter(invitation=found).order_by("created_at", "pk")
    context = {"invitation": found, "left": left, "forms": form, "refusal": refusal, "mine": [(r, TONES[r.state]) for r in mine]}
    return render(request, "accreditation/invitation.html", context, status=422 if refusal or form.total_error_count() else 200)
