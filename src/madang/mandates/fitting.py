"""Which titles a mandate is for, by the facts of the catalogue, in SQL. Rights, budget and languages are weighed by matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import BooleanField, Case, CharField, Expression, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import Exact

from madang.catalogue.models import Profile, Title
from madang.kit.codes import codes
from madang.mandates.models import FirstTime, Mandate

ASKED = ("genre", "must_nots", "format", "minutes_from", "minutes_to", "first_time")
"""Fields of a mandate that these facts are held against."""
TAGS = ("tones", "themes", "audiences")
Wish = Callable[[str], Expression]


def shut_by(field: Callable[[str], str]) -> dict[str, Q]:
    """When the facts of a title shut a gate of a mandate; comparisons with what is not stated do not hold. `field`: what a field
    of the mandate is called in the query. Matches have the same gates, and those of budget, languages and rights besides."""
    return {
        "format": ~Q(**{field("format"): ""}) & ~Q(**{field("format"): F("format")}),
        "length": Q(**{field("minutes_from") + "__gt": F("minutes")}) | Q(**{field("minutes_to") + "__lt": F("minutes")}),
        "first_time": Q(**{field("first_time"): FirstTime.NOT}, profile__is_first_work=True),
    }


def holds(condition: Q) -> Case:
    """Whether a condition holds; one that compares with nothing does not."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


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
        Q(asked_genre="") | Q(asked_genre=F("genre")),
        *(Exact(holds(shut), Value(False)) for shut in shut_by("asked_{}".format).values()),
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
