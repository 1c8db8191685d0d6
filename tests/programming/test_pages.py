"""The programmer's pages: who may open them, and what pressing their buttons does."""

import datetime as dt

import pytest
from factories import ParticipantFactory, TitleFactory, UserFactory
from visits import client_of, get, post, queries_of

from madang.programme.models import Event
from madang.programming.models import ConflictLevel, Item, LevelChoice, SuggestRun, Travel, Version

pytestmark = pytest.mark.django_db
PAGES = ["grid", "items", "new_item", "conflicts", "halls", "suggestions", "versions"]


def words(response):
    return " ".join(response.content.decode().split())


def test_the_pages_are_the_organisers(table):
    item = table.item("A", "10:00")
    roles = {"visitor": None, "stranger": UserFactory(), "buyer": ParticipantFactory(edition=table.edition, is_buyer=True).user}
    roles["organiser"] = table.organiser
    seen = {
        role: {get(user, f"programming:{page}", table.edition).status_code for page in PAGES}
        | {get(user, "programming:item", table.edition, item.code).status_code}
        for role, user in roles.items()
    }
    assert seen == {"visitor": {302}, "stranger": {404}, "buyer": {404}, "organiser": {200}}


def test_the_grid_takes_the_same_queries_for_1_and_3_items(table):
    def item(code, clock):
        table.item(code, clock, title=TitleFactory(edition=table.edition), name="", guests=[table.person()])

    item("A", "10:00")
    one = queries_of(table.organiser, "programming:grid", table.edition, day="2025-05-30")
    item("B", "12:00")
    item("C", "14:00")
    assert queries_of(table.organiser, "programming:grid", table.edition, day="2025-05-30") == one


def test_the_list_takes_the_same_queries_for_1_and_3_items(table):
    table.item("A", "10:00", title=TitleFactory(edition=table.edition))
    one = queries_of(table.organiser, "programming:items", table.edition)
    table.item("B", "12:00", title=TitleFactory(edition=table.edition))
    table.item("C", "14:00", title=TitleFactory(edition=table.edition))
    assert queries_of(table.organiser, "programming:items", table.edition) == one


def test_the_grid_shows_a_day_with_its_conflicts(table):
    table.item("A", "10:05")
    table.item("B", "10:30")
    table.item("C", "23:30")
    table.item("D")
    page = get(table.organiser, "programming:grid", table.edition, day="2025-05-30")
    day = page.context["day"]
    shown = [[(c.item.code, c.span, c.kind) for c in lane if c.item] for row in day.rows for lane in row.lanes]
    assert shown == [[("A", 5, "clash"), ("C", 4, "")], [("B", 4, "clash")], []]
    assert [item.code for item in day.unplaced] == ["D"]
    assert page.context["summary"] == "1 conflict blocks"
    assert "are both in Auditorium from 10:30 to 11:05" in words(page)


def test_picking_says_what_is_wrong_and_where_else(table):
    table.item("A", "10:00")
    table.item("B", "10:30")
    page = get(table.organiser, "programming:grid", table.edition, pick="B")
    assert [one.rule.value for one in page.context["picked_troubles"]] == ["hall"]
    assert {choice["hall"].code for choice in page.context["choices"]} == {"BIG", "SMALL"}
    assert page.context["day"].date == dt.date(2025, 5, 30)


@pytest.mark.parametrize(
    ("hall", "time", "said"),
    [("BIG", "10:30", "are both in Auditorium"), ("SMALL", "10:30", "No conflict"), ("BIG", "10:99", "Choose a time")],
)
def test_the_verdict_follows_a_dragged_item(table, hall, time, said):
    table.item("A", "10:00")
    table.item("B")
    answer = get(table.organiser, "programming:verdict", table.edition, item="B", hall=hall, day="2025-05-30", time=time)
    assert (answer.status_code, said in words(answer)) == (200, True)
    assert Item.objects.get(code="B").hall is None


