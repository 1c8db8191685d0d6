"""People of an edition and their accounts: found by e-mail address, or made without a password."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.people.models import Participant
from madang.workbook.actions.rows import BATCH, rows_of
from madang.workbook.differing import Difference


def link_accounts(edition: Edition, difference: Difference) -> None:
    """Give everybody whose address is new the account of that address. An account that is there is not touched."""
    asked = [record.code for record in difference.created]
    asked += [change.record.code for change in difference.changed if "email" in change.fields]
    people = list(rows_of(Participant, edition, asked))
    accounts = _accounts_of(people)
    # Two people may exchange their addresses: nobody holds an account while they do.
    held = [person.pk for person in people if person.user_id]
    for start in range(0, len(held), BATCH):
        Participant.objects.filter(pk__in=held[start : start + BATCH]).update(user=None)
    for person in people:
        person.user_id = accounts.get(person.email.lower()) if person.email else None
    Participant.objects.bulk_update(people, ["user"], batch_size=BATCH)


def _accounts_of(people: list[Participant]) -> dict[str, int]:
    first = {person.email.lower(): person for person in people if person.email}
    known = _known(list(first))
    made = [_new_account(email, person) for email, person in first.items() if email not in known]
    User.objects.bulk_create(made, batch_size=BATCH)
    _vouch(made)
    return known | _known([user.email for user in made])


def _known(emails: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(emails), BATCH):
        rows = User.objects.annotate(address=Lower("email")).filter(address__in=emails[start : start + BATCH])
        found |= dict(rows.values_list("address", "pk"))
    return found


def _new_account(email: str, person: Participant) -> User:
    return User(
        email=email, name=person.latin_name, language=person.language, time_zone=person.time_zone, password=make_password(None)
    )


def _vouch(users: list[User]) -> None:
    """The organiser knows these addresses (as accounts.actions.vouch_for_address does for one)."""
    for start in range(0, len(users), BATCH):
        emails = [user.email for user in users[start : start + BATCH]]
        EmailAddress.objects.filter(email__in=emails).delete()
    rows = [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    EmailAddress.objects.bulk_create(rows, batch_size=BATCH)
