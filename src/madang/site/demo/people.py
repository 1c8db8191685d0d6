"""Companies and people: fictional, from 51 countries, in their own scripts and orders of names."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from madang.accounts.models import User
from madang.kit.territories import country_name
from madang.markets.models import Edition, Table
from madang.people.models import Company, CompanyKind, CompanySize, Participant
from madang.site.demo.sizes import Size
from madang.site.demo.words import pairs, words

KINDS = {
    CompanyKind.PRODUCER: 27,
    CompanyKind.BROADCASTER: 20,
    CompanyKind.DISTRIBUTOR: 18,
    CompanyKind.SALES: 14,
    CompanyKind.PLATFORM: 14,
    CompanyKind.FUND: 4,
    CompanyKind.OTHER: 3,
}
ROLES: dict[str, list[tuple[tuple[str, ...], int]]] = {
    CompanyKind.BROADCASTER: [(("buyer",), 90), (("buyer", "seller"), 10)],
    CompanyKind.PLATFORM: [(("buyer",), 96), (("buyer", "seller"), 4)],
    CompanyKind.DISTRIBUTOR: [(("buyer",), 42), (("seller",), 40), (("buyer", "seller"), 18)],
    CompanyKind.SALES: [(("seller",), 100)],
    CompanyKind.PRODUCER: [(("seller",), 72), (("seller", "creator"), 28)],
    CompanyKind.FUND: [(("buyer",), 100)],
    CompanyKind.OTHER: [(("buyer",), 50), (("seller",), 50)],
}
FRENCH = {"FR", "BE", "CH"}
TEAM = 14
"""People of one company at most."""


def language_of(country: str) -> str:
    """The language in which people of that country write in the demo."""
    return "ko" if country == "KR" else "fr" if country in FRENCH else "en"


def weighted(rng: random.Random, options: Iterable[tuple[Any, int]]) -> Any:
    """One of the options, each with its weight."""
    found = list(options)
    return rng.choices([option for option, _ in found], [weight for _, weight in found])[0]


def ascii_of(text: str) -> str:
    """The text in plain small letters, for addresses."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("Đ", "D").replace("đ", "d").replace("ø", "o").replace("ı", "i").replace("ł", "l")
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


# --- Companies ---------------------------------------------------------------------------------------------------------


def country_places(rng: random.Random, count: int) -> list[str]:
    """A country for each company: each of the 51 at least once, then as a market in Busan has them."""
    shares = {code: facts[0] for code, facts in words("countries").items()}
    if count <= len(shares):
        return rng.sample(list(shares), count)
    rest = [code for code, number in shares.items() for _ in range(number - 1)]
    return list(shares) + rng.sample(rest, count - len(shares))


def make_companies(rng: random.Random, edition: Edition, booths: list[Table], size: Size) -> list[Company]:
    """Companies with names in their country's manner; some of those that sell have a booth."""
    taken: set[str] = set()
    companies = []
    for number, country in enumerate(country_places(rng, size.companies), 1):
        kind = weighted(rng, KINDS.items())
        name, name_ko = company_name(rng, country, kind, taken)
        about = rng.choice(words("companies")["about"][kind]).format(n=rng.randint(3, 40), country=with_article(country))
        website = f"https://{ascii_of(name)}.example/"
        companies.append(
            Company(
                edition=edition,
                code=f"C{number:03}",
                name=name,
                name_ko=name_ko,
                country=country,
                kind=kind,
                size=size_of(number, kind),
                website=website,
                about=about,
            )
        )
    sellers = [c for c in companies if c.kind in (CompanyKind.SALES, CompanyKind.PRODUCER, CompanyKind.DISTRIBUTOR)]
    for company, booth in zip(rng.sample(sellers, min(len(sellers), len(booths))), booths, strict=False):
        company.booth = booth
    return saved(companies)


def size_of(number: int, kind: str) -> str:
    """What a company says of its size: a quarter say nothing, broadcasters and platforms are larger than those who make."""
    own = random.Random(f"size {number}")  # noqa: S311  # made-up rows, no secrets; of its own, so that nothing else changes
    if own.random() < 0.25:
        return ""
    shares = (10, 25, 35, 30) if kind in (CompanyKind.BROADCASTER, CompanyKind.PLATFORM) else (40, 38, 16, 6)
    return str(weighted(own, zip(CompanySize.values, shares, strict=True)))


def company_name(rng: random.Random, country: str, kind: str, taken: set[str]) -> tuple[str, str]:
    """A new name: a word of the country's language and a word for the trade."""
    lists = words("companies")
    first = pairs(lists["first"][words("countries")[country][1]])
    suffix = pairs(lists["suffix"][kind])
    while True:
        (one, native), (last, last_ko) = rng.choice(first), rng.choice(suffix)
        name, name_ko = f"{one} {last}", f"{native}{last_ko}" if country == "KR" else ""
        if name in taken:  # the plain names are used up: a second word makes it another company
            extra, extra_native = rng.choice(first)
            name, name_ko = f"{one} & {extra} {last}", f"{native}{extra_native} {last_ko}" if country == "KR" else ""
            if one == extra:
                continue
        if name not in taken:
            taken.add(name)
            return name, name_ko


