"""Who sees outcomes, and who writes them. Funders read published reports by their link; see `open_link`."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.outcomes.models import AcrossRun, Asked, BudgetImport, FunderLink, Report, ReportRun


def may_see_outcomes(user: Visitor, edition: Edition) -> bool:
    """Organisers: goals, budget, staffing, studies and unpublished figures are theirs."""
    return may_organise(user, edition)


def may_write_outcomes(user: Visitor, edition: Edition) -> bool:
    """Organisers."""
    return may_organise(user, edition)


def visible_reports(user: Visitor, edition: Edition) -> QuerySet[Report]:
    """All of an edition's for organisers, none for others."""
    reports = Report.objects.filter(edition=edition).select_related("edition", "replaces")
    return reports if may_see_outcomes(user, edition) else reports.none()


def visible_report_runs(user: Visitor, edition: Edition) -> QuerySet[ReportRun]:
    """Freezings and makings of files, the newest first; for organisers."""
    runs = ReportRun.objects.filter(edition=edition).select_related("edition", "report")
    return runs if may_see_outcomes(user, edition) else runs.none()


def visible_across_runs(user: Visitor) -> QuerySet[AcrossRun]:
    """The user's own: they tell how many editions she organises."""
    runs = AcrossRun.objects.select_related("asked_by")
    return runs.filter(asked_by=user) if user.is_authenticated else runs.none()


def visible_budget_imports(user: Visitor, edition: Edition) -> QuerySet[BudgetImport]:
    """Files of the budget that wait for a word, and those that had it; for organisers."""
    rows = BudgetImport.objects.filter(edition=edition).select_related("edition", "asked_by")
    return rows if may_see_outcomes(user, edition) else rows.none()


def visible_links(user: Visitor, edition: Edition) -> QuerySet[FunderLink]:
    """An edition's links for funders, also those that are over; for organisers."""
    links = FunderLink.objects.filter(edition=edition).select_related("edition", "made_by", "beside")
    return links if may_see_outcomes(user, edition) else links.none()


def open_link(key: str, edition: Edition) -> FunderLink | None:
    """The link of that key, as long as it is neither revoked nor over."""
    links = FunderLink.objects.filter(edition=edition, key=key, revoked_at=None).select_related("edition")
    return links.filter(Q(expires_at=None) | Q(expires_at__gt=edition.now())).first()


def linked_reports(link: FunderLink) -> QuerySet[Report]:
    """The published reports of the link's edition."""
    return Report.objects.filter(edition=link.edition, is_published=True).select_related("edition", "replaces")


def reports_beside(link: FunderLink) -> QuerySet[Report]:
    """The published reports of the edition that the link shows beside its own; none where it shows none."""
    return Report.objects.filter(edition=link.beside_id, is_published=True).select_related("edition", "replaces")


def asked_by(key: str, edition: Edition) -> Asked | None:
    """Who is asked by that link, as long as its round is open."""
    today = edition.now().astimezone(edition.zone).date()
    rows = Asked.objects.filter(key=key, round__edition=edition, round__opens_on__lte=today, round__closes_on__gte=today)
    return rows.select_related("round__edition", "participant__company", "participant__edition").first()
