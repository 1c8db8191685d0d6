"""What a text about territories, media or languages means, told while it is written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from madang.deals.models import Dimension
from madang.deals.sets import LATEST, TABLES
from madang.deals.words import fault_text, languages_text, media_text, note_text, territories_listed
from madang.kernels.rights import LanguageTable, RightsError, TerritoryTable


@dataclass(frozen=True, slots=True)
class Read:
    """`words`: the set one by one; `notes`: what contracts disagree about; `fault`: why it cannot be read."""

    words: str = ""
    notes: tuple[str, ...] = ()
    fault: str = ""


def read_rights(dimension: str, text: str) -> Read:
    """A text in the words of the reader's language; nothing written is nothing read, but all languages."""
    try:
        table = TABLES[Dimension(dimension)](LATEST[Dimension(dimension)])
        if isinstance(table, TerritoryTable):
            said = table.read(text)
            mask, words, notes = said.mask, territories_listed(said.mask), tuple(note_text(note) for note in said.notes)
        else:
            mask = table.read(text or ("any" if isinstance(table, LanguageTable) else ""))
            words, notes = (languages_text if isinstance(table, LanguageTable) else media_text)(mask), ()
    except RightsError as fault:
        return Read(fault=fault_text(str(fault)))
    if not mask and text.strip():
        return Read(fault=gettext("Nothing is left of this: write at least one."))
    return Read(words if mask else "", notes)
