"""How fast each page of the demo edition answers, by role: python bench/pages.py [--times 20] [--role buyer] [--check]

Every address that can be read is asked for by each role through the whole stack of middleware (gzip included), without the
network. Prints the median and the 95th percentile in milliseconds, the number of queries, and what is transferred: the page
compressed, and with the style sheet and scripts that a first visit loads too. "cpu" is the processor's time alone, which a busy
machine does not change much. Files (calendars, workbooks) are listed apart and have no limits.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROLES = ["visitor", "public", "juror", "buyer", "seller", "organiser", "administrator"]
SLOWEST, HEAVIEST = 200.0, 100_000
"""What must hold: the median of the slowest page in milliseconds, the bytes of the heaviest first visit."""
ASSET = re.compile(rb"""(?:href|src)="(/static/[^"]+)\"""")


@dataclass
class Measured:
    """One page as one role sees it."""

    role: str
    path: str
    is_page: bool
    median: float
    p95: float
    cpu: float
    queries: int
    page: int
    visit: int


def main() -> int:
    given = arguments()
    os.environ.setdefault("MADANG_DATA", str(ROOT / ".data" / "demo-live"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
    if not Path(os.environ["MADANG_DATA"], "madang.sqlite3").exists() and "DATABASE_URL" not in os.environ:
        print("There is no demo to measure yet; run `make demo` once, end it with Ctrl-C, and come back.", file=sys.stderr)
        return 2
    import django

    django.setup()
    found = [row for role in (given.role or ROLES) for row in measure_role(role, given.times)]
    show(found)
    return 1 if given.check and not holds(found) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast each page of the demo answers.")
    parser.add_argument("--times", type=int, default=20, help="requests a page (default: 20)")
    parser.add_argument("--role", action="append", choices=ROLES, help="only this role (may be given again)")
    parser.add_argument("--check", action="store_true", help=f"fail over {SLOWEST:.0f} ms or {HEAVIEST:,} bytes")
    return parser.parse_args()


def measure_role(role: str, times: int) -> Iterator[Measured]:
    """Every page that the role may read; what answers with a redirect or "not found" is left out."""
    from django.test import Client

    from madang.accounts.models import User

    client = Client(raise_request_exception=False, HTTP_ACCEPT_ENCODING="gzip", HTTP_HOST="localhost")
    if role != "visitor":
        client.force_login(User.objects.get(email=f"{role}@demo.example"))
    for path in addresses(role):
        status = client.get(path).status_code
        if status == 200:
            yield measure(client, role, path, times)
        elif status >= 500:
            print(f"{role}: {path} answers with {status}", file=sys.stderr)
            yield Measured(role, path, True, math.inf, math.inf, math.inf, 0, 0, 0)


def measure(client: Any, role: str, path: str, times: int) -> Measured:
    """Ask `times` times."""
    from django.db import connection

    counted: list[int] = []
    durations: list[float] = []
    busy: list[float] = []
    is_page = client.get(path).get("Content-Type", "").startswith("text/html")
    for _ in range(times if is_page else min(times, 3)):  # files take long and have no limits
        queries = 0

        def count(execute: Any, *rest: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*rest)

        with connection.execute_wrapper(count):
            begin, begin_busy = time.perf_counter(), time.process_time()
            answer = client.get(path)
            body = answer.getvalue()
            durations.append((time.perf_counter() - begin) * 1000)
            busy.append((time.process_time() - begin_busy) * 1000)
        counted.append(queries)
    durations.sort()
    plain = gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body
    p95 = durations[min(len(durations) - 1, round(0.95 * len(durations)))]
    visit = len(body) + (assets(plain) if is_page else 0)
    middle = statistics.median(durations)
    return Measured(role, path, is_page, middle, p95, statistics.median(busy), max(counted), len(body), visit)


def assets(page: bytes) -> int:
    """Bytes of the style sheets and scripts that the page names, as they are sent."""
    from django.conf import settings

    total = 0
    for url in {found.decode() for found in ASSET.findall(page)}:
        file = Path(settings.STATIC_ROOT) / url.removeprefix("/static/")
        packed = file.with_name(file.name + ".gz")
        total += (packed if packed.exists() else file).stat().st_size if file.exists() else 0
    return total


# --- Which pages -------------------------------------------------------------------------------------------------------


def addresses(role: str) -> list[str]:
    """Each address of the site with one part of the edition, then the lists that people search and filter."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    from madang.markets.models import Edition

    edition = Edition.objects.get(slug="bcm-2025")
    paths = ["/"]
    for name, parts in names(get_resolver()):
        for filled in fillings(edition, role, name, parts):
            try:
                paths.append(reverse(name, kwargs=filled))
            except NoReverseMatch:
                continue
    base = f"/e/{edition.slug}"
    paths += [f"{base}/titles/?q=moon", f"{base}/titles/?page=9", f"{base}/companies/?q=studio", f"{base}/companies/?page=9"]
    return [path for path in dict.fromkeys(paths) if "logout" not in path]


