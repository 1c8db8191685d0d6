"""The pages of exposure and of suggested meetings, and `madang matching propose`."""

from __future__ import annotations

import csv
import json

import pytest
from django.urls import reverse
from exposure_rows import fair
from factories import MeetingRequestFactory
from visits import client_of, get, post, queries_of

from madang.matching.actions.suggestions import show_suggestions
from madang.matching.forms_exposure import floor_words
from madang.matching.models import Dials, Feedback, ProposeRun, Suggestion
from madang.site.commandline import main

pytestmark = pytest.mark.django_db
DIALS = {"floor": "1", "floor_first_time": "0", "buyer_room": "8", "title_room": "20", "country_KR": "3"}


@pytest.fixture
def here():
    made = fair(buyers=1, titles=1)
    made.add_title("romance", countries="KR", name="=1+1")
    return made


def test_turn_the_dials_and_look_at_what_comes_out(here):
    page = post(here.organiser, "matching:exposure", here.edition, **DIALS)
    run = ProposeRun.objects.get()
    assert page["Location"] == reverse("matching:exposure_run", args=[here.edition.slug, run.key])
    assert (run.state, Dials.objects.get().floor_countries) == ("done", {"KR": 3})
    html = get(here.organiser, "matching:exposure_run", here.edition, run.key).content.decode()
    assert "Proven: with these dials no plan brings more." in html
    assert "Fewer buyers pass than the floor asks" in html
    assert "Show these 2 drafts to both sides" in html
    dials = get(here.organiser, "matching:exposure", here.edition).content.decode()
    assert "1 meeting: costs nothing" in dials


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (None, "2 meetings"),
        (0.00002, "2 meetings: costs nothing"),
        (0.0003, "2 meetings: costs less than 0.1 % of the expected hits"),
        (0.0044, "2 meetings: costs 0.4 % of the expected hits"),
    ],
)
def test_what_a_floor_costs_is_never_said_to_be_nothing_where_it_is_little(lost, words):
    assert floor_words(2, None if lost is None else {"lost": lost}) == words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("floor", "9"), ("floor", ""), ("floor_first_time", "-1"), ("buyer_room", "0"), ("buyer_room", "9" * 25),
        ("title_room", "many"), ("country_KR", "6"),
    ],
)  # fmt: skip
def test_dials_that_make_no_sense(here, name, value):
    page = post(here.organiser, "matching:exposure", here.edition, **DIALS | {name: value})
    assert page.status_code == 422
    assert [*page.context["form"].errors] == [name]
    assert (Dials.objects.count(), ProposeRun.objects.count()) == (0, 0)


def test_show_what_is_narrowed_then_drop_one(here):
    run = here.run()
    url = reverse("matching:exposure_show", args=[here.edition.slug, run.key])
    client = client_of(here.organiser)
    page = client.post(f"{url}?country=KR", follow=True)
    assert "1 meeting is suggested; 2 people are told. Nothing is booked by it." in page.content.decode()
    assert set(Suggestion.objects.values_list("title__name", "state")) == {("=1+1", "shown"), ("Title 0", "draft")}
    one = Suggestion.objects.get(state="draft")
    moved = client.post(
        reverse("matching:exposure_drop", args=[here.edition.slug, run.key, one.pk]), headers={"HX-Request": "true"}
    )
    assert "Make it a draft again" in moved.content.decode()
    assert Suggestion.objects.get(pk=one.pk).state == "dropped"
    client.post(reverse("matching:exposure_restore", args=[here.edition.slug, run.key, one.pk]))
    assert Suggestion.objects.get(pk=one.pk).state == "draft"


def test_why_a_meeting_is_proposed(here):
    run = here.run()
    one = run.suggestions.get(title__code="W0")
    page = get(here.organiser, "matching:exposure_why", here.edition, run.key, one.pk)
    card = page.context["card"]
    assert (card.match.title, card.match.mandate, card.chance) == (here.titles[0], here.mandates[0], round(100 * one.chance))
    assert all(gate.passes for _name, gate in card.gates)
    assert "What adds to the score" in page.content.decode()
    here.mandates[0].delete()
    gone = get(here.organiser, "matching:exposure_why", here.edition, run.key, one.pk).content.decode()
    assert "The title or the mandate is not there any more." in gone


def test_tables_to_take_away_run_nothing(here):
    run = here.run()
    text = get(here.organiser, "matching:exposure_csv", here.edition, run.key).content.decode("utf-8-sig")
    assert {row["Title"] for row in csv.DictReader(text.splitlines())} == {"Title 0", "'=1+1"}
    assert get(here.organiser, "matching:exposure_xlsx", here.edition, run.key, country="KR").status_code == 200


