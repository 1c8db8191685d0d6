"""Rights: what the demo's companies hold, to whom they sold, and each hard case of contracts somewhere."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from madang.catalogue.models import Progress, Title
from madang.deals.models import (
    Document,
    DocumentKind,
    DocumentState,
    Line,
    LineKind,
    LineReason,
    Milestone,
    OpenDate,
    RightsSet,
    Signatory,
    Source,
    StatedStanding,
)
from madang.deals.sets import interned_sets, read_sets
from madang.kernels.rights import territory_table
from madang.markets.models import Edition
from madang.people.models import Company, CompanyKind, Participant
from madang.site.demo.parts import make_parts
from madang.site.demo.people import weighted

REGIONS = [
    "KR", "JP", "Greater China", "SEA", "ANZ", "US", "CA", "LatAm", "UK&I", "FR", "GSA", "Benelux", "Nordics", "Iberia", "IT",
    "CEE", "MENA", "Indian subcontinent", "CIS", "TR", "IL",
]  # fmt: skip
"""Where contracts are made; no two overlap."""
MEDIA = {
    "SVOD": 30, "AVOD, FAST": 12, "FREE, CATCHUP": 18, "PAYTV": 10, "TV, NONLINEAR": 8, "STREAMING": 8, "THEA": 3,
    "CINEMATIC, VIDEO, TRANSACTIONAL, STREAMING, TV": 6, "VIDEO, EST, DTR": 3, "SHIP, HOTEL, TRAIN": 2,
}  # fmt: skip
HELD = {
    "World": 56,
    "World excl. KR": 14,
    "World excl. US, CA": 8,
    "Europe, KR, JP": 7,
    "Asia": 8,
    "World excl. Greater China": 7,
}
OTHERS = [
    "Velora Play", "Nordlys Kanal", "Canal Brume", "Tidewater Streaming", "Hoshizora Terebi", "Meridia Plus", "Lumen Vista",
    "Casa Marea", "Bluestem Broadcasting", "Sandglass Media", "Rivermark TV", "Korvena Vision", "Telavita Sul", "Ginkgo Screen",
    "Baobab One", "Polder Beeld", "Alpenglut TV", "Mistral Images", "Saffron Lane", "Kestrel Nine",
]  # fmt: skip
"""Companies outside the market, all invented."""


@dataclass
class Pen:
    """Writes statements: gathers rows, and saves them at the end with a few statements of SQL."""

    rng: random.Random
    edition: Edition
    authors: dict[int, Participant]
    platforms: list[Company]
    whole: set[int] = field(default_factory=set)
    documents: list[Document] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: dict[str, list[tuple[Line, Any]]] = field(default_factory=lambda: defaultdict(list))
    milestones: list[Milestone] = field(default_factory=list)
    sets: dict[tuple[str, str, str], dict[str, RightsSet]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def paper(self, company: Company, kind: DocumentKind, other: str, **facts: Any) -> Document:
        """A contract without lines."""
        letter = "H" if kind == DocumentKind.HOLDING else "S"
        self.counts[letter] += 1
        number = self.counts[letter]
        at = self.edition.now() - dt.timedelta(days=self.rng.randint(20, 60))
        plain: dict[str, Any] = {"state": DocumentState.STATED, "source": Source.FORM, "created_at": at, "counterparty": other}
        document = Document(
            edition=self.edition, code=f"{letter}{number:04}", kind=kind, company=company, author=self.authors.get(company.pk),
            reference=f"{2015 + number % 11}/{letter}{number:04}", **plain | facts,
        )  # fmt: skip
        self.documents.append(document)
        return document

    def line(
        self, document: Document, title: Title, kind: LineKind, where: str, media: str, said: str = "", **facts: Any
    ) -> Line:
        """A line; `start` and `end` are days, OpenDates or milestones, lists of rows become links."""
        key = (where, media, said)
        if key not in self.sets:
            self.sets[key] = interned_sets(read_sets(*key))
        links = {name: facts.pop(name) for name in ("exempt", "only", "subject_to", "ended_early_by") if name in facts}
        window = bound("start", facts.pop("start", OpenDate.PERPETUITY)) | bound("end", facts.pop("end", OpenDate.PERPETUITY))
        number = 1 + sum(line.document is document for line in self.lines[-20:])
        words: dict[str, Any] = {"territories_said": where, "media_said": media, "languages_said": said}
        row = Line(document=document, number=number, title=title, kind=kind, **words, **self.sets[key], **window, **facts)
        self.lines.append(row)
        for name, things in links.items():
            self.links[name] += [(row, thing) for thing in things]
        return row

    def sold(
        self, title: Title, where: str, media: str, said: str = "", *, paper: dict[str, Any] | None = None, **facts: Any
    ) -> Line:
        """A licence in a contract of its own."""
        start = dt.date(self.rng.choice([2022, 2023, 2024, 2024, 2025]), self.rng.randint(1, 12), 1)
        years = self.rng.choice([1, 2, 3, 3, 5, 7])
        window = {"start": start, "end": start.replace(year=start.year + years) - dt.timedelta(days=1)}
        facts = {"clause": f"{self.rng.randint(2, 9)}.{self.rng.randint(1, 6)}"} | window | facts
        document = self.paper(owner(title), DocumentKind.SOLD, self.rng.choice(OTHERS), **paper or {})
        return self.line(document, title, LineKind.LICENCE, where, media, said, **facts)

    def beside(self, line: Line, reason: LineReason, where: str, media: str, **facts: Any) -> Line:
        """A restriction in the contract of a licence, in its window unless said."""
        window = {"start": line.start, "end": line.end}
        return self.line(
            line.document, line.title, LineKind.RESTRICTION, where, media, reason=reason, party=line.party, **window | facts
        )

    def milestone(self, title: Title, name: str, **days: Any) -> Milestone:
        """Something that dates hang on."""
        row = Milestone(edition=self.edition, title=title, code=f"E{len(self.milestones) + 1:04}", name=name, **days)
        row.save()
        self.milestones.append(row)
        return row

    def save(self) -> None:
        """All rows at once; links after what they link."""
        Document.objects.bulk_create(self.documents, batch_size=500)
        for line in self.lines:
            line.document = line.document  # its id is known now
        Line.objects.bulk_create(self.lines, batch_size=500)
        for name, pairs in self.links.items():
            through = getattr(Line, name).through
            target = getattr(Line, name).field.m2m_reverse_field_name()
            through.objects.bulk_create(through(line=line, **{target: thing}) for line, thing in pairs)


def bound(side: str, when: dt.date | OpenDate | Milestone) -> dict[str, Any]:
    """A line's first or last day."""
    if isinstance(when, Milestone):
        return {f"{side}_after": when}
    return {side: when} if isinstance(when, dt.date) else {f"{side}_open": when}


