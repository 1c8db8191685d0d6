"""Computing beside a published timetable: what is published stays, and publishing asks again where many meetings move."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hall import hall
from visits import client_of

from madang.markets.models import Stage
from madang.meetings.actions.compute import compute_timetable, start_run
from madang.meetings.models import Meeting, TimetableRun, TimetableState, Unavailability
from madang.meetings.queries.timetable import draft_of
from madang.meetings.queries.versions import Upset, upset_of
from madang.meetings.timetable_forms import ComputeForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    """Published: B0-S0 at S3 T0, B1-S1 at S2 T1. Since then B2-S2 was agreed, and B1 cannot come at S2."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1)
    here.version = here.publish((0, 3, 0), (1, 2, 1))
    here.ask(2, 2)
    away = here.slots[2]
    Unavailability.objects.create(participant=here.buyers[1], starts_at=away.starts_at, ends_at=away.ends_at)
    return here


def computed(here, aims):
    run, _new = start_run(here.organiser, here.edition, 5, aims=aims)
    compute_timetable(run.key)
    run.refresh_from_db()
    assert (run.state, run.fault) == ("done", "")
    return draft_of(here.edition)


def places(here, draft):
    rows = Meeting.objects.filter(timetable=draft, is_cancelled=False).select_related("slot")
    number = {request.pk: n for n, request in enumerate(here.requests)}
    return {number[row.request_id]: row.slot.code for row in rows}


def test_what_fits_stays_what_does_not_moves_and_what_waits_is_placed(market):
    draft = computed(market, {"keep": 1.0})
    found = places(market, draft)
    assert (found.pop(0), sorted(found), found[1] != "S2") == ("S3", [1, 2], True)
    assert (upset_of(draft, market.version), draft.result["status"], draft.result["bound"]) == (Upset(2, 1, 0), "feasible", None)


def test_what_has_begun_and_whom_it_concerns(market):
    market.at(2)
    draft = computed(market, {"keep": 1.0})
    assert (places(market, draft)[0], places(market, draft)[1]) == ("S3", "S2")
    assert upset_of(draft, market.version) == Upset(1, 0, 0)


@pytest.mark.parametrize(
    ("published", "stage", "sent", "aims"),
    [
        (False, Stage.LIVE, None, {}),
        (False, Stage.LIVE, "keep", {}),
        (True, Stage.MEETINGS, None, {}),
        (True, Stage.MEETINGS, "keep", {"keep": 1.0}),
        (True, Stage.LIVE, None, {"keep": 1.0}),
        (True, Stage.LIVE, "nonsense", {"keep": 1.0}),
        (True, Stage.LIVE, "most", {}),
        (True, Stage.LIVE, "gaps", {"break_price": 0.5}),
    ],
)
def test_which_dial_stands_where_nobody_chose(published, stage, sent, aims):
    here = hall(stage=stage)
    here.ask(0, 0)
    if published:
        here.publish((0, 0, 0))
    page = client_of(here.organiser).get(reverse("meetings:timetable", args=[here.edition.slug])).content.decode()
    assert ('value="keep"' in page) is published
    data = {"limit": "30"} | ({"aim": sent} if sent else {})
    assert ComputeForm(data, edition=here.edition).aims() == (aims if published or sent != "keep" else {"keep": 1.0})
    client_of(here.organiser).post(reverse("meetings:compute", args=[here.edition.slug]), data)
    assert TimetableRun.objects.latest("pk").state == "done"


@pytest.mark.parametrize(("moved", "cancelled", "large"), [(0, 0, False), (1, 0, False), (1, 1, True), (0, 2, True)])
def test_more_than_a_tenth_is_many(moved, cancelled, large):
    assert Upset(10, moved, cancelled).is_large is large


def test_publishing_names_what_moves_and_asks_again(market):
    client, page = client_of(market.organiser), reverse("meetings:timetable", args=[market.edition.slug])
    draft = market.draft((0, 0, 0), (1, 1, 1))
    sentence = "Of 2 meetings to come 2 move and 0 fall away"
    assert sentence in client.get(page).content.decode()
    publish = reverse("meetings:publish", args=[market.edition.slug])
    asked = client.post(publish, {"revision": draft.revision, "drop": "on"})
    words = "Of 2 meetings that people count on, 2 move and 0 fall away: more than a tenth."
    assert (asked.status_code, words in asked.content.decode()) == (409, True)
    assert ('name="drop" value="on"' in asked.content.decode(), draft_of(market.edition)) == (True, draft)
    answer = client.post(publish, {"revision": draft.revision, "sure": "on"}, follow=True)
    draft.refresh_from_db()
    assert (answer.status_code, draft.state, draft.version) == (200, TimetableState.PUBLISHED, 2)


def test_a_draft_in_which_nothing_moves_is_published_at_once(market):
    draft = market.draft((0, 3, 0), (1, 2, 1), (2, 0, 0))
    Unavailability.objects.all().delete()
    client_of(market.organiser).post(reverse("meetings:publish", args=[market.edition.slug]), {"revision": draft.revision})
    draft.refresh_from_db()
    assert draft.state == TimetableState.PUBLISHED
