"""The organiser's desk: who reaches it, what is left to do, people, the log in words, the settings."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
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
from visits import get, post, queries_of

import madang
from madang.desk.actions import change_edition
from madang.desk.log import link, sentence
from madang.desk.log_sentences import SENTENCES
from madang.desk.log_verbs import VERBS
from madang.desk.queries import facts_of
from madang.desk.steps import open_steps, steps_of
from madang.markets.actions import record
from madang.markets.models import LogEntry, Stage
from madang.meetings.models import Meeting, RequestStatus, Timetable, TimetableState
from madang.people.models import Participant

pytestmark = pytest.mark.django_db

PAGES = ["desk:desk", "desk:people", "desk:log", "desk:settings"]


@pytest.fixture
def edition():
    return EditionFactory(venue="BEXCO", city="Busan")


@pytest.fixture
def organiser(edition):
    user = UserFactory(name="Oh Organiser")
    edition.market.organisers.add(user)
    return user


def steps(edition):
    return {step.key: step.is_done for step in steps_of(edition, facts_of(edition))}


@pytest.mark.parametrize("page", PAGES)
def test_who_reaches_the_desk(edition, organiser, page):
    users = {"visitor": None, "stranger": UserFactory(), "organiser": organiser, "administrator": UserFactory(is_superuser=True)}
    other = UserFactory()
    EditionFactory().market.organisers.add(other)
    users["organiser of another market"] = other
    for role in ("buyer", "seller", "juror"):
        users[role] = ParticipantFactory(edition=edition, **{f"is_{role}": True}).user
    assert {role: get(user, page, edition).status_code for role, user in users.items()} == {
        "visitor": 302,
        "stranger": 404,
        "organiser": 200,
        "administrator": 200,
        "organiser of another market": 404,
        "buyer": 404,
        "seller": 404,
        "juror": 404,
    }


def test_the_steps_of_an_empty_edition(organiser):
    edition = EditionFactory(stage=Stage.PREPARATION, is_public=False)
    assert steps(edition) == {
        "edition": False,
        "places": False,
        "people": False,
        "titles": False,
        "opening": False,
        "timetable": False,
    }
    edition.market.organisers.add(organiser)
    assert get(organiser, "desk:desk", edition).status_code == 200


def full(edition):
    """Everything that an edition needs before its timetable."""
    SlotFactory(edition=edition)
    TableFactory(edition=edition)
    seller = ParticipantFactory(edition=edition, is_seller=True)
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    title = TitleFactory(edition=edition, company=seller.company)
    MandateFactory(edition=edition, buyer=buyer)
    return MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller, title=title, created_at=edition.now())


def test_the_steps_of_a_full_edition(edition):
    request = full(edition)
    done = ["edition", "places", "people", "addresses", "titles", "mandates", "opening", "answers", "warnings"]
    assert steps(edition) == dict.fromkeys(done, True) | {"timetable": False}
    draft = Timetable.objects.create(edition=edition)
    assert steps(edition)["timetable"] is False
    draft.state, draft.version = TimetableState.PUBLISHED, 1
    draft.save()
    assert steps(edition) == dict.fromkeys(done, True) | {"timetable": True, "late": False}
    Meeting.objects.create(timetable=draft, request=request, slot=edition.slots.get(), table=edition.tables.get())
    assert steps(edition) == dict.fromkeys([*done, "timetable"], True)
    request.title.is_withdrawn = True
    request.title.save()
    assert steps(edition)["stale"] is False


def test_what_is_missing_is_counted_and_listed(edition, organiser):
    full(edition)
    ParticipantFactory(edition=edition, code="MUTE", user=None, is_seller=True, company=None)
    ParticipantFactory(edition=edition, code="WISH", is_buyer=True)
    gaps = facts_of(edition).gaps
    assert (gaps.without_email, gaps.sellers_without_title, gaps.buyers_without_mandate) == (1, 1, 1)
    listed = {}
    for gap in ("email", "company", "title", "mandate", "requests"):
        listed[gap] = [person.code for person, _, _ in get(organiser, "desk:people", edition, gap=gap).context["rows"]]
    assert listed == {
        "email": ["MUTE"],
        "company": ["MUTE"],
        "title": ["MUTE"],
        "mandate": ["WISH"],
        "requests": ["MUTE", "WISH"],
    }
    assert len(get(organiser, "desk:people", edition, gap="nonsense").context["rows"]) == Participant.objects.count()


def test_a_request_that_waits_too_long_is_a_step(edition):
    request = full(edition)
    request.status, request.created_at = RequestStatus.SENT, edition.now() - dt.timedelta(days=4)
    request.save()
    assert steps(edition)["answers"] is False
    assert facts_of(edition).requests == {"sent": 1, "accepted": 0, "declined": 0, "withdrawn": 0, "expired": 0}


def test_every_open_step_leads_somewhere(organiser):
    edition = EditionFactory(stage=Stage.PREPARATION, is_public=False)
    edition.market.organisers.add(organiser)
    links = [step.link for step in open_steps(steps_of(edition, facts_of(edition)))]
    assert [link for link in links if not link.startswith(f"/e/{edition.slug}/desk/")] == []


def test_people_with_their_requests(edition, organiser):
    request = full(edition)
    MeetingRequestFactory(edition=edition, receiver=request.receiver, status=RequestStatus.SENT)
    MeetingRequestFactory(edition=edition, receiver=request.receiver, status=RequestStatus.WITHDRAWN)
    rows = {person.pk: asked for person, _, asked in get(organiser, "desk:people", edition).context["rows"]}
    assert rows[request.receiver.pk] == {"in": 2, "waiting": 1, "out": 0}
    assert rows[request.sender.pk] == {"in": 0, "waiting": 0, "out": 1}


@pytest.mark.parametrize("query", [{"q": "park"}, {"q": "박봄"}, {"q": "bom@yard.example"}, {"role": "press"}])
def test_search_for_people(edition, organiser, query):
    ParticipantFactory(edition=edition, is_buyer=True)
    facts = {"family_name": "Park", "given_name": "Bom", "native_name": "박봄", "email": "bom@yard.example"}
    ParticipantFactory(edition=edition, code="BOM", is_press=True, **facts)
    assert [person.code for person, _, _ in get(organiser, "desk:people", edition, **query).context["rows"]] == ["BOM"]


@pytest.mark.parametrize("page", PAGES)
def test_the_same_queries_for_1_and_3_rows(edition, organiser, page):
    def fill():
        request = full(edition)
        record(edition, organiser, "publish_timetable", "1")
        record(edition, request.sender.user, "request_meeting", request.code, receiver="x")

    fill()
    one = queries_of(organiser, page, edition)
    fill()
    fill()
    assert queries_of(organiser, page, edition) == one


def test_the_log_in_words(edition, organiser):
    lines = [
        record(edition, organiser, "request_meeting", "R1", receiver="P1"),
        record(edition, organiser, "answer_request", "R1", status="declined"),
        record(edition, None, "compute_timetable", "key", limit=60),
        record(edition, organiser, "change_edition", "yard", fields=["stage", "is_public"]),
        record(edition, organiser, "move_meeting", "R1", before="S1 T1"),
        record(edition, organiser, "move_meeting", "R1", before="", after="S1 T1"),
        record(edition, organiser, "dance", "the waltz", with_whom=["a", "b"]),
    ]
    assert [sentence(line) for line in lines] == [
        "Oh Organiser asked for a meeting (request R1).",
        "Oh Organiser answered request R1: Declined.",
        "Madang itself had a timetable computed.",
        "Oh Organiser changed the settings of the edition: stage, public.",
        "Oh Organiser moved the meeting of request R1: S1 T1 → ?.",
        "Oh Organiser moved the meeting of request R1: – → S1 T1.",
        "Oh Organiser: dance the waltz",
    ]
    assert next(link(line, edition) for line in lines) == f"/e/{edition.slug}/requests/R1/"


def test_every_verb_has_its_words():
    """Each `record(..., "verb")` in the source is known to the desk."""
    found = set()
    for path in Path(madang.__file__).parent.rglob("*.py"):
        found |= set(re.findall(r"\brecord\(\s*[\w.]+,\s*[\w.]+,\s*\"(\w+)\"", path.read_text()))
    assert sorted(found - SENTENCES.keys()) == []
    assert SENTENCES.keys() == VERBS.keys()


def test_the_log_is_filtered_and_of_one_edition(edition, organiser):
    other = UserFactory(name="Other")
    record(edition, organiser, "publish_timetable", "1")
    record(edition, other, "write_mandate", "M1")
    record(EditionFactory(), other, "write_mandate", "M2")
    subjects = {}
    for name, query in {
        "all": {},
        "verb": {"verb": "write_mandate"},
        "actor": {"actor": str(organiser.pk)},
        "odd": {"actor": "x"},
    }.items():
        subjects[name] = [entry.subject for entry, _, _ in get(organiser, "desk:log", edition, **query).context["rows"]]
    assert subjects == {"all": ["M1", "1"], "verb": ["M1"], "actor": ["1"], "odd": ["M1", "1"]}


FACTS = {
    "stage": "live",
    "is_public": "on",
    "name": "Yard",
    "name_ko": "마당",
    "name_fr": "",
    "venue": "BEXCO",
    "city": "Busan",
    "country": "KR",
}


def test_settings_are_saved_once(edition, organiser):
    for _ in range(2):
        assert post(organiser, "desk:settings", edition, **FACTS).status_code == 302
    edition.refresh_from_db()
    assert (edition.stage, edition.name, edition.is_public) == ("live", "Yard", True)
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.details["fields"]) == ("change_edition", ["name", "name_ko", "stage"])
    assert entry.details["before"]["stage"] == "meetings"


def test_bad_settings_are_explained(edition, organiser):
    answer = post(organiser, "desk:settings", edition, **FACTS | {"stage": "party", "name": ""})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["name", "stage"])
    assert LogEntry.objects.count() == 0


def test_only_organisers_change_an_edition(edition):
    with pytest.raises(PermissionDenied):
        change_edition(UserFactory(), edition, name="Mine")
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    assert post(buyer.user, "desk:settings", edition, **FACTS).status_code == 404
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("page", "wing", "room"),
    [
        ("accreditation:desk_badges", "People", "Accreditation"),
        ("door:attendance", "Showcase", "Doors"),
        ("meetings:held_figures", "Meetings", "Live board"),
        ("meetings:policy", "Edition", "Settings"),
        ("outcomes:goals", "Figures", "Outcomes"),
    ],
)
def test_every_page_of_the_desk_stands_in_a_room(page, wing, room):
    edition = EditionFactory(stage="after")
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    nav = get(organiser, page, edition).context["desk_nav"]
    assert [one["label"] for one in nav if one["current"]] == [wing]
    assert [one["label"] for one in next(one for one in nav if one["current"])["rooms"] if one["current"]] == [room]
