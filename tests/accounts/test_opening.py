"""An account by mail: opened once, by whoever reads the mailbox, only on the way to a page that takes strangers in."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.utils import translation
from factories import UserFactory

from madang.accounts.mail import delivered
from madang.accounts.models import User
from madang.accounts.opening import Opening, door_url, open_account, opening_token, welcome_to

pytestmark = pytest.mark.django_db
ASK = "/accounts/sign-in/"
OPEN = "/accounts/open/"
NEXT = "/e/yard/badges/buyer/apply/"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


def ask(client, email, next_page=NEXT, welcome=None):
    response = client.post(ASK, {"email": email, "next": next_page, "welcome": welcome or welcome_to(NEXT)})
    delivered()
    return response


def token_of(message) -> str:
    return parse_qs(urlsplit(re.search(r"https?://\S+", message.body)[0]).query)["token"][0]


def test_an_address_alone_opens_an_account(client):
    page = client.get(door_url(NEXT))
    assert page.status_code == 200
    assert "opens your account if you have none yet" in page.content.decode()
    ask(client, "New.Person@example.org")
    assert [message.to for message in mail.outbox] == [["New.Person@example.org"]]
    token = token_of(mail.outbox[0])
    assert client.get(OPEN, {"token": token}).status_code == 200
    assert not User.objects.exists()  # looking, as mail scanners do, opens nothing

    response = client.post(OPEN, {"token": token})
    assert (response.status_code, response["Location"]) == (302, NEXT)
    user = User.objects.get()
    assert (user.email, user.language, user.has_usable_password()) == ("new.person@example.org", "en", False)
    assert client.session["_auth_user_id"] == str(user.pk)
    rows = EmailAddress.objects.values_list("user", "email", "verified", "primary")
    assert list(rows) == [(user.pk, "new.person@example.org", True, True)]


def test_pressed_twice_goes_on_and_opens_one(client):
    token = opening_token(Opening("new@example.org", NEXT, "en"))
    first, second = client.post(OPEN, {"token": token}), client.post(OPEN, {"token": token})
    assert [(r.status_code, r["Location"]) for r in (first, second)] == [(302, NEXT), (302, NEXT)]
    assert User.objects.count() == 1


def test_pressed_again_elsewhere_lets_nobody_in(client):
    token = opening_token(Opening("new@example.org", NEXT, "en"))
    client.post(OPEN, {"token": token})
    client.logout()
    again = client.post(OPEN, {"token": token})
    assert again.status_code == 410
    assert "_auth_user_id" not in client.session
    assert f'name="next" value="{NEXT}"' in again.content.decode()  # the way is kept


def test_two_presses_at_once_open_one():
    opening = Opening("new@example.org", NEXT, "en")
    assert open_account(opening).email == "new@example.org"
    assert open_account(opening) is None


def test_expired_link(client, settings):
    token = opening_token(Opening("new@example.org", NEXT, "en"))
    settings.SESAME_MAX_AGE = -1
    assert client.post(OPEN, {"token": token}).status_code == 410
    assert not User.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "W10:1:x", welcome_to(NEXT)], ids=["none", "nonsense", "short", "other"])
def test_link_that_was_never_given(client, token):
    assert client.get(OPEN, {"token": token}).status_code == 410
    assert client.post(OPEN, {"token": token}).status_code == 410
    assert not User.objects.exists()


def test_known_and_unknown_address_get_the_same_answer(client):
    UserFactory(email="known@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    pages = {}
    for name in ("known", "unknown", "closed"):
        response = ask(client, f"{name}@example.org", welcome=welcome_to(NEXT))
        text = re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|welcome=[^"&]+', "", response.content.decode())
        pages[name] = (response.status_code, text.replace(f"{name}@", "@"))
    assert pages["known"] == pages["unknown"] == pages["closed"]
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["unknown@example.org"]]
    assert {message.subject for message in mail.outbox} == {"Your link to sign in"}


@pytest.mark.parametrize(
    ("next_page", "welcome"),
    [(NEXT, "x"), ("/e/other/", welcome_to(NEXT)), ("https://evil.example/", welcome_to("https://evil.example/"))],
    ids=["nonsense", "other page", "other site"],
)
def test_no_account_on_the_way_elsewhere(client, next_page, welcome):
    ask(client, "new@example.org", next_page, welcome)
    assert mail.outbox == []


def test_letter_and_account_speak_the_language_in_which_it_was_asked(client):
    client.cookies["django_language"] = "fr"
    ask(client, "new@example.org")
    with translation.override("fr"):
        assert mail.outbox[0].subject == translation.gettext("Your link to sign in")
    client.post(OPEN, {"token": token_of(mail.outbox[0])})
    assert User.objects.get().language == "fr"


def test_a_mailbox_is_not_flooded(client):
    answers = {ask(client, "new@example.org").status_code for _ in range(8)}
    assert (answers, len(mail.outbox)) == ({200}, 5)
