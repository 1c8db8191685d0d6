"""What each dial costs: start the comparison, and how far it is."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.pages import organiser_page
from madang.meetings import tasks
from madang.meetings.actions.prices import start_prices
from madang.meetings.queries.timetable import latest_prices
from madang.meetings.views.timetable import OrganiserRequest, to_timetable


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def prices(request: OrganiserRequest) -> HttpResponse:
    """POST starts it; for htmx the part of the page that shows how far it is; else back to the timetable, which shows it."""
    if request.method == "POST":
        with transaction.atomic():  # the run and its task: both or none
            run, is_new = start_prices(request.user, request.edition)
            if is_new:
                tasks.price_dials.enqueue(run.key)
        return to_timetable(request)
    latest = latest_prices(request.edition)
    if latest is None or not request.headers.get("HX-Request"):
        return to_timetable(request)
    if not notice_interrupted(latest).is_open:
        return HttpResponseClientRefresh()
    return render(request, "meetings/prices.html#progress", {"price_run": latest, "price_told": progress.told(latest.key)})
