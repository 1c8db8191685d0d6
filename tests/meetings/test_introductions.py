"""To whom a hidden buyer is known: exactly the rows that follow from requests and mandates."""

from __future__ import annotations

import pytest
from asking import asked
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, EditionFactory, MandateFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory

from madang.mandates.actions import change_mandate, delete_mandate, write_mandate
from madang.meetings import tasks
from madang.meetings.actions.finding import block_company, choose_seen_by, leave_edition, return_to_edition, unblock_company
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.requests import answer_request, save_draft
from madang.meetings.models import Attendee, Part, RequestStatus, Side
from madang.people.models import Introduction, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def hidden(edition):
    return ParticipantFactory(edition=edition, is_buyer=True, seen_by="nobody")


def known(hidden) -> set[tuple[str, str]]:
    """(code, cause) of everybody whom she is known to."""
    return set(Introduction.objects.filter(hidden=hidden).values_list("to__code", "cause"))


def seller(edition, code, **facts) -> Participant:
    return ParticipantFactory(edition=edition, code=code, is_seller=True, **facts)


@pytest.mark.parametrize(
    ("status", "as_sender", "as_receiver"),
    [
        (RequestStatus.DRAFT, False, False),
        (RequestStatus.SENT, True, False),
        (RequestStatus.ACCEPTED, True, True),
        (RequestStatus.DECLINED, True, False),
        (RequestStatus.WITHDRAWN, True, False),
        (RequestStatus.EXPIRED, True, False),
    ],
)
def test_by_a_request(edition, hidden, status, as_sender, as_receiver):
    MeetingRequestFactory(edition=edition, sender=hidden, receiver=seller(edition, "ASKED"), status=status)
    MeetingRequestFactory(edition=edition, sender=seller(edition, "ASKS"), receiver=hidden, status=status)
    introduce(edition)
    expected = {("ASKED", "request")} if as_sender else set()
    assert known(hidden) == expected | ({("ASKS", "request")} if as_receiver else set())


def test_who_comes_to_the_meeting_knows_who_comes_for_the_other_side(edition, hidden):
    request = MeetingRequestFactory(edition=edition, sender=hidden, receiver=seller(edition, "ASKED"), status="accepted")
    secret = ParticipantFactory(edition=edition, code="SECRET", is_buyer=True, company=hidden.company, seen_by="nobody")
    guests = {"COMES": Part.COMING, "INVITED": Part.INVITED, "NOT": Part.DECLINED, "WAS": Part.REPLACED}
    for code, part in guests.items():
        person = seller(edition, code, company=request.receiver.company)
        Attendee.objects.create(request=request, participant=person, side=Side.RECEIVER, part=part)
    Attendee.objects.create(request=request, participant=secret, side=Side.SENDER)
    introduce(edition)
    assert known(hidden) == known(secret) == {("ASKED", "request"), ("COMES", "request")}


@pytest.mark.parametrize(
    ("form", "genre", "codes"),
    [
        ("series", "crime", {"BOTH", "MAKER"}),
        ("series", "", {"BOTH", "MAKER", "SERIES"}),
        ("", "crime", {"BOTH", "MAKER", "CRIME"}),
        ("", "", {"BOTH", "MAKER", "SERIES", "CRIME"}),
        ("short", "music", set()),
    ],
)
def test_by_a_match(edition, hidden, form, genre, codes):
    """Sellers and creators of companies with a fitting title on offer; nobody else, and nobody of her own company."""
    titles = {"BOTH": ("series", "crime"), "SERIES": ("series", "comedy"), "CRIME": ("film", "crime")}
    for code, (has, of) in titles.items():
        TitleFactory(edition=edition, company=seller(edition, code).company, format=has, genre=of)
    both = Participant.objects.get(code="BOTH").company
    ParticipantFactory(edition=edition, code="MAKER", is_creator=True, company=both)
    ParticipantFactory(edition=edition, code="BUYS", is_buyer=True, company=both)
    seller(edition, "GONE", company=both, left_at=edition.now())
    seller(edition, "OWN", company=hidden.company)
    TitleFactory(edition=edition, company=hidden.company, format="series", genre="crime")
    TitleFactory(edition=edition, company=seller(edition, "NO MORE").company, format="series", genre="crime", is_withdrawn=True)
    MandateFactory(edition=edition, buyer=hidden, format=form, genre=genre, visibility="matches")
    MandateFactory(edition=edition, buyer=hidden, visibility="hidden")  # it fits all of them, and tells nobody
    assert known(hidden) == set()  # nobody finds her, whatever fits
    choose_seen_by(hidden.user, edition, "matches")
    assert known(hidden) == {(code, "match") for code in codes}
    choose_seen_by(hidden.user, edition, "everyone")
    assert known(hidden) == set()


