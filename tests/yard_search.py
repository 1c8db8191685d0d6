"""The yard's words in the index, and a search that the buyer keeps."""

from __future__ import annotations

from typing import Any

from madang.search.actions.refreshing import refresh
from madang.search.actions.saving import save_search
from madang.search.queries.asking import Asked

PARTS = {("search", "key"): "saved_search"}
SPECIAL = {("matching:apart", "code"): "title"}


def add_search(yard: Any) -> None:
    """At the end, when all rows are there."""
    refresh(yard.edition)
    buyer = yard.people["buyer"]
    yard.codes["saved_search"] = save_search(buyer.user, buyer, Asked("yard"), name="Yards", alert="daily").key
