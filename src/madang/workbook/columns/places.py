"""Edition, Tables, Slots: when and where."""

from __future__ import annotations

from madang.workbook.columns.choices import SESSIONS, STAGES, YESNO
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words

NAME_KO, NAME_FR = "Name in Korean|국문 이름|Nom en coréen", "Name in French|프랑스어 이름|Nom en français"
IN_KOREAN = (
    "The same in Korean; empty where there is none.|같은 내용을 한국어로. 없으면 비워 둡니다."
    "|La même chose en coréen ; vide s’il n’y en a pas."
)
IN_FRENCH = (
    "The same in French; empty where there is none.|같은 내용을 프랑스어로. 없으면 비워 둡니다."
    "|La même chose en français ; vide s’il n’y en a pas."
)

EDITION = SheetSpec(
    "Edition",
    words("Edition|에디션|Édition"),
    words(
        "One row: the edition that this workbook is about.|한 줄만 씁니다. 이 파일이 다루는 에디션입니다."
        "|Une seule ligne : l’édition dont parle ce classeur."
    ),
    (
        column(
            "code",
            Kind.SLUG,
            "Code|코드|Code",
            "Short name in addresses: letters without accents, digits, hyphens."
            "|주소에 쓰이는 짧은 이름. 로마자, 숫자, 붙임표만 씁니다."
            "|Nom court des adresses : lettres sans accents, chiffres, tirets.",
            required=True,
        ),
        column(
            "name",
            Kind.TEXT,
            "Name|이름|Nom",
            "The edition's name.|행사 이름.|Le nom de l’édition.",
            required=True,
            limit=200,
            width=32,
        ),
        column("name_ko", Kind.TEXT, NAME_KO, IN_KOREAN, limit=200, width=28),
        column("name_fr", Kind.TEXT, NAME_FR, IN_FRENCH, limit=200, width=28),
        column(
            "starts_on",
            Kind.DATE,
            "First day|시작일|Premier jour",
            "A date, e.g. 2025-05-28.|날짜. 예: 2025-05-28.|Une date, par exemple 2025-05-28.",
            required=True,
            also=("start", "starts on", "개막일"),
        ),
        column(
            "ends_on",
            Kind.DATE,
            "Last day|종료일|Dernier jour",
            "A date, e.g. 2025-05-30.|날짜. 예: 2025-05-30.|Une date, par exemple 2025-05-30.",
            required=True,
            also=("end", "ends on", "폐막일"),
        ),
        column(
            "time_zone",
            Kind.ZONE,
            "Time zone|시간대|Fuseau horaire",
            "The venue's zone, e.g. Asia/Seoul. All times in this workbook are on its clocks."
            "|행사장의 시간대. 예: Asia/Seoul. 이 파일의 모든 시각은 이 시간대입니다."
            "|Le fuseau du lieu, par exemple Asia/Seoul. Toutes les heures du classeur y sont lues.",
            required=True,
            limit=64,
        ),
        column("venue", Kind.TEXT, "Venue|장소|Lieu", "Where it takes place.|행사장.|Où il a lieu.", limit=200, width=24),
        column("city", Kind.TEXT, "City|도시|Ville", "The venue's city.|행사장의 도시.|La ville du lieu.", limit=100),
        column(
            "country",
            Kind.COUNTRY,
            "Country|국가|Pays",
            "ISO code or name: KR, Korea.|ISO 코드 또는 이름. KR, 대한민국.|Code ISO ou nom : KR, Corée du Sud.",
        ),
        column(
            "stage",
            Kind.CHOICE,
            "Stage|단계|Étape",
            "How far the edition has come; later stages open more pages.|진행 단계. 뒤로 갈수록 더 많은 화면이 열립니다."
            "|Où en est l’édition ; chaque étape ouvre d’autres pages.",
            choices=STAGES,
            default="preparation",
        ),
        column(
            "is_public",
            Kind.YESNO,
            "Public|공개|Public",
            "yes: visitors see the edition's public programme.|예: 방문자가 공개 프로그램을 볼 수 있습니다."
            "|oui : les visiteurs voient le programme public.",
            choices=YESNO,
            default=False,
        ),
        column(
            "market",
            Kind.SLUG,
            "Market|마켓|Marché",
            "Short name of the market; only for a new edition.|마켓의 짧은 이름. 새 에디션일 때만 씁니다."
            "|Nom court du marché ; pour une nouvelle édition seulement.",
        ),
        column(
            "market_name",
            Kind.TEXT,
            "Market's name|마켓 이름|Nom du marché",
            "Only where the market is new as well.|마켓도 새로 만들 때만 씁니다.|Seulement si le marché est nouveau aussi.",
            limit=200,
            width=24,
        ),
    ),
    also=("개최", "회차"),
)

