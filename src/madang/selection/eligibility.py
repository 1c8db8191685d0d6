"""Whether an entry may be submitted to its call: each rule in words, with what would mend it.

The same verdicts stand beside the form while somebody types and refuse at submission.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from django.utils.translation import get_language, gettext, ngettext

from madang.catalogue.models import Format, Premiere, Progress
from madang.catalogue.premieres import breaks_claim, implied_claims, widest_claim
from madang.kit.calendar import day_text
from madang.kit.codes import codes, country_words, language_words
from madang.kit.territories import country_name
from madang.selection.models import Call, Entry, MaterialKind

MET, MISSING, BROKEN = "met", "missing", "broken"


class Verdict(NamedTuple):
    """One rule: the field it is about, whether it is MET, MISSING (nothing said yet) or BROKEN, and what would mend it."""

    field: str
    state: str
    rule: str
    mend: str = ""

    @property
    def anchor(self) -> str:
        """Where on the page it is mended."""
        return self.field if self.field.startswith("material-") else f"id_{self.field}"


def verdicts(call: Call, entry: Entry, kinds: Collection[str], submitted: int = 0) -> list[Verdict]:
    """Every rule that the call has. `kinds`: kinds of material that are there; `submitted`: other entries of the same person."""
    found = [verdict for rule in RULES for verdict in rule(call, entry)]
    return [*found, *_materials(call, kinds), *_number(call, submitted)]


def faults(found: Collection[Verdict]) -> list[Verdict]:
    """What stands in the way, in the order of the form."""
    return [verdict for verdict in found if verdict.state != MET]


def _complete(call: Call, entry: Entry) -> Iterator[Verdict]:
    asked = {
        "name": (entry.name or entry.name_ko or entry.name_fr or entry.name_original, gettext("A title, in any language")),
        "format": (entry.format, gettext("The format")),
        "progress": (entry.progress, gettext("The stage of work")),
        "countries": (entry.countries, gettext("The countries that made it")),
        "languages": (entry.languages, gettext("The languages of dialogue")),
        "creators": (entry.creators or entry.directors, gettext("Who created or directed it")),
        "synopsis": (entry.synopsis or entry.synopsis_ko or entry.synopsis_fr, gettext("A synopsis, in any language")),
        "premiere": (entry.premiere, gettext("Which premiere it would be here")),
        "contact_name": (entry.contact_name, gettext("Whom to ask")),
    }
    for field, (value, rule) in asked.items():
        yield Verdict(field, MET if value else MISSING, rule, "" if value else gettext("Still to be filled in."))


def _format(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.formats and entry.format:
        names = ", ".join(str(Format(code).label) for code in codes(call.formats) if code in Format.values)
        rule = gettext("Formats: %(names)s") % {"names": names}
        mend = gettext("This call does not take this format.")
        yield _judged("format", entry.format in codes(call.formats), rule, mend)


def _progress(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.progress and entry.progress:
        names = ", ".join(str(Progress(code).label) for code in codes(call.progress) if code in Progress.values)
        rule = gettext("Stages of work: %(names)s") % {"names": names}
        mend = gettext("This call does not take works at this stage.")
        yield _judged("progress", entry.progress in codes(call.progress), rule, mend)


def _year(call: Call, entry: Entry) -> Iterator[Verdict]:
    yield from _bounded("year", call.year_from, call.year_until, entry.year, _year_words)


def _minutes(call: Call, entry: Entry) -> Iterator[Verdict]:
    yield from _bounded("minutes", call.minutes_from, call.minutes_until, entry.minutes, _minutes_words)


def _episodes(call: Call, entry: Entry) -> Iterator[Verdict]:
    yield from _bounded("episodes", None, call.episodes_until, entry.episodes, _episodes_words)


def _bounded(
    field: str, least: int | None, most: int | None, value: int | None, words: Callable[[int | None, int | None], tuple[str, str]]
) -> Iterator[Verdict]:
    if least is None and most is None:
        return
    rule, mend = words(least, most)
    if value is None:
        yield Verdict(field, MISSING, rule, gettext("Still to be filled in."))
        return
    fits = (least is None or value >= least) and (most is None or value <= most)
    yield _judged(field, fits, rule, mend % {"value": value})


def _year_words(least: int | None, most: int | None) -> tuple[str, str]:
    mend = gettext("%(value)s is outside of this: only a work of these years can be entered.")
    if least is None:
        return gettext("Made in %(most)s or before") % {"most": most}, mend
    if most is None:
        return gettext("Made in %(least)s or after") % {"least": least}, mend
    return gettext("Made from %(least)s to %(most)s") % {"least": least, "most": most}, mend


def _minutes_words(least: int | None, most: int | None) -> tuple[str, str]:
    mend = gettext("%(value)s minutes do not fit: give the length of one episode, or of the whole work where there is one.")
    if least is None:
        return gettext("At most %(most)s minutes") % {"most": most}, mend
    if most is None:
        return gettext("At least %(least)s minutes") % {"least": least}, mend
    return gettext("From %(least)s to %(most)s minutes") % {"least": least, "most": most}, mend


def _episodes_words(_least: int | None, most: int | None) -> tuple[str, str]:
    rule = ngettext("At most one episode", "At most %(most)s episodes", most or 0) % {"most": most}
    return rule, gettext("%(value)s are too many: enter a part of it, or write to the organiser first.")


def _countries(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.countries and entry.countries:
        rule = gettext("Made in one of: %(names)s") % {"names": country_words(call.countries, _language())}
        fits = not set(codes(call.countries)).isdisjoint(entry.country_list)
        yield _judged("countries", fits, rule, gettext("None of its countries is among these."))


def _languages(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.languages and entry.languages:
        rule = gettext("Dialogue or subtitles in: %(names)s") % {"names": language_words(call.languages, _language())}
        has = {*codes(entry.languages), *codes(entry.subtitles)}
        mend = gettext("Add subtitles in one of these languages, and name them here.")
        yield _judged("subtitles", not has.isdisjoint(codes(call.languages)), rule, mend)


def _premiere(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.premieres and entry.premiere:
        names = ", ".join(str(Premiere(code).label) for code in codes(call.premieres) if code in Premiere.values)
        fits = not implied_claims(entry.premiere, entry.country_list).isdisjoint(codes(call.premieres))
        mend = gettext("This premiere is not enough for this call.")
        yield _judged("premiere", fits, gettext("It would be here: %(names)s") % {"names": names}, mend)


def _shown(_call: Call, entry: Entry) -> Iterator[Verdict]:
    """The claim holds against where it was shown, on whichever call."""
    if not entry.premiere or entry.premiere == Premiere.NONE:
        return
    broken = [row for row in entry.shown if breaks_claim(entry.premiere, row["country"], entry.country_list)]
    rule = gettext("Not shown before where a premiere is claimed")
    if not broken:
        yield Verdict("premiere", MET, rule)
        return
    widest = widest_claim([row["country"] for row in entry.shown], entry.country_list)
    mend = gettext("It was shown in %(country)s on %(day)s. What can still be claimed: %(premiere)s.")
    facts = {"country": country_name(broken[0]["country"], _language()), "day": _day(broken[0]["on"]), "premiere": widest.label}
    yield Verdict("premiere", BROKEN, rule, mend % facts)


def _identity(call: Call, entry: Entry) -> Iterator[Verdict]:
    if call.needs_identity:
        for field, rule in {
            "for_whom": gettext("Whom this is for, in any language"),
            "to_keep": gettext("What must not be changed, in any language"),
            "to_learn": gettext("What may be learned from elsewhere, in any language"),
        }.items():
            there = any(getattr(entry, f"{field}{ending}") for ending in ("", "_ko", "_fr"))
            yield Verdict(field, MET if there else MISSING, rule, "" if there else gettext("Still to be filled in."))


def _materials(call: Call, kinds: Collection[str]) -> Iterator[Verdict]:
    for code in codes(call.required):
        if code in MaterialKind.values:
            there = code in kinds
            mend = gettext("Add it below, under “Materials”.")
            yield Verdict(f"material-{code}", MET if there else MISSING, str(MaterialKind(code).label), "" if there else mend)


def _number(call: Call, submitted: int) -> Iterator[Verdict]:
    if call.most_entries is not None:
        rule = ngettext("At most one entry a person", "At most %(most)s entries a person", call.most_entries)
        mend = gettext("You have entered as many as this call takes from one person: withdraw one first.")
        yield _judged("", submitted < call.most_entries, rule % {"most": call.most_entries}, mend)


def _judged(field: str, fits: bool, rule: str, mend: str) -> Verdict:
    return Verdict(field, MET if fits else BROKEN, rule, "" if fits else mend)


def _language() -> str:
    return (get_language() or "en")[:2]


def _day(text: str) -> str:

    return day_text(dt.date.fromisoformat(text), _language())


RULES = [
    _complete, _format, _progress, _year, _minutes, _episodes, _countries, _languages, _premiere, _shown, _identity,
]  # fmt: skip
