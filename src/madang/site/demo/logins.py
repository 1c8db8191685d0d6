"""One account for each role, and the stories of the seller and the buyer behind two of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Company, CompanyKind, Participant
from madang.site.demo.requests import Crowd, make_request

PASSWORD = "busan-demo-2025"  # noqa: S105  # printed on every start: it guards fictional rows


@dataclass(frozen=True)
class Login:
    """A role's account."""

    role: str
    email: str
    name: str
    about: str


LOGINS = [
    Login("organiser", "organiser@demo.example", "Moon Ha-rim", "runs the edition: desk, workbook, timetable, log"),
    Login("seller", "seller@demo.example", "Seo Da-on", "sells Korean series, with about twenty requests"),
    Login("buyer", "buyer@demo.example", "Claire Vasseur", "buys for a French platform; requests wait for her answer"),
    Login("juror", "juror@demo.example", "Ingrid Solberg", "on the jury; sees the programme"),
    Login("public", "public@demo.example", "Yoo Bo-ra", "a visitor without a badge: the public programme alone"),
    Login("administrator", "administrator@demo.example", "Administrator", "may do everything"),
]


def make_users(edition: Edition) -> dict[str, User]:
    """The six accounts; the organiser and a colleague of hers run the market."""
    password = make_password(PASSWORD)
    users = {login.role: User(email=login.email, name=login.name, password=password) for login in LOGINS}
    users["administrator"].is_staff = users["administrator"].is_superuser = True
    users["buyer"].time_zone = "Europe/Paris"
    users["colleague"] = User(email="organiser2@demo.example", name="Nam Tae-oh", password=password)
    for user in users.values():
        user.save()
    edition.market.organisers.set([users["organiser"], users["colleague"]])
    return users


def cast_parts(companies: list[Company], people: list[Participant], users: dict[str, User]) -> dict[str, Participant]:
    """Give the seller, the buyer and the juror the place of one of the generated people, with a name of their own."""
    seller = chosen(people, companies, country="KR", kind=CompanyKind.SALES, side="is_seller")
    buyer = chosen(people, companies, country="FR", kind=CompanyKind.PLATFORM, side="is_buyer")
    juror = next(p for p in people if p.is_juror)
    name_as(seller, users["seller"], "Seo", "Da-on", "서다온", family_first=True, country="KR", language="ko", zone="Asia/Seoul")
    name_as(buyer, users["buyer"], "Vasseur", "Claire", "", family_first=False, country="FR", language="fr", zone="Europe/Paris")
    name_as(juror, users["juror"], "Solberg", "Ingrid", "", family_first=False, country="NO", language="en", zone="Europe/Oslo")
    return {"seller": seller, "buyer": buyer, "juror": juror}


def chosen(people: list[Participant], companies: list[Company], *, country: str, kind: str, side: str) -> Participant:
    """The first person of that side whose company fits best (a small edition may have no such company)."""
    by_pk = {company.pk: company for company in companies}

    def fit(person: Participant) -> tuple[bool, bool, bool]:
        company = by_pk[person.company_id or 0]
        return (company.country == country, company.kind == kind, company.booth_id is not None)

    return max((p for p in people if getattr(p, side) and not p.is_creator and p.company_id), key=fit)


def name_as(
    person: Participant,
    user: User,
    family: str,
    given: str,
    native: str,
    *,
    family_first: bool,
    country: str,
    language: str,
    zone: str,
) -> None:
    """Change who the person is, and whose account she has."""
    old = person.user
    person.family_name, person.given_name, person.native_name, person.family_first = family, given, native, family_first
    person.country, person.language, person.time_zone = country, language, zone
    person.user, person.email, person.max_meetings_per_day = user, user.email, None
    if hasattr(person, "fill_search"):
        person.fill_search()
    person.save()
    if old is not None:
        old.delete()


def make_stories(crowd: Crowd, parts: dict[str, Participant]) -> list[MeetingRequest]:
    """Requests of the seller and the buyer, so that each of their pages has something to read."""
    seller, buyer = parts["seller"], parts["buyer"]
    made = [make_request(crowd, seller, buyer, RequestStatus.ACCEPTED)]
    plan = [
        (seller, crowd.buyers, True, [RequestStatus.ACCEPTED] * 8 + [RequestStatus.SENT] * 2 + [RequestStatus.DECLINED] * 2),
        (seller, crowd.buyers, False, [RequestStatus.ACCEPTED] * 6 + [RequestStatus.SENT] * 2),
        (buyer, crowd.sellers, True, [RequestStatus.ACCEPTED] * 5 + [RequestStatus.SENT] * 2 + [RequestStatus.DECLINED]),
        (buyer, crowd.sellers, False, [RequestStatus.ACCEPTED] * 7 + [RequestStatus.SENT] * 6 + [RequestStatus.DECLINED] * 2),
    ]
    for person, others, asks, states in plan:
        for state in states:
            made += one_request(crowd, person, others, asks, state)
    return made


def one_request(crowd: Crowd, person: Participant, others: list[Participant], asks: bool, state: str) -> list[MeetingRequest]:
    """A request between the person and somebody new; none if nobody is left."""
    for other in crowd.rng.sample(others, min(len(others), 30)):
        sender, receiver = (person, other) if asks else (other, person)
        if crowd.may_meet(sender, receiver):
            return [make_request(crowd, sender, receiver, state)]
    return []


def own_titles(edition: Edition, seller: Participant, titles: list[Title]) -> None:
    """Move titles to the seller's company until it has eight."""
    mine = [title for title in titles if title.company_id == seller.company_id]
    others = [title for title in titles if title.countries == "KR" and title.company_id != seller.company_id]
    for title in others[: max(0, 8 - len(mine))]:
        title.company = seller.company
        title.sales = seller.company.name if seller.company else ""
        title.save()
