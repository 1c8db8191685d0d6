"""Files in and out: .dzn in both languages, our JSON, the market's JSON, plans; and what is said of bad ones."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.problems import SHARED, needs_shared, tiny_problems

from madang.kernels.timetable import (
    Goal,
    Meeting,
    Plan,
    ProblemError,
    Request,
    Status,
    plan_from_json,
    plan_to_json,
    read_dzn,
    read_file,
    read_json,
    solve,
    write_json,
)

DZN = """% an event
nBusiness = 3; nMeetings = 2; nTables = 1; nTotalSlots = 4; nMorningSlots = 2;
requested = [| 1, 2, 1, | 2, 3, 3 |];
forbidden = [{0}, 1..1, {0, 4}];
fixed = [0, 3];
precedences = [{}, {1}];
meetingsxBusiness = [{1},{1,2},{2}];
"""
CATALAN = (
    DZN.replace("nBusiness", "nEmpreses")
    .replace("nMeetings", "nReunions")
    .replace("nTables", "nTaules")
    .replace("nTotalSlots", "nFrangesTotal")
    .replace("nMorningSlots", "nFrangesMati")
    .replace("requested", "demanades")
    .replace("forbidden", "prohibides")
    .replace("fixed", "fixat")
)


def test_a_dzn_file_says_the_same_in_english_and_catalan():
    problem = read_dzn(DZN)
    assert read_dzn(CATALAN) == problem
    assert [s.session for s in problem.slots] == [1, 1, 2, 2]
    assert [p.forbidden for p in problem.participants] == [frozenset(), frozenset({1}), frozenset({4})]
    assert problem.requests == (Request(1, (1, 2), session=1), Request(2, (2, 3), fixed_slot=3, after=(1,)))
    assert (problem.goal, problem.homogeneity, problem.breaks_over_forbidden) == (Goal.BREAKS, 2, True)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (("nTables = 1", "nTables = one"), "line 2: one is not a value"),
        (("nTables = 1;", ""), "nTables or nTaules"),
        (("2, 3, 3 |]", "2, 9, 3 |]"), "line 3: row 2 of requested"),
        (("2, 3, 3 |]", "2, 3 |]"), "line 3: row 2 of requested needs"),
        (("{0, 4}", "{0, 5}"), "line 4: set 3 of forbidden goes outside 1 to 4"),
        (("fixed = [0, 3]", "fixed = [0]"), "line 5: fixed must have 2 numbers"),
        (("{1}];\nmeet", "{1};\nmeet"), "line 6: ',' was expected, not ;"),
        (("nBusiness = 3", "nBusiness # 3"), "line 2: '#' does not belong"),
        (("[{}, {1}]", "[{}, {2}]"), "request 2: comes after itself"),
    ],
)
def test_a_bad_dzn_file_is_refused_with_its_line(spoil, said):
    assert spoil[0] in DZN
    with pytest.raises(ProblemError) as caught:
        read_dzn(DZN.replace(*spoil))
    assert said in str(caught.value)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(tiny_problems())
def test_our_json_gives_the_same_problem_back(problem):
    assert read_json(write_json(problem)) == problem


def test_plan_json_gives_the_same_plan_back():
    plan = Plan(Status.FEASIBLE, 12, 13.0, 0.25, (Meeting("r1", 2, "t"), Meeting(7, 3, None)), 4)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert list(json.loads(plan_to_json(plan))) == ["status", "objective", "bound", "seconds", "breaks", "meetings"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: not JSON"),
        ("[]", "an object with names"),
        ('{"slots": []}', "participants must be a list"),
        (
            '{"slots": [{"day": "x"}], "participants": [], "tables": [], "requests": []}',
            "slots, row 1: day must be a whole number",
        ),
        ('{"slots": [], "participants": [{}], "tables": [], "requests": []}', "participants, row 1: id must be"),
        ('{"slots": [], "participants": [], "tables": [], "requests": [], "goal": "fun"}', "goal 'fun' is not one of"),
        ('{"format": "other"}', "the format is 'other'"),
        ('{"slots": 2, "slots_per_day": 2, "tables_per_slot": [1]}', "tables_per_slot must have 2 numbers"),
    ],
)
def test_bad_json_is_refused_with_a_sentence(text, said):
    with pytest.raises(ProblemError) as caught:
        read_json(text)
    assert said in str(caught.value)


def test_a_market_file_may_be_gzipped(tmp_path):
    data = {
        "slots": 4,
        "slots_per_day": 2,
        "tables_per_slot": [1, 2, 0, 1],
        "participants": [
            {"id": 1, "available": [1, 2], "max_per_day": 1},
            {"id": 2, "available": [1, 2, 3, 4], "max_per_day": 2},
        ],
        "requests": [{"id": 1, "buyer": 1, "seller": 2, "weight": 9, "needs_table": False, "fixed_slot": None}],
    }
    path = tmp_path / "market.json.gz"
    path.write_bytes(gzip.compress(json.dumps(data).encode()))
    problem = read_file(path)
    assert [s.day for s in problem.slots] == [1, 1, 2, 2]
    assert [t.closed for t in problem.tables] == [frozenset({3}), frozenset({1, 3, 4})]
    assert problem.participants[0].forbidden == frozenset({3, 4})
    assert problem.requests[0].tables == ()
    assert solve(problem).objective == 9


@pytest.mark.parametrize(
    ("name", "content"), [("a.json.gz", b"no gzip"), ("a.json", b"\xff\xfe\x00"), ("a.pdf", b""), ("none.json", None)]
)
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ProblemError):
        read_file(tmp_path / name)


@needs_shared
@pytest.mark.shared
def test_every_published_file_is_read():
    files = sorted((SHARED / "b2b").glob("*.dzn"))
    assert len(files) == 47
    assert all(read_file(f).requests for f in files)
