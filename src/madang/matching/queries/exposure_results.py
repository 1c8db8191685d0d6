"""A run of proposed meetings as the organiser reads it: prices as a picture, lacking titles in words, two runs side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from madang.catalogue.models import Format, Title
from madang.kit.facets import Filter, words_of
from madang.matching.models import ProposeRun, Suggestion, SuggestionState
from madang.people.queries import country_words

SUGGESTION_COLUMNS = (
    "title__search_text", "title__company__search_text", "buyer__search_text", "buyer__company__search_text",
)  # fmt: skip
SUGGESTION_FILTERS = [
    Filter("state", "state", gettext_lazy("State"), words_of(dict(SuggestionState.choices)), order=SuggestionState.values),
    Filter("floor", "by_floor", gettext_lazy("Reason"), lambda _value: _("For the floor"), is_flag=True),
    Filter("first", "title__profile__is_first_work", gettext_lazy("First work"), lambda _value: _("First works"), is_flag=True),
    Filter("country", "title__countries", gettext_lazy("Title’s country"), country_words, is_list=True, by_words=True),
    Filter("format", "title__format", gettext_lazy("Format"), words_of(dict(Format.choices)), order=Format.values),
]
LACKS: dict[str, tuple[str | Promise, str | Promise]] = {
    "no_seller": (
        gettext_lazy("Nobody of its company is there"),
        gettext_lazy("Nobody who sells or creates for the company takes part, so nobody could come to a meeting."),
    ),
    "no_room": (
        gettext_lazy("It has all the proposals a title may have"),
        gettext_lazy("What waits for an answer takes its room. Wait for answers, or give titles more room."),
    ),
    "no_buyer": (
        gettext_lazy("No buyer passes its gates"),
        gettext_lazy("Every mandate is shut by a right, the format, the length, the money or a must-not. Its matches say which."),
    ),
    "all_asked": (
        gettext_lazy("Everybody who fits has been asked already"),
        gettext_lazy("All buyers whose gates it passes were asked or suggested before, or one side blocks the other."),
    ),
    "few_buyers": (
        gettext_lazy("Fewer buyers pass than the floor asks"),
        gettext_lazy("All of those who pass its gates are proposed."),
    ),
    "buyers_full": (
        gettext_lazy("All who fit are full"),
        gettext_lazy("Each buyer whose gates it passes has all the proposals she may have, for titles that lack others."),
    ),
    "could_be_placed": (
        gettext_lazy("The time was too short"),
        gettext_lazy("Nothing is in the way: the computation ended before its best. Compute again."),
    ),
}
"""Code of `exposure.lacking_rows` -> heading, explanation."""


@dataclass(frozen=True)
class Prices:
    """What each floor costs; shares in per cent. `most`: what a whole bar stands for."""

    rows: list[dict[str, Any]]
    most: float


def prices_of(run: ProposeRun | None) -> Prices | None:
    """None where no run has told any."""
    kept = run.report.get("prices", []) if run else []
    if not run or not kept:
        return None
    rows = [row | {"lost": 100 * row["lost"], "is_asked": row["floor"] == run.asked.get("floor")} for row in kept]
    return Prices(rows, max(3.0, *(row["lost"] for row in rows)))


@dataclass(frozen=True)
class Lack:
    """Titles that lack their floor for the same reason, each with (lacks, floor, buyers who pass)."""

    code: str
    heading: str | Promise
    text: str | Promise
    titles: list[tuple[Title, dict[str, int]]]


def lacks_of(run: ProposeRun) -> list[Lack]:
    """By reason, those with most titles first. One query."""
    rows = run.report.get("lacking", [])
    titles = (
        Title.objects.filter(edition=run.edition_id).select_related("company", "edition").in_bulk([row["title"] for row in rows])
    )
    groups: dict[str, list[tuple[Title, dict[str, int]]]] = {}
    for row in rows:
        if row["title"] in titles:
            groups.setdefault(row["code"], []).append((titles[row["title"]], row))
    unknown = (gettext_lazy("Another reason"), "")
    found = [
        Lack(code, *LACKS.get(code, unknown), sorted(rows, key=lambda one: one[0].search_text)) for code, rows in groups.items()
    ]
    return sorted(found, key=lambda one: (-len(one.titles), one.code))


def reason_words(suggestion: Suggestion) -> list[str]:
    """Why this meeting, in the reader's language."""
    said = {
        "rank_for_buyer": _("Number %(n)s of the titles that fit this buyer."),
        "rank_for_title": _("Number %(n)s of the buyers who fit this title."),
    }
    words = [said[code] % {"n": value} for code, value in suggestion.because if code in said]
    return [*words, _("It stands here for the title’s floor.")] if suggestion.by_floor else words


