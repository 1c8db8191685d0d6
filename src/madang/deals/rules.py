"""Who sees rights, deals, documents and values, and who may state, negotiate, sign and confirm them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_titles
from madang.deals.models import (
    Deal,
    DealKind,
    DealStage,
    Document,
    DocumentKind,
    DocumentState,
    Evidence,
    Line,
    Milestone,
    Partner,
    Signatory,
    Value,
)
from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.people.models import Company, Participant
from madang.people.rules import blocked_companies, is_professional, participant_of, visible_companies

DEALING_STAGES = [Stage.REGISTRATION, Stage.MEETINGS, Stage.LIVE, Stage.AFTER]


def dealer_of(user: Visitor, edition: Edition) -> Participant | None:
    """The participant who does business for a company here and has not dropped out."""
    me = participant_of(user, edition)
    if me is None or me.left_at or me.company_id is None or not is_professional(me):
        return None
    return me


def own_titles(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """Titles, seasons and episodes whose rights the user may state: those that her company sells."""
    me = dealer_of(user, edition)
    titles = Title.objects.filter(edition=edition).select_related("company", "edition", "part_of")
    if me is None or not (me.is_seller or me.is_creator):
        return titles.none()
    return titles.filter(company=me.company_id)


def may_state_rights(user: Visitor, edition: Edition) -> bool:
    """A seller or creator with a company, at any stage."""
    me = dealer_of(user, edition)
    return me is not None and (me.is_seller or me.is_creator)


def visible_statements(user: Visitor, edition: Edition) -> QuerySet[Document]:
    """What the user's own company holds and sold elsewhere. Nobody else reads contracts, organisers included."""
    me = dealer_of(user, edition)
    statements = Document.objects.filter(edition=edition, kind__in=[DocumentKind.HOLDING, DocumentKind.SOLD])
    return statements.filter(company=me.company_id) if me else statements.none()


def visible_milestones(user: Visitor, edition: Edition) -> QuerySet[Milestone]:
    """Those of one's own titles."""
    return Milestone.objects.filter(edition=edition, title__in=own_titles(user, edition))


def visible_deals(user: Visitor, edition: Edition) -> QuerySet[Deal]:
    """The deals of the user's company, as licensor, licensee or co-producer. Organisers read figures, not deals.

    A deal in which the other side has only begun to write is not seen.
    """
    me = dealer_of(user, edition)
    deals = Deal.objects.filter(edition=edition).select_related("licensor", "licensee", "edition")
    if me is None:
        return deals.none()
    hers = Q(licensor=me.company_id) | Q(licensee=me.company_id)
    unsaid = Q(kind=DealKind.LICENCE, stage=DealStage.ASKED, ask="") & ~Q(opened_by__company=me.company_id)
    return deals.exclude(unsaid).filter(hers | Exists(Partner.objects.filter(deal=OuterRef("pk"), company=me.company_id)))


def visible_documents(user: Visitor, edition: Edition) -> QuerySet[Document]:
    """The documents of one's deals; a draft is seen by the company that writes it alone."""
    me = dealer_of(user, edition)
    documents = Document.objects.filter(edition=edition, deal__in=visible_deals(user, edition).order_by().values("pk"))
    if me is None:
        return documents.none()
    return documents.filter(~Q(state=DocumentState.DRAFT) | Q(company=me.company_id))


def visible_lines(user: Visitor, edition: Edition) -> QuerySet[Line]:
    """The lines of what one may read."""
    statements, documents = visible_statements(user, edition), visible_documents(user, edition)
    return Line.objects.filter(
        Q(document__in=statements.order_by().values("pk")) | Q(document__in=documents.order_by().values("pk"))
    )


def unblocked(titles: QuerySet[Title], me: Participant) -> QuerySet[Title]:
    """Without titles that a company sells which blocked hers or that she blocked, and without parts of such."""
    blocked = blocked_companies(me).values("pk")
    for seller in ("company", "part_of__company", "part_of__part_of__company"):
        titles = titles.exclude(**{f"{seller}__in": blocked})
    return titles


