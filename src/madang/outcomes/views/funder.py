"""What a funder reads by a link, without an account; and the organiser's page of such links.

Every address that leads nowhere, whatever the reason, has the same answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.languages import LANGUAGES
from madang.markets.models import Edition
from madang.markets.pages import organiser_page
from madang.outcomes.actions.links import count_opening, make_link, revoke_link
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_reports import LinkForm
from madang.outcomes.models import FunderLink, Report
from madang.outcomes.queries.dashboard import COMPARED, comparable
from madang.outcomes.queries.reports import newest_files
from madang.outcomes.reports.document import document_of
from madang.outcomes.reports.files import KINDS
from madang.outcomes.reports.parts import Section
from madang.outcomes.reports.shared import beside_section, burn_section
from madang.outcomes.rules import linked_reports, open_link, reports_beside, visible_links
from madang.outcomes.views.goals import OrganiserRequest
from madang.outcomes.views.reports import file_kinds, file_of

OVERVIEW = ("goals", "funnel", "beside", "burn", "hours", "map")
"""Sections that stand on a funder's first page, in this order: of the newest report, and what the link shows beside it."""


@require_safe
@never_cache
def funder(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """The published reports of the edition, the newest first."""
    link = _link(edition, key)
    if link is None:
        return _nothing(request)
    if request.method == "GET":
        count_opening(link)
    rows = list(linked_reports(link).select_related("replaced_by"))
    newest = _newest(rows)
    made = {one.key: one for one in [*document_of(newest).sections, *_shared(link, newest)]} if newest else {}
    sections = [made[key] for key in OVERVIEW if key in made]
    context = {"link": link, "reports": rows, "newest": newest, "document": {"sections": sections}}
    return _private(render(request, "outcomes/funder.html", context))


@require_safe
@never_cache
def funder_report(request: HttpRequest, edition: str, key: str, number: int) -> HttpResponse:
    """A published report: public measures, nothing small."""
    link, report = _published(edition, key, number)
    if link is None or report is None:
        return _nothing(request)
    made = newest_files(report)
    context = {
        "link": link,
        "report": report,
        "document": document_of(report),
        "later": linked_reports(link).filter(replaces=report).first(),
        "files": [(code, name) for code, name in LANGUAGES if code in made and default_storage.exists(made[code].stored)],
        "kinds": file_kinds(),
    }
    return _private(render(request, "outcomes/funder_report.html", context))


@require_safe
@never_cache
def funder_file(request: HttpRequest, edition: str, key: str, number: int, language: str, kind: str) -> HttpResponse:
    """A file of a published report, as it was made for everybody."""
    link, report = _published(edition, key, number)
    if link is None or report is None or kind not in KINDS or language not in newest_files(report):
        return _nothing(request)
    return _private(file_of(report, language, kind))


def _shared(link: FunderLink, report: Report) -> list[Section]:
    """What the organiser shares by this link beside the report's own sections."""
    other = _newest(reports_beside(link).select_related("replaced_by")) if link.beside_id else None
    found = [beside_section(report, other, COMPARED)] if other else []
    return [*found, burn_section(report)] if link.shows_costs else found


def _newest(reports: Iterable[Report]) -> Report | None:
    """The newest that no published one corrects."""
    return next((one for one in reports if not _is_corrected(one)), None)


def _is_corrected(report: Report) -> bool:
    later = getattr(report, "replaced_by", None)
    return later is not None and later.is_published


def _link(edition: str, key: str) -> FunderLink | None:
    found = Edition.objects.filter(slug=edition).first()
    return open_link(key, found) if found else None


def _published(edition: str, key: str, number: int) -> tuple[FunderLink | None, Report | None]:
    link = _link(edition, key)
    return link, linked_reports(link).filter(number=number).first() if link else None


def _nothing(request: HttpRequest) -> HttpResponse:
    """One answer for links that are unknown, revoked or over, and for what they do not show."""
    return _private(render(request, "outcomes/funder_gone.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """Not to be found by search engines, and the address with its key is told to nobody else."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def links(request: OrganiserRequest) -> HttpResponse:
    """Links for funders: who has one, until when, how often it was opened; make one."""
    others = comparable(request.user, request.edition).filter(reports__is_published=True)
    form = LinkForm(request.POST if request.method == "POST" else None, editions=others)
    if form.is_valid():
        try:
            make_link(request.user, request.edition, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("last_day", str(refusal))
        else:
            messages.success(request, _("The link is made: copy it below, and send it to nobody else."))
            return redirect("outcomes:funder_links", request.edition.slug)
    context = {
        "form": form,
        "links": [(link, _last_day(link)) for link in visible_links(request.user, request.edition)],
        "now": request.edition.now(),
        "site": f"{request.scheme}://{request.get_host()}",
        "has_published": Report.objects.filter(edition=request.edition, is_published=True).exists(),
    }
    return render(request, "outcomes/funder_links.html", context, status=422 if form.errors else 200)


def _last_day(link: FunderLink) -> dt.date | None:
    """The last whole day at the venue on which it works."""
    return (link.expires_at - dt.timedelta(seconds=1)).astimezone(link.edition.zone).date() if link.expires_at else None


@require_POST
@organiser_page
def revoke(request: OrganiserRequest, number: int) -> HttpResponse:
    """Whoever has the address gets nothing any more."""
    revoke_link(request.user, get_object_or_404(visible_links(request.user, request.edition), pk=number))
    messages.success(request, _("The link is revoked."))
    return redirect("outcomes:funder_links", request.edition.slug)
