"""How fast the pages of a jury answer at the size of a large call, and with how many queries: python bench/jury/pages.py

2,000 entries, 60 jurors, 3 readers each, all scored but one in ten, in a database of its own. Ends with 1 where a page takes more
than LIMIT queries.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 30
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MADANG_DATA": folder, "DJANGO_SETTINGS_MODULE": "settings"}
        sys.path.insert(0, str(ROOT / "tests"))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return measure()


def measure() -> int:
    """Build the call, then ask for each page five times."""
    from django.db import connection
    from django.test import Client

    call, organiser, juror = build()
    here, worst = f"/e/{call.edition.slug}", 0
    pages = {
        "a juror's list": (juror, f"{here}/jury/{call.code}/"),
        "one entry to score": (juror, f"{here}/jury/{call.code}/{juror_entry(call, juror)}/"),
        "a chair's overview": (juror, f"{here}/jury/{call.code}/overview/"),
        "a discussion": (juror, f"{here}/jury/{call.code}/{discussed_entry(call)}/discussion/"),
        "progress": (organiser, f"{here}/desk/jury/{call.code}/"),
        "proposal": (organiser, f"{here}/desk/jury/{call.code}/readings/"),
        "entry: who reads it": (organiser, f"{here}/desk/jury/{call.code}/entries/E-100/"),
        "entry: and why not": (organiser, f"{here}/desk/jury/{call.code}/entries/E-100/?why=1"),
        "ranking": (organiser, f"{here}/desk/jury/{call.code}/ranking/"),
        "ranking, both axes": (organiser, f"{here}/desk/jury/{call.code}/ranking/?axis=both"),
        "line-up": (organiser, f"{here}/desk/jury/{call.code}/line-up/"),
    }
    for name, (user, path) in pages.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        seen: list[str] = []
        with connection.execute_wrapper(lambda execute, sql, *rest, seen=seen: (seen.append(sql), execute(sql, *rest))[1]):
            status = client.get(path).status_code
        times = [clock(lambda client=client, path=path: client.get(path)) for _ in range(5)]
        print(f"{name:22} {status}  {len(seen):3} queries  {1000 * statistics.median(times):6.0f} ms of processor", flush=True)
        worst = max(worst, len(seen) if status == 200 else 1000)
    return 1 if worst > LIMIT else 0


def clock(act) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def build():
    """The call as the site makes it: assigned, scored, ranked."""
    from jury_rows import make_call, make_criteria, make_entries, make_jurors, organiser_of, score_all

    from madang.selection.actions.assignment import compute_assignment, start_assignment, take_assignment
    from madang.selection.actions.ranking import make_ranking
    from madang.selection.models import Reading

    call = make_call(readers=3)
    make_criteria(call)
    make_entries(call, 2000)
    jurors = make_jurors(call, 1, is_chair=True) + make_jurors(call, 59)
    organiser = organiser_of(call)
    run, _new = start_assignment(organiser, call, anew=False, most_compatriots=1)
    for name, act in (
        ("assignment computed", lambda: compute_assignment(run.key)),
        ("assignment taken", lambda: take_assignment(organiser, run)),
        ("scored", lambda: score_all(call, [r for r in Reading.objects.all() if r.pk % 10], mark)),
        ("ranked", lambda: make_ranking(organiser, call)),
    ):
        print(f"{name:22} {clock(act):6.1f} s of processor", flush=True)
        run.refresh_from_db()
    return call, organiser, jurors[0].participant.user


def mark(reading, criterion) -> int:
    return 2 + (reading.entry_id * 7 + reading.juror_id * 3 + criterion.pk * 5) % 8


def juror_entry(call, user) -> str:
    from madang.selection.models import Reading, ReadingState

    rows = Reading.objects.filter(juror__participant__user=user, juror__call=call, state=ReadingState.ASSIGNED)
    return rows.values_list("entry__code", flat=True).first()


def discussed_entry(call) -> str:
    """One that the chair, who is the first juror, has scored."""
    from madang.selection.models import Reading, ReadingState

    rows = Reading.objects.filter(juror__call=call, juror__is_chair=True, state=ReadingState.DONE)
    return rows.values_list("entry__code", flat=True).first()


if __name__ == "__main__":
    sys.exit(main())
