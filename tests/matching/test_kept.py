"""What the clock makes ready: another process reads it, the same comes out, and a title that changed is never an old one."""

from __future__ import annotations

import pytest
from match_rows import HARBOUR, WEDDING, Market

from madang.catalogue.models import Title
from madang.matching.queries import answers, market
from madang.matching.tasks import prepare_matches

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    market = Market()
    facts = {"edition": market.edition, "company": market.seller.company, "genre": "drama", "synopsis": WEDDING}
    Title.objects.bulk_create(Title(code=f"T{n}", name=f"Title {n}", **facts) for n in range(answers.FEWEST))
    return market


def afresh() -> None:
    """As a process that has read nothing yet."""
    market._catalogue.cache_clear()
    answers._learned.cache_clear()


def test_what_is_made_ready_is_what_would_be_computed(here):
    afresh()
    before = here.found()
    computed = market.catalogue_of(here.edition)
    assert prepare_matches(here.edition, here.edition.now())
    assert not prepare_matches(here.edition, here.edition.now())
    afresh()
    read = market.catalogue_of(here.edition)
    assert read is not computed
    assert (read.key, read.ids.tolist(), read.names) == (computed.key, computed.ids.tolist(), computed.names)
    assert sorted(read.offered._ready) == ["en", "fr", "ko"]
    assert here.found() == before


def test_a_title_that_changed_is_matched_as_it_is_now(here):
    prepare_matches(here.edition, here.edition.now())
    assert here.found()[0][0] == "HARBOUR"
    Title.objects.filter(code="HARBOUR").update(synopsis=WEDDING, genre="romance")
    Title.objects.filter(code="T7").update(synopsis=HARBOUR, genre="crime")
    for again in (lambda: None, afresh):
        again()
        assert here.found()[0][0] == "T7"


def test_a_small_market_is_not_kept(here):
    Title.objects.filter(edition=here.edition, code__startswith="T").delete()
    assert not prepare_matches(here.edition, here.edition.now())
