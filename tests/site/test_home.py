"""The front page and an edition's home, by role."""

import datetime as dt

import pytest
from factories import (
    EditionFactory,
    MandateFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    TitleFactory,
    UserFactory,
)
from visits import client_of, get, queries_of

from madang.desk.queries import facts_of
from madang.desk.steps import steps_of
from madang.markets.models import Stage
from madang.meetings.models import Meeting, RequestStatus, Timetable, TimetableState

pytestmark = pytest.mark.django_db


def test_after_the_market_nobody_is_sent_to_do_what_cannot_be_done():
    edition = EditionFactory(stage=Stage.AFTER)
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    MeetingRequestFactory(edition=edition, receiver=buyer, status=RequestStatus.SENT)
    steps = steps_of(edition, facts_of(edition))
    assert {step.key for step in steps if not step.is_done} <= {"edition", "opening"}
    page = client_of(buyer.user).get(f"/e/{edition.slug}/requests/").content.decode()
    assert "The event is over" in page
    assert "waits for your answer" not in page


def test_one_edition_alone_opens_at_once():
    edition = EditionFactory()
    assert client_of().get("/").url == f"/e/{edition.slug}/"


def test_several_editions_are_listed_as_far_as_they_are_seen():
    first, second, hidden = EditionFactory(), EditionFactory(), EditionFactory(is_public=False)
    user = ParticipantFactory(edition=hidden, is_buyer=True).user
    assert {edition.slug for edition, _ in client_of().get("/").context["editions"]} == {first.slug, second.slug}
    assert len(client_of(user).get("/").context["editions"]) == 3


def test_no_edition_says_how_to_begin():
    words = {}
    for role, user in {"visitor": None, "person": UserFactory(), "administrator": UserFactory(is_superuser=True)}.items():
        page = client_of(user).get("/").content.decode()
        words[role] = ("Sign in to see yours" in page, "Ask your organiser" in page, "madang template" in page)
    assert words == {"visitor": (True, False, False), "person": (False, True, False), "administrator": (False, False, True)}


def lines(user, edition):
    return [str(line.title) for line in get(user, "site:edition", edition).context["next_lines"]]


def test_what_comes_next_by_role():
    edition = EditionFactory()
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    seller = ParticipantFactory(edition=edition, is_seller=True)
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    MandateFactory(edition=edition)
    MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller, status=RequestStatus.SENT)
    juror = ParticipantFactory(edition=edition, is_juror=True)
    users = {"visitor": None, "juror": juror.user, "seller": seller.user, "buyer": buyer.user, "organiser": organiser}
    assert {role: lines(user, edition) for role, user in users.items()} == {
        "visitor": [],
        "juror": [],
        "seller": ["Answer requests", "Read the mandates", "Ask for meetings", "Your agenda"],
        "buyer": ["Say what you look for", "Ask for meetings", "Your agenda"],
        "organiser": ["Describe the edition", "Bring in slots and tables", "Bring in titles"],
    }
    edition.stage = Stage.AFTER
    edition.save()
    assert {role: lines(user, edition) for role, user in users.items() if role in ("seller", "buyer")} == {
        "seller": ["Your agenda"],
        "buyer": ["Your agenda"],
    }


def test_the_next_meeting_is_the_first_that_is_not_over():
    edition = EditionFactory()
    request = MeetingRequestFactory(edition=edition)
    later = MeetingRequestFactory(edition=edition, sender=request.sender)
    timetable = Timetable.objects.create(edition=edition, state=TimetableState.PUBLISHED, version=1)
    table = TableFactory(edition=edition, code="T1")
    now = edition.now()
    for asked, minutes in ((request, -60), (later, -10)):
        start = now + dt.timedelta(minutes=minutes)
        slot = SlotFactory(edition=edition, starts_at=start, ends_at=start + dt.timedelta(minutes=30))
        Meeting.objects.create(timetable=timetable, request=asked, slot=slot, table=table)
    page = get(request.sender.user, "site:edition", edition)
    meeting, other, place = page.context["next_meeting"]
    assert (meeting.request_id, other, place) == (later.pk, later.receiver, "Table T1")
    assert get(request.receiver.user, "site:edition", edition).context["next_meeting"] is None
    assert get(None, "site:edition", edition).context["next_meeting"] is None


def test_figures_and_showcase_are_public():
    edition = EditionFactory()
    ParticipantFactory(edition=edition, is_buyer=True)
    ParticipantFactory(edition=edition, is_juror=True, company=None)
    TitleFactory(edition=edition, name="Market title", company=None)
    for name, section in [("A", "Side"), ("B", "Main"), ("C", "Main"), ("D", "")]:
        TitleFactory(edition=edition, name=name, is_showcase=True, section=section, company=None)
    page = get(None, "site:edition", edition)
    assert page.context["figures"] == {"companies": 1, "countries": 1, "people": 1}
    assert [(section, [title.name for title in titles]) for section, titles in page.context["showcase"]] == [
        ("Main", ["B", "C"]),
        ("Side", ["A"]),
        ("", ["D"]),
    ]
    assert b"Market title" not in page.content


@pytest.mark.parametrize("role", ["visitor", "buyer", "organiser"])
def test_the_same_queries_for_1_and_3_rows(role):
    edition = EditionFactory()
    user = None if role == "visitor" else UserFactory()
    if role == "organiser":
        edition.market.organisers.add(user)
    me = ParticipantFactory(edition=edition, user=user, is_buyer=True) if role == "buyer" else None

    def fill():
        TitleFactory(edition=edition, is_showcase=True)
        MandateFactory(edition=edition, **({"buyer": me} if me else {}))
        MeetingRequestFactory(edition=edition, status=RequestStatus.SENT, **({"receiver": me} if me else {}))

    fill()
    one = queries_of(user, "site:edition", edition)
    fill()
    fill()
    assert queries_of(user, "site:edition", edition) == one
