"""Titles and Mandates: with what people come, and what they look for; what matches read of a title stands in PROFILE."""

from __future__ import annotations

from madang.workbook.columns.choices import FORMATS, GENRES, LEVELS, VISIBILITIES, WORK_STAGES, YESNO
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words
from madang.workbook.columns.matches import PROFILE, WISH
from madang.workbook.columns.places import IN_FRENCH, IN_KOREAN

TITLES = SheetSpec(
    "Titles",
    words("Titles|작품|Titres"),
    words(
        "Works and projects. An empty title means: to be announced.|작품과 프로젝트. 제목이 비어 있으면 추후 발표입니다."
        "|Titres et projets. Un titre vide signifie : à annoncer."
    ),
    (
        column(
            "code", Kind.CODE, "Code|코드|Code", "Unique, e.g. W01.|겹치지 않게. 예: W01.|Unique, par exemple W01.", required=True
        ),
        column(
            "company",
            Kind.REF,
            "Company|참가사|Société",
            "Code of the company that sells it.|판매하는 참가사의 코드.|Code de la société qui le vend.",
            to="Companies",
            also=("회사",),
        ),
        column(
            "name",
            Kind.TEXT,
            "International title|국제 제목|Titre international",
            "Empty: to be announced.|비우면 추후 발표.|Vide : à annoncer.",
            limit=200,
            width=28,
            also=("title", "titre", "제목"),
        ),
        column("name_ko", Kind.TEXT, "Korean title|국문 제목|Titre coréen", IN_KOREAN, limit=200, width=22),
        column("name_fr", Kind.TEXT, "French title|프랑스어 제목|Titre français", IN_FRENCH, limit=200, width=22),
        column(
            "name_original",
            Kind.TEXT,
            "Original title|원제|Titre original",
            "In its own language and script.|원래 언어와 문자로.|Dans sa langue et son écriture.",
            limit=200,
            width=22,
        ),
        column(
            "countries",
            Kind.COUNTRIES,
            "Countries|국가|Pays",
            "ISO codes or names with commas: KR, FR.|ISO 코드나 이름을 쉼표로: KR, FR."
            "|Codes ISO ou noms, avec des virgules : KR, FR.",
            limit=60,
            default="",
            also=("country",),
        ),
        column(
            "format",
            Kind.CHOICE,
            "Format|형식|Format",
            "Series, film, documentary …|시리즈, 영화, 다큐멘터리 등.|Série, film, documentaire …",
            choices=FORMATS,
            default="series",
        ),
        column(
            "genre",
            Kind.CHOICE,
            "Genre|장르|Genre",
            "One of the list.|목록에서 하나.|Un de la liste.",
            choices=GENRES,
            default="other",
        ),
        column(
            "progress",
            Kind.CHOICE,
            "Stage of work|제작 단계|Avancement",
            "Development, production, completed.|기획 개발, 제작, 완성.|Développement, production, terminé.",
            choices=WORK_STAGES,
            default="completed",
        ),
        column("year", Kind.NUMBER, "Year|연도|Année", "Four digits.|네 자리.|Quatre chiffres.", limit=2200, default=None),
        column("episodes", Kind.NUMBER, "Episodes|회차|Épisodes", "How many.|몇 회.|Combien.", limit=20_000, default=None),
        column(
            "minutes",
            Kind.NUMBER,
            "Minutes (each)|분(회당)|Minutes (chacun)",
            "Length of one.|한 회 길이.|Durée d’un épisode.",
            limit=3000,
            default=None,
            also=("minutes", "길이"),
        ),
        column("languages", Kind.TEXT, "Languages|언어|Langues", "Spoken in it.|작품의 언어.|Parlées dans le titre.", limit=60),
        column(
            "synopsis", Kind.LONG, "Synopsis|시놉시스|Synopsis", "A paragraph.|한 단락.|Un paragraphe.", limit=10_000, width=44
        ),
        column(
            "synopsis_ko", Kind.LONG, "Synopsis in Korean|국문 시놉시스|Synopsis en coréen", IN_KOREAN, limit=10_000, width=30
        ),
        column(
            "synopsis_fr",
            Kind.LONG,
            "Synopsis in French|프랑스어 시놉시스|Synopsis en français",
            IN_FRENCH,
            limit=10_000,
            width=30,
        ),
        column(
            "creators",
            Kind.TEXT,
            "Creators|크리에이터|Créateurs",
            "Names with commas.|이름을 쉼표로.|Noms, avec des virgules.",
            limit=300,
            width=22,
        ),
        column(
            "directors",
            Kind.TEXT,
            "Directors|감독|Réalisation",
            "Names with commas.|이름을 쉼표로.|Noms, avec des virgules.",
            limit=300,
            width=22,
        ),
        column(
            "producers",
            Kind.TEXT,
            "Producers and broadcasters|제작사와 방송사|Producteurs et diffuseurs",
            "Names with commas.|이름을 쉼표로.|Noms, avec des virgules.",
            limit=300,
            width=22,
            also=("producers",),
        ),
        column(
            "sales",
            Kind.TEXT,
            "International sales|해외 판매|Ventes internationales",
            "Who sells it abroad.|해외 판매사.|Qui la vend à l’étranger.",
            limit=200,
            also=("sales",),
        ),
        column(
            "is_showcase",
            Kind.YESNO,
            "In the showcase|쇼케이스|Dans le showcase",
            "yes: part of the public showcase.|예: 공개 쇼케이스 작품.|oui : dans le showcase public.",
            choices=YESNO,
            default=False,
            also=(
                "dans la vitrine",
                "showcase",
            ),
        ),
        column("section", Kind.TEXT, "Section|섹션|Section", "Of the showcase.|쇼케이스의 섹션.|Du showcase.", limit=200),
        column(
            "prizes",
            Kind.TEXT,
            "Prizes|수상|Prix",
            "With year and event.|연도와 행사를 함께.|Avec l’année et l’événement.",
            limit=300,
            width=22,
        ),
        column(
            "is_withdrawn",
            Kind.YESNO,
            "Withdrawn|철회|Retiré",
            "yes: no longer on offer.|예: 더는 판매하지 않음.|oui : n’est plus proposé.",
            choices=YESNO,
            default=False,
            also=("retirée",),
        ),
        column(
            "level",
            Kind.CHOICE,
            "Level|단위|Niveau",
            "Work, series, season, episode.|작품, 시리즈, 시즌, 회차.|Œuvre, série, saison, épisode.",
            choices=LEVELS,
            default="work",
        ),
        column(
            "part_of",
            Kind.REF,
            "Part of|소속 작품|Fait partie de",
            "Of a season or an episode: the code of what it belongs to.|시즌이나 회차일 때, 속한 작품의 코드."
            "|Pour une saison ou un épisode : le code du titre dont il fait partie.",
            to="Titles",
        ),
        column(
            "number",
            Kind.NUMBER,
            "Number|번호|Numéro",
            "Of the season or episode.|시즌이나 회차의 번호.|De la saison ou de l’épisode.",
            limit=20_000,
            default=None,
        ),
        column(
            "eidr",
            Kind.TEXT,
            "EIDR|EIDR|EIDR",
            "10.5240/…|10.5240/…|10.5240/…",
            limit=100,
            width=22,
        ),
        *PROFILE,
    ),
    also=("œuvres", "oeuvres", "projects", "프로젝트"),
)

