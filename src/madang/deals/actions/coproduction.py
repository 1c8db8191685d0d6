"""Co-productions: opened and changed by the company that leads, agreed to by every partner, revision by revision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.codes import next_deal_code
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Agreement, Deal, DealKind, DealStage, Dimension, Funding, Partner, Plan, Recoupment
from madang.deals.queries.people import people_of
from madang.deals.rules import dealer_of, may_change_plan, may_open_coproduction, own_titles, visible_coproductions
from madang.deals.sets import interned
from madang.deals.words import territories_text
from madang.kernels.rights import territory_table
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.people.actions import notify_many
from madang.people.models import Company, Participant
from madang.people.notices import person_facts

HUNDRED = Decimal(100)


class PlanRefused(DealRefused):
    """What was written cannot be a plan; the text says why."""


class PlanChanged(DealRefused):
    """Somebody changed the plan since the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("The plan has changed in the meantime. Please look at it again."))


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """A partner as written: a company of the edition, or the `name` of one outside."""

    share: Decimal
    company: Company | None = None
    name: str = ""
    territories: str = ""

    def __str__(self) -> str:
        return self.name or str(self.company)


@transaction.atomic
def open_coproduction(
    actor: User,
    edition: Edition,
    *,
    partners: Sequence[PartnerFacts],
    titles: Iterable[Title],
    budget: Decimal,
    currency: str,
    request: MeetingRequest | None = None,
) -> Deal:
    """The actor's company leads; the others are asked to agree. Raises PlanRefused."""
    me = dealer_of(actor, edition)
    chosen = list(titles)
    own = own_titles(actor, edition).filter(pk__in=[title.pk for title in chosen]).count()
    if me is None or me.company is None or not may_open_coproduction(actor, edition) or own != len(chosen):
        raise PermissionDenied
    Edition.objects.select_for_update().get(pk=edition.pk)
    deal = Deal.objects.create(
        edition=edition,
        code=next_deal_code(edition),
        kind=DealKind.COPRODUCTION,
        stage=DealStage.OFFER,
        licensor=me.company,
        opened_by=me,
        request=request,
        created_at=edition.now(),
    )
    deal.titles.set(chosen)
    plan = Plan.objects.create(deal=deal, budget=budget, currency=currency, changed_at=edition.now())
    write_partners(deal, partners)
    record(edition, actor, "open_coproduction", deal.code)
    _agree(plan, me)
    _ask(deal, plan, me)
    deal.refresh_from_db(fields=["stage"])
    return deal


def change_partners(actor: User, deal: Deal, *, revision: int, partners: Sequence[PartnerFacts]) -> Plan:
    """Other partners, shares or territories. Raises PlanRefused, PlanChanged."""
    return _change(actor, deal, revision, lambda plan: write_partners(deal, partners))


def change_financing(
    actor: User, deal: Deal, *, revision: int, budget: Decimal, currency: str, fundings: Sequence[dict[str, Any]]
) -> Plan:
    """Another budget or other sources of money: each a dict of Funding's fields. Raises PlanRefused, PlanChanged."""

    def write(plan: Plan) -> None:
        plan.budget, plan.currency = budget, currency
        plan.save(update_fields=["budget", "currency"])
        plan.fundings.all().delete()
        rows = [Funding(plan=plan, number=number, **facts) for number, facts in enumerate(fundings, 1)]
        wrong = next((row for row in rows if row.currency == currency and row.rate != 1), None)
        if wrong:
            raise PlanRefused(_("%(source)s is in the plan's own currency: its rate is 1.") % {"source": wrong.source})
        Funding.objects.bulk_create(rows)

    return _change(actor, deal, revision, write)


def change_recoupment(actor: User, deal: Deal, *, revision: int, steps: Sequence[dict[str, Any]]) -> Plan:
    """Another order of who is paid back: each a dict of Recoupment's fields. Raises PlanRefused, PlanChanged."""

    def write(plan: Plan) -> None:
        for position in sorted({facts["position"] for facts in steps}):
            taken = sum(facts["percent"] for facts in steps if facts["position"] == position)
            if taken > HUNDRED:
                text = _("Step %(position)s gives %(percent)s %% away: 100 %% at most.")
                raise PlanRefused(text % {"position": position, "percent": _percent(taken)})
        plan.recoupments.all().delete()
        Recoupment.objects.bulk_create([Recoupment(plan=plan, **facts) for facts in steps])

    return _change(actor, deal, revision, write)


