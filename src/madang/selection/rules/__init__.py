"""Who sees and does what with calls, entries and juries."""

from madang.selection.rules.jury import (
    OPEN,
    discussed_entries,
    is_scoring_open,
    juror_of,
    may_remark,
    may_run_jury,
    may_score,
    may_see_makers,
    own_juries,
    own_readings,
    visible_readings,
    visible_remarks,
)

__all__ = [
    "OPEN",
    "discussed_entries",
    "is_scoring_open",
    "juror_of",
    "may_remark",
    "may_run_jury",
    "may_score",
    "may_see_makers",
    "own_juries",
    "own_readings",
    "visible_readings",
    "visible_remarks",
]
