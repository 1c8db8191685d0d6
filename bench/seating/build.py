"""An event with places that nobody has yet, and an organiser: python bench/seating/build.py PLACES MODE; prints facts as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402  # after setup

from madang.accounts.models import User  # noqa: E402  # as above
from madang.markets.models import Edition, Hall, Market, Stage  # noqa: E402  # as above
from madang.programme.models import Event  # noqa: E402  # as above
from madang.seating.actions.layout import Share, draw_hall, lay_out  # noqa: E402  # as above
from madang.seating.drawing import read_drawing  # noqa: E402  # as above

WIDTH = 30


def build(places: int, mode: str, code: str) -> dict[str, object]:
    """A market of its own; the event begins tomorrow."""
    boss = User.objects.create(email=f"organiser-{code}@example.org", name="Organiser")
    market = Market.objects.create(slug=f"bench-{code}", name="Bench")
    market.organisers.add(boss)
    today = timezone.now().date()
    edition = Edition.objects.create(
        market=market, slug=f"bench-{code}", name="Bench", starts_on=today, ends_on=today + dt.timedelta(days=2),
        stage=Stage.LIVE, is_public=True,
    )  # fmt: skip
    hall = Hall.objects.create(edition=edition, code="H", name="Hall", capacity=places)
    start = timezone.now() + dt.timedelta(days=1)
    event = Event.objects.create(
        edition=edition,
        code=code,
        kind="screening",
        name="Opening night",
        hall=hall,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=2),
    )
    if mode == "reserved":
        rows = -(-places // WIDTH)
        draw_hall(boss, hall, read_drawing("\n".join(f"R{n} " + "o" * min(WIDTH, places - n * WIDTH) for n in range(rows))))
    shares = [Share("public", places)]
    seating = lay_out(boss, event, {"mode": mode, "most": 4}, shares)
    return {"edition": edition.slug, "code": code, "seating": seating.pk}


if __name__ == "__main__":
    print(json.dumps(build(int(sys.argv[1]), sys.argv[2], sys.argv[3])))
