"""Values that are chosen from a few, in the three languages, as the models name them (a test compares)."""

from __future__ import annotations

from madang.workbook.columns.kinds import Choice, words


def choice(value: str, text: str, *also: str) -> Choice:
    return Choice(value, words(text), also)


LEVELS = (
    choice("work", "Work|작품|Œuvre"),
    choice("series", "Series|시리즈|Série"),
    choice("season", "Season|시즌|Saison"),
    choice("episode", "Episode|회차|Épisode"),
)
YESNO = (
    choice("yes", "yes|예|oui", "y", "true", "1", "x", "o", "✓", "✔", "네", "있음", "vrai", "○", "참"),
    choice("no", "no|아니요|non", "n", "false", "0", "아니오", "없음", "faux", "-", "거짓"),
)
STAGES = (
    choice("preparation", "In preparation|준비 중|En préparation", "preparation", "준비"),
    choice("registration", "Registration|등록|Inscriptions", "inscription"),
    choice("meetings", "Meeting requests|미팅 요청|Demandes de rendez-vous", "meetings", "미팅", "미팅 신청", "rendez-vous"),
    choice("live", "Live|행사 중|Pendant le marché", "진행 중", "en direct", "en cours"),
    choice("after", "After the event|행사 후|Après le marché", "after", "종료", "après", "après l'événement"),
)
SESSIONS = (
    choice("morning", "Morning|오전|Matin", "am", "matinée"),
    choice("afternoon", "Afternoon|오후|Après-midi", "pm"),
)
COMPANY_KINDS = (
    choice("broadcaster", "Broadcaster|방송사|Diffuseur", "chaîne", "channel", "방송국"),
    choice("platform", "Platform|플랫폼|Plateforme", "OTT", "streamer"),
    choice("distributor", "Distributor|배급사|Distributeur", "distribution", "배급"),
    choice("sales", "Sales company|세일즈사|Société de ventes", "sales", "sales agent", "세일즈", "ventes"),
    choice("producer", "Production company|제작사|Société de production", "production", "producteur", "제작"),
    choice("fund", "Fund or institution|기금 또는 기관|Fonds ou institution", "fund", "institution", "기금", "기관", "fonds"),
    choice("other", "Other|기타|Autre"),
)
COMPANY_SIZES = (
    choice("micro", "1 to 9 people|1~9명|1 à 9 personnes", "micro", "1-9", "1–9"),
    choice("small", "10 to 49 people|10~49명|10 à 49 personnes", "small", "10-49", "10–49"),
    choice("medium", "50 to 249 people|50~249명|50 à 249 personnes", "medium", "50-249", "50–249"),
    choice("large", "250 people or more|250명 이상|250 personnes ou plus", "large", "250+", "250"),
)
ROLES = (
    choice("buyer", "buyer|바이어|acheteur", "acheteuse", "buyers", "구매자"),
    choice("seller", "seller|셀러|vendeur", "vendeuse", "sellers", "판매자"),
    choice("creator", "creator|크리에이터|créateur", "créatrice", "창작자", "작가"),
    choice("juror", "juror|심사위원|juré", "jurée", "jury", "심사"),
    choice("press", "press|언론|presse", "프레스", "기자", "media", "média"),
    choice("guest", "guest|게스트|invité", "invitée", "초청", "초청자"),
)
LANGUAGES = (
    choice("ko", "Korean|한국어|Coréen", "kor", "kr"),
    choice("en", "English|영어|Anglais", "eng"),
    choice("fr", "French|프랑스어|Français", "fra", "불어"),
)
FORMATS = (
    choice("series", "Series|시리즈|Série", "드라마 시리즈"),
    choice("film", "Feature film|장편영화|Long métrage", "film", "영화"),
    choice("documentary", "Documentary|다큐멘터리|Documentaire", "다큐"),
    choice("animation", "Animation|애니메이션|Animation"),
    choice("entertainment", "Entertainment|예능|Divertissement", "variety"),
    choice("format", "Format rights|포맷|Droits de format", "format"),
    choice("short", "Short form|숏폼|Format court", "short", "shorts"),
)
GENRES = (
    choice("drama", "Drama|드라마|Drame"),
    choice("thriller", "Thriller|스릴러|Thriller"),
    choice("crime", "Crime|범죄|Policier"),
    choice("comedy", "Comedy|코미디|Comédie"),
    choice("romance", "Romance|로맨스|Romance", "멜로"),
    choice("fantasy", "Fantasy|판타지|Fantastique"),
    choice("horror", "Horror|공포|Horreur", "호러"),
    choice("history", "History|역사|Historique", "사극", "histoire"),
    choice("family", "Family|가족|Famille", "familial"),
    choice("factual", "Factual|교양|Factuel", "documentaire de société"),
    choice("music", "Music|음악|Musique"),
    choice("other", "Other|기타|Autre"),
)
WORK_STAGES = (
    choice("development", "In development|기획 개발 중|En développement", "development", "기획", "개발", "développement"),
    choice("production", "In production|제작 중|En production", "production", "제작"),
    choice("completed", "Completed|완성|Terminé", "complete", "finished", "완료", "achevé"),
)
VISIBILITIES = (
    choice("public", "All participants|참가자 전체|Tous les participants", "public", "공개"),
    choice(
        "matches", "Only matching titles|맞는 작품을 가진 참가자만|Seulement les titres qui correspondent", "matches", "맞는 작품"
    ),
    choice("hidden", "Only the buyer and the organiser|본인과 주최자|L’acheteur et l’organisateur", "hidden", "비공개", "caché"),
)
EXCLUSIVITIES = (
    choice("exclusive", "Exclusive|독점|Exclusif", "exclusively", "exclusivité"),
    choice("non_exclusive", "Non-exclusive|비독점|Non exclusif", "shared"),
)
FIRST_TIME = (
    choice("welcome", "Welcome|환영|Bienvenus", "yes", "예", "oui"),
    choice("sought", "Sought above all|특히 찾음|Recherchés avant tout", "sought"),
    choice("not", "Not this time|이번에는 아님|Pas cette fois", "no", "아니요", "non"),
)
SEEKS = (
    choice("licence", "A licence|라이선스|Une licence", "licence", "license"),
    choice("presale", "A presale|사전 판매|Une prévente", "presale", "prévente"),
    choice("coproduction", "A co-producer|공동제작사|Un coproducteur", "coproduction", "공동제작"),
    choice("finance", "Finance|투자|Un financement", "financing", "financement"),
    choice("remake", "A remake or a format deal|리메이크 또는 포맷 계약|Un remake ou un accord de format", "remake", "리메이크"),
    choice("festival", "A festival or a showcase|영화제 또는 쇼케이스|Un festival ou un showcase", "festival", "영화제"),
)
SEEN_BY = (
    choice("everyone", "Everyone|모두|Tout le monde", "all", "전체", "tous"),
    choice("matches", "Matching titles|맞는 작품을 가진 사람|Titres correspondants", "matches", "맞는 작품", "correspondances"),
    choice("nobody", "Nobody|아무도|Personne", "hidden", "비공개", "caché"),
)
FORMS = (
    choice("in_person", "At a table|현장|À une table", "in person", "table", "대면", "en personne", "sur place"),
    choice("online", "Online|온라인|En ligne", "video", "화상", "visio", "zoom"),
)
WISHES = (
    choice("must", "must|꼭 필요|indispensable", "3", "필수", "꼭", "essentiel"),
    choice("like", "like|희망|souhaité", "2", "원함", "souhaite"),
    choice("if room", "if room|가능하면|si possible", "1", "if there is room", "여유 있으면", "s'il reste de la place"),
)
WISH_VALUES = {"if room": 1, "like": 2, "must": 3}
STATUSES = (
    choice("sent", "sent|대기|envoyée", "waiting", "pending", "open", "신청됨", "요청됨", "답변 대기", "en attente"),
    choice("accepted", "accepted|수락|acceptée", "yes", "confirmed", "승인", "확정", "accepté"),
    choice("declined", "declined|거절|refusée", "refused", "no", "refusé"),
    choice("withdrawn", "withdrawn|철회|retirée", "cancelled", "canceled", "취소", "annulée"),
    choice("expired", "expired|만료|expirée", "lapsed", "기한 지남", "périmée"),
)