@pytest.mark.parametrize("name", ["exposure", "exposure_compare", "exposure_run", "exposure_csv"])
def test_the_desk_is_the_organisers(here, name):
    run = here.run()
    parts = [] if name in ("exposure", "exposure_compare") else [run.key]
    assert [get(user, f"matching:{name}", here.edition, *parts).status_code for user in (
        here.organiser, here.buyers[0].user, here.sellers[0].user, None,
    )] == [200, 404, 404, 302]  # fmt: skip


def test_another_editions_run_is_not_found(here):
    other = fair(buyers=1, titles=1)
    run = other.run()
    assert get(here.organiser, "matching:exposure_run", here.edition, run.key).status_code == 404
    number = run.suggestions.get().pk
    assert post(here.organiser, "matching:exposure_drop", here.edition, run.key, number).status_code == 404
    assert post(here.buyers[0].user, "matching:decline_suggestion", here.edition, number).status_code == 404
    assert post(other.buyers[0].user, "matching:decline_suggestion", other.edition, number).status_code == 404  # a draft


def test_no_thanks_with_and_without_a_reason(here):
    show_suggestions(here.organiser, here.run())
    me, one = here.buyers[0].user, Suggestion.objects.order_by("pk").first()
    wrong = post(me, "matching:decline_suggestion", here.edition, one.pk, because="nonsense", words="가" * 301)
    assert (wrong.status_code, [*wrong.context["form"].errors]) == (422, ["because", "words"])
    post(me, "matching:decline_suggestion", here.edition, one.pk)
    assert Feedback.objects.count() == 0
    html = get(me, "matching:suggestions", here.edition).content.decode()
    assert (html.count("Ask for a meeting"), html.count("Have it back")) == (1, 1)
    post(me, "matching:take_decline_back", here.edition, one.pk)
    assert get(me, "matching:suggestions", here.edition).content.decode().count("Ask for a meeting") == 2


def test_asking_from_a_suggestion_is_filled_in(here):
    show_suggestions(here.organiser, here.run())
    me = here.buyers[0].user
    page = client_of(me).get(reverse("meetings:ask", args=[here.edition.slug, here.sellers[0].code]), {"title": "W0"})
    assert 'value="W0" selected' in page.content.decode()
    listed = get(me, "matching:suggestions", here.edition).content.decode()
    assert f"/requests/to/{here.sellers[0].code}/?title=W0&amp;mandate=M0" in listed


def test_pages_take_as_many_queries_however_many_rows():
    counts = []
    for number in (1, 3):
        here = fair(buyers=number, titles=number)
        here.add_title(format="film")
        run = here.run(floor=1)
        show_suggestions(here.organiser, run, [run.suggestions.first().pk])
        facts = {"edition": here.edition, "sender": here.buyers[0], "title": here.titles[0]}
        MeetingRequestFactory(**facts, receiver=here.sellers[0])
        counts.append((queries_of(here.organiser, "matching:exposure_run", here.edition, run.key),
                       queries_of(here.organiser, "matching:exposure", here.edition)))  # fmt: skip
    assert counts[0] == counts[1]


def test_the_command_prints_and_writes_nothing(here, capsys, tmp_path):
    file = tmp_path / "meetings.csv"
    assert main(["matching", "propose", here.edition.slug, "--floor", "1", "--out", str(file)]) == 0
    said = capsys.readouterr()
    assert "2 meetings, " in said.out
    assert "floor  meetings  expected hits" in said.out
    assert "Meetings" in said.err
    assert (ProposeRun.objects.count(), Suggestion.objects.count()) == (0, 0)
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert {(row["buyer"], row["title"], row["title_name"]) for row in rows} == {("B0", "W0", "Title 0"), ("B0", "W1", "'=1+1")}


def test_the_command_speaks_json_and_saves_when_it_is_told_to(here, capsys):
    given = ["matching", "propose", here.edition.slug, "--json", "--save", "--seed", "3", "--as", here.organiser.email]
    assert main(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["edition"], told["asked"]["floor"], told["asked"]["seed"]) == (here.edition.slug, 2, 3)
    assert [row["floor"] for row in told["prices"]] == [0, 1, 2, 3]
    assert {row["title"]: row["code"] for row in told["lacking"]} == {"W0": "few_buyers", "W1": "few_buyers"}
    run = ProposeRun.objects.get()
    assert (run.state, run.asked_by, run.suggestions.filter(state="draft").count()) == ("done", here.organiser, 2)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["nowhere"], 2, "no edition has the code 'nowhere'"),
        (["{here}", "--save", "--as", "{buyer}"], 2, "does not organise"),
        (["{here}", "--out", "/nowhere/file.csv"], 2, "nowhere"),
        (["{empty}"], 1, "No buyer and title fit each other"),
    ],
)
def test_what_the_command_cannot_do(here, capsys, given, code, said):
    empty = fair(buyers=0, titles=1)
    names = {"here": here.edition.slug, "buyer": here.buyers[0].user.email, "empty": empty.edition.slug}
    assert main(["matching", "propose", *(word.format(**names) for word in given)]) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert ProposeRun.objects.count() == 0
