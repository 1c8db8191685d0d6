"""Words of the ticket shop's tables in the languages in which it is used here: headers of columns, states of orders.

They are compared without case and signs; the words of later versions and other languages are added here.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEADERS: dict[str, tuple[str, ...]] = {
    "code": (
        "Order code", "Order", "Bestellnummer", "Bestellcode", "Code de commande", "Numéro de commande", "주문 코드", "주문 번호",
    ),
    "position": (
        "Position ID", "Position", "Line", "Positions-ID", "Positionsnummer", "ID de position", "Identifiant de position",
        "ID du poste", "위치 ID", "포지션 ID", "항목 번호",
    ),
    "state": ("Status", "State", "Order status", "Statut", "État", "상태", "주문 상태"),
    "buyer_email": ("Email", "E-mail", "E-mail address", "E-Mail-Adresse", "Adresse e-mail", "Courriel", "이메일", "이메일 주소"),
    "email": (
        "Attendee email", "Attendee e-mail", "Attendee email address", "Teilnehmer-E-Mail", "E-Mail-Adresse des Teilnehmers",
        "E-mail du participant", "Adresse e-mail du participant", "참석자 이메일", "참가자 이메일",
    ),
    "date": ("Order date", "Bestelldatum", "Date de commande", "Date de la commande", "주문 날짜", "주문일"),
    "time": ("Order time", "Bestellzeit", "Bestelluhrzeit", "Heure de commande", "Heure de la commande", "주문 시간"),
    "item": ("Product", "Item", "Produkt", "Produit", "Article", "상품", "제품"),
    "price": ("Price", "Preis", "Prix", "Tarif", "가격"),
    "attendee_name": (
        "Attendee name", "Teilnehmername", "Name des Teilnehmers", "Teilnehmer", "Nom du participant",
        "참석자 이름", "참가자 이름",
    ),
    "company": ("Company", "Firma", "Unternehmen", "Entreprise", "Société", "회사", "회사명"),
    "voucher": ("Voucher", "Voucher code", "Gutschein", "Gutscheincode", "Bon", "Bon de réduction", "Bon d’achat", "바우처"),
    "comment": (
        "Order comment", "Comment", "Internal comment", "Kommentar", "Bestellkommentar", "Commentaire", "Commentaire de commande",
        "주문 메모", "주문 의견", "메모",
    ),
}  # fmt: skip
"""What we read -> how its column is headed."""
STATES: dict[str, tuple[str, ...]] = {
    "paid": ("paid", "p", "bezahlt", "payé", "payée", "결제됨", "결제 완료", "지불됨", "지불 완료"),
    "pending": (
        "pending", "n", "pending (overdue)", "pending (confirmed)", "approval pending", "ausstehend", "offen", "en attente",
        "대기 중", "대기", "보류 중",
    ),
    "expired": ("expired", "e", "abgelaufen", "expiré", "expirée", "만료", "만료됨"),
    "cancelled": ("canceled", "cancelled", "c", "canceled (paid fee)", "storniert", "annulé", "annulée", "취소", "취소됨"),
}  # fmt: skip
"""Our states -> the shop's words."""
NO_POSITIONS = _(
    "This table does not list the positions of orders, which say whose badge is paid. In pretix, choose “Order data” and there "
    "its sheet or file of order positions."
)
FAULTS: dict[str, str | Promise] = {
    "missing": _("The order’s code is missing."),
    "state": _("This state of an order is not known. Export with the language English, or name it to the administrator."),
    "not_an_amount": _("This is not an amount of money."),
    "not_a_number": _("This is not a position’s number."),
    "not_a_time": _("This is not a date with its time."),
    "too_long": _("This is longer than any name or address."),
    "unreadable": _("This cannot be read as a text."),
    "not_an_order": _("There is no order here."),
    "doubled": _("This position stands in the file twice."),
    "formula": _("A formula stands in the cell. Export the file anew instead of changing it in a spreadsheet."),
}
"""What is wrong with a value -> the sentence."""
