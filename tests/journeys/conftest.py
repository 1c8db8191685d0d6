"""One site for all journeys, its database open to the tests, and readers of every role."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import ARTEFACTS, WIDTHS, Reader, Site, make_tables, serving, start_browser
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from playwright.sync_api import Browser, sync_playwright
from yard import Yard, build_yard

from madang.accounts.models import User

FOLDER = Path(settings.MEDIA_ROOT).parent / "journeys"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def site(django_db_blocker) -> Iterator[Site]:
    """The site as `madang serve` runs it, on SQLite in a folder of its own; rows are written to the same database."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's own loop runs in this thread; nothing here is asynchronous
    database = FOLDER / "madang.sqlite3"
    connections.settings["default"].update(ENGINE="django.db.backends.sqlite3", NAME=database)
    environment = {"DATABASE_URL": f"sqlite:///{database}", "MADANG_SECRET_KEY": settings.SECRET_KEY, "PYTHONUNBUFFERED": "1"}
    FOLDER.mkdir(parents=True)
    with django_db_blocker.unblock():
        make_tables()
        with serving(FOLDER, environment) as running:
            yield running
        connections.close_all()


@pytest.fixture(scope="session")
def yard(site: Site) -> Yard:
    """The small edition with everything in it. Journeys that change things make an edition of their own."""
    return build_yard()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = start_browser(playwright)
        yield opened
        opened.close()


@pytest.fixture
def reader(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Reader]]:
    """Make a reader: `reader(user, width=390, language="ko", theme="dark")`; pictures of a failure are kept."""
    made: list[Reader] = []

    def make(user: User | None, *, width: int = 1280, language: str = "en", theme: str = "light", name: str = "") -> Reader:
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, locale=language, color_scheme=theme, timezone_id="Asia/Seoul",
            reduced_motion="reduce", has_touch=width < 500, is_mobile=width < 500,
        )  # fmt: skip
        cookies = {settings.LANGUAGE_COOKIE_NAME: language} | ({settings.SESSION_COOKIE_NAME: session_of(user)} if user else {})
        context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        made.append(Reader(site, context, name or (user.email.split("@")[0] if user else "visitor"), language))
        return made[-1]

    yield make
    for each in made:
        if request.node.stash.get(FAILED, False):
            each.picture(f"failures/{request.node.name}-{each.name}")
        each.context.close()
    if request.node.stash.get(FAILED, False):
        shutil.copy(site.log, ARTEFACTS / "failures" / "site.log")


@pytest.fixture(scope="session")
def signed_in() -> Callable[[User], str]:
    return session_of


def session_of(user: User) -> str:
    """A session in which the user has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Remember a failure, for `reader` to take its pictures."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report
