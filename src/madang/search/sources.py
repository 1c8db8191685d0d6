"""What an edition's rows can be found by: their names, their texts, and who may read them at the widest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import translation

from madang.catalogue.models import Format, Genre, Title
from madang.kit.languages import LANGUAGES
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.people.models import Block, Company, Participant, SeenBy
from madang.people.queries import country_words
from madang.people.rules import PROFESSIONAL
from madang.programme.models import Event
from madang.search.models import Circle, Kind

MAKING = "2"
"""Changes when the way from rows to tokens does: every entry is then made anew."""
NAMES = ("name", "name_ko", "name_fr")
IDENTITY = tuple(f"identity__{part}{end}" for part in ("for_whom", "to_keep", "to_learn") for end in ("", "_ko", "_fr"))
TITLE_NAMES = (*NAMES, "name_original", "code")
CREDITS = ("creators", "directors", "producers", "sales")
TITLE_TEXTS = ("synopsis", "synopsis_ko", "synopsis_fr", "section", "prizes", *IDENTITY)
EVENT_NAMES = (*NAMES, *(f"title__{name}" for name in TITLE_NAMES[:-1]))
EVENT_TEXTS = ("about", "about_ko", "about_fr", "hall__name", "hall__name_ko", "hall__name_fr")
PERSON = ("family_name", "given_name", "native_name", "code", "job_title", "company__name", "company__name_ko")


@dataclass(frozen=True, slots=True)
class Source:
    """One row as it is found. `names` count more than `texts`."""

    kind: Kind
    row: int
    names: tuple[str, ...]
    texts: tuple[str, ...]
    circle: Circle

    @property
    def key(self) -> tuple[str, int]:
        """What its entry is found by."""
        return str(self.kind), self.row

    @property
    def digest(self) -> str:
        """Changes with anything above."""
        said = "\x1f".join([MAKING, self.circle, *self.names, "\x1e", *self.texts])
        return hashlib.sha1(said.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def sources(edition: Edition) -> Iterator[Source]:
    """Everything of an edition that can be found, in five queries."""
    yield from _titles(edition)
    yield from _companies(edition)
    yield from _people(edition)
    yield from _mandates(edition)
    yield from _events(edition)


def _titles(edition: Edition) -> Iterator[Source]:
    rows = Title.objects.filter(edition=edition, part_of=None)
    columns = (*TITLE_NAMES, *CREDITS, *TITLE_TEXTS)
    first, second = len(TITLE_NAMES), len(TITLE_NAMES) + len(CREDITS)
    facts = ("is_showcase", "is_withdrawn", "format", "genre", "countries")
    for pk, is_showcase, is_withdrawn, form, genre, countries, *cells in _cells(rows, *facts, *columns):
        circle = Circle.SOME if is_withdrawn else Circle.VISITORS if is_showcase else Circle.BUSINESS
        names = (*cells[:first], *_people_in(cells[first:second]))
        texts = (*cells[second:], *fact_words(form, genre, countries))
        yield Source(Kind.TITLE, pk, _filled(names), _filled(texts), circle)


def _companies(edition: Edition) -> Iterator[Source]:
    for pk, about, *names in _cells(Company.objects.filter(edition=edition), "about", "name", "name_ko", "code"):
        yield Source(Kind.COMPANY, pk, _filled(names), _filled([about]), Circle.BUSINESS)


def _people(edition: Edition) -> Iterator[Source]:
    rows = Participant.objects.filter(edition=edition).annotate(is_open=_is_open_person())
    for pk, is_open, family, given, native, code, *rest in _cells(rows, "is_open", *PERSON):
        names = _filled([f"{family} {given}", f"{given} {family}", native, code])
        yield Source(Kind.PERSON, pk, names, _filled(rest), Circle.BUSINESS if is_open else Circle.SOME)


def _mandates(edition: Edition) -> Iterator[Source]:
    """Without the buyer's name: whoever reads a mandate need not know whose it is."""
    people = Participant.objects.filter(edition=edition).annotate(is_open=_is_open_person()).filter(is_open=True)
    shown = Mandate.objects.filter(visibility=Visibility.PUBLIC, buyer__in=people.values("pk"), pk=OuterRef("pk"))
    rows = Mandate.objects.filter(edition=edition).annotate(is_open=Exists(shown))
    for pk, is_open, code, text, form, genre, places in _cells(rows, "is_open", "code", "text", "format", "genre", "territories"):
        texts = (text, *fact_words(form, genre, places))
        yield Source(Kind.MANDATE, pk, _filled([code]), _filled(texts), Circle.BUSINESS if is_open else Circle.SOME)


def _events(edition: Edition) -> Iterator[Source]:
    for pk, is_public, *cells in _cells(Event.objects.filter(edition=edition), "is_public", *EVENT_NAMES, *EVENT_TEXTS):
        circle = Circle.VISITORS if is_public else Circle.BUSINESS
        yield Source(Kind.EVENT, pk, _filled(cells[: len(EVENT_NAMES)]), _filled(cells[len(EVENT_NAMES) :]), circle)


@lru_cache(10_000)
def fact_words(form: str, genre: str, countries: str) -> tuple[str, ...]:
    """A format, a genre and countries as people of each language write them."""
    found: list[str] = []
    for language, _name in LANGUAGES:
        with translation.override(language):
            found += [str(Format(form).label)] if form else []
            found += [str(Genre(genre).label)] if genre and genre != Genre.OTHER else []
            places = [code.strip() for code in countries.replace(";", ",").split(",")]
            found += [country_words(code) if len(code) == 2 else code for code in places if code]
    return tuple(dict.fromkeys(found))


def _is_open_person() -> Any:
    """Whom all who do business see: nobody who hides, has left, or blocked a company."""
    blocks = Exists(Block.objects.filter(participant=OuterRef("pk")))
    return Case(When(PROFESSIONAL & Q(left_at=None, seen_by=SeenBy.EVERYONE) & ~blocks, then=True), default=False)


def _cells(rows: Any, *columns: str) -> Iterable[tuple[Any, ...]]:
    """The rows' cells after their primary keys, without holding them all."""
    found: Iterable[tuple[Any, ...]] = rows.order_by().values_list("pk", *columns).iterator(chunk_size=2000)
    return found


def _people_in(cells: Iterable[str]) -> Iterator[str]:
    """Each name of lists of names with commas or semicolons."""
    for cell in cells:
        yield from (name.strip() for name in (cell or "").replace(";", ",").split(","))


def _filled(cells: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell for cell in cells if cell))
