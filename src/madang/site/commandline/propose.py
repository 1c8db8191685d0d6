"""`madang matching propose EDITION`: proposed meetings with what each floor costs. Nothing is written but with --save."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault
from madang.site.commandline.timetable import found_actor, found_edition, seed

if TYPE_CHECKING:
    from madang.kernels.matching.assignment import Progress
    from madang.markets.models import Edition
    from madang.matching.queries.exposure import Asked, Proposed

NO_MEETINGS = 1
"""The exit code where no buyer and title fit each other."""


def parser() -> argparse.ArgumentParser:
    """The arguments of `madang matching propose EDITION`."""
    own = argparse.ArgumentParser(
        prog="madang matching propose",
        description="The meetings that an edition could suggest, so that every title is heard, and what each floor costs.",
        epilog="Exit codes: 0 done, 1 nobody fits, 2 a fault to mend. Progress goes to the error output.",
    )
    own.add_argument("edition", metavar="EDITION", help="the edition's code, as in its address /e/CODE/")
    own.add_argument("--floor", type=int, choices=range(4), help="meetings each title gets at least (as the dials stand)")
    own.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed gives another plan of the same worth")
    own.add_argument("--json", action="store_true", help="print the report and the meetings as JSON")
    own.add_argument("--out", type=Path, metavar="FILE.csv", help="write the meetings to this file")
    own.add_argument("--save", action="store_true", help="keep them as drafts on the organiser's desk")
    own.add_argument("--as", dest="email", metavar="EMAIL", help="the organiser in whose name they are kept, for the log")
    return own


def run_propose(rest: Sequence[str]) -> int:
    """Compute, print, write what was asked for."""
    given = parser().parse_args(rest)
    from madang.site.commandline import sentence, start_django

    known = start_django()
    try:
        return _propose(given)
    except known as fault:
        raise Fault(sentence(fault)) from None


def _propose(given: argparse.Namespace) -> int:
    from madang.matching.queries.exposure import asked_of, dials_of

    edition = found_edition(given.edition)
    dials = dials_of(edition)
    if given.floor is not None:
        dials.floor = given.floor
    asked = asked_of(dials, given.seed)
    proposed = _computed(edition, asked)
    if proposed is None:
        print("No buyer and title fit each other that have not been brought together before.")
        return NO_MEETINGS
    rows = _meetings(proposed)
    if given.out:
        _write(given.out, rows)
    if given.save:
        _save(edition, asked, proposed, given.email)
    if given.json:
        whole = {"edition": edition.slug, "asked": asked.as_json(), **_told(proposed), "meetings": rows}
        print(json.dumps(whole, ensure_ascii=False, indent=1))
        return 0
    print(_words(proposed))
    if given.save:
        print(f"Kept as drafts: look at them at /e/{edition.slug}/desk/exposure/")
    return 0


def _computed(edition: Edition, asked: Asked) -> Proposed | None:
    from madang.matching.queries.exposure import exposure_of, propose

    bar = Bar("Meetings", aside=True)
    bar.show(0, 1, "reading mandates and titles")

    def watch(what: str, done: int, total: int, now: Progress) -> None:
        bar.show(done, total, f"{what}: {now.meetings:,} meetings")

    exposure = exposure_of(edition, asked)
    if not exposure.market.gates.any():
        bar.end("none")
        return None
    proposed = propose(exposure, watch)
    bar.end(f"{len(proposed.plan.meetings):,}")
    return proposed


def _meetings(proposed: Proposed) -> list[dict[str, Any]]:
    """A row a meeting, by codes and names, the likeliest first."""
    from madang.catalogue.models import Title
    from madang.mandates.models import Mandate
    from madang.matching.queries.exposure import suggestion_rows
    from madang.people.models import Participant

    rows = sorted(suggestion_rows(proposed), key=lambda row: (-row["chance"], row["buyer_id"], row["title_id"]))
    titles, buyers = set(proposed.exposure.titles), {row["buyer_id"] for row in rows}
    title = {one.pk: one for one in Title.objects.filter(edition__titles__in=titles).distinct().select_related("edition")}
    buyer = {one.pk: one for one in Participant.objects.filter(edition__participants__in=buyers).distinct()}
    mandate = dict(Mandate.objects.filter(edition__participants__in=buyers).distinct().values_list("pk", "code"))
    return [
        {
            "buyer": buyer[row["buyer_id"]].code,
            "buyer_name": buyer[row["buyer_id"]].name,
            "title": title[row["title_id"]].code,
            "title_name": str(title[row["title_id"]]),
            "mandate": mandate.get(row["mandate_id"], ""),
            "chance": round(row["chance"], 4),
            "low": round(row["low"], 4),
            "high": round(row["high"], 4),
            "for_the_floor": row["by_floor"],
        }
        for row in rows
    ]


def _told(proposed: Proposed) -> dict[str, Any]:
    """The report, titles by their codes."""
    from madang.catalogue.models import Title

    report = proposed.report
    codes = dict(Title.objects.filter(pk__in=[row["title"] for row in report["lacking"]]).values_list("pk", "code"))
    lacking = [row | {"title": codes[row["title"]]} for row in report["lacking"]]
    return {name: value for name, value in report.items() if name != "meetings"} | {"lacking": lacking}


def _words(proposed: Proposed) -> str:
    """The same for a person."""
    from madang.matching.queries.exposure_results import LACKS

    told = _told(proposed)
    lines = [
        f"{len(proposed.plan.meetings):,} meetings, {told['expected']:.1f} expected hits "
        f"({100 * max(0.0, 1 - told['expected'] / told['free']) if told['free'] else 0:.1f} % given up for the floors).",
        "",
        "floor  meetings  expected hits  given up  titles met  lacking",
    ]
    for row in told["prices"]:
        lost = f"{100 * row['lost']:.1f} %"
        cells = (row["floor"], row["meetings"], f"{row['expected']:.1f}", lost, row["met"], row["lacking"])
        lines.append("{:>5}  {:>8,}  {:>13}  {:>8}  {:>10,}  {:>7,}".format(*cells))
    if told["lacking"]:
        lines += ["", f"{len(told['lacking']):,} titles have fewer than their floor:"]
        for code, (heading, _text) in LACKS.items():
            titles = [row["title"] for row in told["lacking"] if row["code"] == code]
            more = f" and {len(titles) - 12:,} more" if len(titles) > 12 else ""
            lines += [f"  {heading} ({len(titles):,}): {', '.join(titles[:12])}{more}"] if titles else []
    return "\n".join(lines)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    from madang.kit.tables import csv_bytes

    head = list(rows[0]) if rows else ["buyer", "title"]
    path.write_bytes(csv_bytes(head, [[_cell(row[name]) for name in head] for row in rows]))


def _cell(value: Any) -> str:
    return "" if value is False else str(value)


def _save(edition: Edition, asked: Asked, proposed: Proposed, email: str | None) -> None:
    from django.core.exceptions import PermissionDenied

    from madang.matching.actions.exposure import keep, start_proposals

    try:
        run, is_new = start_proposals(found_actor(email), edition, asked)
    except PermissionDenied:
        raise Fault(f"{email} does not organise {edition.slug}.") from None
    if not is_new:
        raise Fault(f"meetings of {edition.slug} are being computed already; wait for it, or stop it on its page.")
    keep(run, proposed)
