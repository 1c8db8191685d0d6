"""Lotteries: a list is written, closed with a commitment, drawn with the seed that was committed to, counted afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels.impact import commitment, draw
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.rounds import guard
from madang.outcomes.models import Lot, Lottery


@transaction.atomic
def save_lottery(
    actor: User, edition: Edition, facts: Mapping[str, Any], candidates: Sequence[tuple[str, str]], lottery: Lottery | None = None
) -> Lottery:
    """Open a lottery, or change one whose list is open. `candidates`: (code, name)."""
    guard(actor, edition)
    found = _open(lottery) if lottery else Lottery(edition=edition)
    for name, value in facts.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Refused(_("There is a lottery of this code already.")) from None
    found.lots.all().delete()
    Lot.objects.bulk_create(Lot(lottery=found, code=code, name=name, at=edition.now()) for code, name in candidates)
    record(edition, actor, "change_lottery" if lottery else "open_lottery", found.code, count=len(candidates))
    return found


def _open(lottery: Lottery) -> Lottery:
    """The row, locked. Raises Refused where its list is closed."""
    found = Lottery.objects.select_for_update(of=("self",)).select_related("edition").get(pk=lottery.pk)
    if found.closed_at:
        raise Refused(_("The list is closed: who is in it and how many places there are does not change any more."))
    return found


@transaction.atomic
def discard_lottery(actor: User, lottery: Lottery) -> None:
    """Throw away a lottery whose list is open; a closed one stays, so that nobody draws until she likes what comes."""
    guard(actor, lottery.edition)
    found = _open(lottery)
    record(found.edition, actor, "discard_lottery", found.code)
    found.delete()


@transaction.atomic
def commit_lottery(actor: User, lottery: Lottery) -> Lottery:
    """Close the list and commit to a seed that nobody has seen; the commitment is public from now on."""
    guard(actor, lottery.edition)
    found = _open(lottery)
    count = found.lots.count()
    if count <= found.places:
        raise Refused(_("There are not more candidates than places: there is nothing to draw."))
    found.seed = secrets.token_hex(32)
    found.commitment, found.closed_at = commitment(found.seed), found.edition.now()
    found.save()
    record(found.edition, actor, "commit_lottery", found.code, count=count, commitment=found.commitment)
    return found


@transaction.atomic
def draw_lottery(actor: User, lottery: Lottery) -> Lottery:
    """Draw with the seed that was committed to, once; the seed is public from now on."""
    guard(actor, lottery.edition)
    found = Lottery.objects.select_for_update(of=("self",)).select_related("edition").get(pk=lottery.pk)
    if not found.closed_at:
        raise Refused(_("Close the list first: the commitment is published before the draw."))
    if found.drawn_at:
        raise Refused(_("This lottery is drawn already; there is one draw."))
    lots = {lot.code: lot for lot in found.lots.all()}
    done = draw(lots, found.places, found.seed)
    for place, code in enumerate(done.ranked, 1):
        lots[code].place, lots[code].is_drawn = place, place <= found.places
    Lot.objects.bulk_update(lots.values(), ["place", "is_drawn"], batch_size=500)
    found.drawn_at, found.drawn_by = found.edition.now(), actor
    found.save()
    record(found.edition, actor, "draw_lottery", found.code, seed=found.seed, drawn=list(done.winners)[:50])
    return found


@transaction.atomic
def enter_outcomes(actor: User, lottery: Lottery, outcomes: Mapping[str, Decimal]) -> int:
    """What was counted afterwards, by code; a candidate who is not named has none. Gives how many have one."""
    guard(actor, lottery.edition)
    found = Lottery.objects.select_for_update(of=("self",)).select_related("edition").get(pk=lottery.pk)
    lots = list(found.lots.all())
    for lot in lots:
        lot.outcome = outcomes.get(lot.code)
    Lot.objects.bulk_update(lots, ["outcome"], batch_size=500)
    known = sum(lot.outcome is not None for lot in lots)
    record(found.edition, actor, "enter_lot_outcomes", found.code, count=known)
    return known
