"""Calls and entries, the jury that reads them, and what is selected."""

from madang.selection.models.entries import Call, Entry, EntryState, Material, MaterialKind
from madang.selection.models.jury import (
    AssignmentRun,
    Axis,
    Conflict,
    ConflictKind,
    Criterion,
    Decision,
    Juror,
    Rank,
    Ranking,
    Reading,
    ReadingState,
    Remark,
    Score,
    Selection,
)

__all__ = [
    "AssignmentRun",
    "Axis",
    "Call",
    "Conflict",
    "ConflictKind",
    "Criterion",
    "Decision",
    "Entry",
    "EntryState",
    "Juror",
    "Material",
    "MaterialKind",
    "Rank",
    "Ranking",
    "Reading",
    "ReadingState",
    "Remark",
    "Score",
    "Selection",
]
