"""Whether the files of an edition are as it is: its mark, a short text that changes with whatever they follow from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from madang.markets.models import Edition, LogEntry
from madang.meetings.queries.held import entries_close
from madang.outcomes.across.schema import VERSION
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.models import EditionFiles


def root() -> Path:
    """The folder of all editions' files."""
    return Path(settings.MEDIA_ROOT) / "across"


def mark_of(edition: Edition) -> str:
    """Newest log line and number of lines of this market up to this edition; the day, until the last word on its meetings is
    spoken; what measures and files are like. Every write leaves a line in the log, and a late one changes their number."""
    lines = LogEntry.objects.filter(edition__market=edition.market_id, edition__starts_on__lte=edition.starts_on)
    told = lines.aggregate(newest=Max("pk"), lines=Count("pk"))
    is_over = edition.now() >= entries_close(edition)
    day = "over" if is_over else str(edition.now().astimezone(edition.zone).date())
    return f"{VERSION} {told['newest'] or 0} {told['lines']} {day} {_rules(edition)}"


def _rules(edition: Edition) -> str:
    """What else the files follow from: the edition's own words, versions of measures, and the key of pseudonyms."""
    about = f"{edition.market_id} {edition.starts_on} {edition.ends_on} {edition.time_zone} {settings.SECRET_KEY}"
    versions = " ".join(f"{code}:{measure.version}" for code, measure in sorted(measures_of(edition).items()))
    return hashlib.sha256(f"{about} {versions}".encode()).hexdigest()[:16]


def lacking(files: EditionFiles) -> bool:
    """Whether a file is gone or has another size than when it was made; for each page, so nothing is opened."""
    return not files.folder or any(_size(root() / files.folder / name) != told["bytes"] for name, told in files.files.items())


def damaged(files: EditionFiles) -> bool:
    """Whether a file is not what was written, byte by byte."""
    if lacking(files):
        return True
    return any(digest_of(root() / files.folder / name) != told["sha256"] for name, told in files.files.items())


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
