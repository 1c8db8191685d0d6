"""Every address of the site, asked for by everybody: an answer, never an error."""

import pytest
from django.apps import apps
from django.test import Client
from visits import BACKEND, read
from yard import ROLES, addresses, build_yard

from madang.meetings.models import MeetingRequest

ANSWERS = {200, 204, 302, 304, 404, 405, 410}


@pytest.mark.django_db
def test_every_address_answers_everybody():
    """And an administrator, who sees most, changes nothing by asking."""
    yard, wrong, before = build_yard(), [], {}
    for role in sorted(ROLES, key=lambda role: role == "administrator"):
        before = rows()
        client = Client(raise_request_exception=False)
        if user := yard.accounts[role]:
            client.force_login(user, backend=BACKEND)
        for address in addresses(yard):
            answer = client.get(address.path)
            read(answer)
            if (status := answer.status_code) not in ANSWERS:
                wrong.append((role, address.name, status))
    assert wrong == []
    assert rows() == before


def rows():
    """How many rows each table of ours has, and where each request stands."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("madang.")]
    statuses = sorted(MeetingRequest.objects.values_list("code", "status"))
    return {model.__name__: model.objects.count() for model in ours}, statuses
