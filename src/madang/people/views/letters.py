"""Letters that the organiser has to look at."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, organiser_page
from madang.people.letters import send_again
from madang.people.mail import address_of
from madang.people.queries import letter_counts
from madang.people.rules import visible_letters

PAGE = 50


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


@require_safe
@organiser_page
def letters(request: EditionRequest) -> HttpResponse:
    """Letters of which nobody knows whether they arrived, and those the mail server refused."""
    rows = visible_letters(request.user, request.edition)
    page = Paginator(rows.filter(state__in=["uncertain", "refused"]), PAGE).get_page(request.GET.get("page"))
    counts = letter_counts(rows)
    context = {
        "page": page,
        "rows": [(row, address_of(row.recipient) if row.recipient else row.address) for row in page],
        "counts": counts,
    }
    return render(request, "people/letters.html", context)


@require_POST
@organiser_page
def settle(request: OrganiserRequest, number: int) -> HttpResponse:
    """Send it again, or leave it."""
    if number > 2**62:
        raise Http404
    letter = get_object_or_404(visible_letters(request.user, request.edition), pk=number)
    again = request.POST.get("again") == "1"
    send_again(request.user, letter, again=again)
    messages.success(request, _("It goes out again within a minute.") if again else _("It is left as it is."))
    return redirect("people:letters", request.edition.slug)