def test_placing_and_taking_off(table):
    table.item("A")
    place = {"item": "A", "hall": "SMALL", "day": "2025-05-30", "time": "00:30", "was": "|"}
    post(table.organiser, "programming:place", table.edition, **place)
    item = Item.objects.get()
    assert (item.hall.code, item.starts_at) == ("SMALL", table.at("00:30", 1))
    post(table.organiser, "programming:place", table.edition, **place | {"time": "12:00"})
    item.refresh_from_db()
    assert item.starts_at == table.at("00:30", 1)  # it does not stand where the page showed it
    post(table.organiser, "programming:place", table.edition, item="A")
    assert Item.objects.get().hall is None


@pytest.mark.parametrize(
    "facts", [{"item": "X"}, {"hall": "NO"}, {"day": "9999-99-99"}, {"day": "0001-01-01"}, {"time": "99:99"}]
)
def test_nonsense_places_nothing(table, facts):
    table.item("A")
    sent = {"item": "A", "hall": "BIG", "day": "2025-05-30", "time": "10:00"} | facts
    assert post(table.organiser, "programming:place", table.edition, **sent).status_code == 302
    assert Item.objects.get().hall is None


def item_facts(**more):
    facts = {"code": "NEW", "kind": "talk", "name": "Talk", "minutes": "45", "premiere": "none", "is_public": "on"}
    return facts | more


def test_an_item_is_written_and_changed(table):
    kim = table.person(code="P-KIM")
    assert post(table.organiser, "programming:new_item", table.edition, **item_facts(people="P-KIM")).status_code == 302
    item = Item.objects.get()
    assert (item.name, item.minutes, [guest.participant for guest in item.guests.all()]) == ("Talk", 45, [kim])
    late = item_facts(name="Later", not_before="2025-05-30T18:00", halls=[str(table.small.pk)])
    assert post(table.organiser, "programming:item", table.edition, "NEW", **late).status_code == 302
    item.refresh_from_db()
    assert (item.name, item.not_before, list(item.halls.all())) == ("Later", table.at("18:00"), [table.small])
    assert item.guests.count() == 0
    assert 'value="2025-05-30T18:00"' in get(table.organiser, "programming:item", table.edition, "NEW").content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "9" * 25}, "minutes"),
        ({"expected": "9" * 25}, "expected"),
        ({"name": "🎬" * 400}, "name"),
        ({"name": ""}, "name"),
        ({"code": "../x"}, "code"),
        ({"people": "P-NOBODY"}, "people"),
        ({"not_before": "tomorrow"}, "not_before"),
        ({"ready_at": "0001-01-01T00:00"}, "ready_at"),
        ({"not_before": "2025-05-30T18:00", "not_after": "2025-05-30T18:10"}, "not_after"),
        ({"kind": "gala"}, "kind"),
    ],
)
def test_bad_input_is_answered_at_its_field(table, facts, field):
    answer = post(table.organiser, "programming:new_item", table.edition, **item_facts(**facts))
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert Item.objects.count() == 0


def test_greetings_do_not_stand_in_a_circle(table):
    first = table.item("A")
    second = table.item("B", right_before=first)
    answer = post(table.organiser, "programming:item", table.edition, "A", **item_facts(code="A", right_before=str(second.pk)))
    assert answer.context["form"].errors["right_before"] == ["These would stand before each other in a circle."]
    third = post(table.organiser, "programming:new_item", table.edition, **item_facts(right_before=str(first.pk)))
    assert third.context["form"].errors["right_before"] == ["Something else stands directly before that already."]


