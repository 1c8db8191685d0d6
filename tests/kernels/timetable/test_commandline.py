"""`timetable solve|check` as a person types it: exit codes, plan files, sentences for bad input."""

import argparse
import json
import subprocess
import sys

import pytest
from kernels.timetable.test_reading import DZN

from madang.kernels.timetable import Participant, Problem, Request, Slot, Table, write_json
from madang.kernels.timetable.commandline import add_commands, main


@pytest.fixture
def event(tmp_path):
    path = tmp_path / "event.dzn"
    path.write_text(DZN)
    return path


def test_solve_writes_a_plan_that_check_accepts(event, tmp_path, capsys):
    out = tmp_path / "plan.json"
    assert main(["solve", str(event), "--out", str(out), "--limit", "20", "--seed", "2"]) == 0
    assert "optimal: 2 of 2 placed" in capsys.readouterr().err
    plan = json.loads(out.read_text())
    assert (plan["status"], plan["objective"], plan["bound"]) == ("optimal", 0, 0)
    assert {m["id"] for m in plan["meetings"]} == {1, 2}
    assert main(["check", str(event), str(out)]) == 0


def test_check_prints_one_line_for_each_broken_rule(event, tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text('{"meetings": [{"id": 1, "slot": 4, "table": 1}, {"id": 2, "slot": 3, "table": 7}]}')
    assert main(["check", str(event), str(plan)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert {line.split(":")[0] for line in lines} == {"session", "after", "table_unknown"}


def test_the_plan_goes_to_the_screen_without_out(event, capsys):
    assert main(["solve", str(event)]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_a_proven_infeasible_event_is_an_answer(tmp_path, capsys):
    path = tmp_path / "event.dzn"
    path.write_text(DZN.replace("1..1", "1..2"))
    assert main(["solve", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "infeasible"


@pytest.mark.parametrize("content", ["nBusiness = ", "", "\x00", "nBusiness = 99999999999999999999;"])
def test_an_unreadable_file_is_a_sentence(tmp_path, capsys, content):
    path = tmp_path / "event.dzn"
    path.write_text(content)
    assert main(["solve", str(path)]) == 2
    assert main(["check", str(path), str(path)]) == 2
    assert "event.dzn: " in capsys.readouterr().err


def test_a_plan_that_is_none_is_a_sentence(event, tmp_path, capsys):
    assert main(["check", str(event), str(tmp_path / "nothing.json")]) == 2
    bad = tmp_path / "bad.json"
    bad.write_text('{"meetings": [{"id": 1}]}')
    assert main(["check", str(event), str(bad)]) == 2
    assert "meetings, row 1: slot must be a whole number" in capsys.readouterr().err


def test_another_command_line_can_add_these_commands_with_a_reader_of_its_own(tmp_path, capsys):
    problem = Problem((Slot(),), (Participant(1), Participant(2)), (Table(1),), (Request("r", (1, 2)),))
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True), {".xlsx": lambda path: problem})
    options = parser.parse_args(["solve", str(tmp_path / "edition.XLSX")])
    assert options.run(options) == 0
    assert [m["id"] for m in json.loads(capsys.readouterr().out)["meetings"]] == ["r"]


def test_homogeneity_can_be_set(tmp_path, capsys):
    slots, people = tuple(Slot() for _ in range(3)), tuple(Participant(p) for p in "hab")
    requests = (Request(1, ("h", "a"), fixed_slot=1, tables=()), Request(2, ("h", "b"), fixed_slot=3, tables=()))
    path = tmp_path / "p.json"
    path.write_text(write_json(Problem(slots, people, (), requests)))
    assert main(["solve", str(path), "--homogeneity", "0"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "infeasible"
    assert main(["solve", str(path), "--homogeneity", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["breaks"] == 1


def test_it_runs_as_a_module(event):
    run = subprocess.run(
        [sys.executable, "-m", "madang.kernels.timetable", "solve", str(event)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert json.loads(run.stdout)["objective"] == 0