@transaction.atomic
def agree_to_plan(actor: User, deal: Deal, *, revision: int) -> Agreement:
    """A partner agrees to the revision that she has read; when all have, the deal is agreed. Raises PlanChanged."""
    plan, me = _locked(actor, deal, revision)
    known = Agreement.objects.filter(plan=plan, revision=revision, partner__company=me.company_id).first()
    if known:
        return known
    made = _agree(plan, me)
    record(deal.edition, actor, "agree_to_plan", deal.code, revision=revision)
    others = set(_companies(deal)) - {me.company_id or 0}
    data = person_facts(me) | {"deal": deal.code, "what": _name(deal)}
    key = f"{deal.code}/{revision}/{me.company_id}"
    notify_many((person, "plan_agreed", key, data) for person in people_of(deal, others))
    return made


@transaction.atomic
def take_agreement_back(actor: User, deal: Deal, *, revision: int) -> None:
    """A partner no longer agrees to this revision. Raises PlanChanged."""
    plan, me = _locked(actor, deal, revision)
    gone, _rows = Agreement.objects.filter(plan=plan, revision=revision, partner__company=me.company_id).delete()
    if gone:
        _set_stage(deal, plan)
        record(deal.edition, actor, "take_agreement_back", deal.code, revision=revision)


@transaction.atomic
def end_coproduction(actor: User, deal: Deal, *, reason: str) -> Deal:
    """The lead ends it and says why; nobody changes it or agrees to it any more."""
    if not may_change_plan(actor, deal):
        raise PermissionDenied
    _plan, me = _locked(actor, deal, deal.plan.revision)
    deal.stage, deal.ended_at, deal.end_reason = DealStage.ENDED, deal.edition.now(), reason
    deal.save(update_fields=["stage", "ended_at", "end_reason"])
    record(deal.edition, actor, "end_deal", deal.code)
    others = set(_companies(deal)) - {me.company_id or 0}
    data = person_facts(me) | {"deal": deal.code, "what": _name(deal), "answer": reason}
    notify_many((person, "plan_ended", deal.code, data) for person in people_of(deal, others))
    return deal


def partners_by_word(deal: Deal) -> dict[str, Partner]:
    """The deal's partners by every name that may stand for them, without case, whatever the language of the writer."""
    found: dict[str, Partner] = {}
    for row in deal.partners.select_related("company"):
        names = (row.company.name, row.company.name_ko, row.company.code) if row.company else (row.name,)
        found |= {name.casefold(): row for name in names if name}
    return found


def write_partners(deal: Deal, partners: Sequence[PartnerFacts]) -> None:
    """The rows as written; those left out are deleted. Call it in a transaction. Raises PlanRefused."""
    check_partners(deal.licensor_id, partners)
    kept = {(facts.company.pk if facts.company else None, facts.name) for facts in partners}
    for row in deal.partners.all():
        if (row.company_id, row.name) not in kept:
            _drop_partner(row)
    for number, facts in enumerate(partners, 1):
        mask = territory_table().read(facts.territories).mask if facts.territories else 0
        territories = interned(Dimension.TERRITORIES, mask) if mask else None
        row = deal.partners.filter(company=facts.company, name=facts.name).first() or Partner(deal=deal, company=facts.company)
        row.name, row.number, row.share = facts.name, number, facts.share
        row.territories_said, row.territories = facts.territories, territories
        row.save()


def _drop_partner(row: Partner) -> None:
    if row.fundings.exists() or Recoupment.objects.filter(partner=row).exists():
        raise PlanRefused(_("%(partner)s still stands in the financing or the recoupment.") % {"partner": row})
    row.delete()


def check_partners(lead: int, partners: Sequence[PartnerFacts]) -> None:
    """Shares that sum to 100 exactly, the lead among them, nobody twice, and no territory kept by two. Raises PlanRefused."""
    named = [facts.company.pk if facts.company else facts.name for facts in partners]
    if lead not in named:
        raise PlanRefused(_("Your own company leads the co-production: it needs a share."))
    if len(set(named)) < len(named):
        raise PlanRefused(_("A company stands here twice."))
    if len(partners) < 2:
        raise PlanRefused(_("A co-production has two partners at least."))
    missing = HUNDRED - sum(facts.share for facts in partners)
    if missing:
        text = _("The shares add up to %(sum)s %%: %(by)s %% are missing.")
        if missing < 0:
            text = _("The shares add up to %(sum)s %%: that is %(by)s %% too much.")
        raise PlanRefused(text % {"sum": _percent(HUNDRED - missing), "by": _percent(abs(missing))})
    _check_territories(partners)