def test_levels_halls_and_ways_are_saved(table):
    page = get(table.organiser, "programming:conflicts", table.edition)
    levels = {name: field.initial for name, field in page.context["form"].fields.items()} | {"changeover": "ignore"}
    post(table.organiser, "programming:conflicts", table.edition, **levels)
    assert LevelChoice.objects.get(rule="changeover").level == ConflictLevel.IGNORE
    hours = {"from_2": "10:00", "until_2": "01:00"}
    sent = {"capacity": "80", "changeover": "20", "equipment": "DCP, piano"} | hours
    assert post(table.organiser, "programming:hall", table.edition, "SMALL", **sent).status_code == 302
    table.small.refresh_from_db()
    assert (table.small.capacity, table.small.changeover, table.small.equipment) == (80, 20, "DCP, piano")
    opening = table.small.openings.get()
    assert (opening.starts_at, opening.ends_at) == (table.at("10:00"), table.at("01:00", 1))
    half = post(table.organiser, "programming:hall", table.edition, "SMALL", **sent | {"until_2": ""})
    assert (half.status_code, half.context["form"].errors) == (422, {"until_2": ["Give both times, or neither."]})
    one, other = sorted((table.big, table.small), key=lambda hall: hall.pk)
    post(table.organiser, "programming:halls", table.edition, **{f"way_{one.pk}_{other.pk}": "12"})
    assert list(Travel.objects.values_list("one", "other", "minutes")) == [(one.pk, other.pk, 12)]


def test_publishing_from_the_page(table):
    table.item("A", "10:00")
    table.item("B", "10:30")
    answer = post(table.organiser, "programming:versions", table.edition, note="First")
    assert (answer.status_code, Version.objects.count()) == (409, 0)
    Item.objects.filter(code="B").update(hall=table.small)
    assert post(table.organiser, "programming:versions", table.edition, note="First").status_code == 302
    assert (Version.objects.get().note, Event.objects.count()) == ("First", 2)
    page = get(table.organiser, "programming:version", table.edition, 1)
    assert [(row.what, row.name) for row in page.context["rows"]] == [("new", "A"), ("new", "B")]


def test_a_suggestion_is_searched_shown_and_taken_over(table):
    hello = table.item("HELLO", kind="greeting", minutes=15)
    film = table.item("FILM", expected=200)
    Item.objects.filter(pk=hello.pk).update(right_before=film)
    locked = table.item("LOCKED", "10:00", is_locked=True)
    asked = {"stay": "few", "evening": "0", "limit": "10"}
    answer = post(table.organiser, "programming:suggestions", table.edition, **asked)
    run = SuggestRun.objects.get()
    assert (answer.status_code, run.state, run.report["left_out"]) == (302, "done", [])
    page = get(table.organiser, "programming:suggestion", table.edition, run.key)
    assert {row.item.code for row in page.context["moves"]} == {"HELLO", "FILM"}
    post(table.organiser, "programming:take", table.edition, run.key)
    hello.refresh_from_db()
    film.refresh_from_db()
    assert (film.hall, hello.hall, hello.ends_at) == (table.big, table.big, film.starts_at)
    locked.refresh_from_db()
    assert (locked.hall, locked.starts_at) == (table.big, table.at("10:00"))
    assert film.starts_at > table.edition.now()
    again = post(table.organiser, "programming:take", table.edition, run.key)
    assert again.status_code == 302
    assert Item.objects.get(pk=film.pk).starts_at == film.starts_at


def places():
    return {item.code: (item.hall and item.hall.code, item.starts_at) for item in Item.objects.order_by("code")}


