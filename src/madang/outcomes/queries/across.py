"""Editions side by side, as the page shows them: from their files alone. Shares are divided here; by nothing gives None."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from madang.deals.models import ValueStage
from madang.markets.models import Edition
from madang.markets.rules import Visitor, organised_editions
from madang.outcomes.across.marks import damaged, lacking, root
from madang.outcomes.measures.face import Column
from madang.outcomes.models import EditionFiles, PostingKind

if TYPE_CHECKING:
    from madang.outcomes.across.engine import Answers

FUNNEL = ("requested", "accepted", "planned", "held", "offers", "memos", "licences")
"""Steps from a request to a licence, of an edition."""
MEASURES = {
    "planned": "meetings_planned", "held": "meetings_held", "over": "meetings_held", "no_show_share": "meetings_missed",
    "held_share": "meetings_held_share", "new_share": "first_time_pairs", "companies": "companies", "returned_share": "companies",
    "offers": "offers", "memos": "memos", "licences": "licences",
}  # fmt: skip
"""The measure on whose page a number opens."""
DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is narrowed to; None or "": not."""

    market: str = ""
    since: int | None = None
    until: int | None = None
    form: str = ""

    def takes(self, edition: Edition) -> bool:
        year = edition.starts_on.year
        in_years = (self.since is None or year >= self.since) and (self.until is None or year <= self.until)
        return in_years and self.market in ("", edition.market.slug)


@dataclass(slots=True)
class Line:
    """An edition and its counts by name; a number that there is not is None, which is no 0."""

    edition: Edition
    made_at: dt.datetime | None
    counts: dict[str, Decimal | int | None] = field(default_factory=dict)
    money: list[Amount] = field(default_factory=list)
    burn: list[Burn] = field(default_factory=list)

    @property
    def year(self) -> int:
        return self.edition.starts_on.year

    @property
    def steps(self) -> list[tuple[str, Decimal | int | None, str]]:
        """Each step of the funnel with its number and the page that it opens."""
        return [(name, self.counts.get(name), self.page(name)) for name in FUNNEL]

    @property
    def most(self) -> Decimal | int:
        return max((number or 0 for _name, number, _page in self.steps), default=0)

    @property
    def shares(self) -> list[tuple[str, Decimal | None, str]]:
        """Held, missed, new pairs, companies that came back: as parts of 1."""
        parts = [
            ("held_share", "held", "over"), ("no_show_share", "missed", "over"), ("new_share", "new_pairs", "known_or_new"),
            ("returned_share", "returned", "companies"),
        ]  # fmt: skip
        return [(name, divided(self.counts.get(over), self.counts.get(under)), self.page(name)) for name, over, under in parts]

    def page(self, name: str) -> str:
        if name in ("requested", "accepted"):
            return reverse("meetings:desk_requests", args=[self.edition.slug])
        return reverse("outcomes:figure", args=[self.edition.slug, MEASURES[name]])


@dataclass(frozen=True, slots=True)
class Amount:
    """A stage of money in a currency; its columns stand beside each other."""

    stage: str
    currency: str
    columns: dict[str, Decimal]
    values: int
    page: str

    @property
    def label(self) -> str:
        return str(ValueStage(self.stage).label) if self.stage in ValueStage else self.stage

    @property
    def cells(self) -> list[Decimal | None]:
        return [self.columns.get(column) for column in (*Column, DISPUTED)]


@dataclass(frozen=True, slots=True)
class Burn:
    """Costs of an edition in a currency: what was planned, and each kind of posting."""

    currency: str
    kinds: dict[str, Decimal]
    page: str

    @property
    def cells(self) -> list[Decimal | None]:
        return [self.kinds.get(kind) for kind in ("planned", *PostingKind)]


@dataclass(slots=True)
class Board:
    """Lines, the newest edition first; what is asked over all of them; editions without files, and those with damaged ones."""

    lines: list[Line] = field(default_factory=list)
    countries: list[dict[str, Any]] = field(default_factory=list)
    hours: list[dict[str, Any]] = field(default_factory=list)
    months: list[dict[str, Any]] = field(default_factory=list)
    without: list[Edition] = field(default_factory=list)
    broken: list[Edition] = field(default_factory=list)
    is_unreadable: bool = False

    @property
    def oldest(self) -> Line | None:
        """The line whose files were made first: the page is as of then."""
        made = [(line.made_at, line.edition.pk, line) for line in self.lines if line.made_at]
        return min(made)[2] if made else None

    @property
    def years(self) -> list[tuple[int, int, dict[str, int]]]:
        """(year, editions, requested, accepted, planned and held), the newest first; companies of editions are not added."""
        found: dict[int, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.year].append(line)
        return [
            (year, len(lines), {name: sum(int(line.counts.get(name) or 0) for line in lines) for name in FUNNEL[:4]})
            for year, lines in sorted(found.items(), reverse=True)
        ]


def divided(over: Decimal | int | None, under: Decimal | int | None) -> Decimal | None:
    """None where there is nothing to divide, or to divide by."""
    return None if over is None or not under else Decimal(over) / Decimal(under)


def permitted(user: Visitor) -> list[Edition]:
    """The editions that the user organises, with their markets and files; the newest first. One query."""
    return list(organised_editions(user).select_related("market", "across_files").order_by("-starts_on", "-pk"))


