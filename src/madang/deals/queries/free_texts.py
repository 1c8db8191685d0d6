"""What is free, in sentences: for a buyer without anybody's name, for the seller with contract, clause and counterparty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.deals.queries.findings import TEXTS as FINDINGS
from madang.deals.queries.findings import Papers
from madang.deals.queries.free import Answer, Part, Question, State, Stretch, Verdict, row_id
from madang.deals.rollup import rolled_text
from madang.deals.words import day_text, languages_text, media_text, window_text
from madang.kernels import rights as kernel

WHOLE, FROM, UNTIL, BETWEEN = "whole", "from", "until", "between"
TEXTS: dict[tuple[State, str], Promise] = {
    (State.FREE, WHOLE): pgettext_lazy("right", "Free for the whole time"),
    (State.FREE, FROM): pgettext_lazy("right", "Free from %(start)s on"),
    (State.FREE, UNTIL): pgettext_lazy("right", "Free until %(end)s"),
    (State.FREE, BETWEEN): pgettext_lazy("right", "Free from %(start)s to %(end)s"),
    (State.ON_HOLD, WHOLE): _("On hold: an option or a deal under way, or dates not agreed; free if it comes to nothing"),
    (State.ON_HOLD, FROM): _(
        "From %(start)s on hold: an option or a deal under way, or dates not agreed; free if it comes to nothing"
    ),
    (State.ON_HOLD, UNTIL): _(
        "Until %(end)s on hold: an option or a deal under way, or dates not agreed; free if it comes to nothing"
    ),
    (State.ON_HOLD, BETWEEN): _(
        "%(start)s to %(end)s on hold: an option or a deal under way, or dates not agreed; free if it comes to nothing"
    ),
    (State.TAKEN, WHOLE): _("Taken, with no end known"),
    (State.TAKEN, FROM): _("Taken from %(start)s on, with no end known"),
    (State.TAKEN, UNTIL): _("Taken until %(end)s"),
    (State.TAKEN, BETWEEN): _("Taken from %(start)s to %(end)s"),
    (State.HELD_BACK, WHOLE): _("Held back, with no end known"),
    (State.HELD_BACK, FROM): _("Held back from %(start)s on, with no end known"),
    (State.HELD_BACK, UNTIL): _("Held back until %(end)s"),
    (State.HELD_BACK, BETWEEN): _("Held back from %(start)s to %(end)s"),
    (State.NOT_HELD, WHOLE): _("Not held by the seller"),
    (State.NOT_HELD, FROM): _("Not held by the seller from %(start)s on"),
    (State.NOT_HELD, UNTIL): _("Not held by the seller until %(end)s"),
    (State.NOT_HELD, BETWEEN): _("Not held by the seller from %(start)s to %(end)s"),
}
"""(state, which bounds of what was asked it leaves open) -> sentence."""

VERDICTS: dict[Verdict, tuple[Promise, str]] = {
    Verdict.FREE: (pgettext_lazy("right", "Free"), "ok"),
    Verdict.ON_HOLD: (_("On hold"), "warn"),
    Verdict.PARTLY: (_("Partly free"), "warn"),
    Verdict.NOT_FREE: (_("Not free"), "bad"),
    Verdict.UNSTATED: (_("Rights not stated"), ""),
}
"""Verdict -> its words and the class of its badge."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One stretch in a sentence; `papers`: (contract and other party, its page), for who may read them."""

    text: str
    is_open: bool
    papers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A part in words. `own`: until when the asker has a licence in it herself."""

    where: str
    media: str
    languages: str
    word: str
    tone: str
    facts: tuple[Fact, ...]
    own: str = ""

    @property
    def text(self) -> str:
        """All of it on one line, as lists and sheets write it."""
        what = " · ".join(part for part in (self.where, self.media, self.languages) if part)
        return f"{what}: {'; '.join(fact.text for fact in self.facts)}"


def rows_of(answer: Answer, question: Question, papers: Papers, kept: Mapping[int, dt.date] | None = None) -> list[Row]:
    """The parts of an answer in words. `kept`: see `free.kept_until`."""
    return [_row(part, question, papers, kept or {}) for part in answer.parts]


def verdict_text(verdict: Verdict) -> tuple[str, str]:
    """The verdict's words and its tone."""
    words, tone = VERDICTS[verdict]
    return str(words), tone