def test_a_suggestion_that_was_taken_over_is_undone_from_the_grid_or_its_own_page(table):
    table.item("MOVED", "10:00", reason={"points": 1})
    table.item("CLASH", "10:10")
    table.item("NEW")
    before = places()
    client, path = client_of(table.organiser), f"/e/{table.edition.slug}/desk/programming/"
    client.post(path + "place/", {"item": "MOVED", "hall": "SMALL", "day": "2025-05-30", "time": "00:30"})
    by_hand = places()
    client.post(path + "suggest/", {"stay": "free", "evening": "0", "limit": "10"})
    run = SuggestRun.objects.get()
    client.post(path + f"suggest/{run.key}/take/")
    taken = places()
    assert (taken != by_hand, "Undo: the suggestion" in words(client.get(path))) == (True, True)
    page = client.get(path + f"suggest/{run.key}/")
    shown = {row.item.code: row.before and (row.before[0].code, row.before[1]) for row in page.context["moves"]}
    assert shown == {code: spot if spot[0] else None for code, spot in by_hand.items() if taken[code] != spot}
    client.post(path + "undo/")
    assert (places(), SuggestRun.objects.get().taken_at) == (by_hand, None)
    client.post(path + "undo/")  # then the move by hand before it
    assert places() == before
    client.post(path + "place/", {"item": "MOVED", "hall": "SMALL", "day": "2025-05-30", "time": "00:30"})
    client.post(path + f"suggest/{run.key}/take/")  # the draft is again the one that it was made for
    assert places() == taken
    Item.objects.filter(code="NEW").update(hall=table.small, starts_at=table.at("23:30"))  # somebody else moves it
    other = UserFactory()
    table.edition.market.organisers.add(other)
    answer = client_of(other).post(path + f"suggest/{run.key}/undo/", follow=True)
    assert places() == by_hand | {"NEW": ("SMALL", table.at("23:30"))}
    assert "1 item has been moved or locked since: it stays where it is." in words(answer)
    assert "search again" in words(answer)
    assert "nothing to undo" in words(client.post(path + f"suggest/{run.key}/undo/", follow=True))


def test_a_suggestion_says_why_something_has_no_place(table):
    kim = table.person(family_name="Kim", given_name="Bom")
    from madang.meetings.models import Unavailability

    Unavailability.objects.create(participant=kim, starts_at=table.at("00:00", -3), ends_at=table.at("00:00", 3))
    table.item("TALK", guests=[kim])
    post(table.organiser, "programming:suggestions", table.edition, stay="few", evening="0", limit="10")
    page = get(table.organiser, "programming:suggestion", table.edition, SuggestRun.objects.get().key)
    assert [row.reasons for row in page.context["left_out"]] == [["Bom Kim is not there at other times."]]


def test_a_suggestion_for_another_draft_is_not_taken_over(table):
    item = table.item("A")
    post(table.organiser, "programming:suggestions", table.edition, stay="few", evening="0", limit="10")
    Item.objects.filter(pk=item.pk).update(hall=table.big, starts_at=table.at("15:00"))
    post(table.organiser, "programming:take", table.edition, SuggestRun.objects.get().key)
    item.refresh_from_db()
    assert (item.starts_at, SuggestRun.objects.get().taken_at) == (table.at("15:00"), None)


def test_moves_are_undone_one_after_the_other(table):
    table.item("A", "10:00")
    client = client_of(table.organiser)
    path = f"/e/{table.edition.slug}/desk/programming/"

    def put(hall, time):
        client.post(path + "place/", {"item": "A", "hall": hall, "day": "2025-05-30", "time": time})

    def undone():
        answer = client.post(path + "undo/", {"shown": "2025-05-30"}, follow=True)
        item = Item.objects.get()
        return item.hall and item.hall.code, item.starts_at, words(answer)

    put("SMALL", "12:00")
    put("SMALL", "12:00")  # it stands there: no move
    put("", "")
    assert "Undo: A" in words(client.get(path))
    assert undone()[:2] == ("SMALL", table.at("12:00"))
    assert undone()[:2] == ("BIG", table.at("10:00"))
    assert "Undo: A" not in words(client.get(path))
    assert "There is nothing to undo." in undone()[2]
    put("BIG", "15:00")
    Item.objects.update(starts_at=table.at("16:00"))  # somebody else moves it
    assert undone()[:2] == ("BIG", table.at("16:00"))
    put("BIG", "17:00")
    Item.objects.all().delete()
    answer = client.post(path + "undo/", follow=True)
    assert "nothing was undone" in words(answer)


def test_nobody_else_undoes_a_move(table):
    table.item("A", "10:00")
    other = UserFactory()
    table.edition.market.organisers.add(other)
    client = client_of(table.organiser)
    client.post(f"/e/{table.edition.slug}/desk/programming/place/", {"item": "A"})
    assert post(other, "programming:undo", table.edition).status_code == 302
    assert post(ParticipantFactory(edition=table.edition).user, "programming:undo", table.edition).status_code == 404
    assert Item.objects.get().hall is None
