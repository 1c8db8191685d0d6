"""Signing a licence or an amendment: both sides, and never a right that is sold already.

One transaction holds the titles, checks rights once more and writes the signature: a killed process leaves it signed or not.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.deal_tellings import tell
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.values import state_from_document
from madang.deals.models import Deal, DealStage, Document, DocumentState, Signature
from madang.deals.queries.book import family_of
from madang.deals.queries.checks import check_document
from madang.deals.queries.deals import SIGNED_KINDS
from madang.deals.queries.texts import digest_of
from madang.deals.rules import dealer_of, may_sign
from madang.kernels.rights import Severity
from madang.kernels.rights import may_sign as nothing_in_the_way
from madang.markets.actions import record
from madang.people.models import Participant

NAME_LENGTH = 200


def sign_document(actor: User, document: Document, *, name: str) -> Document:
    """The actor signs for her company; the second signature makes the contract. Twice is once.

    Raises DealRefused with the findings where rights stand in the way, and PermissionDenied for who may not sign.
    """
    with transaction.atomic():
        hold_titles(document)
        found = _held(document)
        me = dealer_of(actor, found.edition)
        if me is not None and found.signatures.filter(company=me.company_id).exists():
            return found
        _refuse_unless_open(found)
        if me is None or not may_sign(actor, found):
            raise PermissionDenied
        _refuse_unless_free(found)
        return _signed(actor, me, found, _name(name))


def hold_titles(document: Document) -> None:
    """Wait for our turn on the titles of a document, their wholes and their parts, always in the same order."""
    titles = list(Title.objects.filter(rights_lines__document=document).distinct())
    family = family_of(titles)
    everyone = {int(pk) for pk in ({title.pk for title in titles} | set(family) | set(family.values()))}
    list(Title.objects.select_for_update(no_key=True).filter(pk__in=everyone).order_by("pk").values_list("pk"))


def _held(document: Document) -> Document:
    """The document and its deal as they are now, for us alone."""
    Deal.objects.select_for_update(of=("self",), no_key=True).filter(documents=document.pk).first()
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("edition", "deal__edition", "deal__licensor", "deal__licensee", "amends").get(pk=document.pk)


def _refuse_unless_open(document: Document) -> None:
    if document.kind not in SIGNED_KINDS:
        raise PermissionDenied
    if document.state != DocumentState.SENT:
        raise DealRefused(_("This is not open for signature: %(state)s.") % {"state": document.get_state_display()})
    if document.expires_at and document.expires_at <= document.edition.now():
        raise DealRefused(_("This has expired: it was not signed in time."))
    if digest_of(document.texts) != document.digest:
        raise DealRefused(_("The text does not fit its fingerprint any more. Withdraw it and open it anew."))


def _refuse_unless_free(document: Document) -> None:
    findings = check_document(document)
    if nothing_in_the_way(findings):
        return
    stops = [finding for finding in findings if finding.severity is Severity.ERROR or finding.code == "clear_first"]
    raise DealRefused(_("This cannot be signed: rights stand in the way."), stops)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise DealRefused(_("Type your name to sign."))
    return name


def _signed(actor: User, me: Participant, document: Document, name: str) -> Document:
    deal, now = document.deal, document.edition.now()
    if deal is None or me.company is None:
        raise PermissionDenied
    Signature.objects.create(
        document=document, company=me.company, participant=me, name=name, signed_at=now, digest=document.digest
    )  # fmt: skip
    record(document.edition, actor, "sign_document", document.code, deal=deal.code)
    other = deal.licensee_id if me.company_id == deal.licensor_id else deal.licensor_id
    if set(document.signatures.values_list("company", flat=True)) < {deal.licensor_id, deal.licensee_id}:
        tell(deal, other or 0, "deal_signature", document, me)
        return document
    document.state, document.signed_at, document.answered_at = DocumentState.SIGNED, now, now
    document.save(update_fields=["state", "signed_at", "answered_at"])
    deal.stage = DealStage.LICENCE
    deal.save(update_fields=["stage"])
    state_from_document(actor, document)
    record(document.edition, actor, "conclude_deal", deal.code, document=document.code)
    for company in filter(None, (deal.licensor_id, deal.licensee_id)):
        tell(deal, company, "deal_signed", document)
    return document