def _check_territories(partners: Sequence[PartnerFacts]) -> None:
    kept = [(facts, territory_table().read(facts.territories).mask) for facts in partners if facts.territories]
    for number, (facts, mask) in enumerate(kept):
        for other, others in kept[:number]:
            if mask & others:
                words = {"one": other, "other": facts, "names": territories_text(mask & others)}
                raise PlanRefused(_("%(one)s and %(other)s both keep %(names)s.") % words)


@transaction.atomic
def _change(actor: User, deal: Deal, revision: int, write: Callable[[Plan], None]) -> Plan:
    """Write, and if that changed anything: a new revision, to which the lead agrees and the others are asked to."""
    if not may_change_plan(actor, deal):
        raise PermissionDenied
    plan, me = _locked(actor, deal, revision)
    before = _contents(plan)
    write(plan)
    if _contents(plan) == before:
        return plan
    plan.revision, plan.changed_at = plan.revision + 1, deal.edition.now()
    plan.save(update_fields=["revision", "changed_at"])
    record(deal.edition, actor, "change_plan", deal.code, revision=plan.revision)
    _agree(plan, me)
    _ask(deal, plan, me)
    return plan


def _contents(plan: Plan) -> list[Any]:
    """What a revision says."""
    partners = plan.deal.partners.order_by("number").values_list("company", "name", "share", "territories")
    fundings = plan.fundings.values_list("kind", "source", "partner", "sale", "amount", "currency", "rate", "state", "due_on")
    steps = plan.recoupments.values_list("position", "recipient", "partner", "percent", "cap").order_by("position", "pk")
    budget = Plan.objects.filter(pk=plan.pk).values_list("budget", "currency")
    return [list(rows) for rows in (budget, partners, fundings, steps)]


def _locked(actor: User, deal: Deal, revision: int) -> tuple[Plan, Participant]:
    me = dealer_of(actor, deal.edition)
    if me is None or not visible_coproductions(actor, deal.edition).exclude(stage=DealStage.ENDED).filter(pk=deal.pk).exists():
        raise PermissionDenied
    plan = Plan.objects.select_for_update(of=("self",)).select_related("deal").get(deal=deal)
    if plan.revision != revision:
        raise PlanChanged
    return plan, me


def _agree(plan: Plan, me: Participant) -> Agreement:
    partner = plan.deal.partners.filter(company=me.company_id).first()
    if partner is None:  # the lead has left the plan's partners, which check_partners refuses
        raise PermissionDenied
    made = Agreement.objects.create(
        plan=plan, partner=partner, revision=plan.revision, agreed_by=me, agreed_at=plan.deal.edition.now()
    )
    _set_stage(plan.deal, plan)
    return made


def _set_stage(deal: Deal, plan: Plan) -> None:
    """Agreed once every partner with a company here agrees to the plan as it stands."""
    agreed = plan.agreements.filter(revision=plan.revision).count()
    stage = DealStage.MEMO if agreed >= len(_companies(deal)) else DealStage.OFFER
    Deal.objects.filter(pk=deal.pk).exclude(stage=DealStage.ENDED).update(stage=stage)


def _companies(deal: Deal) -> list[int]:
    return [pk for pk in deal.partners.values_list("company", flat=True) if pk]


def _ask(deal: Deal, plan: Plan, me: Participant) -> None:
    others = set(_companies(deal)) - {me.company_id or 0}
    data = person_facts(me) | {"deal": deal.code, "what": _name(deal)}
    notify_many((person, "plan_changed", f"{deal.code}/{plan.revision}", data) for person in people_of(deal, others))


def _name(deal: Deal) -> str:
    return ", ".join(str(title) for title in deal.titles.all()[:2]) or deal.code


def _percent(number: Decimal) -> str:
    """Without zeros at the end."""
    return f"{number.normalize():f}"
