"""Studies: settled before the event, frozen, counted, told; lists and files that cannot be read say where."""

from __future__ import annotations

import datetime as dt
import io
import math

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import EditionFactory, TitleFactory, UserFactory
from openpyxl import Workbook
from round_rows import at
from study_rows import DONORS, FACTS, NINE, begun, counted, fresh, months
from visits import client_of, queries_of

from madang.kernels.impact import Counts, uplift
from madang.outcomes.actions import studies as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import MonthlyCount, Study
from madang.outcomes.queries.counts_file import read_counts
from madang.outcomes.queries.pasted import BadList, lines_of
from madang.outcomes.queries.studies import counts_of, is_late, registration_of, result_before, result_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    edition = EditionFactory()
    edition.organiser = UserFactory()
    edition.market.organisers.add(edition.organiser)
    at(edition, "2025-04-10")
    return edition


def test_a_registered_study_is_frozen_and_its_digest_is_the_kernels(edition):
    study = begun(edition)
    actions.register_study(edition.organiser, study)
    found = fresh(study)
    assert (found.digest, is_late(found)) == (registration_of(found).digest, False)
    assert registration_of(found).registered == "2025-04-10"
    for act in (lambda: begun(edition, study=study), lambda: actions.discard_study(edition.organiser, study)):
        with pytest.raises((Refused, TypeError)):
            act()
    with pytest.raises(Refused):
        actions.save_study(edition.organiser, edition, FACTS | {"code": "show"}, NINE, study)
    with pytest.raises(Refused):
        actions.register_study(edition.organiser, study)


def test_once_the_event_has_begun_a_study_is_late_for_ever(edition):
    study = begun(edition)
    at(edition, "2025-05-01")
    with pytest.raises(Refused):
        actions.register_study(edition.organiser, study)
    actions.register_study(edition.organiser, study, late=True)
    assert is_late(fresh(study))
    page = client_of(edition.organiser).get(f"/e/{edition.slug}/desk/outcomes/studies/show/")
    assert page.text.count("Registered late") == 1


def test_a_study_needs_two_titles_and_two_donors(edition):
    with pytest.raises(Refused):
        actions.register_study(edition.organiser, begun(edition, titles=[*NINE, DONORS[0]]))


def test_the_result_is_the_kernels_and_says_what_nine_titles_can_show(edition):
    study = begun(edition)
    actions.register_study(edition.organiser, study)
    at(edition, "2025-12-05")
    counts = counted(study)
    assert actions.import_counts(edition.organiser, study, counts, file="counts.csv") == 0
    found = result_of(fresh(study))
    codes = [one.code for one in (*NINE, *DONORS)]
    table = [[counts[code, month] for month in months("2024-05", 19)] for code in codes]
    expected = uplift(Counts("2024-05", tuple(codes), table), registration_of(fresh(study)))
    assert found.uplift.lift == expected.lift
    assert (found.is_gain, found.left_out(), found.can.titles) == (True, [], 9)
    assert round(found.uplift.lift.estimate, 1) == 2.0
    assert actions.import_counts(edition.organiser, study, {("S0", dt.date(2024, 6, 1)): 5}, file="again.csv") == 1


def test_while_counts_are_to_come_the_edition_before_is_shown(edition):
    """The newest earlier study of the same measure that was registered in time and has counts; not a late one, not another's."""
    for code, slug, event, late in (("old", "old", 2023, False), ("last", "last", 2024, False), ("late", "later", 2025, True)):
        earlier = EditionFactory(market=edition.market, slug=slug)
        earlier.organiser = edition.organiser
        study = begun(earlier, code, event=dt.date(event, 4 if late else 5, 1))
        at(earlier, f"{event}-0{5 if late else 4}-10")
        actions.register_study(edition.organiser, study, late=late)
        actions.import_counts(edition.organiser, study, counted(study, f"{event - 1}-05", 19), file="c.csv")
    mine = begun(edition, event=dt.date(2026, 5, 1))
    at(edition, "2026-04-10")
    actions.register_study(edition.organiser, mine)
    assert result_before(fresh(mine)).study.code == "last"
    page = client_of(edition.organiser).get(f"/e/{edition.slug}/desk/outcomes/studies/show/").content.decode()
    assert "At the edition before, the 9 titles were counted" in page
    begun(edition, "other", event=dt.date(2026, 5, 1), measure="Something else")
    assert result_before(Study.objects.get(code="other")) is None


def test_withdrawn_titles_zeros_and_missing_months_follow_the_kernels_rules(edition):
    study = begun(edition)
    counts = counted(study)
    for month in months("2024-05", 19):
        counts["S1", month] = 0
        if month < dt.date(2024, 10, 1):
            counts.pop(("S2", month))
    actions.import_counts(edition.organiser, study, counts, file="x")
    actions.withdraw_studied(edition.organiser, study.titles.get(code="S0"), dt.date(2025, 4, 2))
    actions.withdraw_studied(edition.organiser, study.titles.get(code="S3"), dt.date(2025, 6, 2))
    found = result_of(fresh(study))
    assert sorted(found.left_out()) == [
        ("Series 0", False, "withdrawn before the event"),
        ("Series 1", False, "no counts before the event"),
    ]
    assert sorted(code for code, *_rest in found.titles()) == ["S2", "S3", "S4", "S5", "S6", "S7", "S8"]
    assert math.isnan(counts_of(fresh(study)).rows(["S2"])[0, 0])


