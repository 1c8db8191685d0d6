"""What a buyer still reads of a company that blocked hers, or that she blocked: of its titles' rights nothing, anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import MandateFactory, ParticipantFactory, TitleFactory
from negotiation import table
from rights_rows import hold
from visits import get, read

from madang.deals.actions.offers import save_draft, send_document
from madang.deals.actions.refusals import DealRefused
from madang.deals.rules import answered_titles, deal_titles
from madang.matching.queries.pairs import matches_for_mandate
from madang.people.models import Block

pytestmark = pytest.mark.django_db
EVERYTHING = {
    "title", "season", "panel", "search", "table", "map", "one on the map", "sheet", "sheets", "ask", "match",
}  # fmt: skip


@pytest.fixture
def at():
    """A title and its season; the seller has a colleague, the buyer a mandate that the title fits."""
    yard = table()
    season = TitleFactory(edition=yard.edition, company=yard.licensor, code="W-1S", part_of=yard.title, level="season", number=1)
    hold(yard.licensor, season)
    yard.more["colleague"] = ParticipantFactory(edition=yard.edition, company=yard.licensor, is_seller=True)
    yard.more["mandate"] = MandateFactory(edition=yard.edition, buyer=yard.buyer, territories="BE")
    return yard


def blocks(at, who):
    """Who wants nothing to do with whom."""
    pairs = {
        "seller": (at.seller, at.licensee),
        "colleague of the seller": (at.more["colleague"], at.licensee),
        "buyer": (at.buyer, at.licensor),
    }
    if who in pairs:
        person, company = pairs[who]
        Block.objects.create(participant=person, company=company)


def readable(at):
    """The places in which the buyer reads what is free of the title."""
    user, edition, code = at.buyer.user, at.edition, at.title.code

    def text(name, *args, **query):
        answer = get(user, name, edition, *args, **query)
        return read(answer).decode() if answer.status_code == 200 else ""

    opened = {
        "title": get(user, "deals:free_title", edition, code).status_code == 200,
        "season": get(user, "deals:free_title", edition, "W-1S").status_code == 200,
        "panel": "free-heading" in text("catalogue:title", code),
        "search": str(at.title) in text("deals:free", territories="BE"),
        "table": str(at.title) in text("deals:free_table", "csv", territories="BE"),
        "map": str(at.title) in text("deals:heat"),
        "one on the map": get(user, "deals:heat", edition, title=code).context["one"] is not None,
        "sheet": get(user, "deals:sheet", edition, at.licensor.code).status_code == 200,
        "sheets": at.licensor in get(user, "deals:sheets", edition).context["sellers"],
        "ask": get(user, "deals:ask", edition, code).status_code == 200,
        "match": at.title in [match.title for match in matches_for_mandate(at.more["mandate"], user)],
    }
    return {place for place, is_open in opened.items() if is_open}


@pytest.mark.parametrize(("who", "reads"), [("nobody", EVERYTHING), ("colleague of the seller", set()), ("buyer", set())])
def test_where_a_buyer_reads_what_is_free(at, who, reads):
    blocks(at, who)
    assert readable(at) == reads


def test_what_is_hidden_is_not_told_from_what_is_not_there(at):
    blocks(at, "seller")
    codes = {"deals:free_title": at.title.code, "deals:ask": at.title.code, "deals:sheet_pdf": at.licensor.code}
    found = {
        name: [get(at.buyer.user, name, at.edition, code).status_code for code in ("NONE", known)]
        for name, known in codes.items()
    }
    assert found == {name: [404, 404] for name in codes}


def test_a_part_of_a_blocked_sellers_work_is_as_hidden_as_the_work(at):
    label = ParticipantFactory(edition=at.edition, is_seller=True)
    TitleFactory(edition=at.edition, company=label.company, code="W-1L", part_of=at.title, level="season", number=2)
    before = set(answered_titles(at.buyer.user, at.edition).values_list("code", flat=True))
    blocks(at, "seller")
    after = set(answered_titles(at.buyer.user, at.edition).values_list("code", flat=True))
    assert (before - after, after & {"W-1", "W-1S", "W-1L"}) == ({"W-1", "W-1S", "W-1L"}, set())


def test_in_a_deal_that_was_begun_before_a_buyer_writes_of_its_own_titles_alone(at):
    other = TitleFactory(edition=at.edition, company=at.licensor, code="W-2")
    hold(at.licensor, other)
    deal = at.offered().deal
    everyone = {"W-1", "W-1S", "W-2"}
    seen = {who: {one.code for one in deal_titles(person, deal)} for who, person in (("seller", at.seller), ("buyer", at.buyer))}
    assert seen == {"seller": everyone, "buyer": everyone}
    blocks(at, "colleague of the seller")
    seen = {who: {one.code for one in deal_titles(person, deal)} for who, person in (("seller", at.seller), ("buyer", at.buyer))}
    assert seen == {"seller": everyone, "buyer": {"W-1", "W-1S"}}
    foreign = at.content(lines=(replace(at.content().lines[0], title=other),))
    with pytest.raises(DealRefused, match="is not among the titles of the licensor"):
        save_draft(at.buyer.user, deal, foreign)
    assert send_document(at.buyer.user, deal, at.content()).number == 2
