"""What stands in a QR at a door, and how a phone knows it again without carrying it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

LONGEST = 500
"""Characters of a scanned text that are looked at."""
ROUNDS = 1000
"""As in static/madang/door-copy.js; a copy of a full house is made in a second."""
SLIP = re.compile(r"[Qq]0*([0-9]{1,4})")


def keys_in(text: str) -> list[str]:
    """What may be a ticket's or a badge's key in a scanned text: the text itself, and each part of an address' path.

    The last part comes first, because that is where addresses carry keys.
    """
    plain = text.strip()[:LONGEST]
    path = re.split(r"[?#]", re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*", "", plain))[0]
    parts = [part for part in reversed(path.split("/")) if part]
    return list(dict.fromkeys([plain, *parts])) if plain else []


def slip_in(text: str) -> int | None:
    """The number of a queue's slip, where the text is one ("Q7")."""
    found = SLIP.fullmatch(text.strip())
    return int(found[1]) if found else None


@lru_cache(maxsize=50_000)
def short_digest(edition: str, event: str, code: str) -> str:
    """What a phone carries of a booking's short code: PBKDF2, salted with the event, as 32 hexadecimal letters.

    Eight letters are few: whoever steals a copy needs days to find the codes of one event, which is over by then.
    """
    salt = f"{edition}/{event}".encode()
    return hashlib.pbkdf2_hmac("sha256", code.upper().encode(), salt, ROUNDS, 16).hex()


def digest(key: str) -> str:
    """What a phone carries instead of a key: the first 16 bytes of its SHA-256, as 32 hexadecimal letters.

    Keys are random with 96 bits or more, so that nobody makes a key of its digest.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:32]
