"""A buyer with a phone reads in Korean which titles fit her and why; a seller reads which mandate his title fits."""

from __future__ import annotations

import uuid

import pytest
from django.utils import translation
from django.utils.translation import ngettext
from factories import EditionFactory, MandateFactory, ParticipantFactory, TitleFactory, UserFactory

from madang.matching.models import Feedback
from madang.meetings.models import MeetingRequest

STORIES = [
    (
        "The Lighthouse Case",
        "등대 사건",
        "A detective hunts a killer in a fishing port.",
        "어촌의 항구에서 형사가 살인범을 쫓는다.",
    ),
    ("Salt", "소금", "A murder in a port, and a detective who has gone blind.", "항구의 살인 사건과 시력을 잃은 형사의 이야기."),
    ("Second Wedding", "두 번째 결혼", "Two lovers plan a wedding by the sea.", "두 연인이 바닷가에서 결혼식을 준비한다."),
]


@pytest.fixture
def market(site):
    """A buyer with an open and a hidden mandate, a seller with three titles."""
    edition = EditionFactory(slug=f"match-{uuid.uuid4().hex[:6]}")
    people = [UserFactory(email=f"{uuid.uuid4().hex[:8]}@match.example") for _ in range(2)]
    buyer = ParticipantFactory(edition=edition, user=people[0], is_buyer=True, family_name="Yoon", country="KR")
    seller = ParticipantFactory(edition=edition, user=people[1], is_seller=True, family_name="Petit", code="SELLER")
    for n, (name, name_ko, synopsis, synopsis_ko) in enumerate(STORIES):
        texts = {"name": name, "name_ko": name_ko, "synopsis": synopsis, "synopsis_ko": synopsis_ko}
        TitleFactory(edition=edition, code=f"T{n}", company=seller.company, genre="crime" if n < 2 else "romance", **texts)
    wish = {"edition": edition, "buyer": buyer, "genre": "crime", "territories": "KR"}
    MandateFactory(code="OPEN", text="항구에서 일어난 살인 사건을 쫓는 형사 시리즈", **wish)
    MandateFactory(code="SECRET", text="아무도 모르는 형사 시리즈", visibility="hidden", **wish)
    return buyer, seller


def test_a_buyer_reads_why_and_says_what_is_not_for_her(reader, market):
    buyer, seller = market
    home = f"/e/{buyer.edition.slug}"
    her = reader(buyer.user, width=390, language="ko", name="buyer")
    assert her.open(f"{home}/matches/OPEN/") == 200
    her.see("등대 사건")
    assert her.faults() == []
    first = her.page.locator(".matches > li").first
    first.locator("summary", has_text=her.words("What adds up")).click()
    first.locator("svg.contributions").wait_for()
    her.picture("matches/buyer")
    first.locator("summary", has_text=her.words("Not for me, because …")).click()
    first.locator("select[name=because]").select_option("genre")
    first.get_by_role("button", name=her.words("Not for me"), exact=False).last.click()
    with translation.override("ko"):
        told = ngettext("The chance of %(n)s other title fell.", "The chances of %(n)s other titles fell.", 1) % {"n": 1}
    her.page.get_by_text(told).wait_for()
    said = Feedback.objects.get(by=buyer)
    assert (said.verdict, said.because) == ("not_for_me", "genre")
    other = next(name_ko for _, name_ko, *_ in STORIES[:2] if name_ko != said.title.name_ko)
    row = her.page.locator(".matches > li", has_text=other)
    row.get_by_role("link", name=her.words("Ask for a meeting")).click()
    her.page.wait_for_url("**/requests/to/SELLER/**")
    her.page.locator("textarea[name=reason]").fill("만나 뵙고 싶습니다.")
    her.press("Send the request")
    her.page.wait_for_url(lambda url: "/requests/to/" not in url)
    assert MeetingRequest.objects.get(sender=buyer).title.name_ko == other
    his = reader(seller.user, name="seller")
    his.open(f"{home}/titles/T0/matches/")
    his.see("항구에서 일어난 살인 사건을 쫓는 형사 시리즈")
    assert "아무도 모르는" not in his.page.content()
    assert his.faults() == []
