"""Badge types and applications for tests, one call each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from factories import EditionFactory, UserFactory

from madang.accounts.models import User
from madang.accreditation.actions.applying import save_draft, submit_application
from madang.accreditation.models import Application, BadgeType
from madang.markets.models import Edition, Stage


def organised_edition(**facts: Any) -> Edition:
    """An edition in registration, whose clock stands two months before it, with one organiser."""
    edition = EditionFactory(stage=Stage.REGISTRATION, **facts)
    edition.clock_shift -= dt.timedelta(days=60)
    edition.save()
    edition.market.organisers.add(UserFactory(name="Oh Organiser"))
    return edition


def badge_type(edition: Edition, role: str = "buyer", **facts: Any) -> BadgeType:
    """Open now, without limits and questions unless `facts` says so."""
    return BadgeType.objects.create(edition=edition, role=role, **({"code": role, "name": role.capitalize()} | facts))


def submitted(kind: BadgeType, email: str = "", user: User | None = None, **person: Any) -> Application:
    """An application that was handed in, by an account of its own."""
    user = user or UserFactory(**({"email": email} if email else {}))
    facts = {"family_name": f"Family {user.pk}", "given_name": "Given", "country": "KR"} | person
    row = save_draft(user, kind, facts, {}, language=user.language or "en")
    return submit_application(user, row)