MANDATES = SheetSpec(
    "Mandates",
    words("Mandates|구매 희망 조건|Mandats"),
    words("What buyers look for.|바이어가 찾는 것.|Ce que cherchent les acheteurs."),
    (
        column(
            "code", Kind.CODE, "Code|코드|Code", "Unique, e.g. M01.|겹치지 않게. 예: M01.|Unique, par exemple M01.", required=True
        ),
        column(
            "buyer",
            Kind.REF,
            "Buyer|바이어|Acheteur",
            "The person's code.|참가자 코드.|Le code du participant.",
            to="People",
            required=True,
            also=("person",),
        ),
        column(
            "text",
            Kind.LONG,
            "What she looks for|찾는 것|Ce qu’elle cherche",
            "In her own words.|본인의 말로.|Dans ses mots.",
            required=True,
            limit=5000,
            width=46,
            also=("text", "what i look for"),
        ),
        column("format", Kind.CHOICE, "Format|형식|Format", "Empty: any.|비우면 무엇이든.|Vide : tous.", choices=FORMATS),
        column("genre", Kind.CHOICE, "Genre|장르|Genre", "Empty: any.|비우면 무엇이든.|Vide : tous.", choices=GENRES),
        column(
            "territories",
            Kind.TEXT,
            "Territories|지역|Territoires",
            "For which countries.|어느 나라를 위해.|Pour quels pays.",
            limit=200,
            width=20,
        ),
        column(
            "visibility",
            Kind.CHOICE,
            "Seen by|공개 범위|Visible par",
            "Who may read it.|누가 볼 수 있는지.|Qui peut le lire.",
            choices=VISIBILITIES,
            default="public",
            width=26,
            also=(
                "visible pour",
                "visibility",
            ),
        ),
        *WISH,
    ),
    also=("wants", "구매 희망", "구매 희망 사항", "바이어 희망"),
)
