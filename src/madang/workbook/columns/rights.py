"""Rights and Milestones: the sheets of a company's own workbook, which organisers do not read."""

from __future__ import annotations

from madang.workbook.columns.choices import YESNO, choice
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words

WHATS = (
    choice("held", "held|보유|détenu", "holding", "grant", "보유 권리"),
    choice("exclusive", "exclusive licence|독점 라이선스|licence exclusive", "exclusive", "독점"),
    choice("licence", "licence|비독점 라이선스|licence non exclusive", "non-exclusive", "non exclusive licence", "비독점"),
    choice("exclusivity", "exclusivity|독점권|exclusivité", "co-exclusivity"),
    choice("holdback", "holdback|홀드백|réserve de diffusion", "hold back"),
    choice("blackout", "blackout|사용 금지 기간|interdiction"),
    choice("reserve", "reserved|유보|réservé", "reserve"),
    choice("release", "before release|개봉 전|avant la sortie", "release"),
    choice("first_run", "first run|첫 방영|première diffusion"),
    choice("option", "option|옵션|option"),
    choice("first_negotiation", "first negotiation|우선협상권|première négociation"),
    choice("first_refusal", "first refusal|우선매수권|premier refus"),
    choice("matching", "matching right|대등조건권|droit d’égalisation", "matching"),
)
STANDINGS = (
    choice("signed", "signed|서명됨|signé"),
    choice("option", "option|옵션|option"),
    choice("pending", "being negotiated|협상 중|en négociation", "pending"),
)
OPENS = (
    choice("perpetuity", "for ever|영구|pour toujours", "perpetuity"),
    choice("until_notice", "until notice|해지할 때까지|jusqu’à dénonciation"),
    choice("tba", "to be agreed|추후 합의|à convenir", "tba"),
)
DAY = "2026-01-31"

MILESTONES = SheetSpec(
    "Milestones",
    words("Milestones|기준 시점|Événements"),
    words("What dates of contracts hang on.|계약의 날짜가 걸려 있는 일.|Ce dont dépendent les dates des contrats."),
    (
        column(
            "code", Kind.CODE, "Code|코드|Code", "Unique, e.g. E01.|겹치지 않게. 예: E01.|Unique, par exemple E01.", required=True
        ),
        column(
            "title",
            Kind.CODE,
            "Title|작품|Titre",
            "The title's code.|작품 코드.|Code du titre.",
            required=True,
        ),
        column(
            "name",
            Kind.TEXT,
            "What happens|내용|Ce qui arrive",
            "E.g. theatrical release in Germany.|예: 독일 극장 개봉.|Par exemple : sortie en salle en Allemagne.",
            required=True,
            limit=200,
            width=32,
        ),
        column(
            "earliest",
            Kind.DATE,
            "Not before|빨라야|Pas avant",
            DAY + f"|{DAY}|{DAY}",
            default=None,
        ),
        column(
            "latest",
            Kind.DATE,
            "Not after|늦어도|Pas après",
            DAY + f"|{DAY}|{DAY}",
            default=None,
        ),
        column(
            "actual", Kind.DATE, "Happened on|실제 날짜|Survenu le", "Once it is known.|알게 되면.|Une fois connu.", default=None
        ),
    ),
)

