"""Who sees badge types, applications and invitations, and who may do what with them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.accreditation.models import Answer, Application, ApplicationState, BadgeType, Inquiry, Invitation
from madang.kit.calendar import in_zone
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise

State = ApplicationState
OPEN = (State.SUBMITTED, State.ASKED, State.WAITING, State.ACCEPTED)
"""Somebody has a badge or may still get it; of one person and badge type there is one such."""
UNDECIDED = (State.SUBMITTED, State.ASKED, State.WAITING)


def is_over(edition: Edition) -> bool:
    """After the last day nobody applies any more."""
    return in_zone(edition.now(), edition.time_zone).date() > edition.ends_on


def open_badge_types(edition: Edition) -> QuerySet[BadgeType]:
    """What may be applied for now, with or without an invitation."""
    if is_over(edition):
        return BadgeType.objects.none()
    now = edition.now()
    begun, not_ended = Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at=None) | Q(closes_at__gt=now)
    return BadgeType.objects.filter(begun, not_ended, edition=edition).select_related("edition")


def visible_badge_types(user: Visitor, edition: Edition) -> QuerySet[BadgeType]:
    """Organisers see all; everybody else those that take applications without an invitation, now or later."""
    types = BadgeType.objects.filter(edition=edition).select_related("edition")
    return types if may_organise(user, edition) else types.filter(by_invitation=False)


def takes_applications(edition: Edition) -> bool:
    """Whether strangers may apply: then an e-mail address alone opens an account."""
    return open_badge_types(edition).filter(by_invitation=False).exists()


def own_applications(user: Visitor, edition: Edition) -> QuerySet[Application]:
    """What she wrote, and what others submitted for her."""
    rows = Application.objects.filter(edition=edition).select_related("edition", "badge_type", "invitation", "company", "user")
    if not user.is_authenticated:
        return rows.none()
    return rows.filter(Q(user=user) | (Q(email=user.email.lower()) & ~Q(state=State.DRAFT)))


def applied(user: Visitor, edition: Edition) -> bool:
    """Whether she has an application here, whatever became of it."""
    return own_applications(user, edition).exists()


def visible_applications(user: Visitor, edition: Edition) -> QuerySet[Application]:
    """Organisers see what was submitted; a draft is its writer's."""
    rows = Application.objects.filter(edition=edition).select_related("edition", "badge_type", "invitation", "company", "user")
    return rows.exclude(state=State.DRAFT) if may_organise(user, edition) else rows.none()


def visible_proofs(user: Visitor, edition: Edition) -> QuerySet[Answer]:
    """Files that came with answers: their writer's and the organisers'."""
    rows = Answer.objects.filter(application__edition=edition).exclude(file="")
    if may_organise(user, edition):
        return rows.exclude(~Q(application__user=user.pk), application__state=State.DRAFT)
    return rows.filter(application__user=user.pk) if user.is_authenticated else rows.none()


def visible_inquiry_files(user: Visitor, edition: Edition) -> QuerySet[Inquiry]:
    """Files that came with answers to inquiries."""
    rows = Inquiry.objects.filter(application__edition=edition).exclude(file="")
    if may_organise(user, edition):
        return rows
    return rows.filter(application__user=user.pk) if user.is_authenticated else rows.none()


def visible_invitations(user: Visitor, edition: Edition) -> QuerySet[Invitation]:
    """For organisers; others know an invitation by its key."""
    rows = Invitation.objects.filter(edition=edition).select_related("badge_type", "company")
    return rows if may_organise(user, edition) else rows.none()


def valid_invitations(edition: Edition) -> QuerySet[Invitation]:
    """Those that may be used now."""
    not_over = Q(expires_at=None) | Q(expires_at__gt=edition.now())
    rows = Invitation.objects.filter(not_over, edition=edition, revoked_at=None)
    return rows.none() if is_over(edition) else rows.select_related("badge_type__edition", "company", "edition")


def is_open(badge_type: BadgeType, invitation: Invitation | None = None) -> bool:
    """Whether this type may be applied for now, by this way."""
    if invitation is not None:
        return valid_invitations(badge_type.edition).filter(pk=invitation.pk, badge_type=badge_type).exists()
    return not badge_type.by_invitation and open_badge_types(badge_type.edition).filter(pk=badge_type.pk).exists()


def may_edit(user: Visitor, application: Application) -> bool:
    """A draft, by who began it."""
    return application.user_id == user.pk and application.state == State.DRAFT


def may_answer(user: Visitor, inquiry: Inquiry) -> bool:
    """Who wrote the application answers, once, while it is undecided."""
    application = inquiry.application
    return application.user_id == user.pk and inquiry.answered_at is None and application.state in UNDECIDED


def may_withdraw(user: Visitor, application: Application) -> bool:
    """Who wrote it, or for whom; as long as it is open and the edition is not over."""
    return _is_hers(user, application) and application.state in OPEN and not is_over(application.edition)


def may_transfer(user: Visitor, application: Application) -> bool:
    """An accepted one: the organiser always, her people where the badge type lets them."""
    if application.state != State.ACCEPTED or is_over(application.edition):
        return False
    hers = _is_hers(user, application) and application.badge_type.is_transferable
    return hers or may_organise(user, application.edition)


def may_decide(user: Visitor, edition: Edition) -> bool:
    """Badge types, decisions and invitations are the organiser's."""
    return may_organise(user, edition)


def _is_hers(user: Visitor, application: Application) -> bool:
    if not user.is_authenticated:
        return False
    return application.user_id == user.pk or application.email == user.email.lower()
