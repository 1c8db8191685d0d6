"""Requests and Unavailable: who wants to meet whom, and when somebody cannot."""

from __future__ import annotations

from madang.workbook.columns.choices import FORMS, SESSIONS, STATUSES, WISHES
from madang.workbook.columns.kinds import Kind, SheetSpec, column, words

REQUESTS = SheetSpec(
    "Requests",
    words("Requests|미팅 요청|Demandes"),
    words(
        "Meetings that were asked for. Accepted ones go into the timetable.|요청된 미팅. 수락된 것이 시간표에 들어갑니다."
        "|Rendez-vous demandés. Ceux qui sont acceptés entrent dans le planning."
    ),
    (
        column(
            "code",
            Kind.CODE,
            "Code|코드|Code",
            "Unique, e.g. R001.|겹치지 않게. 예: R001.|Unique, par exemple R001.",
            required=True,
        ),
        column(
            "sender",
            Kind.REF,
            "From|보낸 사람|De",
            "Code of the person who asks.|요청하는 사람의 코드.|Code de la personne qui demande.",
            to="People",
            required=True,
            also=("sender", "보내는 사람", "신청자", "요청자", "demandeur"),
        ),
        column(
            "receiver",
            Kind.REF,
            "To|받는 사람|À",
            "Code of the person who is asked.|요청받는 사람의 코드.|Code de la personne sollicitée.",
            to="People",
            required=True,
            also=("receiver", "상대", "destinataire"),
        ),
        column(
            "title",
            Kind.REF,
            "Title|작품|Titre",
            "Code of the title it is about.|다룰 작품의 코드.|Code du titre dont il s’agit.",
            to="Titles",
        ),
        column(
            "mandate",
            Kind.REF,
            "Mandate|구매 희망 조건|Mandat",
            "Code of the mandate it is about.|관련된 구매 희망 조건의 코드.|Code du mandat dont il s’agit.",
            to="Mandates",
            also=("구매 희망",),
        ),
        column(
            "reason",
            Kind.LONG,
            "Reason|이유|Motif",
            "Why they should meet; the other side reads it.|만나야 하는 이유. 상대가 읽습니다."
            "|Pourquoi se voir ; l’autre le lit.",
            limit=1000,
            width=40,
        ),
        column(
            "sender_wish",
            Kind.CHOICE,
            "Sender's wish|보낸 사람 희망도|Souhait du demandeur",
            "must, like, if room.|꼭 필요, 희망, 가능하면.|indispensable, souhaité, si possible.",
            choices=WISHES,
            default="like",
            also=("wish", "희망도", "souhait"),
        ),
        column(
            "receiver_wish",
            Kind.CHOICE,
            "Receiver's wish|받는 사람 희망도|Souhait du destinataire",
            "Empty while not answered.|답하기 전에는 비움.|Vide tant qu’il n’a pas répondu.",
            choices=WISHES,
            default=None,
        ),
        column(
            "status",
            Kind.CHOICE,
            "Status|상태|État",
            "sent, accepted, declined, withdrawn.|대기, 수락, 거절, 철회.|envoyée, acceptée, refusée, retirée.",
            choices=STATUSES,
            default="sent",
        ),
        column(
            "answer",
            Kind.LONG,
            "Answer|답변|Réponse",
            "What the other side wrote.|상대가 쓴 답.|Ce que l’autre a écrit.",
            limit=1000,
            width=26,
        ),
        column(
            "session",
            Kind.CHOICE,
            "Session|오전/오후|Session",
            "Only in the morning or afternoon; empty: any.|오전이나 오후로만. 비우면 언제든."
            "|Le matin ou l’après-midi seulement ; vide : tous.",
            choices=SESSIONS,
        ),
        column(
            "fixed_slot",
            Kind.REF,
            "Fixed slot|고정 타임슬롯|Créneau fixé",
            "Code of the slot it must be in.|반드시 열릴 시간의 코드.|Code du créneau imposé.",
            to="Slots",
        ),
        column(
            "fixed_table",
            Kind.REF,
            "Fixed table|고정 테이블|Table fixée",
            "Code of the table it must be at.|반드시 열릴 테이블의 코드.|Code de la table imposée.",
            to="Tables",
        ),
        column(
            "after",
            Kind.REFS,
            "After|다음에|Après",
            "Codes of requests that must be held before, with commas.|먼저 열려야 하는 요청의 코드, 쉼표로."
            "|Codes des demandes à tenir avant, avec des virgules.",
            to="Requests",
            default=(),
        ),
        column(
            "also_about",
            Kind.REFS,
            "Also about|추가 작품|Aussi sur",
            "Codes of further titles, with commas.|다른 작품의 코드, 쉼표로.|Codes d’autres titres, avec des virgules.",
            to="Titles",
            default=(),
        ),
        column(
            "form",
            Kind.CHOICE,
            "Where|만나는 방식|Où",
            "At a table or online.|현장 또는 온라인.|À une table ou en ligne.",
            choices=FORMS,
            default="in_person",
            also=("form", "방식", "lieu"),
        ),
        column(
            "link",
            Kind.URL,
            "Link|온라인 주소|Lien",
            "Address of an online meeting.|온라인 미팅의 주소.|Adresse d’un rendez-vous en ligne.",
            limit=200,
            width=26,
            also=("url",),
        ),
    ),
    also=("meeting requests", "미팅 신청", "신청", "요청", "demandes de rendez-vous"),
)

UNAVAILABLE = SheetSpec(
    "Unavailable",
    words("Unavailable|미팅 불가 시간|Indisponibilités"),
    words(
        "When somebody cannot meet: a slot, or a stretch of time.|미팅을 할 수 없는 시간. 시간 코드나 기간으로 씁니다."
        "|Quand quelqu’un ne peut pas : un créneau, ou une durée."
    ),
    (
        column(
            "person",
            Kind.REF,
            "Person|참가자|Participant",
            "The person's code.|참가자 코드.|Le code du participant.",
            to="People",
            required=True,
            also=("사람", "personne"),
        ),
        column(
            "slot",
            Kind.REF,
            "Slot|타임슬롯|Créneau",
            "The slot's code; or fill From and Until.|시간 코드. 아니면 부터와 까지를 씁니다."
            "|Le code du créneau ; ou remplissez De et Jusqu’à.",
            to="Slots",
        ),
        column(
            "start",
            Kind.MOMENT,
            "From|부터|De",
            "2025-05-28 09:00, or a date alone.|2025-05-28 09:00 또는 날짜만.|2025-05-28 09:00, ou une date seule.",
            also=("start",),
            width=20,
        ),
        column(
            "end",
            Kind.MOMENT,
            "Until|까지|Jusqu’à",
            "2025-05-28 12:00, or a date alone (its end).|2025-05-28 12:00 또는 날짜만(그날 끝까지)."
            "|2025-05-28 12:00, ou une date seule (sa fin).",
            also=("end", "to"),
            width=20,
        ),
        column(
            "reason",
            Kind.TEXT,
            "Reason|이유|Motif",
            "For the organiser.|주최자를 위해.|Pour l’organisateur.",
            limit=200,
            width=28,
        ),
    ),
    code="",
    also=("unavailability", "불가 시간", "불참 시간", "absences"),
)
