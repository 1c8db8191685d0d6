"""Visits of pages by role, and the number of queries that a page takes."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user=None):
    """A browser in which the user has signed in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def get(user, name, edition, /, *args, **query):
    return client_of(user).get(reverse(name, args=[edition.slug, *args]), query)


def post(user, name, edition, /, *args, **data):
    return client_of(user).post(reverse(name, args=[edition.slug, *args]), data)


def queries_of(user, name, edition, /, *args, **query):
    """How many queries the page makes."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse(name, args=[edition.slug, *args]), query)
    assert response.status_code == 200
    return len(captured)


def read(answer):
    """The whole answer; a file that is sent stays open until somebody has read it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
