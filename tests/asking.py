"""What tests of meeting requests share: two people of an edition, and how they ask, refuse and are told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import MandateFactory, MeetingRequestFactory, TitleFactory
from visits import client_of

from madang.meetings.actions.requests import RequestRefused, request_meeting
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Notice


def signed_in(participant_or_user):
    return client_of(getattr(participant_or_user, "user", participant_or_user))


def url(name, edition, *parts) -> str:
    return reverse(f"meetings:{name}", args=[edition.slug, *parts])


def asked(buyer, seller, **words) -> MeetingRequest:
    return request_meeting(buyer.user, buyer.edition, seller, **{"reason": "Your slate fits ours."} | words)


def refusal_of(act, *args, **facts) -> str:
    with pytest.raises(RequestRefused) as caught:
        act(*args, **facts)
    return caught.value.refusal.code


def notices(participant) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(recipient=participant).order_by("pk").values_list("kind", "key"))


def kinds(participant) -> list[str]:
    return [kind for kind, _key in notices(participant)]


def post_ask(buyer, seller, **data):
    data = {"reason": "Your slate fits ours.", "wish": 2} | data
    return signed_in(buyer).post(url("ask", buyer.edition, seller.code), data, follow=True)


def queries_of(client, address) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def requests_with_subjects(edition, number, **facts) -> None:
    for _ in range(number):
        title, mandate = TitleFactory(edition=edition), MandateFactory(edition=edition)
        MeetingRequestFactory(edition=edition, title=title, mandate=mandate, status=RequestStatus.SENT, **facts)
