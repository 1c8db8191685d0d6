"""Columns that matches read: what a title is like and asks (PROFILE), and the fields of a mandate (WISH)."""

from __future__ import annotations

from madang.workbook.columns.choices import EXCLUSIVITIES, FIRST_TIME, SEEKS, YESNO
from madang.workbook.columns.kinds import Kind, column

IN_WORDS = "Words with commas, in any language.|아무 언어의 낱말을 쉼표로.|Des mots avec des virgules, en toute langue."
NAMES = "Names or codes with commas.|이름이나 코드를 쉼표로.|Noms ou codes, avec des virgules."
WHOLE = "In full, e.g. 12000.|전체 금액. 예: 12000.|En entier, par exemple 12000."
CODE = "Three letters: KRW, EUR.|세 글자: KRW, EUR.|Trois lettres : KRW, EUR."

PROFILE = (
    column("tones", Kind.CONCEPTS, "Tone|분위기|Ton", IN_WORDS, limit=200, to="tones", width=20),
    column("themes", Kind.CONCEPTS, "Themes|소재|Thèmes", IN_WORDS, limit=300, to="themes", width=26),
    column("audiences", Kind.CONCEPTS, "Audience|관객층|Public", IN_WORDS, limit=200, to="audiences", width=20),
    column(
        "comparables",
        Kind.LONG,
        "Comparable titles|비슷한 작품|Titres comparables",
        "Two or three, and in what this one is another.|두세 편, 그리고 다른 점.|Deux ou trois, et la différence.",
        limit=600,
        width=30,
    ),
    column(
        "is_first_work",
        Kind.YESNO,
        "First work|첫 작품|Première œuvre",
        "yes: its creators' first.|예: 창작자의 첫 작품.|oui : la première de ses créateurs.",
        choices=YESNO,
        default=False,
    ),
    column(
        "spoken_in", Kind.LANGUAGES, "Dubbed or subtitled in|더빙·자막 언어|Doublé ou sous-titré en", NAMES, limit=100, width=20
    ),
    column(
        "seeks",
        Kind.CHOICE,
        "Asked for|원하는 것|Recherche",
        "Empty: open.|비우면 열려 있음.|Vide : ouvert.",
        choices=SEEKS,
        width=20,
    ),
    column("asks", Kind.AMOUNT, "Asked at least|최소 희망 금액|Demandé au moins", WHOLE, default=None),
    column("asks_currency", Kind.CURRENCY, "Currency|통화|Devise", CODE, limit=3, width=10),
)
WISH = (
    column("tones", Kind.CONCEPTS, "Tone|분위기|Ton", IN_WORDS, limit=200, to="tones", width=20),
    column(
        "minutes_from",
        Kind.NUMBER,
        "Minutes, at least|최소 분|Minutes, au moins",
        "Of one episode or of the film.|한 회 또는 영화의 길이.|D’un épisode ou du film.",
        limit=3000,
        default=None,
    ),
    column(
        "minutes_to",
        Kind.NUMBER,
        "Minutes, at most|최대 분|Minutes, au plus",
        "Of one episode or of the film.|한 회 또는 영화의 길이.|D’un épisode ou du film.",
        limit=3000,
        default=None,
    ),
    column("audiences", Kind.CONCEPTS, "Audience|관객층|Public", IN_WORDS, limit=200, to="audiences", width=20),
    column("languages", Kind.LANGUAGES, "Languages needed|필요한 언어|Langues voulues", NAMES, limit=100, width=20),
    column(
        "first_time",
        Kind.CHOICE,
        "First-time creators|첫 작품 창작자|Premières œuvres",
        "welcome, sought, not this time.|환영, 특히 찾음, 이번에는 아님.|bienvenus, recherchés, pas cette fois.",
        choices=FIRST_TIME,
        default="welcome",
        width=20,
    ),
    column(
        "media",
        Kind.MEDIA,
        "Media|매체|Médias",
        "Codes with commas: SVOD, FREE.|코드를 쉼표로: SVOD, FREE.|Codes avec des virgules : SVOD, FREE.",
        limit=200,
        width=20,
    ),
    column(
        "window_from",
        Kind.DATE,
        "Rights from|권리 시작일|Droits à partir du",
        "The first day.|첫날.|Le premier jour.",
        default=None,
    ),
    column(
        "window_to",
        Kind.DATE,
        "Rights until|권리 종료일|Droits jusqu’au",
        "The last day.|마지막 날.|Le dernier jour.",
        default=None,
    ),
    column(
        "exclusivity",
        Kind.CHOICE,
        "Exclusivity|독점 여부|Exclusivité",
        "Empty: open.|비우면 열려 있음.|Vide : ouvert.",
        choices=EXCLUSIVITIES,
    ),
    column("budget_from", Kind.AMOUNT, "Budget from|예산 하한|Budget à partir de", WHOLE, default=None),
    column("budget_to", Kind.AMOUNT, "Budget up to|예산 상한|Budget jusqu’à", WHOLE, default=None),
    column("budget_currency", Kind.CURRENCY, "Currency|통화|Devise", CODE, limit=3, width=10),
    column(
        "must_nots",
        Kind.CONCEPTS,
        "Must not be|제외할 것|Ne doit pas être",
        IN_WORDS,
        limit=300,
        to="all",
        width=26,
    ),
)
