"""Problems of real life against an oracle that tries every timetable: each field by itself, and all together."""

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.lives import FIELDS, best, lives

from madang.kernels.timetable import Goal, Status, check, solve


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("fields", [*((f,) for f in FIELDS), FIELDS], ids=lambda fields: fields[0] if len(fields) == 1 else "all")
def test_the_timetable_is_as_good_as_the_oracle_finds(goal, fields):
    @settings(deadline=None, max_examples=30 if len(fields) == 1 else 120, suppress_health_check=list(HealthCheck))
    @given(lives(goal, fields))
    def tried(problem):
        plan, wanted = solve(problem, limit=20), best(problem)
        assert check(problem, plan) == []
        assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
        if wanted is not None and goal is Goal.BREAKS:
            assert (plan.objective, plan.bound, plan.breaks) == (wanted[2],) * 3
        if wanted is not None and goal is Goal.WEIGHT:
            assert (plan.short or 0, plan.objective, plan.breaks) == wanted
            assert plan.bound == wanted[1]

    tried()
