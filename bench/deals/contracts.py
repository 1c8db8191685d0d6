"""Licences for a crowd to sign: several companies are after the same rights of each title, and both sides are about to sign.

As a program it fills the database of the settings and prints the attempts, [document, user] each, as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.models import Deal, DealStage, Document, DocumentKind, DocumentState, Line, LineKind, Signatory, Term, TermKind
from madang.deals.queries.texts import digest_of
from madang.deals.sets import interned_sets, read_sets
from madang.markets.models import Edition, Market, Stage
from madang.people.models import Company, Participant

SELLERS, BUYERS, AFTER_EACH = 3, 10, 10
PLACES = ["DE", "GSA", "Europe", "FR", "Benelux", "World"]
MEDIA = ["SVOD", "SVOD, AVOD", "FREE"]


def fill(documents: int, seed: int = 1) -> list[tuple[int, int]]:
    """So many licences, ten a title, every tenth of two titles; attempts on the same title stand side by side."""
    dice = random.Random(seed)
    edition = new_edition()
    sellers = [dealer(edition, f"S{n}", is_seller=True) for n in range(SELLERS)]
    buyers = [dealer(edition, f"B{n}", is_buyer=True) for n in range(BUYERS)]
    titles = [new_title(edition, sellers[n % SELLERS], n) for n in range(-(-documents // AFTER_EACH) + SELLERS)]
    attempts: list[tuple[int, int]] = []
    for n in range(documents):
        place = n // AFTER_EACH
        package = [titles[place], titles[place + SELLERS]] if n % AFTER_EACH == 0 else [titles[place]]
        seller, buyer = sellers[place % SELLERS], buyers[n % BUYERS]
        document = new_licence(seller, buyer, n, package, dice)
        attempts += [(document.pk, user.pk) for user in (buyer.user, seller.user) if user is not None]
    return attempts


def new_edition() -> Edition:
    market = Market.objects.create(slug="race", name="Race Market")
    today = timezone.localdate()
    return Edition.objects.create(
        market=market, slug="race", name="Race Market", starts_on=today, ends_on=today + dt.timedelta(days=2),
        stage=Stage.LIVE, is_public=True,
    )  # fmt: skip


def dealer(edition: Edition, code: str, **role: bool) -> Participant:
    """Somebody who may sign for a company of her own."""
    user = User(email=f"{code.lower()}@race.example", name=f"Person {code}")
    user.set_unusable_password()
    user.save()
    company = Company.objects.create(edition=edition, code=f"C-{code}", name=f"Company {code}", country="KR")
    person = Participant.objects.create(
        edition=edition, code=f"P-{code}", user=user, company=company, family_name=code, email=user.email, **role
    )
    Signatory.objects.create(participant=person, named_by=user)
    return person


def new_title(edition: Edition, seller: Participant, number: int) -> Title:
    """Held by its seller for the world and for ever."""
    title = Title.objects.create(edition=edition, company=seller.company, code=f"W-{number}", name=f"Title {number}")
    holding = Document.objects.create(
        edition=edition, code=f"H-{number}", kind=DocumentKind.HOLDING, state=DocumentState.STATED, company=seller.company
    )
    Line.objects.create(
        document=holding, title=title, kind=LineKind.GRANT, party=seller.company, exclusive=True, territories_said="World",
        media_said="ALL", start_open="perpetuity", end_open="perpetuity", **interned_sets(read_sets("World", "ALL")),
    )  # fmt: skip
    return title


def new_licence(seller: Participant, buyer: Participant, number: int, titles: list[Title], dice: random.Random) -> Document:
    """Open for signature: neither side has signed."""
    edition, place, media, start = (
        seller.edition,
        dice.choice(PLACES),
        dice.choice(MEDIA),
        dt.date(dice.randint(2027, 2029), 1, 1),
    )
    deal = Deal.objects.create(
        edition=edition,
        code=f"D-{number}",
        licensor=seller.company,
        licensee=buyer.company,
        opened_by=seller,
        stage=DealStage.MEMO,
    )
    texts = {"en": f"Licence {number}: {media} in {place} from {start}"}
    document = Document.objects.create(
        edition=edition, code=f"L-{number}", kind=DocumentKind.LICENCE, state=DocumentState.SENT, deal=deal,
        company=seller.company, author=seller, sent_at=edition.now(), texts=texts, digest=digest_of(texts),
    )  # fmt: skip
    sets, exclusive = interned_sets(read_sets(place, media)), dice.random() < 0.8
    for at, title in enumerate(titles, 1):
        Line.objects.create(
            document=document, number=at, title=title, kind=LineKind.LICENCE, party=buyer.company, exclusive=exclusive,
            territories_said=place, media_said=media, start=start, end=start + dt.timedelta(days=500), **sets,
        )  # fmt: skip
    Term.objects.create(document=document, kind=TermKind.FLAT, amount=1000, currency="EUR")
    deal.titles.set(titles)
    return document


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
