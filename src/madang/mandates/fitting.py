"""Which titles a mandate is for, by the facts of the catalogue, in SQL. Rights, budget and languages are weighed by matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import CharField, Expression, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from madang.catalogue.models import Profile, Title
from madang.kit.codes import codes
from madang.mandates.models import FirstTime, Mandate

ASKED = ("format", "genre", "minutes_from", "minutes_to", "first_time", "must_nots")
"""Fields of a mandate that these facts are held against."""
TAGS = ("tones", "themes", "audiences")
Wish = Callable[[str], Expression]


def offered_titles() -> QuerySet[Title]:
    """Whole works on offer by a company."""
    return Title.objects.filter(is_withdrawn=False, part_of=None, company__isnull=False).order_by()


def fitting(titles: QuerySet[Title], wish: Wish, refused: Iterable[str]) -> QuerySet[Title]:
    """Those of `titles` that pass the gates of the catalogue: format, genre, minutes, first work, what it must not be.

    `wish` gives a field of the mandate as an expression (its value, or `OuterRef`); `refused` are the concepts to look for
    among its must-nots. What a title does not say passes: it is nobody's fault to be new.
    """
    asked = {f"asked_{name}": wish(name) for name in ASKED}
    found = titles.alias(**asked, asked_nots=listed("asked_must_nots"), tags=tags())
    found = found.filter(
        Q(asked_format="") | Q(asked_format=F("format")),
        Q(asked_genre="") | Q(asked_genre=F("genre")),
        Q(minutes=None) | Q(asked_minutes_from=None) | Q(minutes__gte=F("asked_minutes_from")),
        Q(minutes=None) | Q(asked_minutes_to=None) | Q(minutes__lte=F("asked_minutes_to")),
        ~Q(asked_first_time=FirstTime.NOT) | ~Q(pk__in=Profile.objects.filter(is_first_work=True).values("title")),
        ~Q(asked_nots__contains=listed("genre")),
        ~Q(asked_nots__contains=listed("format")),
    )
    for concept in sorted(set(refused)):
        mark = f", {concept},"
        found = found.exclude(asked_nots__contains=mark, tags__contains=mark)
    return found


def listed(name: str) -> Concat:
    """A list of codes with a comma at each end, so that a whole code can be looked for."""
    return Concat(Value(", "), F(name), Value(","), output_field=CharField())


def tags() -> Concat:
    """All concepts of a title's profile as one list; empty where it has none."""
    parts = [part for name in TAGS for part in (Coalesce(F(f"profile__{name}"), Value("")), Value(", "))]
    return Concat(Value(", "), *parts, output_field=CharField())


def of_row(name: str) -> Expression:
    """The mandate of the query around."""
    return ExpressionWrapper(OuterRef(name), output_field=Mandate._meta.get_field(name))  # type: ignore[arg-type]  # plain fields of ours


def of(mandate: Mandate) -> Wish:
    """This mandate's own values."""
    return lambda name: Value(getattr(mandate, name), output_field=Mandate._meta.get_field(name))  # type: ignore[arg-type]  # plain fields of ours


def tags_of(company: int) -> set[str]:
    """Concepts that the titles of a company are tagged with."""
    rows = Profile.objects.filter(title__in=offered_titles().filter(company=company)).values_list(*TAGS)
    return {concept for row in rows for text in row for concept in codes(text)}


def fitting_titles(mandate: Mandate) -> QuerySet[Title]:
    """The titles of its edition that one mandate is for."""
    return fitting(offered_titles().filter(edition=mandate.edition_id), of(mandate), codes(mandate.must_nots))
