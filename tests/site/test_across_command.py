"""`madang across export` makes files where something changed, and says of how many editions."""

import re

import pytest
from factories import EditionFactory

from madang.markets.actions import record
from madang.outcomes.models import EditionFiles
from madang.site.commandline import main

pytestmark = pytest.mark.django_db


def test_files_are_made_of_those_that_are_named_or_of_all(settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path
    one, other = EditionFactory(), EditionFactory()
    assert main(["across", "export", one.slug]) == 0
    assert main(["across", "export"]) == 0
    record(one, None, "take_note")
    assert main(["across", "export"]) == 0
    told = re.findall(r"(\d+ of \d+) editions made anew", capsys.readouterr().out)
    assert told == ["1 of 1", "1 of 2", "1 of 2"]
    assert set(EditionFiles.objects.values_list("edition", flat=True)) == {one.pk, other.pk}
    assert main(["across", "export", one.slug, "nowhere"]) == 2
    assert "there is no edition 'nowhere'" in capsys.readouterr().err