def owner(title: Title) -> Company:
    """The company that sells it; titles without one have no rights here."""
    if title.company is None:
        raise ValueError(title.code)
    return title.company


@lru_cache(maxsize=100)
def leaves(where: str) -> int:
    """A text about territories as a set."""
    return territory_table().read(where).mask


# --- The hard cases: each takes regions of its own, in which nothing else is sold ---------------------------------------

Case = Callable[[Pen, Title, list[str]], None]


def holdback(pen: Pen, title: Title, where: list[str]) -> None:
    """The licensor keeps free television back while her subscriber has it."""
    line = pen.sold(title, where[0], "SVOD", exclusive=True)
    pen.beside(line, LineReason.HOLDBACK, where[0], "FREE, AVOD", clause="9.2")


def licensees_holdback(pen: Pen, title: Title, where: list[str]) -> None:
    """The licensee may not use catch-up for the first half year; others may."""
    line = pen.sold(title, where[0], "TV, CATCHUP")
    first_half = (line.start or dt.date(2024, 1, 1)) + dt.timedelta(days=180)
    pen.beside(line, LineReason.HOLDBACK, where[0], "CATCHUP", end=first_half, only_party=True)


def subject_to(pen: Pen, title: Title, where: list[str]) -> None:
    """Exclusive, but accepting the licence that was there before."""
    before = pen.sold(title, where[0], "SVOD", start=dt.date(2023, 1, 1), end=dt.date(2025, 12, 31))
    pen.sold(title, where[0], "STREAMING", exclusive=True, start=dt.date(2025, 1, 1), end=dt.date(2028, 12, 31),
             subject_to=[before.document])  # fmt: skip


