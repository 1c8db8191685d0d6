"""Whatever people do in whatever order: no place twice, nobody passed over, nobody written to twice."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from seating_rows import NOBODY, START, audit, event_at, free_seating, hold, public_of, reader, reserved_seating

from madang.people.models import Letter
from madang.seating.actions.flowing import expire_holds, flow_allotments, serve_waiting
from madang.seating.actions.layout import Share
from madang.seating.actions.refusals import SeatsRefused
from madang.seating.actions.returning import cancel_booking, return_places
from madang.seating.actions.taking import confirm_booking
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.models import Booking, Place
from madang.seating.queries.places import free_places, waiting_in
from madang.seating.rules import bookings_by_key
from madang.seating.together import Party


class Seats(RuleBasedStateMachine):
    """Five places of the public and two that flow to them an hour before the start; eight people."""

    is_reserved = False

    @initialize()
    def lay_out(self):
        shares = [Share("industry", 2, ("B",), flows_to="public", flows_at=START - dt.timedelta(hours=1)), Share("public", 5)]
        event = event_at()
        if self.is_reserved:
            self.seating = reserved_seating("A ooo oo\nB oo", event=event, shares=shares)
        else:
            self.seating = free_seating(event=event, shares=shares)
        self.edition = event.edition
        self.ticked = True

    @rule(who=st.integers(1, 8), count=st.integers(1, 4))
    def hold_some(self, who, count):
        with suppress(SeatsRefused):
            hold(self.seating, who, count)

    @rule(who=st.integers(1, 8), count=st.integers(1, 4))
    def wait_for_some(self, who, count):
        with suppress(SeatsRefused):
            join_waiting_list(NOBODY, public_of(self.seating), Party(count), reader(who))

    @rule(who=st.integers(1, 8))
    def confirm(self, who):
        self.act(who, lambda booking: confirm_booking(NOBODY, booking, booking.key))

    @rule(who=st.integers(1, 8))
    def cancel(self, who):
        self.act(who, lambda booking: cancel_booking(NOBODY, booking, booking.key))

    @rule(who=st.integers(1, 8), some=st.integers(1, 3))
    def return_some(self, who, some):
        self.act(who, lambda one: return_places(NOBODY, one, list(one.tickets.values_list("pk", flat=True)[:some]), one.key))

    @rule(minutes=st.sampled_from([1, 5, 11, 60, 120]))
    def pass_by(self, minutes):
        self.edition.clock_shift += dt.timedelta(minutes=minutes)
        self.edition.save()
        self.ticked = False

    @rule()
    def tick(self):
        now = self.edition.now()
        for step in (expire_holds, flow_allotments, serve_waiting):
            step(self.edition, now)
        self.ticked = True

    def act(self, who, act):
        found = Booking.objects.filter(email=f"guest{who}@example.org", seating=self.seating).order_by("-pk").first()
        if found is not None:
            with suppress(SeatsRefused):
                act(bookings_by_key(self.edition, found.key).get())

    @invariant()
    def every_place_has_one_booking_and_counts_are_right(self):
        if not hasattr(self, "edition"):
            return
        assert audit() == []
        assert Place.objects.filter(seating=self.seating).count() == 7
        now = self.edition.now()
        for booking in Booking.objects.filter(seating=self.seating, state__in=["held", "offered"], held_until__gt=now):
            assert booking.places.filter(held_until=booking.held_until).count() == booking.count

    @precondition(lambda self: getattr(self, "ticked", False))
    @invariant()
    def nobody_waits_for_what_is_free(self):
        """After each act that gave places back, and after each tick."""
        allotment = public_of(self.seating)
        now = self.edition.now()
        if now < START:
            free = free_places(allotment, now).count()
            stale = Place.objects.filter(allotment=allotment, held_until__lte=now).exists()
            assert stale or not waiting_in(allotment).filter(count__lte=free).exists()

    @invariant()
    def nobody_is_written_to_twice(self):
        if not hasattr(self, "edition"):
            return
        once = list(Letter.objects.filter(edition=self.edition).values_list("once", flat=True))
        assert len(once) == len(set(once))


class ReservedSeats(Seats):
    is_reserved = True


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Seats, ReservedSeats])
def test_whatever_people_do(machine):
    quick = settings(
        max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine, settings=quick)
