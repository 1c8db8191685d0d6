"""Contact cards in the vCard format, version 3.0 (RFC 2426), which every phone and mail programme takes in."""

from __future__ import annotations

from dataclasses import dataclass

from icalendar.parser import Contentline
from icalendar.prop import vText

from madang.kit.territories import country_name


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `name` is in Latin letters in the person's own order, `native_name` in her own script."""

    family_name: str
    given_name: str
    name: str
    native_name: str = ""
    company: str = ""
    native_company: str = ""
    job_title: str = ""
    email: str = ""
    website: str = ""
    country: str = ""
    met_at: str = ""


def card_bytes(card: Card) -> bytes:
    """The card as a file, UTF-8, lines folded at 75 octets."""
    lines = [
        ("VERSION", "3.0"),
        ("PRODID", "-//Madang//Card//EN"),
        ("FN", _text(_both(card.name, card.native_name))),
        ("N", ";".join([_text(card.family_name), _text(card.given_name), "", "", ""])),
        ("NICKNAME", _text(card.native_name)),
        ("ORG", _text(_both(card.company, card.native_company))),
        ("TITLE", _text(card.job_title)),
        ("EMAIL;TYPE=INTERNET,WORK", _text(card.email)),
        ("URL", card.website.replace(",", "%2C")),  # some programmes end an address at its first comma
        ("ADR;TYPE=WORK", ";" * 6 + _text(country_name(card.country, "en")) if card.country else ""),
        ("NOTE", _text(card.met_at)),
    ]
    written = [f"{name}:{value}" for name, value in lines if value]
    return b"".join(_folded(line) for line in ("BEGIN:VCARD", *written, "END:VCARD"))


def _folded(line: str) -> bytes:
    return bytes(Contentline(line).to_ical()) + b"\r\n"  # type: ignore[no-untyped-call]  # the library's own


def _both(latin: str, native: str) -> str:
    """ "Haneul Seo (서하늘)"; one of them alone where there is no other."""
    if not latin or not native or latin == native:
        return latin or native
    return f"{latin} ({native})"


def _text(words: str) -> str:
    plain = "".join(letter for letter in " ".join(words.split()) if letter.isprintable())
    return vText(plain).to_ical().decode()
