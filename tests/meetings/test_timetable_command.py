"""`madang timetable`."""

from __future__ import annotations

import pytest
from factories import UserFactory
from hall import hall

from madang.meetings.actions.compute import start_run
from madang.meetings.models import Timetable, TimetableRun
from madang.people.models import Notice
from madang.site.commandline import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    made = hall()
    made.ask(0, 0), made.ask(1, 1)
    return made


def test_a_draft(here, capsys):
    assert main(["timetable", here.edition.slug, "--limit", "300"]) == 0
    said = capsys.readouterr().out
    assert "2 of 2 requests have a meeting; 0 clashes" in said
    assert f"/e/{here.edition.slug}/desk/timetable/" in said
    assert (Timetable.objects.get().state, Notice.objects.count()) == ("draft", 0)


def test_publishing_in_an_organisers_name(here, capsys):
    given = ["timetable", here.edition.slug, "--publish", "--limit", "300", "--seed", "3", "--as", here.organiser.email.upper()]
    assert main(given) == 0
    assert "Published as version 1: 2 new, 0 moved, 0 cancelled, 0 as before." in capsys.readouterr().out
    version, run = Timetable.objects.get(), TimetableRun.objects.get()
    assert (version.state, version.published_by, run.asked_by, run.seed) == ("published", here.organiser, here.organiser, 3)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["no-such-edition"], "no edition has the code 'no-such-edition'. There are: {slug}."),
        (["{slug}", "--as", "nobody@example.org"], "no account has the address 'nobody@example.org'."),
        (["{slug}", "--as", "{stranger}"], "{stranger} does not organise {slug}."),
    ],
)
def test_what_can_be_mended(here, capsys, given, words):
    names = {"slug": here.edition.slug, "stranger": UserFactory().email}
    assert main(["timetable", *(part.format(**names) for part in given)]) == 2
    assert capsys.readouterr().err == f"madang: {words.format(**names)}\n"
    assert TimetableRun.objects.count() == 0


@pytest.mark.parametrize("given", [["--limit", "0"], ["--limit", "x"], ["--seed", "-1"], ["--limit", "4000"]])
def test_numbers_that_are_none(here, capsys, given):
    with pytest.raises(SystemExit) as ended:
        main(["timetable", here.edition.slug, *given])
    assert ended.value.code == 2
    assert "is not a" in capsys.readouterr().err


def test_a_computation_that_runs_already(here, capsys):
    start_run(here.organiser, here.edition)
    assert main(["timetable", here.edition.slug]) == 2
    assert "is being computed already" in capsys.readouterr().err


def test_nothing_to_place(capsys):
    empty = hall()
    assert main(["timetable", empty.edition.slug]) == 1
    assert "No meeting request has been accepted yet" in capsys.readouterr().out


def test_help_tells_of_both_kinds(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["timetable", "--help"])
    assert ended.value.code == 0
    assert "solve FILE" in " ".join(capsys.readouterr().out.split())
