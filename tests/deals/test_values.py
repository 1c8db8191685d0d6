"""Values: one states, the other confirms; stages and currencies are never added; a document proves itself."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import CompanyFactory, MeetingRequestFactory, ParticipantFactory, UserFactory
from negotiation import table

from madang.deals.actions.evidence import WrongFile, add_evidence, remove_evidence
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.values import (
    AlreadyStated,
    NotCurrent,
    confirm_value,
    dispute_value,
    drop_estimate,
    estimate_value,
    restate_value,
    state_from_document,
    state_value,
    withdraw_value,
)
from madang.deals.models import Deal, DealKind, DealStage, Document, Evidence, Partner, Value, ValueStage
from madang.deals.queries.values import (
    Certainty,
    Overpaid,
    current,
    edition_values,
    figures_of,
    overpaid,
    stated_values,
    waiting_values,
)
from madang.deals.rules import may_confirm, may_state_value, visible_evidence, visible_values
from madang.markets.models import LogEntry
from madang.people.models import Notice

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 made up"


@pytest.fixture
def yard(settings, tmp_path):
    """A seller and a buyer with a deal; files go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    yard = table()
    yard.more["deal"] = yard.deal()
    Deal.objects.update(stage=DealStage.OFFER)
    yard.more["deal"].refresh_from_db()
    yard.more["organiser"] = UserFactory(name="Organiser")
    yard.edition.market.organisers.add(yard.more["organiser"])
    return yard


def state(yard, who="seller", stage="contract", amount="10000", currency="EUR", **facts):
    user = getattr(yard, who).user
    return state_value(user, yard.more["deal"], stage=stage, amount=Decimal(amount), currency=currency, **facts)


def certainty(value):
    return stated_values(Value.objects.filter(pk=value.pk))[0].certainty


def told(person):
    return list(Notice.objects.filter(recipient=person, kind__startswith="value_").order_by("pk").values_list("kind", flat=True))


def test_a_value_is_confirmed_when_both_say_so_and_evidence_is_attached(yard):
    value = state(yard)
    assert certainty(value) == Certainty.ONE_SIDED
    assert told(yard.buyer) == ["value_stated"]
    assert list(waiting_values(yard.buyer.user, yard.edition)) == [value]
    confirm_value(yard.buyer.user, value)
    assert certainty(value) == Certainty.ONE_SIDED  # no evidence yet
    add_evidence(yard.seller.user, value, reference="Bank 1")
    assert certainty(value) == Certainty.CONFIRMED
    assert told(yard.seller) == ["value_confirmed"]
    assert list(waiting_values(yard.buyer.user, yard.edition)) == []
    confirm_value(yard.buyer.user, value)  # the same press twice
    assert value.confirmations.count() == 2


def test_a_dispute_shows_until_the_value_is_stated_anew(yard):
    value = state(yard)
    add_evidence(yard.seller.user, value, reference="Bank 1")
    dispute_value(yard.buyer.user, value, reason="It was 9,000.")
    assert certainty(value) == Certainty.DISPUTED
    with pytest.raises(DealRefused):
        dispute_value(yard.seller.user, value, reason="Mine")
    again = restate_value(yard.seller.user, value, amount=Decimal(9000), currency="EUR", note="As we said")
    assert (again.replaces, again.stage, again.company) == (value, "contract", yard.licensor)
    assert [certainty(value), certainty(again)] == [Certainty.DISPUTED, Certainty.ONE_SIDED]
    assert list(current(Value.objects.all())) == [again]
    for act in (confirm_value, withdraw_value):
        with pytest.raises(NotCurrent):
            act(yard.seller.user, value)
    confirm_value(yard.buyer.user, again)
    add_evidence(yard.buyer.user, again, reference="Mail of 3 June")
    assert certainty(again) == Certainty.CONFIRMED
    assert told(yard.buyer) == ["value_stated", "value_stated"]
    assert Notice.objects.get(recipient=yard.seller, kind="value_disputed").data["answer"] == "It was 9,000."


def test_who_disputes_may_confirm_after_all(yard):
    value = state(yard)
    add_evidence(yard.seller.user, value, reference="Bank 1")
    dispute_value(yard.buyer.user, value, reason="Hm")
    confirm_value(yard.buyer.user, value)
    assert certainty(value) == Certainty.CONFIRMED
    assert [row.disputes for row in value.confirmations.all()] == [False, True, False]


def test_the_other_party_confirms_instead_of_stating_beside(yard):
    value = state(yard)
    with pytest.raises(AlreadyStated) as refusal:
        state(yard, "buyer", amount="9000")
    assert refusal.value.value == value
    state(yard, "buyer", currency="KRW", amount="9000")  # another currency is another thing
    other = state(yard, "buyer", stage="memo")  # another stage too
    with pytest.raises(AlreadyStated):
        restate_value(yard.seller.user, value, amount=Decimal(1), currency="KRW")
    withdraw_value(yard.buyer.user, other)
    assert state(yard, stage="memo").company == yard.licensor
    assert [row.stage for row in current(Value.objects.order_by("pk"))] == ["contract", "contract", "memo"]


