"""Co-productions: shares of exactly 100, territories kept once, financing with its gap, agreement revision by revision."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from factories import CompanyFactory, ParticipantFactory, TitleFactory, UserFactory
from negotiation import table
from visits import client_of, get, post, queries_of

from madang.deals.actions.coproduction import (
    PartnerFacts,
    PlanChanged,
    PlanRefused,
    agree_to_plan,
    change_financing,
    change_partners,
    change_recoupment,
    open_coproduction,
    take_agreement_back,
)
from madang.deals.models import DealStage, FundingKind, FundingState
from madang.deals.queries.coproduction import coproduction_of
from madang.deals.rules import may_change_plan, may_open_coproduction, visible_coproductions
from madang.markets.models import LogEntry
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    yard = table()
    yard.more["deal"] = opened(yard)
    return yard


def parts(yard, seller="60", buyer="40", **facts):
    """The seller's and the buyer's companies with their shares; `more` are further ones."""
    kept = facts.get("kept", ("KR, JP", "Benelux"))
    return [
        PartnerFacts(Decimal(seller), yard.licensor, territories=kept[0]),
        PartnerFacts(Decimal(buyer), yard.licensee, territories=kept[1]),
        *facts.get("more", []),
    ]


def opened(yard, partners=None, **facts):
    facts = {"titles": [yard.title], "budget": Decimal(1_000_000), "currency": "EUR"} | facts
    return open_coproduction(yard.seller.user, yard.edition, partners=partners or parts(yard), **facts)


def fund(source="Fund", amount="100000", state=FundingState.SIGNED, **facts):
    plain = {"kind": FundingKind.FUND, "currency": "EUR", "rate": Decimal(1), "due_on": None, "sale": None, "partner": None}
    return plain | {"source": source, "amount": Decimal(amount), "state": state} | facts


def seen_by(yard, who):
    found = visible_coproductions(who.user, yard.edition).select_related("plan__deal").get(pk=yard.more["deal"].pk)
    return coproduction_of(who.user, found)


def finance(yard, *fundings, revision=1, budget=1_000_000):
    return change_financing(
        yard.seller.user, yard.more["deal"], revision=revision, budget=Decimal(budget), currency="EUR", fundings=fundings
    )


def test_it_opens_with_its_partners_and_asks_them(yard):
    deal, found = yard.more["deal"], seen_by(yard, yard.buyer)
    assert (deal.code, deal.kind, deal.stage, deal.licensor, deal.licensee) == (
        "D0001", "coproduction", DealStage.OFFER, yard.licensor, None,
    )  # fmt: skip
    assert [(str(share.row), share.row.share, bool(share.agreed)) for share in found.shares] == [
        ("Blue Hour Sales", Decimal(60), True),
        ("Kanal Nord", Decimal(40), False),
    ]
    assert [share.territories for share in found.shares] == ["Japan, South Korea", "Benelux"]
    assert found.shared_territories.startswith("World without Benelux, ")
    assert (found.may_agree, found.may_change) == (True, False)
    assert [(row.recipient, row.data["what"]) for row in Notice.objects.filter(kind="plan_changed")] == [
        (yard.buyer, "Harbour Lights")
    ]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"buyer": "37.5"}, "The shares add up to 97.5 %: 2.5 % are missing."),
        ({"buyer": "42"}, "The shares add up to 102 %: that is 2 % too much."),
        ({"seller": "33.333", "buyer": "66.666"}, "The shares add up to 99.999 %: 0.001 % are missing."),
        ({"kept": ("Benelux", "BE, FR")}, "Blue Hour Sales and Kanal Nord both keep Belgium."),
        ({"kept": ("World", "KR")}, "Blue Hour Sales and Kanal Nord both keep South Korea."),
    ],
)
def test_what_cannot_be_a_plan_says_why(yard, facts, text):
    with pytest.raises(PlanRefused) as refusal:
        opened(yard, parts(yard, **facts))
    assert str(refusal.value) == text


def test_the_lead_has_a_share_and_nobody_stands_twice(yard):
    half = Decimal(50)
    lead, other = PartnerFacts(half, yard.licensor), PartnerFacts(half, yard.licensee)
    outside = PartnerFacts(half, name="Studio Ailleurs")
    for wrong in ([other, outside], [lead, lead], [PartnerFacts(Decimal(100), yard.licensor)]):
        with pytest.raises(PlanRefused):
            opened(yard, wrong)
    assert opened(yard, [lead, outside]).stage == DealStage.MEMO  # nobody else is here to agree


def test_three_shares_of_a_third_sum_up_exactly(yard):
    thirds = [PartnerFacts(Decimal(share), name=name) for share, name in (("33.333", "A"), ("33.334", "B"))]
    assert opened(yard, [PartnerFacts(Decimal("33.333"), yard.licensor), *thirds]).partners.count() == 3


def test_agreed_by_all_then_changed_then_asked_again(yard):
    deal = yard.more["deal"]
    agree_to_plan(yard.buyer.user, deal, revision=1)
    agree_to_plan(yard.buyer.user, deal, revision=1)  # the same press twice
    deal.refresh_from_db()
    assert (deal.stage, deal.plan.agreements.count()) == (DealStage.MEMO, 2)
    finance(yard, fund())
    deal.refresh_from_db()
    assert deal.stage == DealStage.OFFER
    with pytest.raises(PlanChanged):
        agree_to_plan(yard.buyer.user, deal, revision=1)
    agree_to_plan(yard.buyer.user, deal, revision=2)
    assert seen_by(yard, yard.seller).waits_for == []
    take_agreement_back(yard.buyer.user, deal, revision=2)
    deal.refresh_from_db()
    assert deal.stage == DealStage.OFFER
    verbs = [line.verb for line in LogEntry.objects.filter(edition=yard.edition).order_by("pk")]
    assert verbs == ["open_coproduction", "agree_to_plan", "change_plan", "agree_to_plan", "take_agreement_back"]


def test_saving_the_same_again_asks_nobody(yard):
    deal = yard.more["deal"]
    finance(yard, fund())
    told = Notice.objects.count()
    assert finance(yard, fund(), revision=2).revision == 2
    assert change_partners(yard.seller.user, deal, revision=2, partners=parts(yard)).revision == 2
    assert Notice.objects.count() == told
    assert change_partners(yard.seller.user, deal, revision=2, partners=parts(yard, "59", "41")).revision == 3


def test_two_who_change_at_once_do_not_overwrite_each_other(yard):
    finance(yard, fund())
    with pytest.raises(PlanChanged):
        finance(yard, fund(amount="5"), revision=1)
    assert [source.amount for source in seen_by(yard, yard.seller).financing.sources] == [Decimal(100_000)]


def test_a_refused_change_changes_nothing(yard):
    for wrong in ([fund(rate=Decimal(2))],):
        with pytest.raises(PlanRefused):
            finance(yard, *wrong)
    with pytest.raises(PlanRefused) as refusal:
        change_recoupment(
            yard.seller.user, yard.more["deal"], revision=1, steps=[step(1, "A", 60), step(1, "B", 41), step(2, "C", 100)]
        )
    assert str(refusal.value) == "Step 1 gives 101 % away: 100 % at most."
    found = seen_by(yard, yard.seller)
    assert (found.plan.revision, list(found.steps), list(found.financing.sources)) == (1, [], [])


def step(position, recipient, percent, cap=None):
    return {
        "position": position, "recipient": recipient, "percent": Decimal(percent),
        "cap": None if cap is None else Decimal(cap), "partner": None,
    }  # fmt: skip


def test_a_partner_who_stands_in_the_financing_stays(yard):
    deal = yard.more["deal"]
    partner = deal.partners.get(company=yard.licensee)
    finance(yard, fund(source="Kanal Nord", kind=FundingKind.EQUITY, partner=partner))
    left = [PartnerFacts(Decimal(50), yard.licensor), PartnerFacts(Decimal(50), name="Studio Ailleurs")]
    with pytest.raises(PlanRefused) as refusal:
        change_partners(yard.seller.user, deal, revision=2, partners=left)
    assert str(refusal.value) == "Kanal Nord still stands in the financing or the recoupment."
    finance(yard, fund(), revision=2)
    change_partners(yard.seller.user, deal, revision=3, partners=left)
    assert list(visible_coproductions(yard.buyer.user, yard.edition)) == []


def test_the_gap_is_what_nobody_signed_or_promised(yard):
    finance(
        yard,
        fund("Paid", "100000", FundingState.PAID),
        fund("Signed", "200000", FundingState.SIGNED),
        fund("Promised", "130000000", FundingState.PROMISED, currency="KRW", rate=Decimal("0.00066")),
        fund("Applied", "250000", FundingState.APPLIED),
        fund("Planned", "50000", FundingState.PLANNED),
    )
    money = seen_by(yard, yard.buyer).financing
    assert (money.firm, money.promised, money.hoped) == (Decimal(300_000), Decimal(85_800), Decimal(300_000))
    assert (money.gap, money.gap_after_hopes, money.surplus) == (Decimal(614_200), Decimal(314_200), 0)
    assert [(part.words, part.amount) for part in money.parts] == [
        ("Paid", Decimal(100_000)), ("Signed", Decimal(200_000)), ("Promised in writing", Decimal("85800.00")),
        ("Applied for", Decimal(250_000)), ("Planned", Decimal(50_000)), ("Missing", Decimal("314200.00")),
    ]  # fmt: skip
    assert sum(part.amount for part in money.parts) == money.budget
    assert sum(part.width for part in money.parts) == 100


def test_more_than_the_budget_leaves_no_gap(yard):
    finance(yard, fund(amount="900000"), fund("Planned", "300000", FundingState.PLANNED))
    money = seen_by(yard, yard.buyer).financing
    assert (money.gap, money.gap_after_hopes, money.surplus) == (Decimal(100_000), 0, Decimal(200_000))
    assert [part.words for part in money.parts] == ["Signed", "Planned"]


def test_a_presale_is_seen_by_who_sees_the_sale_and_warns_before_it_is_signed(yard):
    other = ParticipantFactory(edition=yard.edition, company=CompanyFactory(edition=yard.edition), is_buyer=True)
    sale = yard.deal(licensee=other.company)
    finance(yard, fund("Pre-sale", "5", kind=FundingKind.PRESALE, sale=sale))
    [mine], [hers] = seen_by(yard, yard.seller).financing.sources, seen_by(yard, yard.buyer).financing.sources
    assert (mine.sale, mine.is_ahead_of_sale) == (sale, True)
    assert (hers.sale, hers.is_ahead_of_sale) == (None, False)
    assert sale.code not in get(yard.buyer.user, "deals:coproduction", yard.edition, yard.more["deal"].code).content.decode()


@pytest.mark.parametrize(("who", "opens", "sees", "changes"), [
    ("lead", True, True, True),
    ("partner", False, True, False),
    ("stranger", True, False, False),
    ("organiser", False, False, False),
])  # fmt: skip
def test_who_may_what(yard, who, opens, sees, changes):
    organiser = UserFactory()
    yard.edition.market.organisers.add(organiser)
    stranger = ParticipantFactory(edition=yard.edition, is_seller=True)
    users = {"lead": yard.seller.user, "partner": yard.buyer.user, "stranger": stranger.user, "organiser": organiser}
    deal, user = yard.more["deal"], users[who]
    assert may_open_coproduction(user, yard.edition) == opens
    assert (deal in visible_coproductions(user, yard.edition)) == sees
    assert may_change_plan(user, deal) == changes
    assert get(user, "deals:coproduction", yard.edition, deal.code).status_code == (200 if sees else 404)
    assert get(user, "deals:plan_pdf", yard.edition, deal.code).status_code == (200 if sees else 404)
    assert get(user, "deals:plan_partners", yard.edition, deal.code).status_code == (200 if changes else 404)
    assert post(user, "deals:agree_to_plan", yard.edition, deal.code, revision=1).status_code == (302 if sees else 404)


def test_strangers_change_and_agree_to_nothing(yard):
    stranger = ParticipantFactory(edition=yard.edition, is_seller=True)
    for act in (agree_to_plan, take_agreement_back):
        with pytest.raises(PermissionDenied):
            act(stranger.user, yard.more["deal"], revision=1)
    with pytest.raises(PermissionDenied):
        change_recoupment(yard.buyer.user, yard.more["deal"], revision=1, steps=[])
    foreign = TitleFactory(edition=yard.edition)
    with pytest.raises(PermissionDenied):
        opened(yard, titles=[foreign])


def test_the_lead_ends_it_and_says_why(yard):
    deal = yard.more["deal"]
    assert post(yard.buyer.user, "deals:end_coproduction", yard.edition, deal.code, reason="x").status_code == 404
    post(yard.seller.user, "deals:end_coproduction", yard.edition, deal.code, reason="")
    deal.refresh_from_db()
    assert deal.stage == DealStage.OFFER
    post(yard.seller.user, "deals:end_coproduction", yard.edition, deal.code, reason="No broadcaster")
    deal.refresh_from_db()
    assert (deal.stage, deal.end_reason) == (DealStage.ENDED, "No broadcaster")
    assert Notice.objects.get(kind="plan_ended").recipient == yard.buyer
    with pytest.raises(PermissionDenied):
        agree_to_plan(yard.buyer.user, deal, revision=1)
    assert "No broadcaster" in get(yard.buyer.user, "deals:coproduction", yard.edition, deal.code).content.decode()
    assert get(yard.seller.user, "deals:plan_financing", yard.edition, deal.code).status_code == 404


def test_a_partner_is_the_same_in_every_language(yard):
    yard.licensee.name_ko = "북쪽 채널"
    yard.licensee.save()
    deal, client = yard.more["deal"], client_of(yard.seller.user)
    money = rows({"source": "북쪽 채널", "kind": "equity", "amount": "5", "currency": "EUR", "rate": "", "state": "paid"})
    address = reverse("deals:plan_financing", args=[yard.edition.slug, deal.code])
    assert client.post(address, {"revision": 1, "budget": "10", "currency": "EUR"} | money).status_code == 302
    assert deal.plan.fundings.get().partner.company == yard.licensee
    back = step(1, "북쪽 채널", 100, 5) | {"partner": deal.partners.get(company=yard.licensee)}
    change_recoupment(yard.seller.user, deal, revision=2, steps=[back])
    assert seen_by(yard, yard.buyer).divide(Decimal(10)).totals == [("Kanal Nord", Decimal(7)), ("Blue Hour Sales", Decimal(3))]


def rows(*filled, prefix="form"):
    """A formset as a browser sends it."""
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    return data | {f"{prefix}-{n}-{name}": text for n, row in enumerate(filled) for name, text in row.items()}


def test_the_forms_from_opening_to_the_order_of_recoupment(yard):
    me = yard.seller.user
    partners = rows(
        {"who": "blue hour sales", "share": "60", "territories": "KR"},
        {"who": "C-BUY", "share": "30", "territories": ""},
        {"who": "Studio Ailleurs", "share": "10", "territories": "FR"},
        {"who": "", "share": "", "territories": ""},
    )
    start = {"titles": [yard.title.pk], "budget": "2,500,000", "currency": "usd"}
    wrongs = (
        {"currency": "XXX"},
        {"budget": "-1"},
        {"form-2-share": "9"},
        {"form-2-territories": "Atlantis"},
        {"titles": ["9" * 25]},
    )
    for wrong in wrongs:
        answer = post(me, "deals:new_coproduction", yard.edition, **(start | partners | wrong))
        assert answer.status_code == 422
        assert "Studio Ailleurs" in answer.content.decode()  # what was typed stays
    answer = post(me, "deals:new_coproduction", yard.edition, **(start | partners))
    deal = visible_coproductions(me, yard.edition).get(code=answer.url.split("/")[-2])
    assert (deal.plan.budget, deal.plan.currency) == (Decimal(2_500_000), "USD")
    assert [(row.company, row.name) for row in deal.partners.all()] == [
        (yard.licensor, ""), (yard.licensee, ""), (None, "Studio Ailleurs"),
    ]  # fmt: skip
    money = rows(
        {"source": "Kanal Nord", "kind": "equity", "amount": "500000", "currency": "EUR", "rate": "1.08", "state": "signed",
         "due_on": "2025-09-01", "sale": ""},
        {"source": "", "kind": "equity", "amount": "", "currency": "", "rate": "", "state": "planned", "due_on": "", "sale": ""},
    )  # fmt: skip
    plan = {"budget": "2500000", "currency": "USD"}
    assert post(me, "deals:plan_financing", yard.edition, deal.code, revision=1, **plan, **money).status_code == 302
    assert deal.plan.fundings.get().partner == deal.partners.get(company=yard.licensee)
    steps = rows({"position": "1", "recipient": "Kanal Nord", "percent": "100", "cap": "540000"})
    stale = post(me, "deals:plan_recoupment", yard.edition, deal.code, revision=1, **steps)
    assert (stale.status_code, "The plan has changed in the meantime" in stale.content.decode()) == (422, True)
    assert post(me, "deals:plan_recoupment", yard.edition, deal.code, revision=2, **steps).status_code == 302
    page = get(yard.buyer.user, "deals:coproduction", yard.edition, deal.code, receipts="1,000,000").content.decode()
    assert "USD 678,000" in page  # 540,000 back first, then 30 % of 460,000
    assert "USD 276,000" in page
    pdf = get(yard.buyer.user, "deals:plan_pdf", yard.edition, deal.code)
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_receipts_alone_for_htmx(yard):
    address = reverse("deals:coproduction", args=[yard.edition.slug, yard.more["deal"].code])
    page = client_of(yard.buyer.user).get(address, {"receipts": "100"}, headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="receipts-result"')
    assert "EUR 60" in page


def test_pages_take_as_many_queries_for_three_as_for_one(yard):
    def counts():
        return [
            queries_of(yard.buyer.user, "deals:coproductions", yard.edition),
            queries_of(yard.buyer.user, "deals:coproduction", yard.edition, yard.more["deal"].code),
        ]

    finance(yard, fund())
    one = counts()
    finance(yard, fund(), fund("B"), fund("C", due_on=dt.date(2025, 9, 1)), revision=2)
    change_recoupment(
        yard.seller.user, yard.more["deal"], revision=3, steps=[step(1, "A", 50), step(1, "B", 50), step(2, "C", 100)]
    )
    for _ in range(2):
        opened(yard, titles=[TitleFactory(edition=yard.edition, company=yard.licensor)])
    assert counts() == one
