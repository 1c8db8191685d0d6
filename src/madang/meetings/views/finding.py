"""Pages on which a participant says who finds her, whom she blocks, and that she has dropped out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from madang.meetings.actions.finding import block_company, choose_seen_by, leave_edition, return_to_edition, unblock_company
from madang.meetings.queries.finding import known_to, open_requests_of, placed_meetings_of
from madang.meetings.queries.requests import with_people
from madang.meetings.rules import may_leave
from madang.meetings.tasks import mail_notices
from madang.people.models import Company, Participant, SeenBy
from madang.people.pages import BusinessRequest, SignedInRequest, business_page, signed_in_page
from madang.people.rules import visible_companies, visible_participants

MOST_SHOWN = 200


class SeenByForm(forms.Form):
    """Who finds me; what matches a mandate is a choice for buyers."""

    seen_by = forms.ChoiceField(label=gettext_lazy("Who finds me"), choices=SeenBy.choices, widget=forms.RadioSelect)
    MATCHING = gettext_lazy("A mandate that names neither format nor genre fits every title: everybody who sells then finds you.")

    def __init__(self, data: QueryDict | None, me: Participant) -> None:
        super().__init__(data, initial={"seen_by": me.seen_by})
        field = self.fields["seen_by"]
        if me.is_buyer:
            field.help_text = self.MATCHING
        elif isinstance(field, forms.ChoiceField):
            field.choices = [choice for choice in SeenBy.choices if choice[0] != SeenBy.MATCHES]


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def who_finds_me(request: BusinessRequest) -> HttpResponse:
    """By whom one is found, to whom one is known all the same, which companies one blocks."""
    me = _me(request)
    form = SeenByForm(request.POST if request.method == "POST" else None, me)
    if form.is_bound and form.is_valid():
        choose_seen_by(request.user, request.edition, form.cleaned_data["seen_by"])
        messages.success(request, _("Saved. From now on you are found as you said."))
        return redirect("meetings:who_finds_me", request.edition.slug)
    known = known_to(request.user, me) if me.seen_by != SeenBy.EVERYONE else []
    context = {
        "form": form,
        "me": me,
        "is_hidden": me.seen_by != SeenBy.EVERYONE,
        "known": known[:MOST_SHOWN],
        "known_number": len(known),
        "blocked": Company.objects.filter(blocked_by__participant=me).order_by("search_text", "code"),
    }
    return render(request, "meetings/who_finds_me.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@business_page
def block(request: BusinessRequest, code: str) -> HttpResponse:
    """What a block would close is shown first; then it is done."""
    me = _me(request)
    company = get_object_or_404(visible_companies(request.user, request.edition).exclude(pk=me.company_id or 0), code=code)
    if request.method == "POST":
        closed = block_company(request.user, request.edition, company)
        mail_notices.enqueue(request.build_absolute_uri("/"))
        told = (
            ngettext("One open request is closed.", "%(n)s open requests are closed.", closed) % {"n": closed} if closed else ""
        )
        messages.success(request, " ".join([_("%(company)s is blocked.") % {"company": company}, told]).strip())
        return redirect("meetings:who_finds_me", request.edition.slug)
    return render(request, "meetings/block.html", {"company": company} | _closing(me, company))


@require_POST
@business_page
def unblock(request: BusinessRequest, code: str) -> HttpResponse:
    """Take a block back."""
    company = get_object_or_404(visible_companies(request.user, request.edition), code=code)
    _me(request)
    if unblock_company(request.user, request.edition, company):
        messages.success(request, _("%(company)s is not blocked any more.") % {"company": company})
    return redirect("meetings:who_finds_me", request.edition.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def leave(request: SignedInRequest, code: str) -> HttpResponse:
    """Drop out (or be taken out by the organiser), after a look at what that closes; or come back."""
    person = get_object_or_404(visible_participants(request.user, request.edition), code=code)
    if not may_leave(request.user, person):
        raise Http404
    if request.method == "POST":
        if request.POST.get("act") == "return":
            return_to_edition(request.user, person)
            messages.success(request, _("%(name)s takes part again.") % {"name": person.name})
        else:
            leave_edition(request.user, person)
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("%(name)s has dropped out: open requests are closed.") % {"name": person.name})
        return redirect("people:participant", request.edition.slug, person.code)
    context = {"person": person, "is_me": person.user_id == request.user.pk} | _closing(person)
    return render(request, "meetings/leave.html", context)


def _me(request: BusinessRequest) -> Participant:
    """The participant who does business; an organiser who does not take part has no such page."""
    if request.participant is None:
        raise Http404
    return request.participant


def _closing(me: Participant, company: Company | None = None) -> dict[str, object]:
    """What a block or dropping out closes, and what stands."""
    rows = with_people(open_requests_of(me, company)).order_by("code")
    return {
        "open_requests": [(row, row.receiver if row.sender_id == me.pk else row.sender) for row in rows],
        "meetings": placed_meetings_of(me, company),
    }
