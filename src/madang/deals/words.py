"""Territories, media, languages and windows in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext

from madang.deals.models import Line, OpenDate
from madang.deals.names import ABBREVIATED, GROUPS, MEDIA, PARTS
from madang.kernels.rights import ALWAYS, FOREVER, language_table, media_table, territory_table
from madang.kit.territories import country_name

NAMED = 12
"""Names that a text lists before it says how many others there are."""


def language() -> str:
    """The active language as Babel and the kit know it: ko, en or fr."""
    return (get_language() or "en")[:2]


def territory_name(code: str) -> str:
    """A country, a part of one, a region of UN M.49 or a group of the trade, by its code in the table."""
    if code in PARTS:
        return str(PARTS[code])
    if code in GROUPS:
        return str(GROUPS[code])
    if code.isdigit():
        return str(_locale(language()).territories.get(code) or territory_table().english.get(code, code))
    return country_name(code, language())


def territories_text(mask: int, *, most: int = NAMED) -> str:
    """Groups, then countries and parts; "World without ..." where that is shorter."""
    table = territory_table()
    if mask == table.all:
        return gettext("World")
    inside, outside = covering(mask), covering(table.all & ~mask)
    if len(inside) <= len(outside):
        return listed((territory_name(code) for code in inside), most)
    return gettext("World without %(names)s") % {"names": listed((territory_name(code) for code in outside), most)}


def territories_listed(mask: int, *, most: int = NAMED) -> str:
    """Countries and parts one by one, with their number: what a group that somebody wrote stands for."""
    table = territory_table()
    if mask == table.all:
        return gettext("World")
    codes, missing = countries_of(mask), countries_of(table.all & ~mask)
    if len(missing) < len(codes) // 2:
        return gettext("World without %(names)s") % {"names": listed(map(territory_name, missing), most)}
    text = listed(map(territory_name, codes), most)
    return text if len(codes) < 3 else gettext("%(names)s (%(n)s in all)") % {"names": text, "n": len(codes)}


def countries_of(mask: int) -> list[str]:
    """Codes of countries that are whole in a set, and of parts where a country is split."""
    table = territory_table()
    codes: list[str] = []
    for code in table.countries:
        whole = table.masks[code]
        codes += [code] if mask & whole == whole else table.codes(mask & whole)
    return codes


@lru_cache(maxsize=2000)
def covering(mask: int) -> tuple[str, ...]:
    """A few codes that together are the set: the largest groups that fit in, then countries, then parts."""
    found, rest = [], mask
    for code, bits in _groups():
        if bits & rest == bits:
            found.append(code)
            rest &= ~bits
    return (*found, *countries_of(rest))


@lru_cache(maxsize=1)
def _groups() -> list[tuple[str, int]]:
    """Groups and regions of at least three countries, the largest first; the trade's before the United Nations'."""
    table = territory_table()
    codes = [*GROUPS, *(code for code in table.english if code.isdigit())]
    groups = [(code, table.masks[code]) for code in codes if len(countries_of(table.masks[code])) > 2]
    return sorted(groups, key=lambda pair: -pair[1].bit_count())


def media_name(code: str) -> str:
    """A medium or a branch of them by its code, in full."""
    return str(MEDIA.get(code, code))


def media_text(mask: int, *, most: int = NAMED) -> str:
    """Branches where they are whole, else leaves; SVOD and the like as the trade says them."""
    codes = [code for code in media_table().say(mask).split(", ") if code]
    return listed((code if code in ABBREVIATED else media_name(code) for code in codes), most)


def language_name(tag: str) -> str:
    """A language by its tag, e.g. "French (Canada)"; a tag without a name stays as it is."""
    locale = _locale(language())
    known = locale.languages.get(tag.replace("-", "_"))
    if known:
        return str(known)
    if tag in ("cmn", "sgn"):
        return gettext("Mandarin") if tag == "cmn" else gettext("Sign languages")
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def languages_text(mask: int, *, most: int = NAMED) -> str:
    """Languages with their use; "all languages" for all; those in which most are kept are told by what is missing."""
    table = language_table()
    if mask == table.all:
        return gettext("all languages")
    for uses in (1, 2, 4, 6, 3, 5):
        if mask == sum(uses << (3 * n) for n in range(len(table.tags))):
            return _in_use(gettext("all languages"), uses)
    missing = table.all & ~mask
    if missing.bit_count() < mask.bit_count() // 4:
        return gettext("all languages without %(names)s") % {"names": listed(_languages(missing), most)}
    return listed(_languages(mask), most)


def _languages(mask: int) -> list[str]:
    table, found = language_table(), []
    whole_of = {part: whole for whole, parts in table.split.items() for part in parts}
    for tag in table.tags:
        whole = whole_of.get(tag, tag)
        uses = {_uses(mask, part) for part in table.split.get(whole, [tag])}
        if len(uses) > 1:
            found.append((tag, _uses(mask, tag)))
        elif (whole, min(uses)) not in found:
            found.append((whole, min(uses)))
    return [_in_use(language_name(tag), uses) for tag, uses in found if uses]


def _uses(mask: int, tag: str) -> int:
    return mask >> (3 * language_table().position[tag]) & 7


def _in_use(name: str, uses: int) -> str:
    words = {
        1: gettext("%(language)s (original version)"),
        2: gettext("%(language)s (dubbed)"),
        3: gettext("%(language)s (original or dubbed)"),
        4: gettext("%(language)s (subtitled)"),
        5: gettext("%(language)s (original or subtitled)"),
        6: gettext("%(language)s (dubbed or subtitled)"),
    }
    return words[uses] % {"language": name} if uses in words else name


def day_text(day: dt.date | int) -> str:
    """A day of a contract, e.g. "1 Mar 2027"; an integer is the kernel's day."""
    date = dt.date.fromordinal(day) if isinstance(day, int) else day
    return format_date(date, "y년 M월 d일" if language() == "ko" else "d MMM y", locale=language())


