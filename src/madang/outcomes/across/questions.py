"""What is asked of many editions, as Ibis expressions that any engine answers: DuckDB here, PySpark past one machine.

The page asks what stands in `questions.json`, the same in DuckDB's words: loading Ibis and writing it anew took most of the first
page's time. `python -m madang.outcomes.across.questions` writes it, and a test holds both equal.

Each asks only of the editions in the table `chosen`, which is part of every expression; `form` narrows requests and meetings to
those in person or online. Answers are counts and sums, exact on every engine; shares are divided by whoever shows them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
from ibis import _

from madang.outcomes.across.schema import CHOSEN, FORMS, TABLES, TYPES

PAPERS = ("offers", "memos", "licences")
MOST_PAIRS = 40
"""So many pairs of countries, those with most meetings held."""


def table(name: str) -> Any:
    """A table by name, bound to no engine."""
    return ibis.table({column: TYPES[kind] for column, kind in TABLES[name].items()}, name=name)


def chosen() -> Any:
    return ibis.table(CHOSEN, name="chosen")


def of(name: str, form: str = "") -> Any:
    """The lines of a table that belong to the chosen editions."""
    rows = table(name).semi_join(chosen(), "edition")
    return rows.filter(_.form == form) if form else rows


def counted(name: str, form: str, *kinds: str) -> Any:
    """So many (`n`) lines of each kind an edition, of the chosen ones: counted first and joined then, for lines are many."""
    rows = table(name).filter(_.form == form) if form else table(name)
    return rows.group_by("edition", *kinds).agg(n=_.count()).semi_join(chosen(), "edition")


def times(condition: Any) -> Any:
    """So many of the lines counted are like that."""
    return ibis.ifelse(condition, _.n, 0).cast("int64").sum()


def requests(form: str) -> Any:
    """(edition, requested, accepted, declined, waiting)"""
    status = {"accepted": "accepted", "declined": "declined", "waiting": "sent"}
    counts = {name: times(_.status == word) for name, word in status.items()}
    rows = counted("requests", form, "status").group_by("edition")
    return rows.agg(requested=_.n.sum(), **counts).order_by("edition")


def meetings(form: str) -> Any:
    """(edition, planned, over, held, one_sided, missed, contested, silent, pairs, new_pairs, known_pairs)

    Pairs are those of companies that met by the word of both sides.
    """
    outcomes = ("held", "one_sided", "missed", "contested", "silent")
    counts = {name: times(_.is_over & (_.outcome == name)) for name in outcomes}
    met = _.is_over & (_.outcome == "held")
    pairs = {f"{word}_pairs": times(met & (_.pair == word)) for word in ("new", "known")}
    rows = counted("meetings", form, "is_over", "outcome", "pair").group_by("edition")
    found = rows.agg(planned=_.n.sum(), over=times(_.is_over), **counts, pairs=times(met & (_.pair != "")), **pairs)
    return found.order_by("edition")


def countries(form: str) -> Any:
    """(country, other_country, planned, held) of the pairs of countries with most meetings held"""
    keys = ["country", "other_country"]
    rows = of("meetings", form).group_by(*keys, "is_over", "outcome").agg(n=_.count()).group_by(*keys)
    found = rows.agg(planned=_.n.sum(), held=times(_.is_over & (_.outcome == "held")))
    return found.order_by(ibis.desc("held"), ibis.desc("planned"), *keys).limit(MOST_PAIRS)


def hours(form: str) -> Any:
    """(hour, planned, over, held, missed)"""
    counts = {name: times(_.is_over & (_.outcome == name)) for name in ("held", "missed")}
    rows = counted("meetings", form, "hour", "is_over", "outcome").group_by("hour")
    return rows.agg(planned=_.n.sum(), over=times(_.is_over), **counts).order_by("hour")


def money(_form: str) -> Any:
    """(edition, stage, currency, column, values, amount): a line each, nothing added across"""
    keys = ["edition", "stage", "currency", "column"]
    return of("deals").group_by(*keys).agg(values=_.count(), amount=_.amount.sum()).order_by(*keys)


def papers(_form: str) -> Any:
    """(edition, measure, number): deals with an offer, a memo, a licence that both sides stand by"""
    rows = of("figures").filter(_.measure.isin(PAPERS), _.column == "confirmed")
    return rows.select("edition", "measure", "number").order_by("edition", "measure")


def returning(_form: str) -> Any:
    """(edition, companies, returned): companies seen there, and those of them seen at the edition before"""
    there = table("companies").filter(_.was_there)
    now = there.join(chosen(), "edition").select("edition", "before", "company")
    then = there.select(before=_.edition, company=_.company, back=ibis.literal(1))
    joined = now.left_join(then, ["before", "company"]).select("edition", "back")
    return joined.group_by("edition").agg(companies=_.count(), returned=_.back.count()).order_by("edition")


def burn(_form: str) -> Any:
    """(edition, currency, kind, amount) of costs; kinds are stages and are not added"""
    keys = ["edition", "currency", "kind"]
    return of("budget").filter(_.direction == "cost").group_by(*keys).agg(amount=_.amount.sum()).order_by(*keys)


def months(_form: str) -> Any:
    """(month as 202505, lines, editions) of the log"""
    month = (_.day.year().cast("int64") * 100 + _.day.month().cast("int64")).name("month")
    rows = counted("log", "", "day").select(month, "edition", "n").group_by("month")
    return rows.agg(lines=_.n.sum(), editions=_.edition.nunique()).order_by("month")


QUESTIONS: dict[str, Callable[[str], Any]] = {
    "requests": requests, "meetings": meetings, "countries": countries, "hours": hours, "money": money, "papers": papers,
    "returning": returning, "burn": burn, "months": months,
}  # fmt: skip
"""By name: form of meetings ("": any) -> the expression."""


def in_sql(question: str, form: str) -> str:
    """The expression in DuckDB's words, on one line."""
    return str(ibis.to_sql(QUESTIONS[question](form), dialect="duckdb", pretty=False))


def every_in_sql() -> dict[str, dict[str, str]]:
    """By name and form."""
    return {name: {form: in_sql(name, form) for form in FORMS} for name in QUESTIONS}


if __name__ == "__main__":
    Path(__file__).with_name("questions.json").write_text(json.dumps(every_in_sql(), indent=1) + "\n")
