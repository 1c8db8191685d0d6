"""Rows of accreditation for tests."""

from __future__ import annotations

import pytest
from badges import organised_edition


@pytest.fixture
def edition(db):
    return organised_edition()


@pytest.fixture
def organiser(edition):
    return edition.market.organisers.get()
