"""Badges from their issue to their end: issued to who has none, replaced when lost, printed, handed out."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.issuing import Wanted, issue_badges
from madang.accreditation.actions.locking import lock_accreditation
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import Badge, BadgeRun, BadgeState, BadgeType
from madang.accreditation.queries_badges import chosen_badges, type_for, without_badge
from madang.accreditation.rules_badges import may_hand_out, may_report_lost
from madang.kit.languages import isolated
from madang.markets.actions import record, record_many
from madang.markets.models import Edition
from madang.people.actions import Address, write_to
from madang.people.mail import SITE


@transaction.atomic
def issue_missing(actor: User, edition: Edition) -> tuple[int, int]:
    """A badge for everybody who takes part and has none, by the first badge type of her roles: (issued, without a type)."""
    edition = lock_accreditation(edition)
    if not may_hand_out(actor, edition):
        raise PermissionDenied
    types = list(BadgeType.objects.filter(edition=edition))
    people = [(person, type_for(person, types)) for person in without_badge(edition).order_by("search_text", "pk")]
    badges = issue_badges(edition, [Wanted(person, kind) for person, kind in people if kind], edition.now())
    if badges:
        record(edition, actor, "issue_badges", str(len(badges)))
    return len(badges), len(people) - len(badges)


@transaction.atomic
def replace_badge(actor: User, badge: Badge, *, is_lost: bool) -> Badge:
    """Void a badge at once and issue a new one with a new key and number; it is neither printed nor handed out yet.

    The holder may say that hers is lost; the organiser may also replace one that is damaged or wrongly written.
    """
    edition = lock_accreditation(badge.edition)
    old = Badge.objects.select_related("participant", "badge_type", "edition__market").get(pk=badge.pk)
    if old.state != BadgeState.VALID:
        raise Refused(_("Badge %(number)s is void already.") % {"number": old})
    if not may_report_lost(actor, old) or not (is_lost or may_hand_out(actor, edition)):
        raise PermissionDenied
    now = edition.now()
    old.state, old.voided_at = BadgeState.LOST if is_lost else BadgeState.REPLACED, now
    old.save(update_fields=["state", "voided_at"])
    [new] = issue_badges(edition, [Wanted(old.participant, old.badge_type, old.application, old)], now)
    record(edition, actor, "report_badge_lost" if is_lost else "replace_badge", str(old), new=str(new))
    _tell_holder(new, old, actor)
    return new


def _tell_holder(new: Badge, old: Badge, actor: User) -> None:
    """By mail, unless she did it herself: somebody might have taken it for lost."""
    person = new.participant
    if not person.email or person.user_id == actor.pk:
        return
    reader = Address(person.email, person.latin_name, person.language or (person.user.language if person.user else ""))
    with translation.override(reader.language or None):
        page = SITE + reverse("meetings:badge", args=[new.edition.slug])
        words = {"name": isolated(person.name), "old": old, "new": new, "edition": new.edition, "page": page}
        body = render_to_string("accreditation/mail/replaced.txt", words).strip() + "\n"
        subject = _("%(edition)s: your new badge %(number)s") % {"edition": new.edition, "number": new}
    write_to(new.edition, reader, subject, body, once=f"badge replaced {new.key}")


@transaction.atomic
def hand_out(actor: User, badge: Badge) -> bool:
    """Note that the holder has it; False where that was noted before."""
    if not may_hand_out(actor, badge.edition):
        raise PermissionDenied
    waiting = Badge.objects.filter(pk=badge.pk, state=BadgeState.VALID, handed_out_at=None)
    if not waiting.update(handed_out_at=badge.edition.now()):
        badge.refresh_from_db()
        if badge.state != BadgeState.VALID:
            raise Refused(_("Badge %(number)s is void: do not hand it out.") % {"number": badge})
        return False
    record(badge.edition, actor, "hand_out_badge", str(badge))
    return True


@transaction.atomic
def take_back(actor: User, badge: Badge) -> None:
    """It was noted by mistake."""
    if not may_hand_out(actor, badge.edition):
        raise PermissionDenied
    if Badge.objects.filter(pk=badge.pk).exclude(handed_out_at=None).update(handed_out_at=None):
        record(badge.edition, actor, "take_back_badge", str(badge))


@transaction.atomic
def mark_printed(actor: User, run: BadgeRun) -> int:
    """The sheets came out of the printer: these badges are not offered for printing again. Gives their number."""
    edition = run.edition
    if edition is None or not may_hand_out(actor, edition):
        raise PermissionDenied
    badges = list(chosen_badges(edition, run.asked).filter(printed_at=None))
    Badge.objects.filter(pk__in=[badge.pk for badge in badges], printed_at=None).update(printed_at=edition.now())
    record_many(edition, actor, "print_badge", [str(badge) for badge in badges])
    return len(badges)
