"""Two people who may meet, for every test of meetings that makes no others."""

from __future__ import annotations

import pytest
from factories import ParticipantFactory


@pytest.fixture
def buyer(edition):
    return ParticipantFactory(edition=edition, is_buyer=True, given_name="Camille", family_name="Lefèvre")


@pytest.fixture
def seller(edition):
    return ParticipantFactory(edition=edition, is_seller=True, given_name="Haneul", family_name="Seo", native_name="서하늘")
