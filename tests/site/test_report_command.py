"""`madang report` writes what may be handed out, and freezes nothing."""

from __future__ import annotations

import pytest
from report_rows import MEASURES, SUMS, small_edition

from madang.outcomes.actions.reports import freeze_report, publish_report
from madang.outcomes.models import FrozenRow, Report
from madang.site.commandline import main

pytestmark = pytest.mark.django_db


def test_the_newest_published_report_is_written(tmp_path, capsys):
    edition, organiser = small_edition()
    assert main(["report", edition.slug, "--out", str(tmp_path)]) == 2
    assert "no report of" in capsys.readouterr().err
    published = freeze_report(organiser, edition, SUMS, measures=MEASURES)
    publish_report(organiser, published)
    freeze_report(organiser, edition, SUMS, measures=MEASURES)
    assert main(["report", edition.slug, "--lang", "ko", "--out", str(tmp_path / "ko")]) == 0
    assert f"Report 1 of {edition.slug}, SHA-256 {published.digest}" in capsys.readouterr().out
    assert "2025년 성과" in (tmp_path / "ko" / "report.html").read_text()
    assert sorted(path.name for path in (tmp_path / "ko").iterdir()) == ["data", "report.html", "report.pdf", "report.xlsx"]
    assert main(["report", edition.slug, "--lang", "ko", "--out", str(tmp_path / "ko")]) == 2
    assert main(["report", edition.slug, "--lang", "ko", "--out", str(tmp_path / "ko"), "--force"]) == 0
    assert Report.objects.count() == 2


def test_what_was_tampered_with_is_not_written(tmp_path, capsys):
    edition, organiser = small_edition()
    freeze_report(organiser, edition, SUMS, measures=MEASURES)
    assert main(["report", edition.slug, "--report", "7", "--out", str(tmp_path)]) == 2
    assert "has no report 7; there is: 1." in capsys.readouterr().err
    FrozenRow.objects.filter(key="R-1").delete()
    assert main(["report", edition.slug, "--report", "1", "--out", str(tmp_path)]) == 2
    assert "is not what was frozen" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main(["report", "nowhere", "--out", str(tmp_path)]) == 2
