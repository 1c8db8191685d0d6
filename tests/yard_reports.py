"""The yard's reports: one that is published, the one that corrects it, and links for funders."""

from __future__ import annotations

from typing import Any

from madang.markets.models import RunState
from madang.outcomes.actions.links import make_link
from madang.outcomes.actions.reports import freeze_report, publish_report
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.models import FunderLink, ReportRun

NAMES = {"name": "What the yard brought " + "Ünglaublich " * 8, "name_ko": "마당의 성과"}
SPECIAL = {
    **{(f"outcomes:{name}", "number"): "report" for name in (
        "publish_report", "unpublish_report", "check_report", "make_report_files", "report_file", "report_figure",
        "report_row", "funder_report", "funder_file",
    )},
    **{(f"outcomes:{name}", "position"): "report_position" for name in ("report_figure", "report_row")},
    **{(f"outcomes:{name}", "key"): "report_run" for name in ("report_run", "stop_report")},
    **{(f"outcomes:{name}", "key"): "funder_link" for name in ("funder", "funder_report", "funder_file")},
    **{(f"outcomes:{name}", "language"): "report_language" for name in ("report_file", "funder_file")},
    **{(f"outcomes:{name}", "kind"): "report_kind" for name in ("report_file", "funder_file")},
    ("outcomes:report", "number"): "report_second",
    ("outcomes:report_row", "row"): "report_position",
    ("outcomes:revoke_link", "number"): "funder_link_number",
}  # fmt: skip


def add_reports(yard: Any) -> None:
    """After everything that figures count."""
    edition, organiser = yard.edition, yard.accounts["organiser"]
    measures = [CATALOGUE[code] for code in ("meetings_planned", "offers", "paid_value", "titles_met")]
    publish_report(organiser, freeze_report(organiser, edition, NAMES, measures=measures))
    second = freeze_report(organiser, edition, NAMES, measures=measures, replaces=1)
    second.corrections.create(
        measure="offers", before={"version": 1, "columns": {"confirmed": "3"}},
        after={"version": 1, "columns": {"confirmed": "1"}}, reason="",
    )  # fmt: skip
    done = {"state": RunState.FAILED, "finished_at": edition.now(), "fault": "Meetings held cannot be frozen."}
    run = ReportRun.objects.create(edition=edition, asked_by=organiser, **done)
    make_link(organiser, edition, "City of Busan " + "가" * 60)
    link = FunderLink.objects.get(edition=edition)
    yard.codes |= {
        "report": 1, "report_second": 2, "report_position": 0, "report_run": run.key,
        "report_language": "ko", "report_kind": "pdf",
        "funder_link": link.key, "funder_link_number": link.pk,
    }  # fmt: skip
