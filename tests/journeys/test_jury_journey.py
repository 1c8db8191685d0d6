"""A juror with a phone scores two entries: what the others say opens after her own scores; the organiser ranks and decides."""

from __future__ import annotations

import pytest
from yard import build_yard

from madang.selection.models import Reading, Score, Selection

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_juror_scores_two_entries_and_reads_the_others_only_then(width, language, reader):
    yard = build_yard(f"jury-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}"
    mine = Reading.objects.filter(juror__participant=yard.people["juror"]).order_by("entry__code")
    codes = list(mine.values_list("entry__code", flat=True))
    Score.objects.filter(reading__in=mine).delete()  # in the yard she has scored some already
    mine.update(state="assigned", done_at=None)
    juror = reader(yard.accounts["juror"], width=width, language=language)
    assert juror.open(f"{here}/jury/") == 200
    juror.see("%(done)s of %(total)s scored", done=0, total=3)
    assert look(juror, f"jury-{language}-{width}") == []
    juror.press("Next entry")
    assert codes[0] in juror.page.url
    assert "A voice of its own." not in juror.page.content()
    score(juror, 7)
    juror.page.get_by_text(juror.words("All scores are given: finish when you are sure.")).wait_for()
    assert look(juror, f"scores-{language}-{width}") == []
    assert (mine[0].state, mine[0].scores.count()) == ("begun", 8)
    juror.press("Done: these scores are final")
    juror.see("Scored. The discussion is open to you now.")
    assert look(juror, f"discussion-{language}-{width}") == []
    said = juror.page.content()
    assert ("A voice of its own." in said) == (codes[0] == yard.codes["entry"])
    juror.press("Next entry")
    score(juror, 4)
    juror.page.get_by_text(juror.words("All scores are given: finish when you are sure.")).wait_for()
    juror.press("Done: these scores are final")
    juror.see("Scored. The discussion is open to you now.")
    juror.write("Your remark", "The ending holds.")
    juror.press("Say it")
    juror.see("The ending holds.")
    juror.open(f"{here}/jury/{yard.codes['call']}/{codes[2]}/")
    juror.page.get_by_text(juror.words("Give this entry back")).first.click()
    juror.write("Reason", "I wrote its music.")
    juror.page.get_by_label(juror.words("I have a conflict of interest")).check()
    assert look(juror, f"recuse-{language}-{width}") == []
    juror.press("Give it back")
    juror.see("You gave the entry back. The organiser has your reason.")
    assert [reading.state for reading in mine.all()] == ["done", "done", "recused"]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_the_organiser_deals_out_ranks_and_decides(width, language, reader):
    yard = build_yard(f"rank-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}/desk/jury/{yard.codes['call']}"
    organiser = reader(yard.accounts["organiser"], width=width, language=language)
    for page in (
        "",
        "/jurors",
        "/criteria",
        "/conflicts",
        "/readings",
        "/ranking",
        "/ranking/?axis=jurors",
        "/ranking/?axis=both",
    ):
        assert organiser.open(f"{here}{page}" + ("" if "?" in page else "/")) == 200
        assert look(organiser, f"desk{page.replace('/', '-').replace('?', '-')}-{language}-{width}") == []
    organiser.open(f"{here}/ranking/")
    organiser.press("Rank anew")
    organiser.see("No score has changed since ranking %(n)s: here it is.", n=1)
    organiser.open(f"{here}/line-up/")
    organiser.page.locator("input[name=entry]").first.check()
    organiser.page.locator("select[name=decision]").select_option("decline")
    organiser.press("Keep the decision")
    assert look(organiser, f"line-up-{language}-{width}") == []
    assert (
        Selection.objects.filter(
            entry__call__code=yard.codes["call"], decision="decline", entry__call__edition=yard.edition
        ).count()
        == 1
    )
    organiser.open(f"{here}/line-up/letters/")
    assert look(organiser, f"letters-{language}-{width}") == []
    organiser.press("Write the letters")
    organiser.see("No letter waits: decide first, or all have been told.")


def score(juror, value: int) -> None:
    """Press the same number for every criterion."""
    for field in juror.page.locator(".scale").all():
        field.locator("label", has_text=str(value)).first.click()


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)
