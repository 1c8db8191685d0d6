"""Rows for tests, one call each; every edition is in Busan on 28 to 30 May 2025 with its clock on its second day."""

from __future__ import annotations

import datetime as dt

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Hall, Market, Session, Slot, Stage, Table
from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus
from madang.people.models import Company, Participant

MOMENT = dt.datetime(2025, 5, 29, 1, 40, tzinfo=dt.UTC)  # 10:40 in Busan


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(lambda: make_password("a good password"))


class MarketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Market

    slug = factory.Sequence(lambda n: f"market-{n}")
    name = "Yard Market"
    name_ko = "마당 마켓"


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    market = factory.SubFactory(MarketFactory)
    slug = factory.Sequence(lambda n: f"yard-{n}")
    name = "Yard Market 2025"
    name_ko = "마당 마켓 2025"
    starts_on = dt.date(2025, 5, 28)
    ends_on = dt.date(2025, 5, 30)
    time_zone = "Asia/Seoul"
    country = "KR"
    stage = Stage.MEETINGS
    is_public = True
    clock_shift = factory.LazyFunction(lambda: MOMENT - timezone.now())


class HallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hall

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"H{n}")
    name = "Meeting hall"


class TableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Table

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"T{n:03}")


class SlotFactory(factory.django.DjangoModelFactory):
    """Half-hour slots from 09:00 on the first day, eight a day."""

    class Meta:
        model = Slot
        exclude = ("number",)

    edition = factory.SubFactory(EditionFactory)
    number = factory.Sequence(lambda n: n)
    code = factory.LazyAttribute(lambda o: f"S{o.number:03}")
    starts_at = factory.LazyAttribute(
        lambda o: dt.datetime(2025, 5, 28, 0, 0, tzinfo=dt.UTC) + dt.timedelta(days=o.number // 8, minutes=30 * (o.number % 8))
    )
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(minutes=30))
    session = Session.MORNING


class CompanyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Company

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"C{n:03}")
    name = factory.Sequence(lambda n: f"Company {n}")
    country = "KR"


class ParticipantFactory(factory.django.DjangoModelFactory):
    """A participant with an account; pass `company=` to choose one, `is_buyer=True` or `is_seller=True` for a role."""

    class Meta:
        model = Participant

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"P{n:04}")
    user = factory.SubFactory(UserFactory)
    company = factory.SubFactory(CompanyFactory, edition=factory.SelfAttribute("..edition"))
    family_name = factory.Sequence(lambda n: f"Family{n}")
    given_name = "Given"
    email = factory.LazyAttribute(lambda o: o.user.email if o.user else "")


class TitleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Title

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"W{n:03}")
    name = factory.Sequence(lambda n: f"Title {n}")
    company = factory.SubFactory(CompanyFactory, edition=factory.SelfAttribute("..edition"))


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"M{n:03}")
    buyer = factory.SubFactory(ParticipantFactory, edition=factory.SelfAttribute("..edition"), is_buyer=True)
    text = "Crime series for a public broadcaster"


class MeetingRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingRequest

    edition = factory.SubFactory(EditionFactory)
    code = factory.Sequence(lambda n: f"R{n:05}")
    sender = factory.SubFactory(ParticipantFactory, edition=factory.SelfAttribute("..edition"), is_buyer=True)
    receiver = factory.SubFactory(ParticipantFactory, edition=factory.SelfAttribute("..edition"), is_seller=True)
    status = RequestStatus.ACCEPTED


class MeetingPolicyFactory(factory.django.DjangoModelFactory):
    """An edition's settings of meetings; what is not given is as where nobody has set any."""

    class Meta:
        model = MeetingPolicy

    edition = factory.SubFactory(EditionFactory)