def window_text(start: int, end: int) -> str:
    """A half-open window of the kernel in words; the last day is told, not the one after it."""
    if start <= ALWAYS + 1 and end >= FOREVER:
        return gettext("at any time")
    if end >= FOREVER:
        return gettext("from %(start)s on") % {"start": day_text(start)}
    if start <= ALWAYS + 1:
        return gettext("until %(end)s") % {"end": day_text(end - 1)}
    return gettext("%(start)s to %(end)s") % {"start": day_text(start), "end": day_text(end - 1)}


def line_window_text(line: Line) -> str:
    """The window of a line as its contract says it, with its milestones; they must have been fetched with it."""
    return f"{line_start_text(line)} – {line_end_text(line)}"


def line_start_text(line: Line) -> str:
    """From when on, as the contract says."""
    if line.start is None and line.start_after is None and line.start_open in ("", OpenDate.PERPETUITY):
        return gettext("from the beginning")
    return _bound_text(line.start, line.start_open, str(line.start_after or ""), line.start_lag)


def line_end_text(line: Line) -> str:
    """Until when, as the contract says."""
    return _bound_text(line.end, line.end_open, str(line.end_after or ""), line.end_lag)


def _bound_text(day: dt.date | None, is_open: str, milestone: str, lag: int) -> str:
    if day is not None:
        return day_text(day)
    if not milestone:
        return str(OpenDate(is_open or OpenDate.TBA).label)
    if not lag:
        return milestone
    words = (
        ngettext("%(days)s day after: %(milestone)s", "%(days)s days after: %(milestone)s", lag)
        if lag > 0
        else ngettext("%(days)s day before: %(milestone)s", "%(days)s days before: %(milestone)s", -lag)
    )
    return words % {"days": abs(lag), "milestone": milestone}


UNKNOWN = re.compile(r"^(['\"])(?P<word>.*)\1(?: is no (?P<what>territory|media right|language)|(?P<use>: after the colon))")
WITHOUT = re.compile(r"^(?P<group>.+) is read without (?P<left>.+): contracts disagree")
TODAY = re.compile(r"^(?P<name>.+) is read as what is there today: (?P<codes>.+)\.$")


def fault_text(fault: str) -> str:
    """What the kernel says of a text that it cannot read, in the reader's language."""
    found = UNKNOWN.match(fault)
    if found is None:
        return fault
    sentences = {
        "territory": gettext("“%(word)s” is no territory we know: write a code such as DE, a name, or a group such as Benelux."),
        "media right": gettext("“%(word)s” is no media right we know: write a code such as SVOD, FREE or THEA, or All media."),
        "language": gettext("“%(word)s” is no language we know: write a tag such as ko, fr-CA or zh-Hant."),
    }
    use = gettext("“%(word)s”: after the colon stands original, dub, sub, audio, subtitle or subdub.")
    return sentences.get(found["what"] or "", use) % {"word": found["word"]}


def note_text(note: str) -> str:
    """What the kernel notes of a group that contracts disagree about, in the reader's language."""
    if found := WITHOUT.match(note):
        codes = {name: code for code, name in territory_table().english.items()}
        group = territory_name(codes.get(found["group"], found["group"]))
        left = ", ".join(territory_name(codes.get(name, name)) for name in found["left"].split(", "))
        sentence = gettext("%(group)s is read without %(left)s. Contracts disagree about that: name them if they belong to it.")
        return sentence % {"group": group, "left": left}
    if found := TODAY.match(note):
        names = ", ".join(territory_name(code) for code in found["codes"].split(", "))
        return gettext("%(name)s is read as what is there today: %(names)s.") % {"name": found["name"], "names": names}
    return note


def listed(names: Iterable[str], most: int = NAMED) -> str:
    """Names with commas; beyond `most` the number of the others."""
    every = list(names)
    if len(every) <= most + 1:
        return ", ".join(every)
    rest = len(every) - most
    others = ngettext("%(n)s other", "%(n)s others", rest) % {"n": rest}
    return gettext("%(names)s and %(others)s") % {"names": ", ".join(every[:most]), "others": others}


@lru_cache(maxsize=8)
def _locale(of: str) -> Locale:
    return Locale.parse(of if of in ("ko", "fr") else "en")
