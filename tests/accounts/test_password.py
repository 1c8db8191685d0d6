"""The door with a password, and what allauth does for us."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from factories import UserFactory

from madang.accounts.mail import delivered
from madang.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


def link_in(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def test_password_signs_in_and_out(client):
    user = UserFactory(email="minji@example.org")
    client.post("/account/login/", {"login": "MINJI@example.org", "password": "a good password"})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_wrong_password_tells_nothing_about_the_account(client):
    UserFactory(email="minji@example.org")
    errors = []
    for email in ("minji@example.org", "nobody@example.org"):
        response = client.post("/account/login/", {"login": email, "password": "something else"})
        errors.append(response.context["form"].errors)
    assert errors[0] == errors[1] != {}


def test_nobody_signs_up_alone(client):
    assert 'type="password"' not in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", {"email": "new@example.org", "password1": "a good password"})
    assert not User.objects.exists()


def test_new_password_by_mail(client):
    user = UserFactory(email="minji@example.org")
    client.post("/account/password/reset/", {"email": "minji@example.org"})
    client.post("/account/password/reset/", {"email": "nobody@example.org"})
    delivered()
    assert [message.to for message in mail.outbox] == [["minji@example.org"]]
    page = client.get(link_in(mail.outbox[0]), follow=True)
    action = page.redirect_chain[-1][0]
    client.post(action, {"password1": "another good one", "password2": "another good one"})
    user.refresh_from_db()
    assert user.check_password("another good one")


def test_new_address_counts_once_it_is_confirmed(client):
    user = UserFactory(email="minji@example.org")
    client.post("/account/login/", {"login": "minji@example.org", "password": "a good password"})
    client.post("/account/email/", {"action_add": "", "email": "minji@yard.example"})
    delivered()
    user.refresh_from_db()
    assert user.email == "minji@example.org"
    page = client.get("/account/email/").content.decode()
    assert "minji@yard.example" in page
    client.post("/account/email/", {"action_remove": "", "email": "minji@example.org"})  # the only one stays
    user.refresh_from_db()
    assert user.email == "minji@example.org"
    message = next(message for message in mail.outbox if message.to == ["minji@yard.example"])
    client.post(link_in(message))
    user.refresh_from_db()
    assert user.email == "minji@yard.example"


@pytest.mark.parametrize(
    "address",
    ["login/", "password/reset/", "password/reset/done/", "signup/", "inactive/", "confirm-email/", "password/reset/key/x-y/"],
)
def test_pages_at_the_door(client, address):
    page = client.get(f"/account/{address}").content.decode()
    assert page.count("<h1>") == 1
    assert "style=" not in page


@pytest.mark.parametrize("address", ["logout/", "email/", "password/change/", "reauthenticate/"])
def test_pages_behind_the_door(client, address):
    client.force_login(UserFactory())
    page = client.get(f"/account/{address}").content.decode()
    assert page.count("<h1>") == 1
    assert "style=" not in page