@dataclass(frozen=True)
class Counts:
    """How far the suggestions of a run have come."""

    draft: int
    shown: int
    dropped: int
    declined: int


def counts_of(run: ProposeRun) -> Counts:
    """One query."""
    declined = Q(buyer_declined_at__isnull=False) | Q(seller_declined_at__isnull=False)
    states = {f"n_{state}": Count("pk", filter=Q(state=state)) for state in SuggestionState.values}
    row = run.suggestions.aggregate(**states, declined=Count("pk", filter=declined & Q(state=SuggestionState.SHOWN)))
    return Counts(row["n_draft"], row["n_shown"], row["n_dropped"], row["declined"])


def with_all(suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """What a row of the list shows, in the same query."""
    return suggestions.select_related("title__company", "title__edition", "buyer__company", "mandate", "run__edition")


# --- Two runs side by side ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One figure of both runs."""

    words: str | Promise
    one: str
    other: str


@dataclass(frozen=True)
class Comparison:
    """`both`, `only_one`, `only_other`: meetings; `moved`: titles with their meetings in each, the largest changes first."""

    lines: list[Line]
    both: int
    only_one: int
    only_other: int
    moved: list[tuple[Title, int, int]]


def compared(one: ProposeRun, other: ProposeRun, most: int = 40) -> Comparison:
    """Dials, figures and meetings of two finished runs. Three queries."""
    pairs = [set(run.suggestions.order_by().values_list("buyer_id", "title_id")) for run in (one, other)]
    has = [Counter(title for _buyer, title in rows) for rows in pairs]
    change = {pk: has[1][pk] - has[0][pk] for pk in {*has[0], *has[1]} if has[0][pk] != has[1][pk]}
    first = sorted(change, key=lambda pk: (-abs(change[pk]), pk))[:most]
    titles = Title.objects.select_related("company", "edition").in_bulk(first)
    moved = [(titles[pk], has[0][pk], has[1][pk]) for pk in first]
    return Comparison(_lines(one, other), len(pairs[0] & pairs[1]), len(pairs[0] - pairs[1]), len(pairs[1] - pairs[0]), moved)


def _lines(one: ProposeRun, other: ProposeRun) -> list[Line]:
    rows: list[tuple[str | Promise, Callable[[ProposeRun], str]]] = [
        (gettext_lazy("Floor"), lambda run: str(run.asked.get("floor", ""))),
        (gettext_lazy("For first works"), lambda run: str(run.asked.get("first_time", ""))),
        (gettext_lazy("By country"), lambda run: country_floors(run.asked.get("countries", {}))),
        (gettext_lazy("Proposals a buyer gets at most"), lambda run: str(run.asked.get("buyer_room", ""))),
        (gettext_lazy("Proposals a title gets at most"), lambda run: str(run.asked.get("title_room", ""))),
        (gettext_lazy("Meetings"), lambda run: str(run.report.get("meetings", ""))),
        (gettext_lazy("Expected hits"), lambda run: f"{run.report.get('expected', 0):.1f}"),
        (pgettext_lazy("expected hits", "Given up for the floors"), lambda run: f"{100 * lost_of(run):.1f} %"),
        (gettext_lazy("Titles below their floor"), lambda run: str(len(run.report.get("lacking", [])))),
    ]
    return [Line(words, value(one), value(other)) for words, value in rows]


def lost_of(run: ProposeRun) -> float:
    """The share of the hits that the dials of the run give up."""
    free = run.report.get("free", 0)
    return max(0.0, 1 - run.report.get("expected", 0) / free) if free else 0.0


def country_floors(floors: dict[str, int]) -> str:
    """Floors by country in words."""
    return ", ".join(f"{country_words(code)} {floor}" for code, floor in sorted(floors.items())) or "–"


def table_of(suggestions: Iterable[Suggestion]) -> tuple[Sequence[str], list[list[Any]]]:
    """Head and rows of the list to take away."""
    head = [_("Buyer"), _("Buyer’s company"), _("Title"), _("Code"), _("Seller"), _("Chance"),
            pgettext("number", "From"), pgettext("number", "Up to"),
            _("For the floor"), _("State"), _("Mandate")]  # fmt: skip
    rows = [
        [one.buyer.name, str(one.buyer.company or ""), str(one.title), one.title.code, str(one.title.company or ""),
         f"{one.chance:.4f}", f"{one.low:.4f}", f"{one.high:.4f}", _("yes") if one.by_floor else "",
         str(one.get_state_display()), one.mandate.code if one.mandate else ""]
        for one in suggestions
    ]  # fmt: skip
    return head, rows