def names(resolver: Any, namespace: str = "", parts: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, changing parts) of the addresses of our own apps."""
    from django.urls import URLResolver

    for entry in resolver.url_patterns:
        here = (*parts, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from names(entry, entry.namespace or namespace, here)
        elif entry.name and namespace:
            yield f"{namespace}:{entry.name}", here


def fillings(edition: Any, role: str, name: str, parts: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the changing parts of an address may hold; empty when we have nothing to put there."""
    values: dict[str, Any] = {"edition": edition.slug, "version": 1}
    for part in set(parts) - set(values):
        value = sample(edition, role, name.split(":")[0], name, part)
        if value is None:
            return []
        values[part] = value
    return [{part: values[part] for part in parts}]


def sample(edition: Any, role: str, app: str, name: str, part: str) -> Any:
    """A code or key of the kind that the address asks for: of a busy row, as slow as it gets."""
    from django.db.models import Count, Q

    from madang.meetings.models import MeetingRequest, TimetableRun
    from madang.people.models import Company, Participant

    email = f"{role}@demo.example"
    busiest = Participant.objects.filter(edition=edition).annotate(n=Count("requests_received")).order_by("-n")
    own = MeetingRequest.objects.filter(Q(sender__user__email=email) | Q(receiver__user__email=email), edition=edition)
    choices: dict[tuple[str, str], Any] = {
        ("people", "code"): lambda: busiest.values_list("code", flat=True),
        ("catalogue", "code"): lambda: edition.titles.filter(is_showcase=True).values_list("code", flat=True),
        ("programme", "code"): lambda: edition.events.values_list("code", flat=True),
        ("mandates", "code"): lambda: edition.mandates.values_list("code", flat=True),
        ("meetings", "code"): lambda: (own or edition.requests.all()).values_list("code", flat=True),
        ("meetings", "key"): lambda: TimetableRun.objects.filter(edition=edition).values_list("key", flat=True),
    }
    if name == "people:company":
        return (
            Company.objects.filter(edition=edition)
            .annotate(n=Count("people"))
            .order_by("-n")
            .values_list("code", flat=True)
            .first()
        )
    if name in ("meetings:ask", "meetings:agenda_of"):
        return busiest.values_list("code", flat=True).first()
    if name == "meetings:calendar_feed":
        return busiest.values_list("feed_key", flat=True).first()
    found = choices.get((app, part))
    return found().first() if found else None


# --- The table ---------------------------------------------------------------------------------------------------------


def show(found: list[Measured]) -> None:
    """Pages, slowest first; then files, which have no limits."""
    pages = [row for row in found if row.is_page]
    for heading, rows in (("pages", pages), ("files", [row for row in found if not row.is_page])):
        print(f"{heading:<14} {'median ms':>9} {'p95 ms':>7} {'cpu ms':>7} {'queries':>7} {'page B':>9} {'visit B':>9}  address")
        for row in sorted(rows, key=lambda row: -row.median):
            times = f"{row.median:>9.1f} {row.p95:>7.1f} {row.cpu:>7.1f}"
            print(f"{row.role:<14} {times} {row.queries:>7} {row.page:>9,} {row.visit:>9,}  {row.path}")
        print()
    slowest, heaviest = max(row.median for row in pages), max(row.visit for row in pages)
    print(f"{len(pages)} pages. Slowest median {slowest:.0f} ms (at most {SLOWEST:.0f}), heaviest first visit ", end="")
    print(f"{heaviest:,} bytes (at most {HEAVIEST:,}): {'holds' if holds(pages) else 'FAILS'}.")


def holds(found: list[Measured]) -> bool:
    return all(row.median < SLOWEST and row.visit < HEAVIEST for row in found if row.is_page)


if __name__ == "__main__":
    sys.exit(main())