def test_what_is_missing_is_said_in_months(edition):
    study = begun(edition)
    assert result_of(fresh(study)).why == "Counts of 2024-11 to 2025-11 are wanted; there are none yet."
    actions.import_counts(edition.organiser, study, counted(study, "2024-11", 6), file="x")
    found = result_of(fresh(study))
    assert found.why == "Counts of 2024-11 to 2025-11 are wanted; there are those of 2024-11 to 2025-04."
    assert (found.uplift, found.is_planned, found.shows_doubling, found.shows_30) == (None, True, True, False)


def test_editions_of_one_measure_are_pooled_without_late_ones(edition):
    other = EditionFactory(market=edition.market)
    late = EditionFactory(market=edition.market)
    for one, day in ((edition, "2025-04-10"), (other, "2025-04-10"), (late, "2025-05-10")):
        one.organiser = edition.organiser
        at(one, day)
        study = begun(one)
        actions.register_study(edition.organiser, study, late=one is late)
        counts = counted(study)
        if one is other:
            counts = {key: count + (7 * n) % 40 for n, (key, count) in enumerate(counts.items())}
        actions.import_counts(edition.organiser, study, counts, file="x")
    found = result_of(fresh(Study.objects.get(edition=edition)))
    assert (found.pooled.studies, [one.edition for one in found.others]) == (2, [other])


WIDE = "code,2024-05,2024. 6,2024년 7월\nS0,1,,3\nS1,4,5,6\n"
LONG = "Titel;Monat;Zahl\nS0;2024-05;1\nS0;2024-07-31;3\n"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (WIDE, [("S0", 5, 1), ("S0", 7, 3), ("S1", 5, 4), ("S1", 6, 5), ("S1", 7, 6)]),
        (LONG, [("S0", 5, 1), ("S0", 7, 3)]),
    ],
)
def test_both_shapes_of_tables_are_read(text, counts):
    found = read_counts(io.BytesIO(text.encode()), "counts.csv", {"S0", "S1"})
    assert found.troubles == []
    assert [(code, month.month, count) for (code, month), count in found.counts.items()] == counts


def test_every_fault_is_told_by_its_cell():
    rows = ["S0,2024-05,-1", "S9,2024-05,1", "S0,soon,1", f"S0,2024-06,{'9' * 25}", "S0,2024-07,1.5", "S0,2024-08,=1"]
    text = "\n".join(["code,month,count", *rows, "S1,2024-05,1", "S1,2024-05,2"])
    found = read_counts(io.BytesIO(text.encode()), "counts.csv", {"S0", "S1"})
    assert [one.place for one in found.troubles] == ["C7", "C2", "A3", "B4", "C5", "C6", "C9"]


def test_a_file_comes_in_whole_or_not_at_all(edition):
    study = begun(edition)
    path = f"/e/{edition.slug}/desk/outcomes/studies/show/counts/"
    client = client_of(edition.organiser)
    bad = client.post(path, {"file": SimpleUploadedFile("c.csv", b"code,2024-05\nS0,1\nS1,x\n")})
    assert (bad.status_code, [one.place for one in bad.context["troubles"]], MonthlyCount.objects.count()) == (422, ["B3"], 0)
    book = Workbook()
    book.active.append(["code", dt.datetime(2024, 5, 1), dt.datetime(2024, 6, 1)])
    book.active.append(["S0", 7, 0])
    stream = io.BytesIO()
    book.save(stream)
    assert client.post(path, {"file": SimpleUploadedFile("c.xlsx", stream.getvalue())}).status_code == 302
    assert list(MonthlyCount.objects.values_list("title__code", "count")) == [("S0", 7), ("S0", 0)]
    assert client.post(path, {"file": SimpleUploadedFile("c.exe", b"MZ")}).status_code == 422
    empty = client.get(f"/e/{edition.slug}/desk/outcomes/studies/{study.code}/counts.csv")
    assert empty.content.decode("utf-8-sig").splitlines()[:2] == [
        "code," + ",".join(f"{month:%Y-%m}" for month in months("2024-11", 13)), "S0" + "," * 13,
    ]  # fmt: skip


SENT = {
    "code": "filed", "name": "Filed", "measure": "Views", "source": "Here", "event": "2025-05", "months_before": "12",
    "months_after": "12", "skip": "0", "nearest": "10", "shown": "S1, One\nS2, Two", "donors": "",
}  # fmt: skip


