"""Forty attempts to sign for the same rights, by processes, one of them killed; `make bench-deals` does it with a thousand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "deals"))

import contracts  # noqa: E402  # the bench's own rows and audit: one place for what must hold
import doubles  # noqa: E402  # as above
import race  # noqa: E402  # as above


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_forty_attempts_at_once_sell_nothing_twice_and_leave_nothing_half():
    attempts = contracts.fill(20)
    path = os.pathsep.join(str(folder) for folder in (ROOT / "tests", *sys.path) if folder)
    facts = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": path}
    connection.close()
    told = race.run(attempts, facts, [str(settings.DATABASES["default"]["NAME"])], processes=3, kills=1)
    assert (told.faults, told.kills, doubles.faults(rows)) == ([], 1, [])
    signed = rows("select count(*) from deals_document where state = 'signed'")[0][0]
    assert 2 <= signed < 20  # two titles: of each at least one contract, and not all of them
    assert told.outcomes["refused"] >= 20 - signed


@pytest.mark.django_db
def test_the_audit_sees_a_double_sale_and_a_half_signature():
    contracts.fill(10)
    connection.cursor().execute("update deals_document set state = 'signed' where code in ('L-0', 'L-1', 'L-2', 'L-3')")
    told = doubles.faults(rows, all_tried=False)
    assert sorted(one for one in told if "half" in one) == [
        f"L-{n} is half signed: (True, False, False, 0, 0, 0, False)" for n in range(4)
    ]
    assert any(one.endswith("sell the same") for one in told)
