"""Two who write about one title: the later one is told what differs, keeps what she typed, and takes one of both."""

from __future__ import annotations

import pytest
from factories import EditionFactory, ParticipantFactory, TitleFactory
from visits import get, post

from madang.catalogue.models import IdentityStatement, Profile

pytestmark = pytest.mark.django_db
CASES = {
    "catalogue:identity": (
        IdentityStatement,
        {"for_whom": "For those\r\nwho wait.", "to_keep_ko": "침묵"},
        {"for_whom": "For those\r\nwho wait.", "to_keep_ko": "느린 리듬"},
        [("What must not be changed, in Korean", "침묵", "느린 리듬")],
    ),
    "catalogue:profile": (
        Profile,
        {"tones": ["dark"], "asks": "12,000", "asks_currency": "EUR", "seeks": "licence"},
        {"tones": ["dark", "poetic"], "asks": "12000.00", "asks_currency": "EUR", "seeks": "remake", "offered": ["themes:sea"]},
        [
            ("Tone", "dark", "dark, poetic"),
            ("Themes and settings", "", "sea"),
            ("What you ask for", "A licence", "A remake or a format deal"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_later_of_two_is_told_and_decides(name):
    model, theirs, mine, rows = CASES[name]
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True)
    colleague = ParticipantFactory(edition=edition, is_creator=True, company=seller.company)
    TitleFactory(edition=edition, company=seller.company, code="W1", synopsis="A sea.")
    opened = get(seller.user, name, edition, "W1").context["seen"]
    assert post(colleague.user, name, edition, "W1", **theirs, seen=opened).status_code == 302
    row = model.objects.get()

    told = post(seller.user, name, edition, "W1", **mine, seen=opened)
    assert (told.status_code, told.context["seen"], model.objects.get().saved_at) == (422, opened, row.saved_at)
    overtaken = told.context["overtaken"]
    assert (overtaken.who, overtaken.at) == (str(colleague.user), row.saved_at)
    assert [(one.label, one.theirs, one.mine) for one in told.context["overtaken_rows"]] == rows
    assert overtaken.mark == get(seller.user, name, edition, "W1").context["seen"]

    same = post(seller.user, name, edition, "W1", **theirs, seen=opened)
    assert (same.status_code, model.objects.get().saved_at) == (302, row.saved_at)
    assert post(seller.user, name, edition, "W1", **mine, seen=opened, mine=overtaken.mark).status_code == 302
    late = post(colleague.user, name, edition, "W1", **theirs, seen=opened, mine=overtaken.mark)
    assert (late.status_code, late.context["overtaken"].who) == (422, str(seller.user))
