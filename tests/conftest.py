"""What every test may use. Rows come from `factories`; settings from `settings`, both in this folder."""

from __future__ import annotations

import gc
import importlib
import os
from pathlib import Path

import pytest
import template
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import translation

from madang.site.commandline.fresh import compile_translations

ROOT = Path(__file__).resolve().parent.parent
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_assert_num_queries", "django_assert_max_num_queries"}


def pytest_configure(config: pytest.Config) -> None:
    """Compiled translations are not kept: whoever reads a Korean page needs them. Once, before the workers start."""
    if not hasattr(config, "workerinput"):
        compile_translations()
        if is_postgresql() and config.getoption("numprocesses", None) and not config.getoption("nomigrations"):
            config.add_cleanup(template.begin().wait)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not look it through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    template.copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_use_migrations, django_db_blocker):
    """Tables that are made without the migrations lack what only a migration makes: the full-text index."""
    if not django_db_use_migrations:
        full_text = importlib.import_module("madang.search.migrations.0003_full_text")
        with django_db_blocker.unblock(), connection.schema_editor() as editor:
            full_text.forwards(None, editor)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data (MADANG_SHARED, or `shared` next to the checkout); without it the test is skipped."""
    folder = Path(os.environ.get("MADANG_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no shared data at {folder}; set MADANG_SHARED")
    return folder


@pytest.fixture(autouse=True)
def no_old_progress():
    """Rows of different tests may have the same ids: what one test told of its runs is nothing to the next."""
    yield
    for name in ("default", "progress", "sessions"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def english():
    """A request leaves its language behind in the thread; each test begins in English."""
    translation.activate("en")
    yield
    translation.deactivate()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything under tests/journeys is a journey; what asks no database is tested once, on SQLite; what is long comes first."""
    for item in items:
        if Path(item.path).is_relative_to(ROOT / "tests" / "journeys"):
            item.add_marker("journey")
    if is_postgresql():
        left_out = [item for item in items if not asks_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks_database(item)]
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


def is_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def asks_database(item: pytest.Item) -> bool:
    """Whether a test has the database's fixtures or mark, or starts the site's programs; and is not marked `once`."""
    if item.get_closest_marker("once"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    starts_programs = Path(item.path).is_relative_to(ROOT / "tests" / "site")
    return starts_programs or item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(DATABASE_FIXTURES)
