"""The small edition that stands in the template: fictional, complete, and importable as it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from madang.workbook.columns import SHEETS
from madang.workbook.records import Contents, Values
from madang.workbook.times import span_code

ZONE = ZoneInfo("Asia/Seoul")
DAYS = (dt.date(2026, 5, 27), dt.date(2026, 5, 28))
HOURS = ((9, 30), (10, 0), (10, 30), (11, 0), (14, 0), (14, 30), (15, 0), (15, 30))

EDITION = {
    "code": "example-2026", "name": "Example Content Market 2026", "name_ko": "예시 콘텐츠 마켓 2026",
    "name_fr": "Marché de contenus Exemple 2026", "starts_on": DAYS[0], "ends_on": dt.date(2026, 5, 29),
    "time_zone": "Asia/Seoul", "venue": "Example Hall", "city": "Busan", "country": "KR", "stage": "meetings",
    "is_public": False,
}  # fmt: skip
TABLES = [(f"T{n:02}", f"Table {n}", "A", False, ()) for n in range(1, 7)] + [
    ("B01", "Booth 1", "B", True, ("C01",)),
    ("B02", "Booth 2", "B", True, ("C06",)),
]
HALLS = {"A": ("Meeting hall", "미팅홀"), "B": ("Exhibition hall", "전시홀")}
COMPANIES = [
    ("C01", "Maru Pictures (example)", "마루픽처스(예시)", "KR", "producer"),
    ("C02", "Dodam Broadcasting (example)", "도담방송(예시)", "KR", "broadcaster"),
    ("C03", "Onnuri Stream (example)", "온누리스트림(예시)", "KR", "platform"),
    ("C04", "Saebyeok Sales (example)", "새벽세일즈(예시)", "KR", "sales"),
    ("C05", "Lumière du Port (example)", "", "FR", "distributor"),
    ("C06", "Studio Mistral (example)", "", "FR", "producer"),
    ("C07", "Northlight Television (example)", "", "GB", "broadcaster"),
    ("C08", "Harbour Lane Films (example)", "", "AU", "sales"),
    ("C09", "Wayang Media (example)", "", "ID", "platform"),
    ("C10", "Kita Hikari (example)", "", "JP", "distributor"),
]
# code, company, family, given, own script, family first, position, country, language, zone, roles, meetings a day
PEOPLE = [
    ("P01", "C01", "Kim", "Haneul", "김하늘", True, "Producer", "KR", "ko", "Asia/Seoul", ("seller", "creator"), None),
    ("P02", "C01", "Namgung", "Bora", "남궁보라", True, "Head of sales", "KR", "ko", "Asia/Seoul", ("seller",), None),
    ("P03", "C02", "Lee", "Seonu", "이선우", True, "Acquisitions", "KR", "ko", "Asia/Seoul", ("buyer",), None),
    ("P04", "C02", "Park", "Dasom", "박다솜", True, "Programming", "KR", "ko", "Asia/Seoul", ("buyer",), 6),
    ("P05", "C03", "Choi", "Ara", "최아라", True, "Content lead", "KR", "ko", "Asia/Seoul", ("buyer",), None),
    ("P06", "C03", "Hwang", "Iseul", "황이슬", True, "Co-production", "KR", "en", "Asia/Seoul", ("buyer", "seller"), None),
    ("P07", "C04", "Seo", "Jun", "서준", True, "International sales", "KR", "ko", "Asia/Seoul", ("seller",), None),
    ("P08", "C04", "Moon", "Garam", "문가람", True, "Sales manager", "KR", "en", "Asia/Seoul", ("seller",), None),
    ("P09", "C05", "Delacroix", "Maëlle", "", False, "Acheteuse", "FR", "fr", "Europe/Paris", ("buyer",), None),
    ("P10", "C05", "Le Guen", "Yann", "", False, "Directeur des achats", "FR", "fr", "Europe/Paris", ("buyer",), 5),
    ("P11", "C06", "Rivière", "Éloïse", "", False, "Productrice", "FR", "fr", "Europe/Paris", ("seller", "creator"), None),
    ("P12", "C06", "N'Diaye", "Ousmane", "", False, "Ventes", "FR", "fr", "Europe/Paris", ("seller",), None),
    ("P13", "C07", "Ashcombe", "Tamsin", "", False, "Commissioning editor", "GB", "en", "Europe/London", ("buyer",), None),
    ("P14", "C07", "O'Marley", "Fergus", "", False, "Scripted buyer", "GB", "en", "Europe/London", ("buyer",), None),
    ("P15", "C08", "Whitlock", "Jedda", "", False, "Head of sales", "AU", "en", "Australia/Sydney", ("seller",), None),
    ("P16", "C08", "Varga", "Ilse", "", False, "Sales agent", "AU", "en", "Australia/Sydney", ("seller",), None),
    ("P17", "C09", "Suryani", "", "", False, "Head of content", "ID", "en", "Asia/Jakarta", ("buyer",), None),
    ("P18", "C09", "Wibisono", "Raka", "", False, "Acquisitions", "ID", "en", "Asia/Jakarta", ("buyer",), None),
    ("P19", "C10", "Kitagawa", "Hikari", "北川ひかり", True, "Distribution", "JP", "en", "Asia/Tokyo", ("seller",), None),
    ("P20", "C10", "Aomori", "Ren", "青森蓮", True, "Sales", "JP", "en", "Asia/Tokyo", ("seller",), None),
]
TITLES = [
    ("W01", "C01", "The Ferry at Low Tide", "썰물의 나룻배", "series", "thriller", "completed", 2025, 8, 50, "KR"),
    ("W02", "C04", "Seven Umbrellas", "우산 일곱 개", "series", "romance", "production", 2026, 12, 60, "KR"),
    ("W03", "C06", "Vent debout", "", "series", "drama", "development", None, 6, 52, "FR"),
    ("W04", "C08", "Salt Road", "", "documentary", "factual", "completed", 2024, 3, 55, "AU"),
    ("W05", "C10", "Lantern Street", "", "animation", "family", "completed", 2025, 26, 11, "JP"),
    ("W06", "C03", "", "", "format", "music", "development", None, None, None, "KR"),
]
MANDATES = [
    (
        "M01",
        "P03",
        "Crime and thriller series with a strong sense of place, 6 to 10 episodes.",
        "series",
        "thriller",
        "KR",
        "public",
    ),
    (
        "M02",
        "P09",
        "Séries coréennes contemporaines, pour une chaîne publique francophone.",
        "series",
        "",
        "FR, BE, CH",
        "public",
    ),
    ("M03", "P13", "Returnable family drama for prime time.", "", "family", "GB", "hidden"),
    ("M04", "P17", "Animation for children under ten.", "animation", "", "ID, MY", "public"),
]
# sender, receiver, title, mandate, sender's wish, receiver's wish, status
REQUESTS = [
    ("P01", "P03", "W01", "M01", 3, 3, "accepted"), ("P01", "P09", "W01", "M02", 3, 2, "accepted"),
    ("P01", "P13", "W01", "", 2, 2, "accepted"), ("P02", "P10", "W01", "M02", 2, 3, "accepted"),
    ("P02", "P14", "W01", "", 2, 1, "accepted"), ("P02", "P17", "", "", 1, 1, "accepted"),
    ("P07", "P09", "W02", "M02", 3, 3, "accepted"), ("P07", "P14", "W02", "", 2, 2, "accepted"),
    ("P07", "P18", "W02", "", 2, None, "sent"), ("P08", "P03", "W02", "", 2, 2, "accepted"),
    ("P08", "P05", "W02", "", 3, 2, "accepted"), ("P08", "P13", "W02", "M03", 1, 1, "accepted"),
    ("P11", "P03", "W03", "M01", 2, 3, "accepted"), ("P11", "P05", "W03", "", 3, 3, "accepted"),
    ("P11", "P06", "W03", "", 2, 2, "accepted"), ("P12", "P04", "W03", "", 2, 1, "accepted"),
    ("P12", "P13", "W03", "", 1, None, "declined"), ("P15", "P04", "W04", "", 2, 2, "accepted"),
    ("P15", "P05", "W04", "", 2, 1, "accepted"), ("P15", "P10", "W04", "", 1, 2, "accepted"),
    ("P16", "P03", "W04", "", 1, 1, "accepted"), ("P16", "P14", "W04", "", 3, 2, "accepted"),
    ("P16", "P18", "W04", "", 2, 2, "accepted"), ("P19", "P17", "W05", "M04", 3, 3, "accepted"),
    ("P19", "P04", "W05", "", 2, 2, "accepted"), ("P19", "P06", "W05", "", 1, 1, "accepted"),
    ("P20", "P09", "W05", "", 2, 1, "accepted"), ("P20", "P13", "W05", "M03", 2, 3, "accepted"),
    ("P20", "P18", "W05", "M04", 3, 2, "accepted"), ("P09", "P06", "W06", "", 2, None, "sent"),
]  # fmt: skip


def example_contents() -> Contents:
    """The edition of the template, as typed values by sheet and code."""
    found: dict[str, list[Values]] = {
        "Edition": [dict(EDITION)],
        "Tables": _tables(),
        "Slots": _slots(),
        "Companies": [
            dict(zip(("code", "name", "name_ko", "country", "kind"), row, strict=True))
            | {"size": "", "website": f"https://{row[0].lower()}.example.org", "about": ""}
            for row in COMPANIES
        ],
        "People": [_person(row) for row in PEOPLE],
        "Titles": [_title(row) for row in TITLES],
        "Mandates": [
            dict(zip(("code", "buyer", "text", "format", "genre", "territories", "visibility"), row, strict=True))
            for row in MANDATES
        ],
        "Requests": [_request(number, row) for number, row in enumerate(REQUESTS, 1)],
        "Unavailable": _spans(),
    }
    specs = {spec.key: spec for spec in SHEETS}
    return {
        key: {str(row["code"] if specs[key].code else span_code(row["person"], row["starts_at"])): row for row in rows}
        for key, rows in found.items()
    }


def _tables() -> list[Values]:
    return [
        {"code": code, "name": name, "hall": hall, "hall_name": HALLS[hall][0], "hall_name_ko": HALLS[hall][1],
         "is_booth": is_booth, "companies": companies, "position": number}
        for number, (code, name, hall, is_booth, companies) in enumerate(TABLES, 1)
    ]  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """That time of the example's day (0 or 1) at the venue, in UTC."""
    return dt.datetime.combine(DAYS[day], dt.time(hour, minute), tzinfo=ZONE).astimezone(dt.UTC)


