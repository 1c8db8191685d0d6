"""Runs of this app are carried out as all are."""

from madang.markets.runs import carry_out, edition_of

__all__ = ["carry_out", "edition_of"]
