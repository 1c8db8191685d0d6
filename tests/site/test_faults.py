"""A database that is busy is no fault of ours: visitors are asked to come again, and everything else stays a fault."""

from __future__ import annotations

import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fault", "status", "again", "said"),
    [
        (OperationalError("database is locked"), 503, "5", "Very many people"),
        (DataError("no such number"), 500, None, "Something went wrong"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/e/yard/programme/OPEN/seats/"])
def test_who_meets_a_busy_database_is_asked_to_come_again(path, fault, status, again, said):
    def fail(*_query):
        raise fault

    with connection.execute_wrapper(fail):
        answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer.get("Retry-After"), said in answer.content.decode()) == (status, again, True)