def with_article(country: str, language: str = "en") -> str:
    """The country's name as it stands in a sentence."""
    if language == "fr":
        return {"FR": "la France", "BE": "la Belgique", "CH": "la Suisse"}.get(country, country_name(country, "fr"))
    name = "Hong Kong" if country == "HK" else country_name(country, language)
    return f"the {name}" if language == "en" and country in ("US", "GB", "PH", "NL", "AE") else name


def saved(rows: list[Any]) -> list[Any]:
    """Insert rows of one kind at once, with their search text where the kind has one."""
    for row in rows:
        if hasattr(row, "fill_search"):
            row.fill_search()
    made: list[Any] = type(rows[0]).objects.bulk_create(rows, batch_size=500)
    return made


# --- People ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """A person's name in its parts."""

    family: str
    given: str
    native: str
    family_first: bool

    @property
    def latin(self) -> str:
        parts = (self.family, self.given) if self.family_first else (self.given, self.family)
        return " ".join(part for part in parts if part)


def person_name(rng: random.Random, country: str) -> Name:
    """A name as people of that country have it: order, script, and sometimes one part alone."""
    culture = words("countries")[country][1]
    lists = words("people")[culture]
    (family, family_native), (given, given_native) = rng.choice(pairs(lists["family"])), rng.choice(pairs(lists["given"]))
    first = lists["family_first"]
    if rng.random() < lists.get("one_part", 0):
        alone, native = (family, family_native) if lists["one_part"] == 1 else (given, given_native)
        return Name(alone, "", native, first)
    return Name(family, given, native_name(culture, family_native, given_native), first)


def native_name(culture: str, family: str, given: str) -> str:
    """The whole name in its own script; empty where a part has no other script."""
    if not (family and given):
        return ""
    if culture in ("ko", "zh", "tw"):
        return family + given
    return f"{family} {given}" if culture in ("ja", "mn") else f"{given} {family}"


def team_sizes(rng: random.Random, companies: int, people: int) -> list[int]:
    """How many people each company sends: at least one, a few many; `people` altogether."""
    sizes = [1] * companies
    weights = [min(rng.paretovariate(1.2), 12) for _ in range(companies)]
    left = people - companies
    while left > 0:
        for place in rng.choices(range(companies), weights, k=left):
            if sizes[place] < TEAM:
                sizes[place] += 1
                left -= 1
    return sizes


def make_people(rng: random.Random, edition: Edition, companies: list[Company], size: Size) -> list[Participant]:
    """Buyers and sellers of all companies, then a jury, press and guests."""
    people = []
    taken: set[str] = set()
    for company, count in zip(companies, team_sizes(rng, len(companies), size.professionals), strict=True):
        for _ in range(count):
            roles = weighted(rng, ROLES[company.kind])
            domain = ascii_of(company.name) + ".example"
            people.append(make_person(rng, edition, company.country, roles, domain, taken, company))
    for role, count in (("juror", 5), ("press", size.press), ("guest", size.guests)):
        for _ in range(count):
            country = rng.choice(["KR", "KR", "FR", "JP", "US", "GB", "CN", "NO", "TH", "BE"])
            people.append(make_person(rng, edition, country, (role,), f"{role}.example", taken, None))
    for number, person in enumerate(people, 1):
        person.code = f"P{number:04}"
    make_accounts(people)
    return saved(people)


def make_person(
    rng: random.Random,
    edition: Edition,
    country: str,
    roles: tuple[str, ...],
    domain: str,
    taken: set[str],
    company: Company | None,
) -> Participant:
    """One person with an address that nobody else has."""
    name = person_name(rng, country)
    local = ".".join(part for part in (ascii_of(name.given), ascii_of(name.family)) if part)
    email, number = f"{local}@{domain}", 1
    while email in taken:
        number += 1
        email = f"{local}{number}@{domain}"
    taken.add(email)
    language = language_of(country)
    jobs = words("companies")["jobs"].get("creator" if "creator" in roles else roles[0], {})
    return Participant(
        edition=edition,
        company=company,
        family_name=name.family,
        given_name=name.given,
        native_name=name.native,
        family_first=name.family_first,
        email=email,
        job_title=rng.choice(jobs[language].split("|")) if jobs else "",
        country=country,
        language=language,
        time_zone=words("countries")[country][2],
        max_meetings_per_day=rng.choice([8, 10, 12]) if rng.random() < 0.12 else None,
        **{f"is_{role}": True for role in roles},
    )


def make_accounts(people: list[Participant]) -> None:
    """An account for each person; without a password, so she signs in by a link in a mail."""
    users = [
        User(email=p.email, name=p.latin_name, language=p.language, time_zone=p.time_zone, password="!")  # noqa: S106  # "!" is no password
        for p in people
    ]
    for person, user in zip(people, User.objects.bulk_create(users, batch_size=500), strict=True):
        person.user = user
