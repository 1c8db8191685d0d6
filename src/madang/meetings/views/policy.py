"""The organiser's page of what is settled about meetings."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings.actions.policy import change_policy
from madang.meetings.models import policy_of
from madang.meetings.policy_forms import PolicyForm


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def policy(request: EditionRequest) -> HttpResponse:
    """Quotas, expiry, what people may do themselves, ways and rest."""
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=policy_of(request.edition))
    if request.method == "POST" and form.is_valid():
        change_policy(cast(User, request.user), request.edition, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("meetings:policy", request.edition.slug)
    return render(request, "meetings/policy.html", {"form": form}, status=422 if form.errors else 200)
