"""The yard's call for entries: one open call, a submitted entry of the audience with its poster, and a draft of the seller."""

from __future__ import annotations

from typing import Any

from entry_rows import make_entry, make_open_call, make_poster
from yard_jury import PARTS as JURY_PARTS
from yard_jury import add_jury

from madang.selection.models import EntryState

PARTS = {
    ("selection", "call"): "call",
    ("selection", "code"): "entry",
    ("selection", "material"): "material",
    ("selection", "kind"): "material_kind",
    ("selection", "ending"): "table_kind",
    **JURY_PARTS,
}


def add_entries(yard: Any) -> None:
    """Needs the accounts of the yard."""
    call = make_open_call(yard.edition, code="SHOW", name="Showcase call", name_ko="쇼케이스 공모", rules="One series a company.")
    facts = {"state": EntryState.SUBMITTED, "company_name": "Hanbada Pictures"}
    entry = make_entry(call, yard.accounts["audience"], **facts)
    make_entry(call, yard.accounts["seller"], code="SHOW-DRAFT", name="가" * 60)  # a word that no line is wide enough for
    yard.codes |= {"call": call.code, "entry": entry.code, "material": make_poster(entry).pk, "material_kind": "poster"}
    add_jury(yard)
