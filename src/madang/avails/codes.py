"""Codes of countries, languages and currencies, and the check character of an EIDR."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from babel.numbers import list_currencies

from madang.kernels.rights.territories import LATEST

BESIDES = ("EU", "ZZ")
EIDR = re.compile(r"(?<![0-9A-Z])(10\.5240[/:])?((?:[0-9A-F]{4}-){5})([0-9A-Z])(?![0-9A-Z-])", re.I)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2, UN M.49 (countries and regions), EU, and ZZ for the whole world."""
    rows = json.loads(files("madang.kernels.rights").joinpath(f"data/territories-{LATEST}.json").read_text("utf-8"))
    numbers = {number for row in rows["countries"] for number in row.get("m49", ())}
    regions = set(subtags()["region"]) | {code for row in rows["regions"] for code in row.get("m49", ())}
    codes = {row["code"] for row in rows["countries"]}
    return frozenset(codes | numbers | {code for code in regions if code.isdigit()} | set(BESIDES))


@cache
def currencies() -> frozenset[str]:
    """ISO 4217, with the codes for tests and for no currency."""
    return frozenset(list_currencies())


@cache
def subtags() -> dict[str, frozenset[str]]:
    """The registered subtags of languages by kind, in small letters."""
    rows = json.loads(files(__package__).joinpath("data/languages.json").read_text("utf-8"))
    return {kind: frozenset(text.split()) for kind, text in rows.items() if kind not in ("source", "date")}


def is_language(text: str) -> bool:
    """Whether a text is a tag of RFC 5646 made of registered subtags; capital letters do not matter."""
    known = subtags()
    tag = text.lower()
    first, *rest = tag.split("-")
    if tag in known["tag"] or (first == "x" and rest and all(re.fullmatch("[a-z0-9]{1,8}", one) for one in rest)):
        return True
    return (first in known["language"] or ("qaa" <= first <= "qtz" and len(first) == 3)) and _rest_is_good(rest)


def _rest_is_good(rest: list[str]) -> bool:
    """Extended language, script, region and variants, each registered and in this order; private use may end it."""
    known = subtags()
    kinds = iter(("extlang", "script", "region", "variant"))
    kind = next(kinds)
    for index, part in enumerate(rest):
        if part == "x":
            return index + 1 < len(rest)
        while part not in known[kind]:
            following = next(kinds, None)
            if following is None:
                return False
            kind = following
        kind = kind if kind == "variant" else next(kinds)
    return True


def eidrs(text: str) -> list[tuple[str, bool]]:
    """Every EIDR in a text, with whether its check character is right (ISO 7064 Mod 37,36)."""
    return [(found[0], check_character(found[2]) == found[3].upper()) for found in EIDR.finditer(text)]


def check_character(text: str) -> str:
    """The check character of ISO 7064 Mod 37,36 over the letters and digits of a text."""
    rest = 36
    for character in text.upper():
        if character in DIGITS:
            rest = (rest + DIGITS.index(character)) % 36 or 36
            rest = rest * 2 % 37
    return DIGITS[(37 - rest) % 36]
