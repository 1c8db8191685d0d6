"""Every address of the site, asked for by everybody: an answer, never an error."""

import pytest
from django.apps import apps
from django.test import Client
from yard import ROLES, addresses, build_yard

from madang.meetings.models import MeetingRequest

ANSWERS = {200, 204, 302, 304, 404, 405, 410}


@pytest.mark.django_db
def test_every_address_answers_everybody():
    yard = build_yard()
    wrong = []
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if user := yard.accounts[role]:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        for address in addresses(yard):
            answer = client.get(address.path)
            read(answer)
            if (status := answer.status_code) not in ANSWERS:
                wrong.append((role, address.name, status))
    assert wrong == []


@pytest.mark.django_db
def test_asking_changes_nothing():
    yard = build_yard()
    client = Client()
    client.force_login(yard.accounts["administrator"], backend="allauth.account.auth_backends.AuthenticationBackend")
    before = rows()
    for address in addresses(yard):
        read(client.get(address.path))
    assert rows() == before


def read(answer):
    """A file that is sent stays open until somebody has read it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows():
    """How many rows each table of ours has, and where each request stands."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("madang.")]
    statuses = sorted(MeetingRequest.objects.values_list("code", "status"))
    return {model.__name__: model.objects.count() for model in ours}, statuses