def test_payments_stand_side_by_side_and_warn_above_the_contract(yard):
    state(yard, amount="10000")
    state(yard, stage="paid", amount="6000")
    assert overpaid(stated_values(Value.objects.all())) == []
    state(yard, stage="paid", amount="6000")
    state(yard, stage="paid", amount="1", currency="USD")
    found = overpaid(stated_values(Value.objects.all()))
    assert found == [Overpaid("EUR", Decimal(12000), Decimal(10000)), Overpaid("USD", Decimal(1), None)]


def test_nobody_but_the_parties_states_confirms_and_withdraws(yard):
    value = state(yard)
    stranger = ParticipantFactory(edition=yard.edition, is_buyer=True).user
    for user in (stranger, yard.more["organiser"]):
        for act in (confirm_value, withdraw_value):
            with pytest.raises(PermissionDenied):
                act(user, value)
        with pytest.raises(PermissionDenied):
            state_value(user, yard.more["deal"], stage="paid", amount=Decimal(1), currency="EUR")
        with pytest.raises(PermissionDenied):
            add_evidence(user, value, reference="x")
    for act in (withdraw_value, lambda user, value: restate_value(user, value, amount=Decimal(1), currency="EUR")):
        with pytest.raises(PermissionDenied):
            act(yard.buyer.user, value)


@pytest.mark.parametrize(
    ("who", "sees", "states", "confirms"),
    [
        ("seller", True, True, True),
        ("buyer", True, True, True),
        ("organiser", True, False, False),
        ("stranger", False, False, False),
        ("visitor", False, False, False),
    ],
)
def test_who_may_what(yard, who, sees, states, confirms):
    from django.contrib.auth.models import AnonymousUser

    value = state(yard)
    proof = add_evidence(yard.seller.user, value, reference="Bank 1")
    people = {"seller": yard.seller.user, "buyer": yard.buyer.user, "visitor": AnonymousUser()}
    people |= {"organiser": yard.more["organiser"], "stranger": ParticipantFactory(edition=yard.edition, is_seller=True).user}
    user = people[who]
    assert (value in visible_values(user, yard.edition)) == sees
    assert (proof in visible_evidence(user, yard.edition)) == sees
    assert (may_state_value(user, yard.more["deal"]), may_confirm(user, value)) == (states, confirms)


def test_a_file_is_kept_once_under_its_digest_and_goes_with_the_last_row(yard, django_capture_on_commit_callbacks):
    value = state(yard)
    first = add_evidence(yard.seller.user, value, file=SimpleUploadedFile(r"C:\papers\contract.pdf", PDF))
    assert (first.file_name, first.stored) == ("contract.pdf", f"evidence/{first.digest[:2]}/{first.digest}")
    with default_storage.open(first.stored) as kept:
        assert kept.read() == PDF
    assert add_evidence(yard.seller.user, value, file=SimpleUploadedFile("again.pdf", PDF)) == first
    other = state(yard, stage="paid")
    second = add_evidence(yard.buyer.user, other, file=SimpleUploadedFile("same.pdf", PDF))
    with pytest.raises(PermissionDenied):
        remove_evidence(yard.buyer.user, first)
    for row, user, left in ((first, yard.seller.user, True), (second, yard.buyer.user, False)):
        with django_capture_on_commit_callbacks(execute=True):
            remove_evidence(user, row)
        assert default_storage.exists(second.stored) == left
    assert Evidence.objects.count() == 0


def test_what_was_confirmed_with_evidence_keeps_it(yard):
    value = state(yard)
    proof = add_evidence(yard.seller.user, value, reference="Bank 1")
    confirm_value(yard.buyer.user, value)
    with pytest.raises(DealRefused):
        remove_evidence(yard.seller.user, proof)


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90", b"PK\x03\x04", b" %PDF-1.7"])
def test_other_kinds_of_files_are_refused_whatever_their_name(yard, content):
    value = state(yard)
    with pytest.raises(WrongFile):
        add_evidence(yard.seller.user, value, file=SimpleUploadedFile("contract.pdf", content))
    assert Evidence.objects.count() == 0


def test_a_file_too_big_is_refused(yard):
    with pytest.raises(WrongFile):
        add_evidence(yard.seller.user, state(yard), file=SimpleUploadedFile("big.pdf", PDF + b" " * 10_000_000))


def test_an_outside_partner_cannot_confirm_so_it_stays_one_sided(yard):
    deal = yard.more["deal"]
    Deal.objects.filter(pk=deal.pk).update(kind=DealKind.COPRODUCTION, licensee=None)
    Partner.objects.create(deal=deal, number=1, company=yard.licensor, share=50)
    Partner.objects.create(deal=deal, number=2, company=yard.licensee, share=50)
    value = state(yard)
    add_evidence(yard.seller.user, value, reference="Bank 1")
    confirm_value(yard.buyer.user, value)
    assert certainty(value) == Certainty.CONFIRMED
    Partner.objects.create(deal=deal, number=3, name="Studio Ailleurs", share=1)
    assert certainty(value) == Certainty.ONE_SIDED


