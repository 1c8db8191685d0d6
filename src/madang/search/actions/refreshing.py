"""The index follows its edition: rows that changed are written anew, rows that are gone are taken out, the rest is left alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from madang.markets.models import Edition, LogEntry
from madang.search.models import Circle, Entry, Freshness, Word
from madang.search.sources import Source, sources
from madang.search.tokens import in_pairs, name_tokens, runs, text_tokens

T = TypeVar("T")
BATCH = 500
SETTLING = dt.timedelta(minutes=5)
"""So long after a line of the log the rows are still compared: another process may commit what it wrote down earlier."""
WIDTHS = {Circle.SOME: 0, Circle.BUSINESS: 1, Circle.VISITORS: 2}
SAID = ("kind", "words", "circle")
Said = tuple[str, str, bool]
"""A kind, a word, and whether visitors read it."""
Words = Counter[Said]
SHORTEST, LONGEST = 3, 30
"""Letters of words that are worth suggesting; two syllables are as many letters."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many entries were written, and taken out."""

    written: int
    removed: int


class Known(NamedTuple):
    """An entry as it stands."""

    pk: int
    digest: str
    circle: str


@transaction.atomic
def refresh(edition: Edition) -> Refreshed:
    """Compare every row of the edition with its entry by their digests, and write what differs. Nothing twice."""
    freshness = _hold(edition)
    line = _last_line(edition)
    known = {(kind, row): Known(pk, digest, circle) for kind, row, pk, digest, circle in _entries(edition)}
    changed, written = Words(), 0
    seen: set[tuple[str, int]] = set()
    for batch in _batches(_differing(edition, known, seen), BATCH):
        _write(edition, batch, known, changed)
        written += len(batch)
    gone = [entry.pk for key, entry in known.items() if key not in seen]
    for at in range(0, len(gone), BATCH):
        rows = Entry.objects.filter(pk__in=gone[at : at + BATCH])
        for entry in rows.only(*SAID):
            changed.subtract(_words(entry))
        rows.delete()
    _count_words(edition, changed)
    _note(freshness, line)
    return Refreshed(written, len(gone))


def refresh_if_changed(edition: Edition, _now: dt.datetime) -> Refreshed | None:
    """As `refresh`, where the log says that something happened since the last time, or had just happened then."""
    known = Freshness.objects.filter(edition=edition).first()
    settled = known is not None and known.line_at < timezone.now() - SETTLING
    if known is not None and settled and known.line == _last_line(edition):
        return None
    return refresh(edition)


@transaction.atomic
def rebuild(edition: Edition) -> Refreshed:
    """Throw all entries and words of the edition away and make them anew; what is already known stays as old as it is."""
    _hold(edition)
    entries = Entry.objects.filter(edition=edition)
    ages = {(kind, row): at for kind, row, at in entries.values_list("kind", "row", "found_first_at")}
    entries.delete()
    Word.objects.filter(edition=edition).delete()
    done = refresh(edition)
    rows = [entry for entry in entries.all().only("kind", "row") if (entry.kind, entry.row) in ages]
    for entry in rows:
        entry.found_first_at = ages[entry.kind, entry.row]
    Entry.objects.bulk_update(rows, ["found_first_at"], batch_size=BATCH)
    return done


def _entries(edition: Edition) -> Iterable[tuple[str, int, int, str, str]]:
    return Entry.objects.filter(edition=edition).values_list("kind", "row", "pk", "digest", "circle")


def _differing(edition: Edition, known: dict[tuple[str, int], Known], seen: set[tuple[str, int]]) -> Iterator[Source]:
    """The sources whose entries are missing or of another digest; all of them are noted in `seen`."""
    for source in sources(edition):
        seen.add(source.key)
        if source.key not in known or known[source.key].digest != source.digest:
            yield source


def _write(edition: Edition, batch: list[Source], known: dict[tuple[str, int], Known], changed: Words) -> None:
    """Store the entries of these sources, and count their words for those that they said before."""
    older: list[Entry] = []
    newer: list[Entry] = []
    for before in Entry.objects.filter(pk__in=[one.pk for source in batch if (one := known.get(source.key))]).only(*SAID):
        changed.subtract(_words(before))
    for source in batch:
        old, entry = known.get(source.key), _entry(edition, source)
        is_wider = old is None or WIDTHS[source.circle] > WIDTHS[Circle(old.circle)]
        (newer if is_wider else older).append(entry)
        changed.update(_words(entry))
    fields = ["names", "texts", "words", "circle", "digest"]
    for rows, named in ((older, fields), (newer, [*fields, "found_first_at"])):
        Entry.objects.bulk_create(rows, update_conflicts=True, unique_fields=["kind", "row"], update_fields=named)


def _entry(edition: Edition, source: Source) -> Entry:
    names, texts = name_tokens(source.names), text_tokens(source.texts)
    facts = {"circle": source.circle, "digest": source.digest, "found_first_at": timezone.now()}
    return Entry(edition=edition, kind=source.kind, row=source.row, names=names, texts=texts, words=_suggested(source), **facts)


def _suggested(source: Source) -> str:
    """The words of a source that are worth suggesting to its circle, with a space between them; none to `SOME`."""
    if source.circle == Circle.SOME:
        return ""
    said = {run for text in (*source.names, *source.texts) for run in runs(text)}
    return " ".join(sorted(word for word in said if _is_suggestible(word)))


def _is_suggestible(word: str) -> bool:
    return not word.isdigit() and (2 if in_pairs(word) else SHORTEST) <= len(word) <= LONGEST


def _words(entry: Entry) -> Iterator[Said]:
    """What an entry counts for, as `_count_words` takes it."""
    is_open = entry.circle == Circle.VISITORS
    return ((str(entry.kind), word, is_open) for word in entry.words.split(" ") if word)


def _count_words(edition: Edition, changed: Words) -> None:
    """Add words to those of the edition, or take them away."""
    for batch in _batches((one for one in sorted(changed.items()) if one[1]), BATCH):
        texts = {text for (_kind, text, _is_open), _count in batch}
        words = {(word.kind, word.text): word for word in Word.objects.filter(edition=edition, text__in=texts)}
        for (kind, text, is_open), count in batch:
            word = words.setdefault((kind, text), Word(edition=edition, kind=kind, text=text))
            word.entries += count
            word.open_entries += count * is_open
        Word.objects.bulk_create(
            words.values(),
            update_conflicts=True,
            unique_fields=["edition", "kind", "text"],
            update_fields=["entries", "open_entries"],
        )
        Word.objects.filter(edition=edition, text__in=texts, entries=0).delete()


def _last_line(edition: Edition) -> int:
    """The newest line of the edition's log."""
    return LogEntry.objects.filter(edition=edition).aggregate(last=Max("pk"))["last"] or 0


def _hold(edition: Edition) -> Freshness:
    """Of two who follow the same edition the second waits, so that nothing is counted twice."""
    Freshness.objects.get_or_create(edition=edition)
    return Freshness.objects.select_for_update().get(edition=edition)


def _note(freshness: Freshness, line: int) -> None:
    """Keep how far the log was read before the rows were."""
    if freshness.line != line:
        freshness.line, freshness.line_at = line, timezone.now()
        freshness.save()


def _batches(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(rows, size)):
        yield batch
