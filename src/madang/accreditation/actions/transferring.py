"""A badge goes to a colleague: her application takes the place of the first, in the same quota."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accounts.opening import NewAccount, accounts_of
from madang.accreditation.actions.admitting import admit, dismiss
from madang.accreditation.actions.applying import new_codes
from madang.accreditation.actions.inviting import Colleague
from madang.accreditation.actions.locking import locked
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.letters import write_letters
from madang.accreditation.models import Application, ApplicationState
from madang.accreditation.rules import OPEN, may_transfer
from madang.markets.actions import record


@transaction.atomic
def transfer_application(actor: User, application: Application, colleague: Colleague) -> Application:
    """Give an accepted application to a colleague of the same company; gives hers. The old badge is void, both get a letter."""
    old = locked(application)
    if not may_transfer(actor, old):
        raise PermissionDenied
    edition, now, email = old.edition, old.edition.now(), colleague.email.lower()
    if Application.objects.filter(edition=edition, badge_type=old.badge_type, email=email, state__in=OPEN).exists():
        raise Refused(_("There is an application for this badge from %(email)s already.") % {"email": email})
    name = f"{colleague.given_name} {colleague.family_name}".strip()
    account = accounts_of([NewAccount(email, name, old.language)])[email]
    new = Application.objects.create(
        edition=edition, badge_type=old.badge_type, invitation=old.invitation, user_id=account, code=new_codes(edition, 1)[0],
        state=ApplicationState.SUBMITTED, family_name=colleague.family_name, given_name=colleague.given_name, email=email,
        company=old.company, company_name=old.company_name, company_size=old.company_size,
        job_title=colleague.job_title, country=old.country,
        language=old.language, created_at=now, saved_at=now, submitted_at=old.submitted_at,  # the price is that of the first day
    )  # fmt: skip
    old.state, old.transferred_to, old.decided_at = ApplicationState.TRANSFERRED, new, now
    old.save(update_fields=["state", "transferred_to", "decided_at"])
    dismiss([old], now, "transferred")
    record(edition, actor, "transfer_application", old.code, to=new.code)
    write_letters("transferred", [old], now, colleague=name)
    admit(edition, actor, [new], kind="accepted")
    return new