RIGHTS = SheetSpec(
    "Rights",
    words("Rights|권리|Droits"),
    words(
        "One row for each line of a contract: what you hold, what you sold, what is kept back."
        "|계약의 줄마다 한 줄: 보유, 판매, 유보.|Une ligne par clause : détenu, vendu, réservé."
    ),
    (
        column(
            "contract",
            Kind.TEXT,
            "Contract|계약|Contrat",
            "Its number; lines of one contract share it."
            "|계약 번호. 같은 계약의 줄은 번호가 같습니다.|Son numéro, commun aux lignes d’un contrat.",
            required=True,
            limit=100,
        ),
        column(
            "line",
            Kind.NUMBER,
            "Line|줄|Ligne",
            "1, 2, 3 … in the contract.|계약 안의 1, 2, 3 …|1, 2, 3 … dans le contrat.",
            limit=10_000,
            default=1,
        ),
        column(
            "title",
            Kind.CODE,
            "Title|작품|Titre",
            "The title's code.|작품 코드.|Code du titre.",
            required=True,
        ),
        column(
            "what",
            Kind.CHOICE,
            "What it does|내용|Effet",
            "held, exclusive licence, licence, holdback …"
            "|보유, 독점, 비독점, 홀드백 등.|détenu, licence exclusive, licence, réserve …",
            choices=WHATS,
            required=True,
        ),
        column(
            "party",
            Kind.TEXT,
            "Other party|상대방|Autre partie",
            "Who licenses to you, or whom you licensed to."
            "|권리를 준 곳 또는 받은 곳.|Qui vous concède, ou à qui vous avez concédé.",
            limit=200,
            width=24,
        ),
        column(
            "standing",
            Kind.CHOICE,
            "Standing|상태|État",
            "signed, option, being negotiated.|서명됨, 옵션, 협상 중.|signé, option, en négociation.",
            choices=STANDINGS,
            default="signed",
        ),
        column(
            "territories",
            Kind.LONG,
            "Territories|지역|Territoires",
            "KR, Benelux, World excl. US, CA|KR, Benelux, World excl. US, CA|KR, Benelux, World excl. US, CA",
            required=True,
            limit=2000,
            width=28,
        ),
        column(
            "media",
            Kind.TEXT,
            "Media|매체|Médias",
            "SVOD, AVOD, Free TV, All media|SVOD, AVOD, Free TV, All media|SVOD, AVOD, Free TV, All media",
            required=True,
            limit=1000,
            width=24,
        ),
        column(
            "languages",
            Kind.TEXT,
            "Languages|언어|Langues",
            "ko, fr:dub, any:sub; empty: all.|ko, fr:dub, any:sub. 비우면 전체.|ko, fr:dub, any:sub ; vide : toutes.",
            limit=1000,
        ),
        column(
            "exclusive",
            Kind.YESNO,
            "Held exclusively|독점 보유|Détenu en exclusivité",
            "Of what is held.|보유 권리일 때.|De ce qui est détenu.",
            choices=YESNO,
            default=False,
        ),
        column(
            "start",
            Kind.DATE,
            "First day|첫날|Premier jour",
            "Empty: from the beginning.|비우면 처음부터.|Vide : depuis le début.",
            default=None,
        ),
        column(
            "start_open",
            Kind.CHOICE,
            "Start is open|시작 미정|Début ouvert",
            "Instead of the first day.|첫날 대신.|Au lieu du premier jour.",
            choices=OPENS,
            default="",
        ),
        column(
            "start_after",
            Kind.CODE,
            "Starts after|시작 기준|Débute après",
            "A milestone's code.|기준 시점 코드.|Code d’un événement.",
        ),
        column(
            "start_lag",
            Kind.TEXT,
            "Days after start milestone|시작 기준 후 일수|Jours après (début)",
            "0, 90, -30|0, 90, -30|0, 90, -30",
            limit=6,
        ),
        column(
            "end",
            Kind.DATE,
            "Last day|마지막 날|Dernier jour",
            "Still in.|그날까지.|Inclus.",
            default=None,
        ),
        column(
            "end_open",
            Kind.CHOICE,
            "End is open|종료 미정|Fin ouverte",
            "Instead of the last day.|마지막 날 대신.|Au lieu du dernier jour.",
            choices=OPENS,
            default="",
        ),
        column(
            "end_after", Kind.CODE, "Ends after|종료 기준|Finit après", "A milestone's code.|기준 시점 코드.|Code d’un événement."
        ),
        column(
            "end_lag",
            Kind.TEXT,
            "Days after end milestone|종료 기준 후 일수|Jours après (fin)",
            "0, 90, -30|0, 90, -30|0, 90, -30",
            limit=6,
        ),
        column(
            "ends_early",
            Kind.REFS,
            "Ends early with|조기 종료|Finit plus tôt avec",
            "Codes of milestones: reversion.|기준 시점 코드: 권리 반환.|Codes d’événements : retour des droits.",
            default=(),
        ),
        column(
            "runs",
            Kind.NUMBER,
            "Runs|방영 횟수|Passages",
            "Empty: not counted.|비우면 세지 않음.|Vide : non comptés.",
            limit=100_000,
            default=None,
        ),
        column(
            "exempt",
            Kind.REFS,
            "Does not bind|구속하지 않음|Ne lie pas",
            "Codes of companies here.|참가사 코드.|Codes de sociétés présentes.",
            default=(),
        ),
        column(
            "only",
            Kind.REFS,
            "Binds only|이 회사만 구속|Ne lie que",
            "Codes of companies here.|참가사 코드.|Codes de sociétés présentes.",
            default=(),
        ),
        column(
            "only_party",
            Kind.YESNO,
            "Binds only the other party|상대방만 구속|Ne lie que l’autre partie",
            "Of a restriction.|제한일 때.|D’une restriction.",
            choices=YESNO,
            default=False,
        ),
        column(
            "subject_to",
            Kind.REFS,
            "Subject to|인정하는 계약|Sous réserve de",
            "Numbers of your contracts.|귀사 계약 번호.|Numéros de vos contrats.",
            default=(),
        ),
        column(
            "clause",
            Kind.TEXT,
            "Clause|조항|Clause",
            "Where it is written.|적힌 곳.|Où c’est écrit.",
            limit=60,
        ),
    ),
    code="",
)

RIGHTS_SHEETS = (MILESTONES, RIGHTS)
