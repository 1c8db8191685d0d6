"""The identity statement of a title: who writes it, where it is read."""

from __future__ import annotations

import pytest
from yard import build_yard

from madang.catalogue.models import IdentityStatement, Title
from madang.catalogue.rules import may_edit_identity
from madang.markets.models import LogEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    return build_yard()


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_who_says_what_a_title_is(yard):
    title = Title.objects.get(edition=yard.edition, code="W-0")
    may = {role: may_edit_identity(user, title) for role, user in yard.accounts.items() if user}
    assert may == {
        "audience": False, "buyer": False, "seller": True, "juror": False, "organiser": True, "administrator": True,
    }  # fmt: skip


def test_it_is_written_once_and_read_on_the_page_and_in_deals(yard, client):
    sign_in(client, yard.accounts["seller"])
    page = f"/e/{yard.edition.slug}/titles/W-1/"
    texts = {"for_whom": "For those\r\nwho wait.", "to_keep_ko": "침묵"}
    for _press in range(2):
        assert client.post(page + "identity/", texts)["Location"] == page
    row = IdentityStatement.objects.get()
    assert (row.for_whom, row.to_keep_ko, row.to_learn) == ("For those\nwho wait.", "침묵", "")
    assert LogEntry.objects.filter(verb="save_identity").count() == 1
    assert "who wait." in client.get(page).content.decode()
    sign_in(client, yard.accounts["buyer"])
    assert "who wait." in client.get(f"/e/{yard.edition.slug}/deals/{yard.codes['deal']}/").content.decode()
    assert client.get(page + "identity/").status_code == 404


def test_too_much_is_told_at_the_field(yard, client):
    sign_in(client, yard.accounts["seller"])
    answer = client.post(f"/e/{yard.edition.slug}/titles/W-0/identity/", {"for_whom": "가" * 2001})
    assert (answer.status_code, IdentityStatement.objects.count()) == (422, 0)