TABLES = SheetSpec(
    "Tables",
    words("Tables|테이블|Tables"),
    words(
        "Places for one meeting at a time: shared tables, and companies' own booths."
        "|한 번에 미팅 하나가 열리는 자리. 공용 테이블과 참가사 부스."
        "|Des places pour un rendez-vous à la fois : tables communes et stands des sociétés."
    ),
    (
        column(
            "code", Kind.CODE, "Code|코드|Code", "Unique, e.g. T01.|겹치지 않게. 예: T01.|Unique, par exemple T01.", required=True
        ),
        column(
            "name",
            Kind.TEXT,
            "Name|이름|Nom",
            "What stands on the sign; the code when empty.|안내판에 적힌 이름. 비우면 코드."
            "|Ce que dit l’écriteau ; le code si vide.",
            limit=200,
        ),
        column(
            "hall",
            Kind.CODE,
            "Hall|홀 코드|Salle",
            "Short code of the hall, e.g. A.|홀의 짧은 코드. 예: A.|Code court de la salle, par exemple A.",
            also=("hall code", "홀", "hall"),
        ),
        column(
            "hall_name",
            Kind.TEXT,
            "Hall's name|홀 이름|Nom de la salle",
            "Once per hall is enough.|홀마다 한 번이면 됩니다.|Une fois par salle suffit.",
            limit=200,
            width=22,
            also=("hall name",),
        ),
        column(
            "hall_name_ko",
            Kind.TEXT,
            "Hall's name in Korean|홀 국문 이름|Nom de la salle en coréen",
            IN_KOREAN,
            limit=200,
            width=22,
        ),
        column(
            "is_booth",
            Kind.YESNO,
            "Booth|부스|Stand",
            "yes: a company's own booth, not a shared table.|예: 공용 테이블이 아닌 참가사 부스."
            "|oui : le stand d’une société, non une table commune.",
            choices=YESNO,
            default=False,
        ),
        column(
            "companies",
            Kind.REFS,
            "Company|참가사|Société",
            "Code of the booth's company; several with commas.|부스 참가사의 코드. 여러 곳이면 쉼표로."
            "|Code de la société du stand ; plusieurs avec des virgules.",
            to="Companies",
            also=("회사", "companies", "sociétés"),
            default=(),
        ),
        column(
            "position",
            Kind.NUMBER,
            "Order|순서|Ordre",
            "Tables are listed by this number.|이 숫자 순서로 보입니다.|Les tables sont rangées selon ce nombre.",
            limit=1_000_000,
            default=0,
            also=("position",),
        ),
    ),
)

SLOTS = SheetSpec(
    "Slots",
    words("Slots|타임슬롯|Créneaux"),
    words(
        "The times in which meetings can be held, on the venue's clocks.|미팅을 할 수 있는 시간. 행사장 시각으로 씁니다."
        "|Les heures des rendez-vous, à l’heure du lieu."
    ),
    (
        column(
            "code",
            Kind.CODE,
            "Code|코드|Code",
            "Unique, e.g. D1-0900.|겹치지 않게. 예: D1-0900.|Unique, par exemple D1-0900.",
            required=True,
        ),
        column(
            "day",
            Kind.DATE,
            "Day|날짜|Jour",
            "A date; empty where the start is a date with its time."
            "|날짜. 시작 칸에 날짜와 시각을 함께 쓰면 비웁니다.|Une date ; vide si le début porte sa date.",
            also=("date",),
        ),
        column(
            "start",
            Kind.CLOCK,
            "Start|시작|Début",
            "09:00, or 2025-05-28 09:00.|09:00 또는 2025-05-28 09:00.|09:00, ou 2025-05-28 09:00.",
            required=True,
            also=("starts", "from", "시작 시각"),
        ),
        column(
            "end",
            Kind.CLOCK,
            "End|종료|Fin",
            "09:30, or 2025-05-28 09:30.|09:30 또는 2025-05-28 09:30.|09:30, ou 2025-05-28 09:30.",
            required=True,
            also=("ends", "until", "끝", "종료 시각"),
        ),
        column(
            "session",
            Kind.CHOICE,
            "Session|오전/오후|Session",
            "Morning or afternoon; by noon when empty.|오전 또는 오후. 비우면 정오를 기준으로 나눕니다."
            "|Matin ou après-midi ; selon midi si vide.",
            choices=SESSIONS,
        ),
    ),
    also=("시간", "시간대", "시간대표", "슬롯", "time slots"),
)
