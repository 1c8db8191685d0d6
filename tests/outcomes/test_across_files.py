"""Files of editions: the same numbers as the edition's own figures, made only where something changed, whole or not at all."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from factories import CompanyFactory, EditionFactory, UserFactory
from money_rows import activity, line, post
from outcome_rows import SURE, columns, market, missed, renamed, seen
from pyarrow import parquet

from madang.deals.models import Value
from madang.markets.actions import record
from madang.meetings.models import Form
from madang.outcomes.across import engine
from madang.outcomes.across.dictionary import resources
from madang.outcomes.across.marks import damaged, lacking, root
from madang.outcomes.across.questions import QUESTIONS, every_in_sql
from madang.outcomes.across.schema import FORMS, TABLES
from madang.outcomes.actions.across import Stopped, bring_up_to_date, claim_night, make_files
from madang.outcomes.models import EditionFiles

pytestmark = pytest.mark.django_db
FOUR = ((0, 0), (0, 1), (1, 0), (2, 2))
PLACES = ((0, 0, 0), (1, 1, 1), (2, 2, 0), (3, 3, 1))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def four():
    """Four meetings that are over: held by both, by one side, missed, and one of which nobody said anything."""
    yard = market(*PLACES, asks=FOUR)
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender")
    missed(yard, 2, "receiver")
    return yard


def answers(*editions, chosen=None, before=None, form=""):
    """What the files of these editions say about the chosen ones (all)."""
    folders = [root() / EditionFiles.objects.get(edition=one).folder for one in editions]
    asked = [engine.Asked(one.pk, before and before.pk) for one in (editions if chosen is None else chosen)]
    return engine.answers(folders, asked, form)


def test_the_files_say_what_the_figures_say():
    yard = four()
    yard.requests[0].form = "online"
    yard.requests[0].save()
    renamed(yard.buyers[0], "Jane Doe Films", "FR")
    lines = activity(yard.edition, "MEET")
    post(line(lines, 100, currency="KRW"), "spent", 40, UserFactory(), currency="KRW")
    assert make_files(yard.edition) is True
    found, pk = answers(yard.edition), yard.edition.pk
    assert found["requests"] == [{"edition": pk, "requested": 4, "accepted": 4, "declined": 0, "waiting": 0}]
    outcomes = {"held": 1, "one_sided": 1, "missed": 1, "contested": 0, "silent": 1}
    pairs = {"pairs": 1, "new_pairs": 0, "known_pairs": 0}  # no earlier edition is here: nobody knows
    assert found["meetings"] == [{"edition": pk, "planned": 4, "over": 4, **outcomes, **pairs}]
    assert columns(yard.edition, "meetings_held")[SURE] == outcomes["held"]
    assert columns(yard.edition, "companies")[SURE] == found["returning"][0]["companies"] == 2
    assert found["countries"] == [
        {"country": "FR", "other_country": "KR", "planned": 2, "held": 1},
        {"country": "KR", "other_country": "KR", "planned": 2, "held": 0},
    ]
    assert [(row["hour"], row["planned"], row["held"]) for row in found["hours"]] == [(10, 4, 1)]
    assert found["burn"] == [
        {"edition": pk, "currency": "KRW", "kind": kind, "amount": Decimal(amount)}
        for kind, amount in (("planned", 100), ("spent", 40))
    ]
    assert found["money"] == []
    counts = {form: answers(yard.edition, form=form) for form in ("online", "in_person")}
    assert {form: told["meetings"][0]["planned"] for form, told in counts.items()} == {"online": 1, "in_person": 3}
    assert {form: told["requests"][0]["requested"] for form, told in counts.items()} == {"online": 1, "in_person": 3}


@pytest.mark.once
def test_the_page_asks_what_ibis_says():
    assert engine.written() == every_in_sql()  # else: python -m madang.outcomes.across.questions
    assert ("", *Form.values) == FORMS


def test_companies_are_known_again_by_the_edition_before():
    """By name and country, whatever their code; the files know them by a digest alone."""
    yard = four()
    before = market((0, 0, 0), asks=((0, 0),), market=yard.edition.market, starts_on=dt.date(2024, 5, 28))
    for people in (yard, before):
        renamed(people.buyers[0], "Canal  Été" if people is yard else "canal ete", "FR")
        renamed(people.sellers[0], "Blue Hour")
    seen(before, 0, "sender", "receiver")
    seen(yard, 1, "receiver")
    for edition in (before.edition, yard.edition):
        make_files(edition)
    found = answers(before.edition, yard.edition, chosen=[yard.edition], before=before.edition)
    assert found["returning"] == [{"edition": yard.edition.pk, "companies": 3, "returned": 2}]
    pairs = {name: number for name, number in found["meetings"][0].items() if "pairs" in name}
    assert pairs == {"pairs": 2, "new_pairs": 1, "known_pairs": 1}
    assert columns(yard.edition, "first_time_pairs")[SURE] == pairs["new_pairs"]


def test_no_name_leaves_the_database():
    yard = four()
    renamed(yard.buyers[0], "Jane Doe Films", "FR")
    yard.buyers[0].family_name, yard.buyers[0].email = "Doesworth", "jane@doe.example"
    yard.buyers[0].save()
    record(yard.edition, yard.organiser, "take_note", "Jane Doesworth fell ill", who="jane@doe.example")
    make_files(yard.edition)
    folder = root() / EditionFiles.objects.get(edition=yard.edition).folder
    told = "".join(str(parquet.read_table(path).to_pylist()) for path in sorted(folder.glob("*.parquet")))
    assert "take_note" in told
    assert [word for word in ("Jane", "Doe", "doe.example", yard.organiser.email) if word in told] == []


def test_the_dictionary_has_every_column_of_every_file():
    edition = EditionFactory()
    make_files(edition)
    folder = root() / EditionFiles.objects.get(edition=edition).folder
    written = {name: parquet.read_schema(folder / f"{name}.parquet").names for name in TABLES}
    assert written == {name: [field.name for field in one.fields] for name, one in resources().items()}
    assert all(str(field.about) for one in resources().values() for field in one.fields)


def test_only_what_changed_is_made_anew():
    edition, other = EditionFactory(), EditionFactory()
    assert list(bring_up_to_date([edition, other])) == [True, True]
    assert list(bring_up_to_date([edition, other])) == [False, False]
    first = EditionFiles.objects.get(edition=edition)
    record(edition, None, "take_note", "1")
    assert list(bring_up_to_date([edition, other])) == [True, False]
    second = EditionFiles.objects.get(edition=edition)
    assert second.before == first.folder != second.folder
    assert (root() / first.folder).is_dir()  # for whoever is reading it
    record(edition, None, "take_note", "2")
    make_files(edition)
    assert not (root() / first.folder).exists()
    assert {name: told["rows"] for name, told in second.files.items() if name == "log.parquet"} == {"log.parquet": 1}


def test_files_that_somebody_harmed_are_made_anew():
    edition = EditionFactory()
    make_files(edition)
    found = []
    for harm in (Path.unlink, lambda path: path.write_bytes(b"cut"), lambda path: path.write_bytes(b"X" * path.stat().st_size)):
        files = EditionFiles.objects.get(edition=edition)
        harm(root() / files.folder / "log.parquet")
        found.append((lacking(files), damaged(files), make_files(edition)))
    assert found == [(True, True, True), (True, True, True), (False, True, True)]
    assert damaged(EditionFiles.objects.get(edition=edition)) is False


def test_a_stop_leaves_no_half_folder():
    edition = EditionFactory()
    record(edition, None, "take_note")
    with pytest.raises(Stopped):
        make_files(edition, lambda: any(root().glob("*/requests.parquet")))
    with pytest.raises(Stopped):
        list(bring_up_to_date([edition], lambda: True))
    assert list(root().iterdir()) == []
    assert EditionFiles.objects.get(edition=edition).folder == ""


def test_an_edition_without_anything_has_files_with_nothing_in_them():
    edition = EditionFactory()
    make_files(edition)
    found = answers(edition)
    assert {name: rows for name, rows in found.items() if name != "papers"} == {
        name: [] for name in QUESTIONS if name != "papers"
    }
    assert [row["number"] for row in found["papers"]] == [0, 0, 0]
    assert engine.answers([], []) == {name: [] for name in QUESTIONS}


def test_files_of_an_edition_that_is_not_asked_about_are_not_counted():
    """The edition is part of each question, whatever lies in the folders."""
    yard, other = four(), EditionFactory()
    record(yard.edition, None, "take_note")
    for edition in (yard.edition, other):
        make_files(edition)
    record(other, None, "take_note")
    make_files(other)
    found = answers(yard.edition, other, chosen=[other])
    assert {name for name, rows in found.items() if rows} == {"papers", "months"}
    assert {row["edition"] for row in found["papers"]} == {other.pk}
    assert [row["lines"] for row in found["months"]] == [1]


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_parquet('{folder}/../../x.parquet')",
        "SET threads = 8",
        "INSTALL httpfs",
        "ATTACH '/tmp/x.duckdb'",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    ],
)
def test_the_engine_opens_nothing_but_its_folders(forbidden, tmp_path):
    with pytest.raises(engine.duckdb.Error):
        engine._opened(()).execute(forbidden.format(folder=tmp_path)).fetchall()


def test_the_clock_asks_once_a_night_at_the_venue():
    edition = EditionFactory(time_zone="Asia/Seoul")
    at = dt.datetime(2025, 5, 28, 17, 59, tzinfo=dt.UTC)  # a minute before three in the morning in Seoul
    moments = [at, at + dt.timedelta(minutes=2), at + dt.timedelta(hours=23), at + dt.timedelta(hours=24, minutes=2)]
    assert [claim_night(edition, moment) for moment in moments] == [True, True, False, True]


def test_values_keep_stage_currency_and_how_sure_they_are():
    yard = four()
    company = CompanyFactory(edition=yard.edition)
    facts = {"edition": yard.edition, "request": yard.requests[0], "stated_by": yard.organiser}
    Value.objects.create(stage="contract", amount=Decimal("10.25"), currency="EUR", **facts)
    Value.objects.create(stage="contract", amount=Decimal("0.75"), currency="EUR", **facts)
    Value.objects.create(stage="contract", amount=7, currency="USD", company=company, **facts)
    Value.objects.create(stage="paid", amount=5, currency="EUR", withdrawn_at=yard.edition.now(), **facts)
    make_files(yard.edition)
    rows = [tuple(row.values())[1:] for row in answers(yard.edition)["money"]]
    assert rows == [("contract", "EUR", "estimate", 2, Decimal(11)), ("contract", "USD", "one_sided", 1, Decimal(7))]
