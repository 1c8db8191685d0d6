"""What one has been told."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from madang.markets.pages import EditionRequest, edition_page
from madang.people.actions import choose_mails, read_notices
from madang.people.mail import address_of
from madang.people.models import Mails
from madang.people.notices import notice_text, notice_url
from madang.people.pages import ParticipantRequest, participant_page
from madang.people.rules import visible_notices

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@edition_page
def notices(request: EditionRequest) -> HttpResponse:
    """One's notices, the newest first; POST marks those up to `last` as read."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        read_notices(request.user, request.edition, last=request.POST.get("last", ""))
        return redirect("people:notices", request.edition.slug)
    mine = visible_notices(request.user, request.edition)
    page = Paginator(mine.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    zone, slug = getattr(request.user, "time_zone", ""), request.edition.slug
    context = {
        "page": page,
        "rows": [(notice, notice_text(notice, zone), notice_url(notice, slug)) for notice in page],
        "unread": mine.filter(read_at=None).count(),
        "last": mine.order_by("-pk").values_list("pk", flat=True).first(),
    }
    return render(request, "people/notices.html", context)


class MailsForm(forms.Form):
    """How often, and with what."""

    mails = forms.ChoiceField(label=_("Mails"), choices=Mails.choices, widget=forms.RadioSelect)
    calendar = forms.BooleanField(
        label=_("Send calendar entries with mails about my meetings"),
        required=False,
        help_text=_("Not needed where you have subscribed to the calendar of your agenda."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def mails(request: ParticipantRequest) -> HttpResponse:
    """How one's notices come by mail."""
    me = request.participant
    form = MailsForm(
        request.POST if request.method == "POST" else None, initial={"mails": me.mails, "calendar": me.mails_calendar}
    )
    if request.method == "POST" and form.is_valid():
        choose_mails(request.user, me, **form.cleaned_data)
        messages.success(request, gettext("Your choice is kept."))
        return redirect("people:notices", request.edition.slug)
    context = {"form": form, "address": address_of(me)}
    return render(request, "people/mails.html", context, status=422 if request.method == "POST" else 200)