def co_exclusive(pen: Pen, title: Title, where: list[str]) -> None:
    """Two platforms share what nobody else has."""
    pair = [company for company in pen.platforms if company != title.company][:2]
    window: dict[str, Any] = {"start": dt.date(2024, 7, 1), "end": dt.date(2027, 6, 30)}
    lines = [pen.sold(title, where[0], "SVOD", party=company, paper={"counterparty": company.name}, **window) for company in pair]
    for line in lines[:1]:
        pen.beside(line, LineReason.EXCLUSIVITY, where[0], "SVOD", exempt=pair, clause="2.3")


def sub_territories(pen: Pen, title: Title, where: list[str]) -> None:
    """A country sold in parts."""
    parts = [("BE-VLG", "BE-WAL, BE-BRU"), ("CA-QC", "CA excl. CA-QC"), ("IT-BZ", "IT excl. IT-BZ")]
    for part in pen.rng.choice(parts):
        pen.sold(title, part, "FREE, CATCHUP", exclusive=True)


def languages(pen: Pen, title: Title, where: list[str]) -> None:
    """Two channels of one country, each in its language."""
    window: dict[str, Any] = {"start": dt.date(2024, 9, 1), "end": dt.date(2026, 8, 31), "exclusive": True}
    pen.sold(title, "CH", "TV", "de:dub, de:sub", **window)
    pen.sold(title, "CH", "TV", "fr:dub, fr:sub", **window)


def first_run(pen: Pen, title: Title, where: list[str]) -> None:
    """A first run, and a second window that begins after it."""
    first = pen.sold(title, where[0], "PAYTV", start=dt.date(2024, 10, 1), end=dt.date(2025, 9, 30))
    pen.beside(first, LineReason.FIRST_RUN, where[0], "TV, STREAMING", exempt=[])
    event = pen.milestone(title, f"End of the first run, {where[0]}", earliest=dt.date(2025, 9, 30), latest=dt.date(2025, 12, 31))
    pen.sold(title, where[0], "FREE", start=event, start_lag=90, end=dt.date(2028, 12, 31))


def release(pen: Pen, title: Title, where: list[str]) -> None:
    """Nothing before the theatrical release and four months."""
    event = pen.milestone(title, f"Theatrical release, {where[0]}", earliest=dt.date(2025, 9, 1), latest=dt.date(2025, 11, 30))
    line = pen.sold(title, where[0], "THEA", exclusive=True, start=dt.date(2025, 6, 1), end=dt.date(2027, 5, 31))
    pen.beside(
        line, LineReason.RELEASE, where[0], "STREAMING, TV, TRANSACTIONAL", start=OpenDate.PERPETUITY, end=event, end_lag=120
    )


def runs(pen: Pen, title: Title, where: list[str]) -> None:
    """So many broadcasts and no more."""
    pen.sold(title, where[0], "FREE", runs=4, start=dt.date(2024, 3, 1), end=dt.date(2027, 2, 28))


def option(pen: Pen, title: Title, where: list[str]) -> None:
    """Kept for somebody until the summer."""
    paper = {"standing": StatedStanding.OPTION}
    line = pen.sold(title, where[0], "SVOD, AVOD", paper=paper, start=dt.date(2025, 4, 1), end=dt.date(2025, 7, 15))
    pen.beside(line, LineReason.OPTION, where[0], "STREAMING")


def asked_first(pen: Pen, title: Title, where: list[str]) -> None:
    """Somebody has to be asked before anybody signs."""
    reasons = [LineReason.FIRST_NEGOTIATION, LineReason.FIRST_REFUSAL, LineReason.MATCHING]
    line = pen.sold(title, where[0], "PAYTV", exclusive=True, start=dt.date(2024, 1, 1), end=dt.date(2026, 12, 31))
    pen.beside(line, pen.rng.choice(reasons), where[0], "REMAKE, FORMAT", clause="14")