def askable_titles(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """Titles whose terms the user may ask for: visible, sold by another company that did not block hers nor was blocked."""
    me = dealer_of(user, edition)
    titles = visible_titles(user, edition).filter(company__isnull=False)
    if me is None or not me.is_buyer or edition.stage not in DEALING_STAGES:
        return titles.none()
    return unblocked(titles.exclude(company=me.company_id), me)


def answered_titles(user: Visitor, edition: Edition) -> QuerySet[Title]:
    """Titles of which the user may read what is free: a buyer all but those of blocked companies, others their own company's."""
    me = dealer_of(user, edition)
    titles = visible_titles(user, edition).filter(company__isnull=False)
    if me is None:
        return titles.none()
    return unblocked(titles, me) if me.is_buyer else titles.filter(company=me.company_id)


def deal_titles(me: Participant, deal: Deal) -> QuerySet[Title]:
    """Titles that she may write into a deal's documents: the licensor's works with their seasons and episodes.

    Where one side blocked the other a buyer stays with those that they talk about already: what else is free, the check of
    what she writes would tell her.
    """
    seller = deal.licensor_id
    own = Q(company=seller) | Q(part_of__company=seller) | Q(part_of__part_of__company=seller)
    titles = Title.objects.filter(own, edition=deal.edition_id, is_withdrawn=False)
    titles = titles.select_related("part_of__part_of").order_by("search_text", "code")
    if me.company_id == seller or not blocked_companies(me).filter(pk=seller).exists():
        return titles
    about = deal.titles.order_by().values("pk")
    return titles.filter(Q(pk__in=about) | Q(part_of__in=about) | Q(part_of__part_of__in=about))


def may_ask_terms(user: Visitor, title: Title) -> bool:
    return askable_titles(user, title.edition).filter(pk=title.pk).exists()


def may_negotiate(user: Visitor, deal: Deal) -> bool:
    """Either party, until the deal has ended."""
    return deal.stage != DealStage.ENDED and visible_deals(user, deal.edition).filter(pk=deal.pk).exists()


def may_answer(user: Visitor, document: Document) -> bool:
    """The party to whom an open document was sent."""
    me = dealer_of(user, document.edition)
    if me is None or document.deal is None or document.state != DocumentState.SENT or document.company_id == me.company_id:
        return False
    return may_negotiate(user, document.deal)


def is_signatory(participant: Participant | None) -> bool:
    return participant is not None and Signatory.objects.filter(participant=participant).exists()


def may_sign(user: Visitor, document: Document) -> bool:
    """A signatory of a party, while a licence or an amendment is open and her company has not signed it."""
    me = dealer_of(user, document.edition)
    if me is None or document.deal is None or document.state != DocumentState.SENT:
        return False
    if document.kind not in (DocumentKind.LICENCE, DocumentKind.AMENDMENT) or not may_negotiate(user, document.deal):
        return False
    return is_signatory(me) and not document.signatures.filter(company=me.company_id).exists()


def may_name_signatory(user: Visitor, participant: Participant) -> bool:
    """The organiser, or a colleague who may sign herself."""
    if may_organise(user, participant.edition):
        return participant.company_id is not None
    me = dealer_of(user, participant.edition)
    return me is not None and me.company_id == participant.company_id and is_signatory(me)


def visible_signatories(user: Visitor, edition: Edition) -> QuerySet[Signatory]:
    """All for organisers; one's own company's for the rest."""
    signatories = Signatory.objects.filter(participant__edition=edition).select_related("participant__company")
    if may_organise(user, edition):
        return signatories
    me = dealer_of(user, edition)
    return signatories.filter(participant__company=me.company_id) if me else signatories.none()


def visible_values(user: Visitor, edition: Edition) -> QuerySet[Value]:
    """Organisers see all that was stated, which is what their figures are made of; others those of their own deals."""
    values = Value.objects.filter(edition=edition)
    if may_organise(user, edition):
        return values
    return values.filter(deal__in=visible_deals(user, edition).order_by().values("pk"))


def may_state_value(user: Visitor, deal: Deal) -> bool:
    """A party of a deal that all its parties see, also after it has ended."""
    is_unsaid = deal.kind == DealKind.LICENCE and deal.stage == DealStage.ASKED and not deal.ask
    return not is_unsaid and visible_deals(user, deal.edition).filter(pk=deal.pk).exists()


def may_confirm(user: Visitor, value: Value) -> bool:
    """A party of the deal, of a statement that stands."""
    if value.deal is None or value.withdrawn_at or hasattr(value, "replaced_by"):
        return False
    return may_state_value(user, value.deal)


def visible_sellers(user: Visitor, edition: Edition) -> QuerySet[Company]:
    """Companies whose sales sheet one may read."""
    sellers = visible_companies(user, edition).filter(Exists(Title.objects.filter(company=OuterRef("pk"), is_withdrawn=False)))
    me = dealer_of(user, edition)
    return sellers.exclude(pk__in=blocked_companies(me).values("pk")) if me else sellers


def visible_evidence(user: Visitor, edition: Edition) -> QuerySet[Evidence]:
    """What is attached to the values that one sees."""
    return Evidence.objects.filter(value__in=visible_values(user, edition).order_by().values("pk"))


def may_open_coproduction(user: Visitor, edition: Edition) -> bool:
    """A company that may state rights, from registration on: it then leads the co-production."""
    return may_state_rights(user, edition) and edition.stage in DEALING_STAGES


def visible_coproductions(user: Visitor, edition: Edition) -> QuerySet[Deal]:
    """Those that one's own company leads or has a share in."""
    return visible_deals(user, edition).filter(kind=DealKind.COPRODUCTION)


def may_change_plan(user: Visitor, deal: Deal) -> bool:
    """The company that leads, until the co-production has ended."""
    me = dealer_of(user, deal.edition)
    return me is not None and me.company_id == deal.licensor_id and deal.stage != DealStage.ENDED
