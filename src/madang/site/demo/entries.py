"""Calls for entries: one that has closed with two hundred entries, one that is open, and the invited showcase."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from madang.accounts.models import User
from madang.catalogue.models import Format, Premiere, Progress, Title
from madang.catalogue.premieres import breaks_claim, implied_claims
from madang.markets.models import Edition
from madang.people.models import Participant
from madang.selection.models import Call, Entry, EntryState, Material, MaterialKind
from madang.site.demo.people import FRENCH, person_name, weighted
from madang.site.demo.sizes import ZONE
from madang.site.demo.titles import GENRES, LENGTHS, STORIES, make_synopsis, new_name, original_name
from madang.site.demo.words import words

CLOSED, OPEN, INVITED = "SERIES-2025", "NEXT-2026", "INVITED-2025"
"""Codes of the three calls."""
FORMATS = {Format.SERIES: 70, Format.SHORT: 15, Format.DOCUMENTARY: 15}
CLAIMS = {Premiere.WORLD: 30, Premiere.INTERNATIONAL: 20, Premiere.ASIAN: 30, Premiere.KOREAN: 20}
FESTIVALS = [
    ("FR", "Cannes"),
    ("FR", "Lille"),
    ("DE", "Berlin"),
    ("CA", "Toronto"),
    ("JP", "Tokyo"),
    ("SG", "Singapore"),
    ("KR", "Jeonju"),
]
SPOKEN = {"KR": "ko", "JP": "ja", "CN": "zh", "TW": "zh", "HK": "zh", "FR": "fr", "BE": "fr", "DE": "de", "ES": "es", "TH": "th"}
STATES = {EntryState.SUBMITTED: 193, EntryState.REFUSED: 12, EntryState.WITHDRAWN: 7, EntryState.DRAFT: 8}
REASONS = [
    "The first episode is longer than 70 minutes.",
    "It was on a Korean platform in January 2025.",
    "Only a teaser can be watched.",
]
RULES = (
    "Series and documentary series from all countries, finished or nearly so. A first episode must be ready to be watched; the"
    " jury reads the identity statement before anything else.",
    "국가를 가리지 않고 완성되었거나 완성을 앞둔 시리즈와 다큐멘터리 시리즈를 찾습니다."
    " 첫 회를 볼 수 있어야 하며, 심사위원은 무엇보다 먼저 작품의 정체성 진술을 읽습니다.",
    "Séries et séries documentaires de tous pays, achevées ou presque."
    " Un premier épisode doit pouvoir être vu ; le jury lit d'abord la déclaration d'identité.",
)


def make_entries(
    rng: random.Random, edition: Edition, people: Sequence[Participant], users: dict[str, User], shown: Sequence[Title], size: int
) -> list[Call]:
    """The three calls with their entries, as they stand at the edition's moment."""
    calls = make_calls(edition)
    authors = [person for person in people if person.user_id and (person.is_seller or person.is_creator)]
    rng.shuffle(authors)
    known = [users["seller"], users["public"]]
    taken: set[str] = set()
    entries = [make_entry(rng, calls[0], n, authors, known, taken) for n in range(1, size + 1)]
    entries += [make_open_entry(rng, calls[1], n, authors, known, taken) for n in range(1, size // 8 + 1)]
    rows = Entry.objects.bulk_create(entries, batch_size=200)
    Entry.objects.bulk_create([invited(calls[2], title, users["organiser"]) for title in shown])
    make_materials(rng, [row for row in rows if row.submitted_at])
    return calls


def make_calls(edition: Edition) -> list[Call]:
    """The closed call, the open one, and the hidden one of the invited titles."""
    plain = {"edition": edition, "rules": RULES[0], "rules_ko": RULES[1], "rules_fr": RULES[2]}
    closed = Call(
        code=CLOSED, name="CANNESERIES X BUSAN: open call 2025", name_ko="칸 시리즈 X 부산 2025 공모",
        name_fr="CANNESERIES X BUSAN : appel 2025", opens_at=at(2024, 12, 2), closes_at=at(2025, 2, 28, end=True),
        formats="series, short, documentary", year_from=2024, year_until=2025, minutes_until=70, premieres="asian, korean",
        languages="en, fr, ko", progress="completed, production", required="screener", most_entries=5, readers=3,
        scoring_until=at(2025, 5, 16, end=True), **plain,
    )  # fmt: skip
    coming = Call(
        code=OPEN, name="Next year's projects", name_ko="내년을 위한 프로젝트", name_fr="Les projets de l'an prochain",
        opens_at=at(2025, 3, 3), closes_at=at(2025, 7, 31, end=True), progress="development, production", year_from=2025,
        required="dossier", most_entries=3, is_blind=True, **plain,
    )  # fmt: skip
    invited = Call(
        edition=edition, code=INVITED, name="Invited", name_ko="초청작", name_fr="Invités", opens_at=at(2025, 2, 1),
        closes_at=at(2025, 4, 30, end=True), is_public=False, needs_identity=False,
    )  # fmt: skip
    return Call.objects.bulk_create([closed, coming, invited])


def at(year: int, month: int, day: int, *, end: bool = False) -> dt.datetime:
    """Ten in the morning at the venue, or the day's last second."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time(23, 59, 59) if end else dt.time(10), ZONE)


def make_entry(
    rng: random.Random, call: Call, number: int, authors: Sequence[Participant], known: Sequence[User], taken: set[str]
) -> Entry:
    """One entry of the closed call; the seller's and the visitor's own come first."""
    entry = new_entry(rng, call, number, authors[number % len(authors)], taken)
    state = EntryState.SUBMITTED if number <= 3 else weighted(rng, STATES.items())
    if number <= 3:
        belong_to(entry, known[number // 3])
    entry.state = state
    days = (call.closes_at - call.opens_at).days
    entry.created_at = call.closes_at - dt.timedelta(days=min(days - 1, rng.expovariate(1 / 18)), minutes=rng.randint(5, 600))
    entry.saved_at = entry.created_at + (call.closes_at - entry.created_at) * rng.random()
    if state != EntryState.DRAFT:
        entry.submitted_at, entry.version = entry.saved_at, 7
    if state == EntryState.WITHDRAWN:
        entry.withdrawn_at = min(entry.saved_at + dt.timedelta(days=4), call.closes_at)
    if state == EntryState.REFUSED:
        entry.state_reason = rng.choice(REASONS)
    return entry


def make_open_entry(
    rng: random.Random, call: Call, number: int, authors: Sequence[Participant], known: Sequence[User], taken: set[str]
) -> Entry:
    """An entry of the open call: first the drafts of the seller and the visitor, in which something is still missing."""
    entry = new_entry(rng, call, number, authors[number % len(authors)], taken)
    entry.progress, entry.premiere, entry.shown, entry.year = Progress.DEVELOPMENT, Premiere.WORLD, [], 2026
    now = min(call.edition.now(), call.closes_at)
    entry.created_at = call.opens_at + (now - call.opens_at) * rng.random()
    entry.saved_at = entry.created_at + (now - entry.created_at) * rng.random()
    if number <= 2:
        belong_to(entry, known[number - 1])
        entry.to_learn = entry.to_learn_ko = entry.to_learn_fr = ""
        entry.year = 2026 if number == 1 else 2023
    elif rng.random() < 0.4:
        entry.state, entry.submitted_at = EntryState.SUBMITTED, entry.saved_at
    return entry


def belong_to(entry: Entry, user: User) -> None:
    entry.user, entry.contact_name, entry.contact_email, entry.language = user, user.name, user.email, user.language


def new_entry(rng: random.Random, call: Call, number: int, author: Participant, taken: set[str]) -> Entry:
    """A work of the author's company, in three languages."""
    form = weighted(rng, FORMATS.items())
    genre = weighted(rng, GENRES.get(form, STORIES).items())
    episodes, minutes = (rng.choice(options) for options in LENGTHS[form])
    name, name_ko, name_fr = new_name(rng, taken)
    synopsis, synopsis_ko, synopsis_fr = make_synopsis(rng, form, genre)
    country = author.country or "KR"
    countries = list(dict.fromkeys([country, rng.choice(["KR", "FR", "JP"]) if rng.random() < 0.12 else country]))
    claim = weighted(rng, CLAIMS.items())
    if implied_claims(claim, countries).isdisjoint({Premiere.ASIAN, Premiere.KOREAN}):
        claim = Premiere.WORLD
    company = author.company
    return Entry(
        call=call, code=f"{call.code}-{number:04}", user=author.user, contact_name=author.name, contact_email=author.email,
        language=author.language or ("ko" if country == "KR" else "fr" if country in FRENCH else "en"),
        company_name=company.name if company else "", company_country=company.country if company else country,
        name=name, name_ko=name_ko if country == "KR" or rng.random() < 0.3 else "", name_fr=name_fr if country in FRENCH else "",
        name_original=original_name(rng, country, name_ko, name_fr), countries=", ".join(countries), format=form, genre=genre,
        progress=weighted(rng, [(Progress.COMPLETED, 80), (Progress.PRODUCTION, 20)]), year=rng.choice([2024, 2025, 2025]),
        episodes=episodes, minutes=min(minutes, 70), languages=SPOKEN.get(country, "en"),
        subtitles=rng.choice(["en", "en, fr", "en, ko", "en, fr, ko"]), synopsis=synopsis, synopsis_ko=synopsis_ko,
        synopsis_fr=synopsis_fr, creators=person_name(rng, country).latin, directors=person_name(rng, country).latin,
        producers=company.name if company else "", is_first_work=rng.random() < 0.25, premiere=claim,
        shown=earlier(rng, claim, countries), **statement(rng),
    )  # fmt: skip


def earlier(rng: random.Random, claim: str, home: list[str]) -> list[dict[str, str]]:
    """Where it was shown, so that the claim holds."""
    fits = [(country, place) for country, place in FESTIVALS if not breaks_claim(claim, country, home)]
    places = rng.sample(fits, min(len(fits), rng.choice([0, 1, 1, 2])))
    days = sorted(dt.date(2025, 1, 5) + dt.timedelta(days=rng.randint(0, 45)) for _place in places)
    return [
        {"on": day.isoformat(), "country": country, "place": place} for day, (country, place) in zip(days, places, strict=True)
    ]


def statement(rng: random.Random) -> dict[str, str]:
    """The three answers in three languages."""
    found = {}
    for name, sentences in words("identity").items():
        for ending, text in zip(("", "_ko", "_fr"), rng.choice(sentences), strict=True):
            found[name + ending] = text
    return found


def invited(call: Call, title: Title, organiser: User) -> Entry:
    """A title of the real showcase: what is publicly known of it, and nothing else."""
    names = (
        "name",
        "name_ko",
        "name_fr",
        "name_original",
        "countries",
        "format",
        "genre",
        "progress",
        "year",
        "episodes",
        "minutes",
    )
    texts = ("languages", "synopsis", "synopsis_ko", "synopsis_fr", "creators", "directors", "producers", "sales")
    facts = {name: getattr(title, name) for name in (*names, *texts)}
    moment = call.opens_at + dt.timedelta(days=20)
    state = {"state": EntryState.SUBMITTED, "created_at": moment, "saved_at": moment, "submitted_at": moment}
    return Entry(call=call, code=f"{call.code}-{title.code}", user=organiser, title=title, **facts, **state)


def make_materials(rng: random.Random, entries: list[Entry]) -> None:
    """A screener for each; posters for the first ones, so that pages have something to show."""
    rows = []
    for number, entry in enumerate(entries):
        slug = entry.code.lower()
        rows.append(
            Material(
                entry=entry,
                kind=MaterialKind.SCREENER,
                link=f"https://screening.example/{slug}",
                password=f"busan-{rng.randint(1000, 9999)}",
            )
        )
        if rng.random() < 0.5:
            rows.append(Material(entry=entry, kind=MaterialKind.TRAILER, link=f"https://trailers.example/{slug}"))
        if number < 16:
            data = poster(rng)
            name = default_storage.save(f"entries/demo-{slug}.jpg", ContentFile(data))
            facts = {"width": 600, "height": 850}
            rows.append(
                Material(entry=entry, kind=MaterialKind.POSTER, file=name, file_name="poster.jpg", bytes=len(data), facts=facts)
            )
    for row in rows:
        row.added_at = row.entry.saved_at
    Material.objects.bulk_create(rows, batch_size=300)


def poster(rng: random.Random) -> bytes:
    """A poster of plain shapes: a sky, a sun, a sea."""
    sky, sun, sea = ([rng.randint(*part) for _ in range(3)] for part in ((150, 235), (200, 255), (20, 110)))
    image = Image.new("RGB", (600, 850), tuple(sky))
    draw = ImageDraw.Draw(image)
    x, y, radius = rng.randint(150, 450), rng.randint(180, 450), rng.randint(60, 150)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(sun))
    draw.rectangle((0, rng.randint(430, 620), 600, 850), fill=tuple(sea))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