def blackout(pen: Pen, title: Title, where: list[str]) -> None:
    """A summer in which nobody may use it."""
    line = pen.sold(title, where[0], "FREE, CATCHUP", start=dt.date(2024, 5, 1), end=dt.date(2026, 4, 30))
    pen.beside(line, LineReason.BLACKOUT, where[0], "STREAMING, TV", start=dt.date(2025, 7, 1), end=dt.date(2025, 8, 31))


def open_ends(pen: Pen, title: Title, where: list[str]) -> None:
    """One until it is ended, one whose dates are still to be agreed."""
    pen.sold(title, where[0], "AVOD, FAST", end=OpenDate.UNTIL_NOTICE)
    paper = {"standing": StatedStanding.PENDING}
    pen.sold(title, where[0], "SVOD", paper=paper, exclusive=True, start=dt.date(2026, 1, 1), end=OpenDate.TBA)


def touching(pen: Pen, title: Title, where: list[str]) -> None:
    """The last day of one is the first of the next."""
    pen.sold(title, where[0], "SVOD", exclusive=True, start=dt.date(2023, 5, 28), end=dt.date(2025, 12, 31))
    pen.sold(title, where[0], "SVOD", exclusive=True, start=dt.date(2025, 12, 31), end=dt.date(2027, 12, 30))


def reserve(pen: Pen, title: Title, where: list[str]) -> None:
    """The author keeps the remake and the stage."""
    document = pen.paper(owner(title), DocumentKind.SOLD, "Author’s agreement", note="Reserved by the author; ask her first.")
    pen.line(document, title, LineKind.RESTRICTION, "World", "REMAKE, STAGE, PUBLISH", reason=LineReason.RESERVE, clause="3")


def overlapping(pen: Pen, title: Title, where: list[str]) -> None:
    """A licence inside an exclusivity: what the warnings are for."""
    window: dict[str, Any] = {"start": dt.date(2024, 1, 1), "end": dt.date(2026, 12, 31)}
    pen.sold(title, where[0], "SVOD", exclusive=True, **window)
    pen.sold(title, where[0], "SVOD", **window)


CASES: list[Case] = [
    holdback, licensees_holdback, subject_to, co_exclusive, sub_territories, languages, first_run, release, runs, option,
    asked_first, blackout, open_ends, touching, reserve,
]  # fmt: skip
TAKEN: dict[Case, list[str]] = {sub_territories: ["Benelux", "CA", "IT"], languages: ["GSA"]}
"""Regions that a case uses besides its own."""


def make_rights(
    rng: random.Random, edition: Edition, titles: list[Title], people: list[Participant], seller: Participant
) -> None:
    """Seasons and episodes, holdings, contracts elsewhere, milestones, signatories; about ten rows a title."""
    make_signatories(rng, edition, people)
    mine = [title for title in titles if title.company_id == seller.company_id]
    parts = make_parts(rng, edition, titles, mine)
    authors = {p.company_id: p for p in people if p.company_id and (p.is_seller or p.is_creator)} | {
        seller.company_id or 0: seller
    }
    platforms = [p.company for p in people if p.is_buyer and p.company and p.company.kind == CompanyKind.PLATFORM]
    pen = Pen(rng, edition, authors, list(dict.fromkeys(platforms)))
    for number, title in enumerate(mine):
        cases = [*CASES, overlapping]
        make_title(
            pen, title, parts.get(title.pk, []), cases[number * 2 :: len(mine) * 2] + cases[number * 2 + 1 :: len(mine) * 2]
        )
    for title in titles:
        if title.company_id and title.company_id != seller.company_id and rng.random() < 0.94:
            fit = [case for case in CASES if case is not open_ends or owner(title).kind == CompanyKind.PRODUCER]
            make_title(pen, title, parts.get(title.pk, []), rng.sample(fit, rng.choice([0, 1, 1, 2])))
    make_packages(pen, titles)
    pen.save()


