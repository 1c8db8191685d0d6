"""Subtitle files (.srt and .vtt) read strictly enough to say on which line something is wrong."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

TIMING = re.compile(
    r"\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{3})(?:\s.*)?", re.ASCII
)
MOST_FAULTS = 50
MOST_CUES = 50_000


class NotSubtitles(ValueError):
    """The file cannot be read at all; `code` says why: "encoding" or "no_cues"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass
class Subtitles:
    """What a file holds: number of cues, milliseconds until the last one ends, and (code, line) of each fault.

    Codes: "timing" (no time can be read), "backwards" (ends before it begins), "order" (begins before the one before it),
    "overlap" (begins before the one before it has ended), "empty" (no words).
    """

    cues: int = 0
    ends: int = 0
    faults: list[tuple[str, int]] = field(default_factory=list)


def read_subtitles(data: bytes) -> Subtitles:
    """Read a whole file. Raises NotSubtitles."""
    lines = _text(data).splitlines()
    found, before = Subtitles(), (0, 0)
    for number, line in enumerate(lines):
        if "-->" not in line or line.startswith("NOTE"):
            continue
        times = _times(line)
        if times is None:
            found.faults.append(("timing", number + 1))
            continue
        found.cues += 1
        found.faults += [(code, number + 1) for code in _wrong(times, before, lines[number + 1 : number + 2])]
        before = times
        found.ends = max(found.ends, times[1])
        if found.cues >= MOST_CUES:
            break
    if not found.cues:
        raise NotSubtitles("no_cues")
    found.faults = found.faults[:MOST_FAULTS]
    return found


def _wrong(times: tuple[int, int], before: tuple[int, int], words: list[str]) -> list[str]:
    codes = []
    if times[1] <= times[0]:
        codes.append("backwards")
    if times[0] < before[0]:
        codes.append("order")
    elif times[0] < before[1]:
        codes.append("overlap")
    if not words or not words[0].strip():
        codes.append("empty")
    return codes


def _times(line: str) -> tuple[int, int] | None:
    """(begin, end) in milliseconds."""
    match = TIMING.fullmatch(line)
    if match is None:
        return None
    parts = [int(part or 0) for part in match.groups()]
    if any(minute > 59 for minute in (parts[1], parts[2], parts[5], parts[6])):
        return None
    first, last = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:]))
    return first, last


def _text(data: bytes) -> str:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise NotSubtitles("encoding") from fault