def test_a_signed_licence_states_its_value_confirmed_by_both(yard):
    licence = yard.signed()
    Value.objects.all().delete()
    [value] = state_from_document(yard.seller.user, licence)
    assert (value.stage, value.amount, value.currency, value.company) == ("contract", Decimal(10000), "EUR", licence.company)
    assert certainty(value) == Certainty.CONFIRMED
    assert value.evidence.get().reference == f"{licence.code} · SHA-256 {licence.digest}"
    assert state_from_document(yard.seller.user, licence) == [value]
    with pytest.raises(DealRefused):
        withdraw_value(licence.author.user, value)


def test_a_later_document_takes_the_place_of_what_stood(yard):
    licence = yard.signed()
    Value.objects.all().delete()
    yard.more["deal"] = licence.deal
    by_hand, won = state(yard, amount="9000"), state(yard, currency="KRW", amount="5")
    [value] = state_from_document(yard.seller.user, licence)
    assert value.replaces == by_hand
    assert list(current(Value.objects.all())) == [value]
    won.refresh_from_db()
    assert won.withdrawn_at is not None


def test_an_open_document_states_nothing(yard):
    sent = yard.offered()
    with pytest.raises(ValueError, match="neither accepted nor signed"):
        state_from_document(yard.buyer.user, sent)
    assert Document.objects.filter(pk=sent.pk, values__isnull=False).count() == 0


def test_figures_never_add_stages_currencies_or_certainties(yard):
    first = state(yard, amount="10000")
    add_evidence(yard.seller.user, first, reference="Bank 1")
    confirm_value(yard.buyer.user, first)
    state(yard, amount="500", currency="KRW")
    state(yard, stage="paid", amount="100")
    state(yard, stage="paid", amount="200")
    disputed = state(yard, stage="offer", amount="7")
    dispute_value(yard.buyer.user, disputed, reason="No")
    withdraw_value(yard.seller.user, state(yard, stage="memo", amount="1"))
    asked = MeetingRequestFactory(edition=yard.edition)
    for amount in (3, 4):  # a second estimate takes the place of the first
        estimate_value(yard.more["organiser"], asked, stage="consultation", amount=Decimal(amount), currency="EUR")
    found = {
        (figure.stage.value, figure.currency): [(cell.amount, cell.deals) for cell in figure.cells]
        for figure in figures_of(edition_values(yard.edition))
    }
    none = (Decimal(), 0)
    assert found == {
        ("consultation", "EUR"): [none, none, none, (Decimal(4), 1)],
        ("offer", "EUR"): [none, none, (Decimal(7), 1), none],
        ("contract", "EUR"): [(Decimal(10000), 1), none, none, none],
        ("contract", "KRW"): [none, (Decimal(500), 1), none, none],
        ("paid", "EUR"): [none, (Decimal(300), 1), none, none],
    }
    assert list(found) == sorted(found, key=lambda key: (ValueStage.values.index(key[0]), key[1]))


def test_an_estimate_is_the_organisers_alone(yard):
    deal = yard.more["deal"]
    with pytest.raises(PermissionDenied):
        estimate_value(yard.seller.user, deal, stage="offer", amount=Decimal(1), currency="EUR")
    value = estimate_value(yard.more["organiser"], deal, stage="offer", amount=Decimal(1), currency="EUR")
    state(yard, stage="offer", amount="2")  # an estimate is in nobody's way
    with pytest.raises(PermissionDenied):
        drop_estimate(yard.seller.user, value)
    drop_estimate(yard.more["organiser"], value)
    with pytest.raises(NotCurrent):
        drop_estimate(yard.more["organiser"], value)


def test_every_change_is_in_the_log(yard):
    value = state(yard)
    proof = add_evidence(yard.seller.user, value, reference="Bank 1")
    remove_evidence(yard.seller.user, proof)
    dispute_value(yard.buyer.user, value, reason="No")
    confirm_value(yard.buyer.user, value)
    withdraw_value(yard.seller.user, restate_value(yard.seller.user, value, amount=Decimal(1), currency="EUR"))
    lines = LogEntry.objects.filter(edition=yard.edition, verb__regex="value|evidence").order_by("pk")
    assert [line.verb for line in lines] == [
        "state_value", "add_evidence", "remove_evidence", "dispute_value", "confirm_value", "restate_value", "withdraw_value",
    ]  # fmt: skip


def test_who_has_left_is_not_told(yard):
    yard.buyer.left_at = dt.datetime(2025, 5, 1, tzinfo=dt.UTC)
    yard.buyer.save()
    colleague = ParticipantFactory(edition=yard.edition, company=yard.licensee, is_buyer=True)
    ParticipantFactory(edition=yard.edition, company=CompanyFactory(edition=yard.edition), is_buyer=True)
    state(yard)
    assert [row.recipient for row in Notice.objects.filter(kind="value_stated")] == [colleague]