def files_of(edition: Edition) -> EditionFiles | None:
    """The row of its files, fetched with it."""
    return getattr(edition, "across_files", None)


def board_of(editions: Sequence[Edition], wanted: Wanted) -> Board:
    """`editions` as `permitted` gives them: no other edition is asked about, and no table but theirs is read. No query."""
    board, whole = Board(), []
    for edition in editions:
        files = files_of(edition)
        if files is not None and not lacking(files):
            whole.append(edition)
        elif wanted.takes(edition):
            (board.broken if files is not None and files.folder else board.without).append(edition)
    _ask(board, editions, whole, wanted)
    return board


def _ask(board: Board, editions: Sequence[Edition], whole: list[Edition], wanted: Wanted) -> None:
    """Fill the board; where a file cannot be read, once more without the editions whose files are damaged."""
    from madang.outcomes.across.engine import Asked, Unreadable, answers  # DuckDB and Ibis take a while to load: only here

    before = _before(editions)
    chosen = [edition for edition in whole if wanted.takes(edition)]
    asked = [Asked(edition.pk, before.get(edition.pk)) for edition in chosen]
    needed = {one.edition for one in asked} | {one.before for one in asked}
    folders = [root() / edition.across_files.folder for edition in whole if edition.pk in needed]
    try:
        found = answers(folders, asked, wanted.form)
    except Unreadable:
        sound = [edition for edition in whole if not damaged(edition.across_files)]
        if len(sound) == len(whole):  # they are what was written, and yet cannot be read: no edition is to blame
            board.is_unreadable = True
            return
        board.broken += [edition for edition in whole if edition not in sound]
        _ask(board, editions, sound, wanted)
        return
    known = {edition.pk for edition in whole}
    _fill(board, chosen, {pk: earlier for pk, earlier in before.items() if earlier in known}, found)


def _before(editions: Iterable[Edition]) -> dict[int, int]:
    """Of each edition, the one of its market before it."""
    last: dict[int, int] = {}
    found = {}
    for edition in sorted(editions, key=lambda one: (one.starts_on, one.pk)):
        if edition.market_id in last:
            found[edition.pk] = last[edition.market_id]
        last[edition.market_id] = edition.pk
    return found


def _fill(board: Board, chosen: Iterable[Edition], before: dict[int, int], found: Answers) -> None:
    lines = {edition.pk: Line(edition, edition.across_files.made_at) for edition in chosen}
    for line in lines.values():
        line.counts = dict.fromkeys(("requested", "accepted", "planned", "over", "held", "missed", "companies"), 0)
    for question in ("requests", "meetings", "returning"):
        for row in found[question]:
            lines[row["edition"]].counts |= row
    for row in found["papers"]:
        lines[row["edition"]].counts[row["measure"]] = None if row["number"] is None else int(row["number"])
    for pk, line in lines.items():
        line.counts["known_or_new"] = int(line.counts.get("new_pairs") or 0) + int(line.counts.get("known_pairs") or 0)
        if pk not in before:  # nobody can come back to the first one, or to one of which nothing is known
            line.counts["returned"] = None
    _money(lines, found)
    board.lines = list(lines.values())
    board.countries, board.hours, board.months = found["countries"], found["hours"], found["months"]


def _money(lines: dict[int, Line], found: Answers) -> None:
    """Stages, currencies, columns and kinds stay apart."""
    amounts: dict[tuple[int, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in found["money"]:
        amounts[row["edition"], row["stage"], row["currency"]].append(row)
    for (pk, stage, currency), rows in amounts.items():
        page = reverse("outcomes:figure", args=[lines[pk].edition.slug, f"{stage}_value"])
        columns = {row["column"]: row["amount"] for row in rows}
        lines[pk].money.append(Amount(stage, currency, columns, sum(row["values"] for row in rows), page))
    burns: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(dict)
    for row in found["burn"]:
        burns[row["edition"], row["currency"]][row["kind"]] = row["amount"]
    for (pk, currency), kinds in burns.items():
        lines[pk].burn.append(Burn(currency, kinds, reverse("outcomes:budget", args=[lines[pk].edition.slug])))
    order = ValueStage.values
    for line in lines.values():
        line.money.sort(key=lambda one: (order.index(one.stage) if one.stage in order else len(order), one.currency))


@dataclass(frozen=True, slots=True)
class Bars:
    """Groups of bars in a box of 100 by 100: (kind, x, y, width, height), as texts with a point in every language."""

    bars: list[tuple[str, str, str, str, str]]
    top: int
    first: str
    last: str


def bars_of(groups: Sequence[tuple[str, dict[str, int]]]) -> Bars | None:
    """A picture of groups in their order, each a bar a kind; None where all is 0."""
    top = max((number for _label, counts in groups for number in counts.values()), default=0)
    if not top:
        return None
    bars = []
    for at, (_label, counts) in enumerate(groups):
        width = 80 / len(groups) / len(counts)
        for place, (kind, number) in enumerate(counts.items()):
            x, height = 100 * (at + 0.1) / len(groups) + place * width, 100 * number / top
            bars.append((kind, f"{x:.3f}", f"{100 - height:.2f}", f"{width:.3f}", f"{height:.2f}"))
    return Bars(bars, top, groups[0][0], groups[-1][0])
