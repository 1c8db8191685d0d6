"""Companies and People: who takes part."""

from __future__ import annotations

from madang.workbook.columns.choices import COMPANY_KINDS, COMPANY_SIZES, LANGUAGES, ROLES, SEEN_BY, YESNO
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words
from madang.workbook.columns.places import IN_KOREAN, NAME_KO

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
            "size",
            Kind.CHOICE,
            "People employed|직원 수|Effectif",
            "As the company says; empty: not known. For figures, seen by organisers."
            "|회사가 밝힌 대로 씁니다. 모르면 비웁니다. 통계에 쓰며 주최 측만 봅니다."
            "|Comme la société le dit ; vide : inconnu. Pour les chiffres, vu des organisateurs.",
            choices=COMPANY_SIZES,
            width=18,
            also=("company size", "employees", "headcount", "임직원 수", "회사 규모", "taille", "nombre de salariés"),
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
