"""The door without a password: once, in time, for whoever reads the mailbox, and silent about who has an account."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from factories import UserFactory

from madang.accounts import actions
from madang.accounts.mail import delivered

pytestmark = pytest.mark.django_db
ASK = "/accounts/sign-in/"
USE = "/accounts/sign-in/with/"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


def ask(client, email, **data):
    response = client.post(ASK, {"email": email, **data})
    delivered()
    return response


def link_of(message) -> str:
    return re.search(r"https?://\S+", message.body)[0]


def token_of(message) -> str:
    return parse_qs(urlsplit(link_of(message)).query)["token"][0]


def test_link_signs_in_once(client):
    user = UserFactory(email="minji@example.org")
    ask(client, "Minji@example.org")
    link, token = link_of(mail.outbox[0]), token_of(mail.outbox[0])

    page = client.get(link)
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.get(link).status_code == 200  # looking, as mail scanners do, does not use it up

    response = client.post(USE, {"token": token})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)

    client.logout()
    again = client.post(USE, {"token": token})
    assert again.status_code == 410
    assert "_auth_user_id" not in client.session
    assert client.get(link).status_code == 410


def test_link_leads_to_the_page_asked_for(client):
    UserFactory(email="minji@example.org")
    ask(client, "minji@example.org", next="/e/yard/agenda/?day=2")
    query = parse_qs(urlsplit(link_of(mail.outbox[0])).query)
    response = client.post(USE, {"token": query["token"][0], "next": query["next"][0]})
    assert response["Location"] == "/e/yard/agenda/?day=2"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_link_leads_to_no_other_site(client, elsewhere):
    UserFactory(email="minji@example.org")
    ask(client, "minji@example.org", next=elsewhere)
    assert "next" not in parse_qs(urlsplit(link_of(mail.outbox[0])).query)
    response = client.post(USE, {"token": token_of(mail.outbox[0]), "next": elsewhere})
    assert response["Location"] == "/"


def test_expired_link(client, settings):
    UserFactory(email="minji@example.org")
    ask(client, "minji@example.org")
    settings.SESAME_MAX_AGE = -1
    response = client.post(USE, {"token": token_of(mail.outbox[0])})
    assert response.status_code == 410
    assert 'name="email"' in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("token", ["", "nonsense", "AAAA" * 20])
def test_link_that_was_never_given(client, token):
    assert client.get(USE, {"token": token}).status_code == 410
    assert client.post(USE, {"token": token}).status_code == 410


def test_two_presses_at_once_sign_in_one(monkeypatch):
    user = UserFactory(last_login=timezone.now() - timedelta(days=1))
    token = actions.get_token(user, scope=actions.SCOPE)
    first, second = actions.user_of_link(token), actions.user_of_link(token)
    assert first == second == user
    monkeypatch.setattr(actions, "user_of_link", lambda _token: second)  # both looked before either pressed
    assert actions.use_sign_in_link(token) == user
    assert actions.use_sign_in_link(token) is None


def test_unknown_address_gets_the_same_answer(client):
    UserFactory(email="known@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    pages = {}
    for name in ("known", "unknown", "closed"):
        response = ask(client, f"{name}@example.org")
        text = re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", response.content.decode())
        pages[name] = (response.status_code, text.replace(f"{name}@", "@"))
    assert pages["known"] == pages["unknown"] == pages["closed"]
    assert [message.to for message in mail.outbox] == [["known@example.org"]]


def test_slip_in_the_address(client):
    response = ask(client, "minji at example")
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert mail.outbox == []


def test_mail_is_written_in_the_readers_language(client):
    UserFactory(email="minji@example.org", language="ko")
    UserFactory(email="claire@example.org", language="")
    client.cookies["django_language"] = "fr"
    for email in ("minji@example.org", "claire@example.org"):
        ask(client, email)
    expected = []
    for language in ("ko", "fr"):
        with translation.override(language):
            expected.append(translation.gettext("Your link to sign in"))
    assert [message.subject for message in mail.outbox] == expected


def test_a_mailbox_is_not_flooded_and_nobody_is_told(client):
    UserFactory(email="minji@example.org")
    answers = {ask(client, "minji@example.org").status_code for _ in range(8)}
    assert answers == {200}
    assert len(mail.outbox) == 5


def test_one_address_cannot_ask_for_ever(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"sign_in_link": "2/m/ip"}
    assert [ask(client, f"a{n}@example.org").status_code for n in range(3)] == [200, 200, 429]


def test_who_is_in_does_not_stand_at_the_door(client):
    client.force_login(UserFactory())
    assert client.get(ASK, {"next": "/accounts/profile/"})["Location"] == "/accounts/profile/"


def test_a_page_for_accounts_asks_to_sign_in(client):
    response = client.get(reverse("accounts:profile"))
    assert response["Location"] == ASK + "?next=/accounts/profile/"
