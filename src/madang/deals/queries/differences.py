"""What changed from one version of a document to the next: text against text, row by row, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from madang.deals.models import Document
from madang.deals.queries.texts import Block, blocks_of, shown_text

SAME, OLD, NEW = "same", "old", "new"
WORD = re.compile(r"\s+|[^\s]+")
LIKE = 0.4
"""From this likeness on, two lines are told as one line that changed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: `how` is same, old (no longer there) or new."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of either version, in pieces. `label` is what stands before it, `heading` whether it is one."""

    label: str
    pieces: tuple[Piece, ...]
    heading: bool = False

    @property
    def is_changed(self) -> bool:
        return any(piece.how != SAME for piece in self.pieces)


def differences(old: Document, new: Document, language: str) -> list[Row]:
    """All lines of both versions, the newer one's order; their titles and what documents say of themselves are left out."""
    before, after = list(_lines(old, language)), list(_lines(new, language))
    rows: list[Row] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for act, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if act == "equal":
            rows += [_row(line, SAME) for line in after[from_new:to_new]]
        else:
            rows += _changed(before[from_old:to_old], after[from_new:to_new])
    return rows


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts in one, in pieces of words."""
    before, after = WORD.findall(old), WORD.findall(new)
    pieces: list[Piece] = []
    for act, from_old, to_old, from_new, to_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(Piece(SAME, "".join(after[from_new:to_new])))
            continue
        gone, come = "".join(before[from_old:to_old]), "".join(after[from_new:to_new])
        pieces += [Piece(how, text) for how, text in ((OLD, gone), (NEW, come)) if text]
    return tuple(pieces)


Line = tuple[str, str, str]
"""Kind of its block, label, words."""


def _lines(document: Document, language: str) -> Iterator[Line]:
    for block in _told(blocks_of(shown_text(document, language))):
        for cells in block.lines:
            label = cells[0] if len(cells) > 1 and cells[1] else ""
            yield block.kind, label, " · ".join(cells[1:] if label else filter(None, cells))


def _told(blocks: list[Block]) -> list[Block]:
    """Without the title, the facts before the first line of rights, and what a document says of itself."""
    first = next((n for n, block in enumerate(blocks) if block.kind == "heading"), len(blocks))
    last = next((n for n, block in enumerate(blocks) if block.kind == "points"), len(blocks) + 1) - 1
    return blocks[first:last]


def _changed(before: Sequence[Line], after: Sequence[Line]) -> list[Row]:
    """Lines that were replaced: those with the same label and kind, or much alike, become one line with marks."""
    rows: list[Row] = []
    left = list(before)
    for line in after:
        twin = next((one for one in left if _is_twin(one, line)), None)
        if twin is None:
            rows.append(_row(line, NEW))
            continue
        rows += [_row(one, OLD) for one in left[: left.index(twin)]]
        left = left[left.index(twin) + 1 :]
        rows.append(Row(line[1], words_changed(twin[2], line[2]), line[0] == "heading"))
    return rows + [_row(one, OLD) for one in left]


def _is_twin(old: Line, new: Line) -> bool:
    if old[0] != new[0]:
        return False
    if old[1] and old[1] == new[1]:
        return True
    return not old[1] and not new[1] and SequenceMatcher(None, old[2], new[2], autojunk=False).ratio() >= LIKE


def _row(line: Line, how: str) -> Row:
    return Row(line[1], (Piece(how, line[2]),), line[0] == "heading")