def summary_text(answer: Answer, question: Question) -> str:
    """The answer in one sentence."""
    if answer.verdict is Verdict.UNSTATED:
        return gettext("The seller has not stated rights for this title, so nobody can say what is free. You can ask.")
    if answer.verdict is Verdict.FREE:
        return gettext("All that you ask for is free.")
    if answer.verdict is Verdict.ON_HOLD:
        return gettext("All that you ask for is free if an option or a deal under way comes to nothing, or its dates leave room.")
    if answer.frees_on is not None:
        return gettext("All that you ask for is free for that long from %(day)s on.") % {"day": day_text(answer.frees_on)}
    if answer.verdict is Verdict.PARTLY:
        return gettext("A part of what you ask for is free.")
    return gettext("Nothing of what you ask for is free.")


def question_text(question: Question) -> str:
    """What was asked, as a person reads it."""
    parts = [rolled_text(question.territories), media_text(question.media)]
    if question.languages != kernel.language_table().all:
        parts.append(languages_text(question.languages))
    parts.append(window_text(question.start, question.end))
    if question.exclusive:
        parts.append(gettext("exclusively"))
    return " · ".join(parts)


def stretch_text(stretch: Stretch, question: Question, frees_on: int | None = None) -> str:
    """One stretch in a sentence. `frees_on`: the day on which the last one ends, if it ends after what was asked."""
    end: int | None = stretch.end
    if stretch.end >= question.end:
        end = frees_on if stretch.state in (State.TAKEN, State.HELD_BACK) else None
    starts_inside = stretch.start > question.start
    if stretch.state is State.NOT_HELD and question.exclusive and not starts_inside and end is None:
        return str(FINDINGS["not_owned_exclusively"])
    shape = (BETWEEN if end else FROM) if starts_inside else (UNTIL if end else WHOLE)
    days = {"start": day_text(stretch.start), "end": day_text(end - 1) if end else ""}
    return str(TEXTS[stretch.state, shape]) % days


def _row(part: Part, question: Question, papers: Papers, kept: Mapping[int, dt.date]) -> Row:
    word, tone = _badge(part)
    languages = "" if part.languages == kernel.language_table().all else languages_text(part.languages, most=6)
    return Row(
        rolled_text(part.territories),
        media_text(part.media, most=6),
        languages,
        word,
        tone,
        tuple(_fact(stretch, part, question, papers, kept) for stretch in part.stretches),
        _own(part, papers),
    )


def _badge(part: Part) -> tuple[str, str]:
    states = part.states
    if states == {State.FREE}:
        return verdict_text(Verdict.FREE)
    if State.FREE in states:
        return verdict_text(Verdict.PARTLY)
    if states == {State.ON_HOLD}:
        return verdict_text(Verdict.ON_HOLD)
    if State.ON_HOLD in states:
        return verdict_text(Verdict.PARTLY)
    return (gettext("Not held"), "") if states == {State.NOT_HELD} else verdict_text(Verdict.NOT_FREE)


def _fact(stretch: Stretch, part: Part, question: Question, papers: Papers, kept: Mapping[int, dt.date]) -> Fact:
    text = stretch_text(stretch, question, part.frees_on)
    if stretch.state is State.ON_HOLD:
        days = [kept[row] for line in stretch.lines if (row := row_id(line)) is not None and row in kept]
        if days:
            text = gettext("%(text)s (kept for somebody until %(day)s)") % {"text": text, "day": day_text(max(days))}
    named = dict.fromkeys(paper for line in stretch.lines if (paper := _paper(line, papers)))
    return Fact(text, stretch.state in (State.FREE, State.ON_HOLD), tuple(named))


def _paper(line: kernel.Line, papers: Papers) -> tuple[str, str] | None:
    """Contract, clause and the other party of a line, with its page, for who may read it."""
    document = papers.document(line)
    if document is None:
        return None
    text = gettext("%(contract)s: %(who)s") % {"contract": papers.contract(line), "who": papers.who(line)}
    return text, document.deal.get_absolute_url() if document.deal else ""


def _own(part: Part, papers: Papers) -> str:
    if not part.own:
        return ""
    contracts = ", ".join(dict.fromkeys(name for line in part.own if (name := papers.contract(line))))
    text = gettext("Your company has a licence in this already")
    return f"{text} ({contracts})" if contracts else text