def test_a_mandate_that_changes_or_ends_takes_its_matches_along(edition, hidden):
    TitleFactory(edition=edition, company=seller(edition, "CRIME").company, genre="crime")
    TitleFactory(edition=edition, company=seller(edition, "MUSIC").company, genre="music")
    choose_seen_by(hidden.user, edition, "matches")
    found = []
    mandate = write_mandate(hidden.user, edition, text="Crime", genre="crime")
    found.append(known(hidden))
    change_mandate(hidden.user, mandate, genre="music")
    found.append(known(hidden))
    delete_mandate(hidden.user, mandate)
    assert [*found, known(hidden)] == [{("CRIME", "match")}, {("MUSIC", "match")}, set()]


def test_a_title_that_changes_is_seen_at_the_next_tick(edition, hidden):
    title = TitleFactory(edition=edition, company=seller(edition, "S").company, genre="crime")
    MandateFactory(edition=edition, buyer=hidden, genre="crime")
    choose_seen_by(hidden.user, edition, "matches")
    assert known(hidden) == {("S", "match")}
    title.is_withdrawn = True
    title.save()
    tasks.tick()
    assert known(hidden) == set()


def test_rows_come_and_go_with_what_people_do(edition, hidden):
    one, other = seller(edition, "ONE"), seller(edition, "OTHER")
    save_draft(hidden.user, edition, one, reason="Perhaps.")
    assert known(hidden) == set()
    asked(hidden, one)
    assert known(hidden) == {("ONE", "request")}
    request = MeetingRequestFactory(edition=edition, code="R9", sender=other, receiver=hidden, status="sent")
    answer_request(hidden.user, request, accept=True)
    assert known(hidden) == {("ONE", "request"), ("OTHER", "request")}
    answer_request(hidden.user, request, accept=False)
    assert known(hidden) == {("ONE", "request")}


@pytest.mark.parametrize("who", ["hidden", "other"])
def test_never_across_a_block(edition, hidden, who):
    other = seller(edition, "OTHER")
    TitleFactory(edition=edition, company=other.company, genre="crime")
    MandateFactory(edition=edition, buyer=hidden, genre="crime")
    choose_seen_by(hidden.user, edition, "matches")
    asked(hidden, other)
    both = {("OTHER", "match"), ("OTHER", "request")}
    blocker, company = (hidden, other.company) if who == "hidden" else (other, hidden.company)
    found = [known(hidden)]
    block_company(blocker.user, edition, company)
    found.append(known(hidden))
    unblock_company(blocker.user, edition, company)
    assert [*found, known(hidden)] == [both, set(), both]


def test_whoever_drops_out_is_introduced_to_nobody_and_nobody_to_her(edition, hidden):
    other = seller(edition, "OTHER")
    asked(hidden, other)
    found = []
    for person in (hidden, other):
        leave_edition(person.user, person)
        found.append(known(hidden))
        return_to_edition(person.user, person)
        found.append(known(hidden))
    assert found == [set(), {("OTHER", "request")}] * 2


def test_writing_it_again_changes_nothing_and_wrong_rows_go(edition, hidden):
    asked(hidden, seller(edition, "ONE"))
    stranger = seller(edition, "STRANGER")
    Introduction.objects.create(hidden=hidden, to=stranger, cause="match")
    open_one = ParticipantFactory(edition=edition, is_buyer=True)
    Introduction.objects.create(hidden=open_one, to=stranger, cause="request")
    assert [introduce(edition), introduce(edition)] == [2, 0]
    assert (known(hidden), known(open_one)) == ({("ONE", "request")}, set())


def test_other_editions_are_left_alone(edition, hidden):
    elsewhere = ParticipantFactory(is_buyer=True, seen_by="nobody")
    to = seller(elsewhere.edition, "TO")
    asked(elsewhere, to)
    introduce(edition)
    assert known(elsewhere) == {("TO", "request")}


def test_as_many_queries_for_one_hidden_buyer_as_for_many(edition):
    counts = []
    for number in (1, 4):
        for _ in range(number):
            buyer = ParticipantFactory(edition=edition, is_buyer=True, seen_by="matches")
            to = seller(edition, f"S{buyer.pk}", company=CompanyFactory(edition=edition))
            TitleFactory(edition=edition, company=to.company, genre="crime")
            MeetingRequestFactory(edition=edition, sender=buyer, receiver=to)
        Introduction.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            introduce(edition)
        counts.append(len(captured))
    assert counts == [counts[0]] * 2
