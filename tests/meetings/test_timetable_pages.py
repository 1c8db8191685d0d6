"""The organiser's pages of the timetable."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import ParticipantFactory, TableFactory, UserFactory
from hall import hall

from madang.kit import progress
from madang.markets.models import RunState
from madang.meetings.actions.compute import start_run
from madang.meetings.actions.moves import move_meeting, revise_published
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.models import Meeting, Timetable, TimetableRun, Unavailability
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(client):
    """Two meetings in a draft, one request without a place; the organiser is signed in."""
    made = hall()
    made.ask(0, 0), made.ask(1, 1), made.ask(0, 1)
    made.first = made.draft((0, 0, 0), (1, 0, 1))
    client.force_login(made.organiser)
    return made


def url(here, name, *given):
    return reverse(f"meetings:{name}", args=[here.edition.slug, *given])


def text(response):
    return " ".join(response.content.decode().split())


GETS = ["timetable", "grid", "unplaced"]
POSTS = ["compute", "move", "undo", "publish", "revise", "discard"]


@pytest.mark.parametrize("name", GETS + POSTS)
@pytest.mark.parametrize("role", ["visitor", "participant", "other organiser", "organiser", "administrator"])
def test_who_may(client, here, name, role):
    client.logout()
    if role == "participant":
        client.force_login(here.buyers[0].user)
    elif role == "other organiser":
        client.force_login(hall().organiser)
    elif role == "organiser":
        client.force_login(here.organiser)
    elif role == "administrator":
        client.force_login(UserFactory(is_superuser=True))
    response = client.get(url(here, name)) if name in GETS else client.post(url(here, name))
    allowed = 200 if name in GETS else 302
    expected = {"visitor": 302, "participant": 404, "other organiser": 404, "organiser": allowed, "administrator": allowed}
    assert response.status_code == expected[role]
    assert ("/login" in response.headers.get("Location", "") or "sign" in response.headers.get("Location", "")) == (
        role == "visitor"
    )


@pytest.mark.parametrize("name", POSTS)
def test_a_change_needs_post(client, here, name):
    assert client.get(url(here, name)).status_code == 405


def test_before_anything_is_computed(client):
    made = hall()
    client.force_login(made.organiser)
    for name in GETS:
        assert client.get(url(made, name)).status_code == 200
    assert "There is no timetable yet" in text(client.get(url(made, "timetable")))


def test_the_draft_and_its_figures(client, here):
    page = text(client.get(url(here, "timetable")))
    assert '<span class="value">2 <small>/ 3</small></span>' in page
    assert "A draft is ready." in page
    assert f'name="revision" value="{here.first.revision}"' in page


def test_compute_publish_and_read(client, here):
    response = client.post(url(here, "compute"), {"limit": "30"}, follow=True)
    assert TimetableRun.objects.get().state == RunState.DONE
    draft = Timetable.objects.get()
    response = client.post(url(here, "publish"), {"revision": draft.revision}, follow=True)
    assert "Version 1 is published. 3 meetings are new or have changed; their people are told." in text(response)
    again = client.post(url(here, "publish"), {"revision": draft.revision}, follow=True)
    assert "This timetable was already published by Organiser, as version 1." in text(again)
    assert Notice.objects.count() == 6


def test_a_second_click_shows_the_open_run(client, here):
    run, _ = start_run(here.organiser, here.edition)
    page = text(client.post(url(here, "compute"), {"limit": "30"}, follow=True))
    assert "A timetable is being computed already" in page
    assert url(here, "run", run.key) in page
    assert TimetableRun.objects.count() == 1


def test_progress_is_shown_with_and_without_a_script(client, here):
    run, _ = start_run(here.organiser, here.edition)
    assert "Waiting for the worker to begin." in text(client.get(url(here, "run", run.key)))
    TimetableRun.objects.update(state=RunState.RUNNING)
    progress.tell(run.key, phase="solving", placed=120, possible=200, objective=987, bound=1000.0, seconds=12.4)
    for given in ({}, {"headers": {"HX-Request": "true"}}):
        page = text(client.get(url(here, "run", run.key), **given))
        assert '<progress value="120" max="200"' in page
        assert "120 of 200 meetings placed" in page
        assert "At least 98.7 % of what is possible." in page
        assert "12 of at most 60 seconds." in page
        assert ('http-equiv="refresh"' in page) == (not given)
    TimetableRun.objects.update(state=RunState.DONE)
    assert client.get(url(here, "run", run.key)).headers["Location"] == url(here, "timetable")
    ended = client.get(url(here, "run", run.key), headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == url(here, "timetable")


def test_stopping(client, here):
    run, _ = start_run(here.organiser, here.edition)
    TimetableRun.objects.update(state=RunState.RUNNING)
    page = text(client.post(url(here, "stop", run.key), follow=True))
    assert "Stopping; the best found so far is kept." in page
    assert progress.stop_asked(run.key)


@pytest.mark.parametrize(
    ("state", "fault", "words"),
    [
        (RunState.FAILED, "The slots S0 and S1 overlap.", "The slots S0 and S1 overlap."),
        (RunState.INTERRUPTED, "", "Its worker was stopped in the middle."),
    ],
)
def test_a_run_that_ended_badly_says_so(client, here, state, fault, words):
    start_run(here.organiser, here.edition)
    TimetableRun.objects.update(state=state, fault=fault)
    page = text(client.get(url(here, "timetable")))
    assert words in page
    assert "Compute the timetable" in page


def test_another_editions_run_is_not_found(client, here):
    there = hall()
    run, _ = start_run(there.organiser, there.edition)
    assert client.get(url(here, "run", run.key)).status_code == 404
    assert client.post(url(here, "stop", run.key)).status_code == 404
    assert not progress.stop_asked(run.key)


def test_the_grid_shows_meetings_and_where_a_picked_one_can_go(client, here):
    page = text(client.get(url(here, "grid")))
    assert "Buyer B0<br>Seller S0" in page
    assert 'name="to"' not in page
    page = text(client.get(url(here, "grid"), {"pick": here.requests[0].code}))
    one, two = here.slots[1].pk, here.tables
    for table in two:
        assert f'<button class="link-button" form="move" name="to" value="{one}-{table.pk}">' in page
    assert '<td class="picked">' in page
    assert "2 tables are free." in page


def test_the_grid_says_what_is_in_the_way(client, here):
    Unavailability.objects.create(participant=here.sellers[1], starts_at=here.slots[1].starts_at, ends_at=here.slots[1].ends_at)
    page = text(client.get(url(here, "grid"), {"pick": here.requests[2].code}))
    assert "Not placed yet." in page
    assert "Buyer B0 meets Seller S0 then, Table T0." in page
    assert "Seller S1 cannot meet then." in page


def test_booth_meetings_have_a_list_and_buttons(client, here):
    company = here.sellers[2].company
    company.booth = TableFactory(edition=here.edition, is_booth=True)
    company.save()
    asked = here.ask(2, 2)
    page = text(client.get(url(here, "grid"), {"pick": asked.code}))
    assert f'<button class="button" form="move" name="to" value="{here.slots[0].pk}-">' in page
    move_meeting(here.organiser, here.edition, here.first.revision, asked, here.slots[0])
    page = text(client.get(url(here, "grid"), {"view": "booths"}))
    assert "Buyer B2 · Seller S2" in page


def test_a_persons_day(client, here):
    Unavailability.objects.create(participant=here.buyers[0], starts_at=here.slots[1].starts_at, ends_at=here.slots[1].ends_at)
    page = text(client.get(url(here, "grid"), {"q": "B0"}))
    assert page.count('<th scope="row">') == 1
    assert '<td class="closed">' in page
    assert "Nobody of that name" in text(client.get(url(here, "grid"), {"q": "nobody of that name"}))


def test_moving_on_the_grid(client, here):
    asked, slot, table = here.requests[0], here.slots[1], here.tables[1]
    given = {"revision": here.first.revision, "request": asked.code, "to": f"{slot.pk}-{table.pk}"}
    page = text(client.post(url(here, "move"), given, follow=True))
    assert "Buyer B0 and Seller S0 now meet: Wed 28 May, 10:30 KST, Table T1." in page
    stale = text(client.post(url(here, "move"), given | {"to": f"{here.slots[2].pk}-{table.pk}"}, follow=True))
    assert "Somebody else has changed the draft in the meantime." in stale
    meeting = Meeting.objects.get(request=asked)
    assert (meeting.slot, meeting.table) == (slot, table)
    page = text(client.post(url(here, "undo"), {"revision": here.first.revision + 1}, follow=True))
    assert "Taken back: the meeting of Buyer B0 and Seller S0 is as it was before." in page
    meeting.refresh_from_db()
    assert (meeting.slot, meeting.table) == (here.slots[0], here.tables[0])


def test_a_clash_on_the_grid(client, here):
    given = {"revision": here.first.revision, "request": here.requests[0].code, "to": f"{here.slots[0].pk}-{here.tables[1].pk}"}
    page = text(client.post(url(here, "move"), given, follow=True))
    assert "This does not fit, so nothing was changed." in page
    assert "Wed 28 May, 10:00 KST: Table T1 is taken then by Buyer B1 and Seller S1." in page
    assert Timetable.objects.get().revision == here.first.revision


@pytest.mark.parametrize("to", ["x", "1", "-1-1", "99999999-1", "1-99999999", "1-1-1", "²-1", "9" * 40 + "-1"])
def test_a_place_that_is_none(client, here, to):
    given = {"revision": here.first.revision, "request": here.requests[0].code, "to": to}
    response = client.post(url(here, "move"), given, follow=True)
    assert (response.status_code, Timetable.objects.get().revision) == (200, here.first.revision)
    assert "please" in text(response)


def test_another_editions_slot_table_or_request(client, here):
    there = hall()
    foreign = there.ask(0, 0)
    mine = here.requests[0].code
    for code, slot, table in (
        (foreign.code, here.slots[1], here.tables[0]),
        (mine, there.slots[1], here.tables[0]),
        (mine, here.slots[1], there.tables[0]),
    ):
        given = {"revision": here.first.revision, "request": code, "to": f"{slot.pk}-{table.pk}"}
        assert "not there any more" in text(client.post(url(here, "move"), given, follow=True))
    assert Timetable.objects.get().revision == here.first.revision


def test_a_published_timetable_is_changed_through_a_draft(client, here):
    publish_timetable(here.organiser, here.edition, here.first.revision)
    page = text(client.get(url(here, "grid")))
    assert "Version 1, as published." in page
    assert "?pick=" not in page
    client.post(url(here, "revise"))
    assert "?pick=" in text(client.get(url(here, "grid")))
    draft = Timetable.objects.get(state="draft")
    client.post(url(here, "discard"), {"revision": draft.revision})
    assert list(Timetable.objects.values_list("version", flat=True)) == [1]


def test_publishing_what_no_longer_fits_offers_two_ways(client, here):
    Unavailability.objects.create(participant=here.sellers[0], starts_at=here.slots[0].starts_at, ends_at=here.slots[0].ends_at)
    response = client.post(url(here, "publish"), {"revision": here.first.revision}, follow=True)
    assert response.status_code == 409
    assert "Wed 28 May, 10:00 KST: Seller S0 cannot meet then." in text(response)
    page = text(client.post(url(here, "publish"), {"revision": here.first.revision, "drop": "on"}, follow=True))
    assert "Version 1 is published. One meeting is new or has changed; its people are told." in page


def test_unplaced_requests_and_their_reasons(client, here):
    publish_timetable(here.organiser, here.edition, here.first.revision)
    late = here.ask(2, 2)
    draft = revise_published(here.organiser, here.edition)
    publish_timetable(here.organiser, here.edition, draft.revision)
    page = text(client.get(url(here, "unplaced")))
    assert "Buyer B0 and Seller S1" in page
    assert "It was accepted after the timetable had been computed." in page
    page = text(client.get(url(here, "unplaced"), {"code": "accepted_later"}))
    assert (late.code in page, here.requests[2].code in page) == (True, False)
    page = text(client.get(url(here, "unplaced"), {"people": "none"}))
    assert (late.code in page, here.requests[2].code in page) == (True, False)
    page = text(client.get(url(here, "unplaced"), {"q": "B0 S1"}))
    assert (late.code in page, here.requests[2].code in page) == (False, True)


def test_what_a_version_changed(client, here):
    publish_timetable(here.organiser, here.edition, here.first.revision)
    draft = revise_published(here.organiser, here.edition)
    draft = move_meeting(here.organiser, here.edition, draft.revision, here.requests[0], here.slots[2], here.tables[0])
    draft = move_meeting(here.organiser, here.edition, draft.revision, here.requests[1], None)
    publish_timetable(here.organiser, here.edition, draft.revision)
    page = text(client.get(url(here, "version", 2)))
    assert ("Buyer B0 and Seller S0" in page, "Buyer B1 and Seller S1" in page) == (True, False)
    page = text(client.get(url(here, "version", 2), {"kind": "cancelled"}))
    assert ("Buyer B0 and Seller S0" in page, "Buyer B1 and Seller S1" in page) == (False, True)
    assert "The first version" in text(client.get(url(here, "version", 1)))
    assert client.get(url(here, "version", 2), {"kind": "none"}).status_code == 404
    assert client.get(url(here, "version", 3)).status_code == 404


def queries(client, address):
    client.get(address)  # what is cached is cached
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "address",
    [
        ("timetable", "", ()), ("grid", "", ()), ("grid", "?q=B", ()), ("grid", "?view=booths", ()), ("grid", "?pick={code}", ()),
        ("unplaced", "", ()), ("version", "?kind=placed", (1,)), ("version", "?kind=moved", (2,)),
        ("version", "?kind=cancelled", (2,)),
    ],
    ids=str,
)  # fmt: skip
def test_one_row_and_three_rows_take_as_many_queries(client, address):
    name, query, given = address
    counts = []
    for rows in (1, 3):
        made = hall(people=9, tables=9)
        client.force_login(made.organiser)
        booth = TableFactory(edition=made.edition, is_booth=True)
        for n in range(9):
            made.ask(n, n)
        for person in made.sellers[3:6]:
            person.company.booth = booth
            person.company.save()
        made.draft(
            *((n, 0, n) for n in range(rows)),
            *((3 + n, 0, None) for n in range(rows)),
            *((n, 1, n) for n in range(6, 9)),
        )
        publish_timetable(made.organiser, made.edition, Timetable.objects.get(edition=made.edition).revision)
        draft = revise_published(made.organiser, made.edition)
        for n in range(rows):
            draft = move_meeting(made.organiser, made.edition, draft.revision, made.requests[n], made.slots[2], made.tables[n])
            draft = move_meeting(made.organiser, made.edition, draft.revision, made.requests[3 + n], None)
        publish_timetable(made.organiser, made.edition, draft.revision)
        draft = revise_published(made.organiser, made.edition)
        move_meeting(made.organiser, made.edition, draft.revision, made.requests[0], made.slots[3], made.tables[0])
        counts.append(queries(client, url(made, name, *given) + query.format(code=made.requests[0].code)))
    assert counts[0] == counts[1]


def test_names_are_escaped(client, here):
    person = ParticipantFactory(edition=here.edition, is_buyer=True, given_name="<b>", family_name="&amp")
    here.buyers.append(person)
    asked = here.ask(3, 2)
    move_meeting(here.organiser, here.edition, here.first.revision, asked, here.slots[1], here.tables[0])
    page = text(client.get(url(here, "grid"), {"pick": asked.code}))
    assert ("&lt;b&gt; &amp;amp" in page, "<b> &amp" in page) == (True, False)