def make_title(pen: Pen, title: Title, parts: list[Title], cases: list[Case]) -> None:
    """What is held of a title, the hard cases it has, and plain contracts in other regions."""
    held, is_exclusive = hold(pen, title, whole=bool(cases))
    free = [region for region in REGIONS if leaves(region) & ~held == 0]
    pen.rng.shuffle(free)
    for case in sorted(cases, key=lambda case: case not in TAKEN):
        if len(free) < 4 or not set(TAKEN.get(case, [])) <= set(free):
            continue
        free = [region for region in free if region not in TAKEN.get(case, [])]
        case(pen, title, [free.pop()])
    if title.progress == Progress.DEVELOPMENT:
        return
    for region in free[: pen.rng.choice([1, 2, 3, 4, 5, 6])]:
        pen.sold(title, region, weighted(pen.rng, MEDIA.items()), exclusive=is_exclusive and pen.rng.random() < 0.6)
    if parts and is_exclusive and len(free) > 7:
        pen.sold(parts[0], free[7], "SVOD", exclusive=True, start=dt.date(2024, 1, 1), end=dt.date(2025, 12, 31))


def hold(pen: Pen, title: Title, *, whole: bool) -> tuple[int, bool]:
    """The holding of a title, as a set of territories, and whether it is exclusive; a sales company holds for a time."""
    company = owner(title)
    is_own = company.kind == CompanyKind.PRODUCER
    where = "World" if whole else weighted(pen.rng, HELD.items())
    document = pen.paper(company, DocumentKind.HOLDING, "" if is_own else f"{title.directors.split(',')[0]} Pictures")
    facts: dict[str, Any] = {"party": company, "exclusive": whole or pen.rng.random() < 0.9}
    if not is_own:
        facts |= {"start": dt.date(2021, 1, 1), "end": dt.date(pen.rng.choice([2033, 2035, 2040]), 12, 31), "clause": "1.1"}
    if not is_own and pen.rng.random() < 0.06:
        event = pen.milestone(title, "The producer takes the rights back", earliest=dt.date(2025, 8, 1))
        facts["ended_early_by"] = [event]
        sell_off: dict[str, Any] = {"party": company, "start": event, "end": dt.date(2033, 6, 30), "clause": "11.4"}
        pen.line(document, title, LineKind.GRANT, where, "VIDEO", **sell_off)
    line = pen.line(document, title, LineKind.GRANT, where, "ALL", **facts)
    if where == "World":
        pen.whole.add(title.pk)
    return leaves(where), line.exclusive


def make_packages(pen: Pen, titles: Iterable[Title]) -> None:
    """One contract for several titles of a company: inflight rights."""
    own: dict[int, list[Title]] = defaultdict(list)
    for title in titles:
        if title.company_id and title.pk in pen.whole:
            own[title.company_id].append(title)
    for package in [found[:4] for found in own.values() if len(found) > 2][:20]:
        document = pen.paper(owner(package[0]), DocumentKind.SOLD, "Kestrel Nine", note="Package: no title without the others.")
        for title in package:
            pen.line(document, title, LineKind.LICENCE, "World", "AIR", start=dt.date(2025, 1, 1), end=dt.date(2025, 12, 31))


def make_signatories(rng: random.Random, edition: Edition, people: list[Participant]) -> None:
    """One or two of each company; the accounts that the demo prints are among them."""
    chosen: dict[int, list[Participant]] = defaultdict(list)
    for person in sorted(people, key=lambda p: p.pk):
        is_known = person.email.endswith("@demo.example")
        if person.company_id and (person.is_buyer or person.is_seller) and (is_known or len(chosen[person.company_id]) < 1):
            chosen[person.company_id].append(person)
    organiser = edition.market.organisers.first()
    at = edition.now() - dt.timedelta(days=30)
    everyone = [person for group in chosen.values() for person in group]
    Signatory.objects.bulk_create([Signatory(participant=p, named_by=organiser, named_at=at) for p in everyone], batch_size=500)
