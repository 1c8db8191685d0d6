"""Standard badge types of the seven roles, with their questions in three languages, to begin from."""

from __future__ import annotations

from typing import Any


def _question(code: str, kind: str, en: str, ko: str, fr: str, *, must: bool = True, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": en, "label_ko": ko, "label_fr": fr, "is_required": must} | more


def _options(*rows: tuple[str, str, str, str]) -> list[dict[str, str]]:
    return [{"value": value, "en": en, "ko": ko, "fr": fr} for value, en, ko, fr in rows]


COMPANY_LINK = _question("website", "link", "Your company’s website", "회사 웹사이트", "Site de votre société", must=False)
ACCESS = _question(
    "access", "long", "Do you need anything to take part with ease?", "참가에 필요한 편의 사항이 있습니까?",
    "Avez-vous besoin d’un aménagement pour participer ?", must=False, help="Step-free ways, interpretation, diet …",
    help_ko="휠체어 접근, 통역, 식단 등", help_fr="Accès sans marche, interprétation, régime …",
)  # fmt: skip
FORMATS = _options(
    ("series", "Series", "시리즈", "Séries"),
    ("short", "Short-form series", "숏폼 시리즈", "Séries courtes"),
    ("film", "Feature films", "장편 영화", "Longs métrages"),
    ("documentary", "Documentaries", "다큐멘터리", "Documentaires"),
    ("animation", "Animation", "애니메이션", "Animation"),
    ("format", "Formats", "포맷", "Formats"),
)
MEDIA = _options(
    ("print", "Print", "신문·잡지", "Presse écrite"),
    ("online", "Online", "온라인", "En ligne"),
    ("tv", "Television", "방송", "Télévision"),
    ("radio", "Radio or podcast", "라디오·팟캐스트", "Radio ou podcast"),
    ("photo", "Photography", "사진", "Photographie"),
)
CRAFTS = _options(
    ("writer", "Writer", "작가", "Scénariste"),
    ("director", "Director", "감독", "Réalisation"),
    ("producer", "Producer", "프로듀서", "Production"),
    ("composer", "Composer", "작곡가", "Composition"),
    ("other", "Another craft", "기타", "Autre métier"),
)

STANDARD: dict[str, dict[str, Any]] = {
    "buyer": {
        "name": "Buyer",
        "name_ko": "바이어",
        "name_fr": "Acheteur",
        "about": "For those who acquire works for broadcasters, platforms and distributors.",
        "about_ko": "방송사, 플랫폼, 배급사를 위해 작품을 구매하는 분.",
        "about_fr": "Pour qui acquiert des œuvres pour une chaîne, une plateforme ou un distributeur.",
        "colour": "#0b5f8a",
        "questions": [
            _question("formats", "choices", "What do you buy?", "무엇을 구매하십니까?", "Qu’achetez-vous ?", options=FORMATS),
            _question(
                "bought",
                "long",
                "Name works that you acquired in the last two years.",
                "최근 2년간 구매한 작품을 적어 주십시오.",
                "Citez des œuvres acquises ces deux dernières années.",
            ),
            _question("decides", "yes", "I decide on purchases", "구매 결정권이 있습니다", "Je décide des achats", must=False),
            COMPANY_LINK,
            ACCESS,
        ],
    },
    "seller": {
        "name": "Seller",
        "name_ko": "셀러",
        "name_fr": "Vendeur",
        "about": "For those who sell or license works.",
        "about_ko": "작품을 판매하거나 라이선스하는 분.",
        "about_fr": "Pour qui vend des œuvres ou en cède les droits.",
        "colour": "#8a3d0b",
        "questions": [
            _question(
                "titles",
                "number",
                "How many titles do you bring?",
                "몇 작품을 가져오십니까?",
                "Combien de titres présentez-vous ?",
            ),
            _question("formats", "choices", "What do you sell?", "무엇을 판매하십니까?", "Que vendez-vous ?", options=FORMATS),
            _question(
                "registration",
                "file",
                "Your company’s registration",
                "사업자등록증",
                "Extrait d’immatriculation de la société",
                must=False,
            ),
            COMPANY_LINK,
            ACCESS,
        ],
    },
    "creator": {
        "name": "Creator",
        "name_ko": "크리에이터",
        "name_fr": "Créateur",
        "about": "For writers, directors and producers with a project.",
        "about_ko": "프로젝트가 있는 작가, 감독, 프로듀서.",
        "about_fr": "Pour les scénaristes, réalisateurs et producteurs qui portent un projet.",
        "colour": "#6a2c91",
        "questions": [
            _question("craft", "choice", "What do you do?", "어떤 일을 하십니까?", "Quel est votre métier ?", options=CRAFTS),
            _question(
                "project",
                "long",
                "Your project in a few lines",
                "프로젝트를 간단히 소개해 주십시오",
                "Votre projet en quelques lignes",
            ),
            _question(
                "works",
                "link",
                "A page with your works",
                "작품을 볼 수 있는 페이지",
                "Une page qui présente vos œuvres",
                must=False,
            ),
            ACCESS,
        ],
    },
    "press": {
        "name": "Press",
        "name_ko": "언론",
        "name_fr": "Presse",
        "about": "For journalists who report on the market or the showcase.",
        "about_ko": "마켓이나 쇼케이스를 취재하는 기자.",
        "about_fr": "Pour les journalistes qui rendent compte du marché ou de la sélection.",
        "colour": "#a01850",
        "questions": [
            _question("medium", "choice", "Your medium", "매체 종류", "Votre média", options=MEDIA),
            _question(
                "card",
                "file",
                "Your press card, or a letter of assignment",
                "기자증 또는 취재 의뢰서",
                "Carte de presse ou lettre de mission",
            ),
            _question("article", "link", "An article of yours", "작성하신 기사", "Un de vos articles"),
            ACCESS,
        ],
    },
    "guest": {
        "name": "Guest",
        "name_ko": "게스트",
        "name_fr": "Invité",
        "about": "For guests of the market: institutions, partners, people on stage.",
        "about_ko": "기관, 파트너, 무대에 오르는 분 등 마켓의 초청 손님.",
        "about_fr": "Pour les invités du marché : institutions, partenaires, intervenants.",
        "colour": "#3f6212",
        "by_invitation": True,
        "questions": [
            _question(
                "arrival", "text", "When do you arrive and leave?", "도착일과 출발일", "Dates d’arrivée et de départ", must=False
            ),
            ACCESS,
        ],
    },
    "juror": {
        "name": "Jury",
        "name_ko": "심사위원",
        "name_fr": "Jury",
        "about": "For members of the jury.",
        "about_ko": "심사위원.",
        "about_fr": "Pour les membres du jury.",
        "colour": "#1f2937",
        "by_invitation": True,
        "is_transferable": False,
        "questions": [
            _question(
                "languages",
                "text",
                "Languages in which you can judge",
                "심사 가능한 언어",
                "Langues dans lesquelles vous pouvez juger",
            ),
            ACCESS,
        ],
    },
    "public": {
        "name": "Public",
        "name_ko": "일반",
        "name_fr": "Public",
        "about": "For everybody who comes to the showcase.",
        "about_ko": "쇼케이스를 관람하는 모든 분.",
        "about_fr": "Pour toutes celles et ceux qui viennent aux projections.",
        "colour": "#0f766e",
        "questions": [ACCESS],
    },
}
"""Role -> fields of its badge type, and its questions in their order."""
