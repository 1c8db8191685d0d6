"""Who sees requests, meetings and timetables, and who may ask, answer and withdraw: role x act."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, MeetingRequestFactory, ParticipantFactory, SlotFactory, TableFactory, UserFactory

from madang.markets.models import Stage
from madang.meetings.models import Meeting, RequestStatus, Timetable, TimetableState
from madang.meetings.queries.requests import why_not_ask
from madang.meetings.rules import (
    answerable_requests,
    askable_participants,
    may_answer_request,
    may_edit_timetable,
    may_request_meeting,
    may_withdraw_request,
    visible_meetings,
    visible_requests,
    visible_timetables,
    withdrawable_requests,
)

pytestmark = pytest.mark.django_db
ROLES = ["visitor", "outsider", "sender", "receiver", "colleague", "other", "juror", "organiser", "administrator"]


class House:
    """One request, one meeting of the published timetable, and one user of each role around them."""

    def __init__(self) -> None:
        self.edition = edition = EditionFactory()
        self.sender = ParticipantFactory(edition=edition, is_buyer=True)
        self.receiver = ParticipantFactory(edition=edition, is_seller=True)
        self.colleague = ParticipantFactory(edition=edition, is_seller=True, company=self.receiver.company)
        self.other = ParticipantFactory(edition=edition, is_creator=True)
        self.juror = ParticipantFactory(edition=edition, is_juror=True)
        organiser = UserFactory()
        edition.market.organisers.add(organiser)
        self.users = {
            "visitor": AnonymousUser(),
            "outsider": UserFactory(),
            "organiser": organiser,
            "administrator": UserFactory(is_superuser=True),
        } | {role: getattr(self, role).user for role in ("sender", "receiver", "colleague", "other", "juror")}
        self.request = MeetingRequestFactory(
            edition=edition, sender=self.sender, receiver=self.receiver, status=RequestStatus.SENT
        )

    def roles_where(self, may) -> set[str]:
        return {role for role in ROLES if may(self.users[role])}

    def publish(self, request, state=TimetableState.PUBLISHED) -> Meeting:
        version = 1 if state == TimetableState.PUBLISHED else None
        timetable = Timetable.objects.create(edition=self.edition, state=state, version=version)
        slot, table = SlotFactory(edition=self.edition), TableFactory(edition=self.edition)
        return Meeting.objects.create(timetable=timetable, request=request, slot=slot, table=table)


@pytest.fixture
def house() -> House:
    return House()


def test_who_sees_a_request(house):
    seen = house.roles_where(lambda user: house.request in visible_requests(user, house.edition))
    assert seen == {"sender", "receiver", "organiser", "administrator"}


def test_who_answers_and_who_withdraws_a_request(house):
    assert house.roles_where(lambda user: may_answer_request(user, house.request)) == {"receiver"}
    assert house.roles_where(lambda user: may_withdraw_request(user, house.request)) == {"sender"}


def test_who_may_ask_the_receiver(house):
    house.request.delete()
    may = house.roles_where(lambda user: may_request_meeting(user, house.edition, house.receiver))
    assert may == {"sender", "other"}  # not herself, not a colleague, nobody who does no business here
    assert house.roles_where(lambda user: why_not_ask(user, house.edition, house.receiver) is None) == may


def test_who_can_be_asked_by_the_sender(house):
    assert set(askable_participants(house.sender.user, house.edition)) == {house.receiver, house.colleague, house.other}


@pytest.mark.parametrize(
    ("stage", "open_"),
    [
        (Stage.PREPARATION, False),
        (Stage.REGISTRATION, True),
        (Stage.MEETINGS, True),
        (Stage.LIVE, True),
        (Stage.AFTER, False),
    ],
)
def test_requests_have_their_stages(house, stage, open_):
    house.edition.stage = stage
    house.edition.save()
    assert may_request_meeting(house.other.user, house.edition, house.sender) is open_
    assert answerable_requests(house.receiver.user, house.edition).exists() is open_
    assert withdrawable_requests(house.sender.user, house.edition).exists() is open_


@pytest.mark.parametrize(
    ("status", "answerable", "withdrawable"),
    [
        ("draft", False, False),
        ("sent", True, True),
        ("accepted", True, True),
        ("declined", False, False),
        ("withdrawn", False, False),
        ("expired", False, False),
    ],
)
def test_what_can_be_done_in_each_status(house, status, answerable, withdrawable):
    house.request.status = status
    house.request.save()
    assert may_answer_request(house.receiver.user, house.request) is answerable
    assert may_withdraw_request(house.sender.user, house.request) is withdrawable


def test_a_meeting_in_the_published_timetable_is_not_withdrawn_by_its_sender(house):
    house.request.status = RequestStatus.ACCEPTED
    house.request.save()
    meeting = house.publish(house.request)
    assert may_withdraw_request(house.sender.user, house.request) is False
    meeting.is_cancelled = True
    meeting.save()
    assert may_withdraw_request(house.sender.user, house.request) is True


def test_who_sees_a_published_meeting(house):
    meeting = house.publish(house.request)
    seen = house.roles_where(lambda user: meeting in visible_meetings(user, house.edition))
    assert seen == {"sender", "receiver", "organiser", "administrator"}


def test_nobody_sees_meetings_of_a_draft_in_an_agenda(house):
    meeting = house.publish(house.request, TimetableState.DRAFT)
    assert house.roles_where(lambda user: meeting in visible_meetings(user, house.edition)) == set()


def test_who_sees_which_timetable(house):
    draft = Timetable.objects.create(edition=house.edition)
    published = Timetable.objects.create(edition=house.edition, state=TimetableState.PUBLISHED, version=2)
    old = Timetable.objects.create(edition=house.edition, state=TimetableState.SUPERSEDED, version=1)
    sees = lambda timetable: house.roles_where(lambda user: timetable in visible_timetables(user, house.edition))  # noqa: E731 - one row of a table of rules
    assert sees(draft) == sees(old) == {"organiser", "administrator"}
    assert sees(published) == {"sender", "receiver", "colleague", "other", "juror", "organiser", "administrator"}


def test_who_edits_the_timetable(house):
    assert house.roles_where(lambda user: may_edit_timetable(user, house.edition)) == {"organiser", "administrator"}


def test_another_edition_is_another_house(house):
    elsewhere = House()
    assert house.request not in visible_requests(house.users["organiser"], elsewhere.edition)
    assert visible_requests(house.users["organiser"], elsewhere.edition).count() == 0
    assert may_request_meeting(house.sender.user, elsewhere.edition, elsewhere.receiver) is False
