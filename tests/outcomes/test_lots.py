"""Lotteries: closed with a commitment, drawn once, checked by anybody, counted as the experiment they are."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, UserFactory
from visits import client_of, queries_of

from madang.outcomes.actions import lots as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Lottery
from madang.outcomes.queries.lots import proof_of, worth_of

pytestmark = pytest.mark.django_db
TWELVE = [(f"C{n}", f"Candidate {n}") for n in range(12)]


@pytest.fixture
def edition():
    edition = EditionFactory()
    edition.organiser = UserFactory()
    edition.market.organisers.add(edition.organiser)
    return edition


def opened(edition, code="pitch", candidates=TWELVE, places=4) -> Lottery:
    facts = {"code": code, "name": "Pitches", "places": places}
    return actions.save_lottery(edition.organiser, edition, facts, candidates)


def drawn(edition) -> Lottery:
    closed = actions.commit_lottery(edition.organiser, opened(edition))
    return actions.draw_lottery(edition.organiser, closed)


def test_anybody_can_repeat_the_draw_with_sha256_alone(edition):
    lottery = drawn(edition)
    told = json.loads(client_of().get(f"/e/{edition.slug}/lots/pitch/proof.json").content)
    assert hashlib.sha256(f"commitment:{told['seed']}".encode()).hexdigest() == told["commitment"] == lottery.commitment
    numbers = sorted(told["candidates"], key=lambda code: hashlib.sha256(f"{told['seed']}:{code}".encode()).hexdigest())
    assert told["drawn"] == numbers[:4]
    assert proof_of(lottery).holds is True
    page = client_of().get(f"/e/{edition.slug}/lots/pitch/")
    assert ("It holds" in page.text, lottery.seed in page.text, "Candidate 3" in page.text) == (True, True, False)


def test_the_seed_is_secret_until_the_draw_and_an_open_list_has_no_page(edition):
    lottery = opened(edition)
    assert client_of().get(f"/e/{edition.slug}/lots/pitch/").status_code == 404
    closed = actions.commit_lottery(edition.organiser, lottery)
    page = client_of().get(f"/e/{edition.slug}/lots/pitch/")
    assert (closed.commitment in page.text, closed.seed in page.text) == (True, False)
    assert json.loads(client_of().get(f"/e/{edition.slug}/lots/pitch/proof.json").content)["seed"] is None


def test_there_is_one_list_and_one_draw(edition):
    with pytest.raises(Refused):
        actions.commit_lottery(edition.organiser, opened(edition, "small", TWELVE[:4]))
    with pytest.raises(Refused):
        actions.draw_lottery(edition.organiser, opened(edition, "open"))
    lottery = drawn(edition)
    for act in (
        lambda: actions.draw_lottery(edition.organiser, lottery),
        lambda: actions.commit_lottery(edition.organiser, lottery),
        lambda: actions.discard_lottery(edition.organiser, lottery),
        lambda: actions.save_lottery(edition.organiser, edition, {"places": 9}, TWELVE, lottery),
        lambda: opened(edition),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(PermissionDenied):
        actions.draw_lottery(UserFactory(), lottery)


def test_a_list_that_was_tampered_with_does_not_hold(edition):
    lottery = drawn(edition)
    winner, loser = lottery.lots.get(place=1), lottery.lots.get(place=12)
    lottery.lots.filter(pk=winner.pk).update(place=12, is_drawn=False)
    lottery.lots.filter(pk=loser.pk).update(place=1, is_drawn=True)
    assert proof_of(lottery).holds is False


def test_what_a_place_was_worth(edition):
    lottery = drawn(edition)
    client, path = client_of(edition.organiser), f"/e/{edition.slug}/desk/outcomes/lots/pitch/outcomes/"
    rows = [(lot.code, 10 + lot.place if lot.is_drawn else lot.place) for lot in lottery.lots.all()]
    text = "\n".join(f"{code}, {count}" for code, count in rows[:-1])
    bad = client.post(path, {"outcomes": text + "\nC99, 3"})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"outcomes"})
    assert client.post(path, {"outcomes": f"C1, {'9' * 25}"}).status_code == 422
    assert client.post(path, {"outcomes": text}).status_code == 302
    worth, why = worth_of(proof_of(lottery))
    known = [count for lot, (_code, count) in zip(lottery.lots.all(), rows[:-1], strict=False) if not lot.is_drawn]
    assert (why, worth.winners, worth.others, worth.missing) == ("", 4, 7, (rows[-1][0],))
    assert worth.difference.estimate == pytest.approx(12.5 - sum(known) / len(known))
    assert lottery.lots.get(place=1).outcome == Decimal(11)


def test_pages_take_as_many_queries_for_one_as_for_three(edition):
    counts = []
    for code in ("first", "second", "third"):
        opened(edition, code, TWELVE[: 4 * (len(counts) + 1)])
        pages = [("outcomes:lotteries",), ("outcomes:lottery", code)]
        counts.append([queries_of(edition.organiser, name, edition, *parts) for name, *parts in pages])
    assert counts[0] == counts[1] == counts[2]
