"""What one has been told."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madang.markets.pages import EditionRequest, edition_page
from madang.people.actions import read_notices
from madang.people.notices import notice_text, notice_url
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
