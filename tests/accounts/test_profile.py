"""The page about oneself, and the language that comes with a person."""

import pytest
from django.utils import translation
from factories import UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "/accounts/profile/"


@pytest.fixture
def user(client):
    user = UserFactory(name="Minji", language="", time_zone="")
    client.force_login(user)
    return user


def test_profile_saves_and_the_language_switches_at_once(client, user):
    response = client.post(PROFILE, {"name": "김민지", "language": "ko", "time_zone": "Europe/Paris"}, follow=True)
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("김민지", "ko", "Europe/Paris")
    assert '<html lang="ko"' in response.content.decode()
    assert client.cookies["django_language"].value == "ko"


def test_profile_refuses_what_it_does_not_know(client, user):
    response = client.post(PROFILE, {"name": "", "language": "xx", "time_zone": "Mars/Olympus"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "language", "time_zone"}
    assert "Minji" in response.content.decode()  # the head of the page shows what is kept
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Minji", "", "")


def test_profile_keeps_a_zone_that_the_list_does_not_have(client, user):
    user.time_zone = "Asia/Calcutta"
    user.save()
    page = client.get(PROFILE).content.decode()
    assert '<option value="Asia/Calcutta" selected>' in page


def test_switch_of_language(client):
    response = client.post("/language/setlang/", {"language": "fr", "next": "/accounts/sign-in/"}, follow=True)
    page = response.content.decode()
    assert '<html lang="fr"' in page
    assert 'value="fr" lang="fr" aria-current="true"' in page


def test_language_of_the_person_wins_at_sign_in(client):
    UserFactory(email="claire@example.org", language="fr")
    client.cookies["django_language"] = "ko"
    response = client.post("/account/login/", {"login": "claire@example.org", "password": "a good password"})
    assert response.status_code == 302
    assert client.cookies["django_language"].value == "fr"


def test_language_of_the_browser_stays_where_the_person_has_none(client):
    UserFactory(email="claire@example.org", language="")
    client.cookies["django_language"] = "ko"
    client.post("/account/login/", {"login": "claire@example.org", "password": "a good password"})
    assert client.cookies["django_language"].value == "ko"


def test_theme_is_set_before_the_first_paint(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/accounts/sign-in/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/accounts/sign-in/").content.decode().partition("<body")[0]


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_every_page_names_its_language(client, language):
    client.cookies["django_language"] = language
    assert f'<html lang="{language}"' in client.get("/accounts/sign-in/").content.decode()
    translation.activate("en")
