"""Companies, People, Titles, Mandates: who takes part, with what, looking for what."""

from __future__ import annotations

from madang.workbook.columns.choices import (
    COMPANY_KINDS,
    FORMATS,
    GENRES,
    LANGUAGES,
    ROLES,
    SEEN_BY,
    VISIBILITIES,
    WORK_STAGES,
    YESNO,
)
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words
from madang.workbook.columns.places import IN_FRENCH, IN_KOREAN, NAME_KO

COUNTRY_HELP = "ISO code or name: KR, Korea.|ISO 코드 또는 이름. KR, 대한민국.|Code ISO ou nom : KR, Corée du Sud."

COMPANIES = SheetSpec(
    "Companies",
    words("Companies|참가사|Sociétés"),
    words("Each company that takes part, once.|참가사를 한 번씩 씁니다.|Chaque société participante, une fois."),
    (
        column(
            "code",
            Kind.CODE,
            "Code|코드|Code",
            "Unique, e.g. C01; other sheets refer to it.|겹치지 않게. 예: C01. 다른 시트가 이 코드를 씁니다."
            "|Unique, par exemple C01 ; les autres feuilles s’y réfèrent.",
            required=True,
        ),
        column(
            "name",
            Kind.TEXT,
            "Name|이름|Nom",
            "The Latin or international name.|로마자 또는 국제 이름.|Le nom latin ou international.",
            required=True,
            limit=200,
            width=28,
        ),
        column("name_ko", Kind.TEXT, NAME_KO, IN_KOREAN, limit=200, width=20),
        column("country", Kind.COUNTRY, "Country|국가|Pays", COUNTRY_HELP, required=True),
        column(
            "kind",
            Kind.CHOICE,
            "Kind|유형|Type",
            "What the company does.|참가사가 하는 일.|Ce que fait la société.",
            choices=COMPANY_KINDS,
            default="other",
            width=22,
            also=(
                "genre",
                "type",
            ),
        ),
        column(
            "website",
            Kind.URL,
            "Website|웹사이트|Site",
            "With https://.|https://를 포함합니다.|Avec https://.",
            limit=200,
            width=26,
            also=("site web", "url"),
        ),
        column(
            "about", Kind.LONG, "About|소개|Présentation", "A few sentences.|몇 문장.|Quelques phrases.", limit=5000, width=40
        ),
    ),
    also=("회사",),
)

PEOPLE = SheetSpec(
    "People",
    words("People|참가자|Participants"),
    words(
        "Each person who takes part, once, with the name as on the badge."
        "|참가자를 한 번씩, 배지에 적힐 이름으로 씁니다."
        "|Chaque participant, une fois, avec le nom du badge."
    ),
    (
        column(
            "code",
            Kind.CODE,
            "Code|코드|Code",
            "Unique, e.g. P01; keep it in later files.|겹치지 않게. 예: P01. 다음 파일에서도 그대로 둡니다."
            "|Unique, par exemple P01 ; gardez-le dans les fichiers suivants.",
            required=True,
        ),
        column(
            "company",
            Kind.REF,
            "Company|참가사|Société",
            "The company's code.|참가사 코드.|Le code de la société.",
            to="Companies",
            also=("회사",),
        ),
        column(
            "family_name",
            Kind.TEXT,
            "Family name|성|Nom de famille",
            "A name of one part stands here alone.|이름이 한 부분이면 여기에만 씁니다."
            "|Un nom d’une seule partie s’écrit ici seul.",
            required=True,
            limit=100,
            also=("surname", "last name", "nom"),
        ),
        column(
            "given_name",
            Kind.TEXT,
            "Given name|이름|Prénom",
            "Empty for a name of one part.|이름이 한 부분이면 비웁니다.|Vide pour un nom d’une seule partie.",
            limit=100,
            also=("first name",),
        ),
        column(
            "native_name",
            Kind.TEXT,
            "Name in own script|원어 이름|Nom dans son écriture",
            "The whole name, e.g. in Hangul.|한글 등 원래 문자로 쓴 전체 이름.|Le nom entier, par exemple en hangeul.",
            limit=200,
            also=("native name", "한글 이름", "국문 이름"),
        ),
        column(
            "family_first",
            Kind.YESNO,
            "Family name first|성을 먼저|Nom de famille d’abord",
            "yes: Kim Haru; no: Haru Kim.|예: Kim Haru, 아니요: Haru Kim.|oui : Kim Haru ; non : Haru Kim.",
            choices=YESNO,
            default=False,
        ),
        column(
            "email",
            Kind.EMAIL,
            "E-mail|이메일|E-mail",
            "Her account; each address once.|계정이 되는 주소. 한 번만 씁니다.|Son compte ; chaque adresse une fois.",
            limit=254,
            width=30,
            also=("email address", "mail", "courriel", "전자우편", "adresse e-mail"),
        ),
        column(
            "job_title",
            Kind.TEXT,
            "Position|직책|Fonction",
            "As on the business card.|명함에 적힌 대로.|Comme sur la carte de visite.",
            limit=200,
            width=22,
            also=("job title", "직위", "poste"),
        ),
        column("country", Kind.COUNTRY, "Country|국가|Pays", COUNTRY_HELP),
        column(
            "language",
            Kind.CHOICE,
            "Language|언어|Langue",
            "Of the pages and mails.|화면과 메일의 언어.|Des pages et des courriels.",
            choices=LANGUAGES,
        ),
        column(
            "time_zone",
            Kind.ZONE,
            "Time zone|시간대|Fuseau horaire",
            "Where she lives, e.g. Europe/Paris.|사는 곳. 예: Europe/Paris.|Là où elle vit, par exemple Europe/Paris.",
            limit=64,
        ),
        column(
            "roles",
            Kind.CHOICES,
            "Roles|역할|Rôles",
            "One or more with commas: buyer, seller.|하나 이상, 쉼표로: 바이어, 셀러."
            "|Un ou plusieurs, avec des virgules : acheteur, vendeur.",
            choices=ROLES,
            default=(),
            also=("role", "rôle"),
        ),
        column(
            "max_meetings_per_day",
            Kind.NUMBER,
            "Meetings a day at most|하루 최대 미팅 수|Rendez-vous par jour au plus",
            "A whole number; empty: no limit.|정수. 비우면 제한 없음.|Un nombre entier ; vide : sans limite.",
            limit=200,
            default=None,
            also=("max a day", "max meetings per day"),
        ),
        column(
            "seen_by",
            Kind.CHOICE,
            "Found by|검색 공개|Visible de",
            "Who finds this person: everyone, matching titles, nobody.|누가 찾을 수 있는지. 모두, 맞는 작품을 가진 사람, 아무도."
            "|Qui trouve cette personne : tout le monde, titres correspondants, personne.",
            choices=SEEN_BY,
            default="everyone",
            also=("seen by", "hidden", "공개"),
        ),
    ),
    also=(
        "사람",
        "personnes",
    ),
)

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
    ),
    also=("wants", "구매 희망", "구매 희망 사항", "바이어 희망"),
)