def test_donors_and_their_counts_come_from_a_file(edition):
    """As CSV the donors alone; as Excel all titles, their kinds in the reader's words, and months beside them."""
    client, path = client_of(edition.organiser), f"/e/{edition.slug}/desk/outcomes/studies/"
    plain = SimpleUploadedFile("d.csv", "code,name\nD1,<b>Δ</b>\nD2,한글 🎬\n".encode())
    assert client.post(path + "new/", SENT | {"file": plain}).status_code == 302
    study = Study.objects.get(edition=edition)
    assert list(study.titles.values_list("code", "name", "is_donor")) == [
        ("S1", "One", False), ("S2", "Two", False), ("D1", "<b>Δ</b>", True), ("D2", "한글 🎬", True),
    ]  # fmt: skip
    book = Workbook()
    for row in (["코드", "이름", "구분", dt.datetime(2025, 3, 1), "2025년 4월"], ["S1", "One", "상영작", 5, 0],
                ["S3", "Three", "shown", None, 7], ["D2", "Two", "비교작", 1, 2], ["D3", None, None, 3, None]):  # fmt: skip
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    answer = client.post(path + "filed/change/", SENT | {"file": SimpleUploadedFile("d.xlsx", stream.getvalue())})
    assert answer.status_code == 302
    assert list(study.titles.values_list("code", "name", "is_donor")) == [
        ("S1", "One", False), ("S3", "Three", False), ("D2", "Two", True), ("D3", "D3", True),
    ]  # fmt: skip
    counts = MonthlyCount.objects.filter(title__study=study).order_by("title__code", "month")
    assert [(one.title.code, f"{one.month:%Y-%m}", one.count) for one in counts.select_related("title")] == [
        ("D2", "2025-03", 1), ("D2", "2025-04", 2), ("D3", "2025-03", 3), ("S1", "2025-03", 5), ("S1", "2025-04", 0),
        ("S3", "2025-04", 7),
    ]  # fmt: skip


def test_a_file_of_donors_names_its_bad_cells_and_changes_nothing(edition):
    client, path = client_of(edition.organiser), f"/e/{edition.slug}/desk/outcomes/studies/new/"
    rows = "code,name,kind,2025-03\nD1,a,,1\nD1,b,,1\n한글,c,,1\nD4,d,maybe,1\nD5,e,donor,-1\nD6,f,,{'9' * 25}\n"
    bad = client.post(path, SENT | {"file": SimpleUploadedFile("d.csv", rows.encode())})
    places = [one.place for one in bad.context["troubles"]]
    assert (bad.status_code, list(bad.context["form"].errors), places) == (422, ["file"], ["A3", "A4", "C5", "D6", "D7"])
    assert "S1, One" in bad.content.decode()
    assert client.post(path, SENT).context["form"].errors.keys() == {"donors"}
    assert client.post(path, SENT | {"file": SimpleUploadedFile("d.exe", b"MZ")}).status_code == 422
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [("A, x\nA, y", "Line 2:"), ("한글, x", "Line 1:"), ("\n\nA b, x", "Line 3:"), ("B" * 61, "Line 1:")],
)
def test_a_list_names_its_bad_line(text, fault):
    with pytest.raises(BadList, match=fault):
        list(lines_of(text))


def test_the_form_offers_the_showcase_and_keeps_what_was_typed(edition):
    for number in range(3):
        TitleFactory(edition=edition, code=f"SC{number}", name=f"Show {number}", is_showcase=True)
    client, path = client_of(edition.organiser), f"/e/{edition.slug}/desk/outcomes/studies/new/"
    assert client.get(path).context["form"]["shown"].value() == "SC0, Show 0\nSC1, Show 1\nSC2, Show 2"
    sent = {
        "code": "other", "name": "가" * 200, "measure": "Views", "source": "Here", "event": "2025-05", "months_before": "12",
        "months_after": "12", "skip": "0", "nearest": "10", "shown": "SC0, Show 0\nSC1; Show 1", "donors": "D1\nD2\nSC0",
    }  # fmt: skip
    bad = client.post(path, sent)
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"donors"})
    assert client.post(path, sent | {"donors": "D1\nD2", "event": "9999-99"}).context["form"].errors.keys() == {"event"}
    assert client.post(path, sent | {"donors": "D1\nD2", "code": "new"}).context["form"].errors.keys() == {"code"}
    assert client.post(path, sent | {"donors": "D1\nD2"}).status_code == 302
    study = Study.objects.get(edition=edition)
    titles = study.titles.values_list("code", "is_donor", "title__code")
    assert list(titles) == [("SC0", False, "SC0"), ("SC1", False, "SC1"), ("D1", True, None), ("D2", True, None)]
    assert client.post(path, sent | {"donors": "D1\nD2"}).context["form"].errors.keys() == {"code"}


def test_the_list_takes_as_many_queries_for_one_as_for_three(edition):
    begun(edition)
    one = queries_of(edition.organiser, "outcomes:studies", edition)
    begun(edition, "second")
    begun(edition, "third")
    assert queries_of(edition.organiser, "outcomes:studies", edition) == one
