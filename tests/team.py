"""Two companies with colleagues and a meeting that is agreed, for the tests of who comes: all their slots are still to come."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse
from factories import (
    CompanyFactory,
    EditionFactory,
    HallFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    UserFactory,
)

from madang.markets.models import Stage
from madang.meetings.models import Attendance, Attendee, Meeting, Part, Timetable, TimetableState
from madang.people.models import Notice

TOMORROW = dt.datetime(2025, 5, 30, 1, 0, tzinfo=dt.UTC)  # 10:00 in Busan, the day after the edition's clock


class Team:
    """A buyer and a seller have agreed to meet; both companies have colleagues; three slots are still to come."""

    def __init__(self) -> None:
        self.edition = EditionFactory(stage=Stage.LIVE)
        self.paris = CompanyFactory(edition=self.edition, name="Atlantique", country="FR")
        self.seoul = CompanyFactory(edition=self.edition, name="Hanbada")
        self.buyer, self.second = (self.person(self.paris, name, is_buyer=True) for name in ("Camille", "Louise"))
        self.seller, self.colleague = (self.person(self.seoul, name, is_seller=True) for name in ("Haneul", "Bora"))
        self.organiser = UserFactory(name="Oh")
        self.edition.market.organisers.add(self.organiser)
        half = dt.timedelta(minutes=30)
        self.slots = [SlotFactory(edition=self.edition, starts_at=TOMORROW + half * n) for n in range(3)]
        self.hall = HallFactory(edition=self.edition)
        self.tables = [TableFactory(edition=self.edition, hall=self.hall, code=f"T{n}") for n in range(3)]
        self.request = self.ask(self.buyer, self.seller)

    def person(self, company, name, **facts):
        facts = {"edition": self.edition, "company": company, "given_name": name, "family_name": "Kim"} | facts
        return ParticipantFactory(**facts)

    def ask(self, sender, receiver, **facts):
        return MeetingRequestFactory(edition=self.edition, sender=sender, receiver=receiver, **facts)

    def place(self, request=None, slot: int = 0, table: int = 0) -> Meeting:
        request = request or self.request
        timetable, _ = Timetable.objects.get_or_create(edition=self.edition, state=TimetableState.PUBLISHED, version=1)
        place = {"slot": self.slots[slot], "table": self.tables[table]}
        meeting = Meeting.objects.create(timetable=timetable, request=request, **place)
        for seat in request.attendees.filter(part=Part.COMING):
            Attendance.objects.create(timetable=timetable, slot=meeting.slot, meeting=meeting, participant=seat.participant)
        return meeting

    def parts(self, request=None) -> dict[str, str]:
        """Given name -> part, of everybody who was ever of the meeting."""
        rows = Attendee.objects.filter(request=request or self.request)
        return dict(rows.values_list("participant__given_name", "part"))

    def told(self) -> set[tuple[str, str, str]]:
        """(to whom, kind, about whom) of each notice."""
        return {(one.recipient.given_name, one.kind, one.data.get("who", "")) for one in Notice.objects.all()}

    def at_table(self) -> set[str]:
        return set(Attendance.objects.values_list("participant__given_name", flat=True))

    def url(self, name: str = "meeting", *parts: str) -> str:
        return reverse(f"meetings:{name}", args=[self.edition.slug, self.request.code, *parts])


def signed_in(who) -> Client:
    client = Client()
    client.force_login(getattr(who, "user", who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def guest_of(team, name="Gita", **facts):
    return team.person(CompanyFactory(edition=team.edition, name=f"Company of {name}"), name, is_buyer=True, **facts)