def _slots() -> list[Values]:
    return [
        {"code": f"D{day + 1}-{hour:02}{minute:02}", "starts_at": at(day, hour, minute),
         "ends_at": at(day, hour, minute) + dt.timedelta(minutes=30), "session": "morning" if hour < 12 else "afternoon"}
        for day in (0, 1) for hour, minute in HOURS
    ]  # fmt: skip


def _person(row: tuple[object, ...]) -> Values:
    keys = ("code", "company", "family_name", "given_name", "native_name", "family_first", "job_title", "country", "language",
            "time_zone", "roles", "max_meetings_per_day")  # fmt: skip
    person = dict(zip(keys, row, strict=True))
    return person | {"email": f"{str(row[0]).lower()}@example.org"}


def _title(row: tuple[object, ...]) -> Values:
    keys = ("code", "company", "name", "name_ko", "format", "genre", "progress", "year", "episodes", "minutes", "countries")
    return dict(zip(keys, row, strict=True))


def _request(number: int, row: tuple[object, ...]) -> Values:
    keys = ("sender", "receiver", "title", "mandate", "sender_wish", "receiver_wish", "status")
    request: Values = {"code": f"R{number:03}"} | dict(zip(keys, row, strict=True))
    request["reason"] = "We would like to show you our new work." if row[2] else "Let us compare plans for next year."
    request |= {1: {"fixed_slot": "D1-1000"}, 5: {"session": "afternoon"}, 14: {"session": "morning"}}.get(number, {})
    request["after"] = {10: ("R001",), 27: ("R002",)}.get(number, ())
    return request


def _spans() -> list[Values]:
    rows = [
        ("P04", at(0, 14), at(0, 16), "Press conference"),
        ("P10", at(1, 9), at(1, 12), "Arrives at noon"),
        ("P13", at(0, 9, 30), at(0, 10), "Breakfast meeting"),
        ("P17", at(1, 15), at(1, 18), "Flight home"),
    ]
    return [{"person": person, "starts_at": start, "ends_at": end, "reason": reason} for person, start, end, reason in rows]
