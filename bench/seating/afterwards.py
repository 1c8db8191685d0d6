"""After the rush: holds run out, everybody with a booking in the first tenth gives it back, the waiting list moves up.

Prints JSON: holds that ran out, places given back, offers made.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402  # after setup

from madang.markets.models import Edition  # noqa: E402  # as above
from madang.seating.actions.flowing import expire_holds, flow_allotments, serve_waiting  # noqa: E402  # as above
from madang.seating.actions.returning import cancel_booking  # noqa: E402  # as above
from madang.seating.models import Booking, Place  # noqa: E402  # as above
from madang.seating.rules import bookings_by_key  # noqa: E402  # as above

edition = Edition.objects.get(slug=sys.argv[1])
keys = list(Booking.objects.filter(seating__event__edition=edition, state="booked").order_by("pk").values_list("key", flat=True))
for key in keys[: len(keys) // 10]:
    booking = bookings_by_key(edition, key).get()
    cancel_booking(AnonymousUser(), booking, key)
Booking.objects.filter(seating__event__edition=edition, state="held").update(held_until=edition.now())
Place.objects.filter(seating__event__edition=edition, booking__state="held").update(held_until=edition.now())
facts = {"expired": expire_holds(edition, edition.now()), "back": len(keys) // 10}
flow_allotments(edition, edition.now())
serve_waiting(edition, edition.now())
facts["offered"] = Booking.objects.filter(seating__event__edition=edition, state="offered").count()
print(json.dumps(facts))
