"""A NUL in an address or a form: no such page, and no fault of the server's."""

from __future__ import annotations

import pytest
from team import Team, signed_in

pytestmark = pytest.mark.django_db


def test_there_is_no_page_with_a_nul():
    team = Team()
    client, start = signed_in(team.buyer), f"/e/{team.edition.slug}/"
    for path in ("people/%00/", "calendar/%00.ics", "requests/R%00/"):
        assert client.get(start + path).status_code == 404
    for name, facts in (("name", {"person": "\0"}), ("invite", {"person": "a\0"}), ("leave_meeting", {"person": ["b", "\0"]})):
        assert client.post(team.url(name), facts).status_code == 404
    for path in ("people/?country=%00&q=%00&page=%00", "requests/?status=%00", "mandates/?genre=%00"):
        assert client.get(start + path).status_code == 200
