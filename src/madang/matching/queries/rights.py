"""The gate of rights: whether what a mandate needs is free of a title, by the rights kernel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from madang.catalogue.models import Title
from madang.deals.forms_free import MEDIA, YEARS
from madang.deals.queries.free import Answer, Question, answer_of, market_book, parts_below
from madang.deals.sets import read_sets
from madang.kernels import rights as kernel
from madang.mandates.models import Exclusivity, Mandate
from madang.people.models import Company


def question_of(mandate: Mandate, today: dt.date) -> Question | None:
    """Which rights a mandate needs: where it says nothing, those of the buyer's country, of most media, for three years.

    None where no territory can be read of it: then there is nothing to ask.
    """
    company = mandate.buyer.company.country if mandate.buyer.company else ""
    for territories in (mandate.territories, mandate.buyer.country, company):
        if territories and (sets := _sets(territories, mandate.media or MEDIA)):
            start = max(today, mandate.window_from or today)
            end = mandate.window_to or start.replace(year=start.year + YEARS, day=min(start.day, 28))
            if end < start:
                return None
            alone = mandate.exclusivity == Exclusivity.EXCLUSIVE
            return Question(*sets, start.toordinal(), end.toordinal() + 1, alone)
    return None


@lru_cache(maxsize=2000)
def _sets(territories: str, media: str) -> tuple[int, int, int] | None:
    try:
        found = read_sets(territories, media)
    except kernel.RightsError:
        return None
    return found.territories, found.media, found.languages


class RightsOf:
    """What is free of some titles. A constant number of queries, made when the first question comes; twice where some questions
    want a right alone and others do not."""

    def __init__(self, titles: Iterable[Title]) -> None:
        self.titles = list(titles)

    @cached_property
    def ids(self) -> frozenset[int]:
        """The titles, by their ids."""
        return frozenset(title.pk for title in self.titles)

    def passing(self, question: Question, buyer: Company | None) -> set[int]:
        """The titles of which all that is asked is free or on hold, or whose rights nobody stated."""
        catalogue = self._catalogue(question.exclusive)
        ask = kernel.Ask(question.scope, buyer=buyer.pk if buyer else None, exclusive=question.exclusive)
        free = {catalogue.titles[n] for n in catalogue.scan.free(ask).tolist()}
        unstated, parts = self._unstated, self._parts
        return {one.pk for one in self.titles if one.pk in unstated or (one.pk in free and free.issuperset(parts[one.pk]))}

    def answer(self, title: int, question: Question, buyer: Company | None) -> Answer:
        """What is free of one title, in parts."""
        return answer_of(self._catalogue(question.exclusive).book, title, question, buyer)

    def _catalogue(self, exclusive: bool) -> kernel.Catalogue:
        return self._alone if exclusive else self._shared

    @cached_property
    def _shared(self) -> kernel.Catalogue:
        return _ready(self.titles, exclusive=False)

    @cached_property
    def _alone(self) -> kernel.Catalogue:
        return _ready(self.titles, exclusive=True)

    @cached_property
    def _any(self) -> kernel.Catalogue:
        return self.__dict__.get("_alone") or self._shared

    @cached_property
    def _unstated(self) -> set[int]:
        book = self._any.book
        return {one.pk for one in self.titles if not any(line.kind is kernel.Kind.GRANT for line in book.of(one.pk))}

    @cached_property
    def _parts(self) -> dict[int, list[int]]:
        return {one.pk: list(parts_below(self._any.book, one.pk)) for one in self.titles}


def _ready(titles: Sequence[Title], *, exclusive: bool) -> kernel.Catalogue:
    book = market_book(titles, exclusive=exclusive)
    parts = [pk for title in titles for pk in parts_below(book, title.pk)]
    return kernel.Catalogue(book, [*(title.pk for title in titles), *parts])
