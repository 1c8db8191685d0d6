"""Documents as text and PDF, and what changed between two of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from factories import TitleFactory
from negotiation import table

from madang.deals.actions import offers
from madang.deals.queries.contents import TermWords
from madang.deals.queries.differences import differences, words_changed
from madang.deals.queries.texts import blocks_of, pdf_of, text_of, title_words

pytestmark = pytest.mark.django_db

OFFER = """\
# Offer O0001
Deal\tD0001 · Yard Market · Yard Market 2025
Written by\tBlue Hour Sales, 29 May 2025
Licensor\tBlue Hour Sales, South Korea
Licensee\tKanal Nord, Belgium
## 1. Harbour Lights – exclusive licence
Territories\tBenelux
Media\tSVOD
Languages\tfr, nl = French, Dutch
From\t1 Jan 2026
Until\t31 Dec 2027
Exclusive\tyes
Clause\t1
## What is paid
1.\tFlat fee: EUR 10,000
\tEUR 4,000 – On signature
\tEUR 6,000 – On delivery
2.\tRevenue share: 12.5 % of net receipts
## What is handed over
ProRes master\tuntil 1 Dec 2025
## Further conditions
    # Not a heading
    The licensee may show clips of two minutes.
## What this document is
• This is an offer. Nobody is bound by it: rights pass when both sides have signed a licence.
"""


@pytest.fixture
def at():
    return table()


def test_the_text_says_everything_in_plain_words(at):
    text = text_of(at.offered(), "en")
    assert text[: len(OFFER)] == OFFER


def test_what_people_wrote_is_never_a_heading_of_ours(at):
    kinds = [block.kind for block in blocks_of(text_of(at.offered(), "en"))]
    assert kinds == [
        "title",
        "rows",
        "heading",
        "rows",
        "heading",
        "rows",
        "heading",
        "rows",
        "heading",
        "own",
        "heading",
        "points",
    ]


def test_a_pdf_in_each_language(at):
    offer = at.offered()
    made = {language: pdf_of(offer, language) for language in ("en", "ko", "fr")}
    assert [made[language][:5] for language in made] == [b"%PDF-"] * 3
    assert pdf_of(offer, "en") == made["en"]


def test_differences_are_marked_word_by_word(at):
    offer = at.offered()
    terms = (TermWords("flat", Decimal(8000), "EUR"), TermWords("share", percent=Decimal("12.5"), base="net receipts"))
    lines = (replace(at.content().lines[0], territories="Belgium"),)
    counter = offers.send_document(at.buyer.user, offer.deal, at.content(lines=lines, terms=terms))
    changed = [(row.label, [(p.how, p.text) for p in row.pieces]) for row in differences(offer, counter, "en") if row.is_changed]
    assert changed == [
        ("Territories", [("old", "Benelux"), ("new", "Belgium")]),
        ("1.", [("same", "Flat fee: EUR "), ("old", "10,000"), ("new", "8,000")]),
        ("", [("old", "EUR 4,000 – On signature")]),
        ("", [("old", "EUR 6,000 – On delivery")]),
    ]


def test_a_version_that_says_the_same_has_no_differences(at):
    offer = at.offered()
    counter = offers.send_document(at.buyer.user, offer.deal, at.content())
    assert [row for row in differences(offer, counter, "en") if row.is_changed] == []


def test_words_that_change_keep_what_stands_between():
    pieces = [(piece.how, piece.text) for piece in words_changed("two years from May", "three years from June")]
    assert pieces == [("old", "two"), ("new", "three"), ("same", " years from "), ("old", "May"), ("new", "June")]


def test_seasons_and_episodes_say_what_they_are_part_of(at):
    season = TitleFactory(edition=at.edition, company=at.licensor, part_of=at.title, level="season", number=2, name="")
    tide = TitleFactory(edition=at.edition, company=at.licensor, part_of=season, level="episode", number=3, name="The Tide")
    named = TitleFactory(
        edition=at.edition, company=at.licensor, part_of=at.title, level="season", number=1, name="Harbour Lights, Season 1"
    )
    assert [title_words(title) for title in (season, tide, named)] == [
        "Harbour Lights – season 2",
        "Harbour Lights – season 2 – episode 3: The Tide",
        "Harbour Lights, Season 1",
    ]
