"""Who arranges a meeting of the published timetable, and who sees what is proposed for it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from factories import UserFactory
from hall import hall

from madang.meetings.actions.proposals import propose_time
from madang.meetings.models import Attendee, Part, RequestStatus
from madang.meetings.rules import comes_to, may_arrange, visible_proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """B0 asked S0; B1 comes in her stead, B2 is invited; a time is proposed."""
    here = hall()
    asked = here.ask(0, 0)
    here.version = here.publish()
    Attendee.objects.filter(request=asked, participant=here.buyers[0]).update(part=Part.REPLACED)
    Attendee.objects.create(request=asked, participant=here.buyers[1], side="sender")
    Attendee.objects.create(request=asked, participant=here.buyers[2], side="sender", part=Part.INVITED)
    here.proposal = propose_time(here.buyers[1].user, asked, here.slots[0])
    here.readers = {
        "visitor": AnonymousUser(),
        "stranger": UserFactory(),
        "replaced": here.buyers[0].user,
        "colleague": here.buyers[1].user,
        "invited": here.buyers[2].user,
        "asked": here.sellers[0].user,
        "another": here.sellers[1].user,
        "organiser": here.organiser,
    }
    return here


def those(house, may):
    return {name for name, user in house.readers.items() if may(user)}


def test_who_comes_arranges_and_so_do_organisers(house):
    asked = house.requests[0]
    assert those(house, lambda user: comes_to(user, asked)) == {"colleague", "asked"}
    assert those(house, lambda user: may_arrange(user, asked)) == {"colleague", "asked", "organiser"}


@pytest.mark.parametrize(("status", "stage"), [("sent", "live"), ("withdrawn", "live"), ("accepted", "after")])
def test_only_what_is_agreed_and_while_it_lasts(house, status, stage):
    asked = house.requests[0]
    asked.status, asked.edition.stage = RequestStatus(status), stage
    assert those(house, lambda user: may_arrange(user, asked)) == set()


def test_who_sees_a_proposal(house):
    def sees(user):
        return visible_proposals(user, house.edition).filter(pk=house.proposal.pk).exists()

    assert those(house, sees) == {"colleague", "asked", "organiser"}
