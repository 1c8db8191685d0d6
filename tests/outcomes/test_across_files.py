"""Files of editions: the same numbers as the edition's own figures, made only where something changed, whole or not at all."""

import pytest
from outcome_rows import figures, market, missed, seen

from madang.outcomes.across import engine
from madang.outcomes.across.marks import root
from madang.outcomes.actions.across import make_files
from madang.outcomes.measures.face import Column
from madang.outcomes.models import EditionFiles

pytestmark = pytest.mark.django_db
FOUR = ((0, 0), (0, 1), (1, 0), (2, 2))
PLACES = ((0, 0, 0), (1, 1, 1), (2, 2, 0), (3, 3, 1))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def yard():
    """Four meetings that are over: held by both, by one side, missed, and one of which nobody said anything."""
    yard = market(*PLACES, asks=FOUR)
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender")
    missed(yard, 2, "receiver")
    return yard


def asked(*editions, form="", before=None):
    """The answers about these editions from their files."""
    folders = [root() / EditionFiles.objects.get(edition=one).folder for one in editions]
    return engine.answers(folders, [engine.Asked(one.pk, before) for one in editions], form)


def test_the_files_say_what_the_figures_say(yard):
    assert make_files(yard.edition) is True
    found, pk = asked(yard.edition), yard.edition.pk
    assert found["meetings"] == [
        {
            "edition": pk, "planned": 4, "over": 4, "held": 1, "one_sided": 1, "missed": 1, "contested": 0, "silent": 1, "pairs": 1,
            "new_pairs": 0, "known_pairs": 0,
        }
    ]  # fmt: skip
    assert found["requests"] == [{"edition": pk, "requested": 4, "accepted": 4, "declined": 0, "waiting": 0}]
    (held,) = figures(yard.edition, "meetings_held")
    assert held.columns[Column.CONFIRMED] == found["meetings"][0]["held"]
