"""Makes the whole demo edition, at one of its moments."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry, Stage
from madang.meetings.models import MeetingRequest
from madang.people.models import Participant
from madang.site.demo import (
    accreditation,
    avails,
    badges,
    budget,
    coproductions,
    deals,
    door,
    earlier,
    entries,
    exposure,
    goals,
    history,
    jury,
    life,
    logins,
    mandates,
    people,
    places,
    profiles,
    programming,
    reports,
    requests,
    rights,
    rounds,
    searches,
    seating,
    settled,
    showcase,
    staffing,
    studies,
    titles,
    values,
)
from madang.site.demo.sizes import MOMENTS, PUBLISHED_AT, SEED, Size

Step = Callable[[str], None]
STEPS = 10
"""So often `build_demo` tells what it does next."""


@dataclass
class Demo:
    """What was made."""

    edition: Edition
    users: dict[str, User]
    people: list[Participant]
    requests: list[MeetingRequest]


@transaction.atomic
def build_demo(stage: Stage, size: Size | None = None, seed: int = SEED, tell: Step = lambda words: None) -> Demo:
    """All rows of the demo up to the stage's moment, without a timetable. The same seed gives the same rows (but secrets)."""
    size = size or Size()
    now = MOMENTS[stage]
    edition = places.make_edition(stage)
    set_clock(edition)
    settled.make_policy(edition)
    halls = places.make_halls(edition)
    _shared, booths = places.make_tables(edition, halls, size)
    places.make_slots(edition)
    tell("companies")
    companies = people.make_companies(dice(seed, "companies"), edition, booths, size)
    tell("people")
    everyone = people.make_people(dice(seed, "people"), edition, companies, size)
    users = logins.make_users(edition)
    parts = logins.cast_parts(companies, everyone, users)
    tell("titles and programme")
    works = titles.make_titles(dice(seed, "titles"), edition, companies, size)
    logins.own_titles(edition, parts["seller"], works)
    shown = showcase.make_showcase(edition)
    profiles.make_profiles(dice(seed, "profiles"), works, shown)
    events = showcase.make_programme(edition, halls, shown, everyone)
    tell("entries")
    entries.make_entries(dice(seed, "entries"), edition, everyone, users, shown, size.entries)
    jury.make_jury(dice(seed, "jury"), edition, users["organiser"], everyone, parts["juror"])
    tell("mandates")
    wishes = mandates.make_mandates(dice(seed, "mandates"), edition, everyone, size, parts["buyer"])
    requests.make_unavailabilities(dice(seed, "absences"), everyone)
    settled.fill_seats(dice(seed, "visits"), events, everyone)
    tell("requests")
    crowd = requests.make_crowd(dice(seed, "requests"), edition, everyone, works, wishes)
    stories = logins.make_stories(crowd, parts)
    settled.freshen(dice(seed, "stories"), stories, now)
    told = requests.save_requests(stories, now) + requests.make_requests(crowd, size, now)
    known = {part.pk for part in parts.values()}
    settled.shape_meetings(dice(seed, "forms"), told, everyone, known)
    settled.hide_and_block(dice(seed, "hidden"), edition, everyone, known)
    counts = {"companies": len(companies), "people": len(everyone), "titles": len(works) + len(shown), "mandates": len(wishes)}
    rights.make_rights(dice(seed, "rights"), edition, works, everyone, parts["seller"])
    tell("deals")
    deals.make_deals(dice(seed, "deals"), edition, works, told, parts)
    values.make_values(dice(seed, "values"), edition, users["organiser"])
    coproductions.make_coproductions(dice(seed, "co-productions"), edition, parts)
    avails.make_avails(edition, parts["seller"], now)
    tell("programme")
    programming.make_programming(dice(seed, "programming"), edition, users["organiser"], works, everyone)
    tell("seats")
    seating.make_seats(dice(seed, "seats"), edition, users["organiser"], now)
    tell("badges")
    accreditation.make_accreditation(dice(seed, "badges"), edition, users["organiser"], everyone)
    badges.make_badges(dice(seed, "printed badges"), edition, users["organiser"])
    door.make_doors(dice(seed, "doors"), edition, users["organiser"], now)
    goals.make_goals(edition, users["organiser"], now)
    budget.make_budget(edition, users["organiser"], now)
    staffing.make_staff(dice(seed, "staff"), edition)
    make_aftermath(seed, edition, users["organiser"], everyone, [parts["buyer"], parts["seller"]], now)
    exposure.make_exposure(edition, users["organiser"], known, now)
    history.write_history(edition, users["organiser"], told, counts, now)
    searches.make_searches(edition, parts)
    return Demo(edition, users, everyone, told)


def make_aftermath(
    seed: int, edition: Edition, organiser: User, everyone: list[Participant], known: list[Participant], now: dt.datetime
) -> None:
    """Studies and lotteries; after the event also the edition before it, a year on, with what people answered of it."""
    before = None
    if edition.stage == Stage.AFTER:
        before = earlier.make_earlier(dice(seed, "earlier"), edition, organiser, everyone, known)
        accounts = [person.user_id for person in known if person.user_id]
        rounds.make_rounds(dice(seed, "rounds"), edition, before, organiser, accounts)
    studies.make_evidence(dice(seed, "studies"), edition, before, organiser, now)


def dice(seed: int, subject: str) -> random.Random:
    """A generator for one subject: more titles do not change the people."""
    return random.Random(f"{seed} {subject}")  # noqa: S311  # made-up rows, no secrets


def set_clock(edition: Edition) -> None:
    """Make the edition's now its stage's moment; called at every start, so that the demo opens at the same moment each time."""
    edition.clock_shift = MOMENTS[Stage(edition.stage)] - timezone.now()
    edition.save(update_fields=["clock_shift"])


def compute_and_publish(edition: Edition, organiser: User, watch: Callable[..., None], limit: int = 30) -> str:
    """The timetable as the organiser makes it: compute, then publish, set back to its day in the demo's history.

    Gives an empty text, or the sentences that say why there is no timetable.
    """
    from madang.meetings.actions.compute import compute_timetable, start_run
    from madang.meetings.actions.publish import publish_timetable

    run, _new = start_run(organiser, edition, limit=limit, seed=SEED)
    done = compute_timetable(run.key, watch)
    if done is None or done.timetable is None:
        return done.fault if done else "the computation was not waiting to be started"
    publish_timetable(organiser, edition, done.timetable.revision, drop=True)
    set_back(edition, PUBLISHED_AT)
    known = set(
        edition.participants.filter(user__email__in=[login.email for login in logins.LOGINS]).values_list("pk", flat=True)
    )
    life.live_through(dice(SEED, "life"), edition, organiser, known, MOMENTS[Stage(edition.stage)])
    reports.make_reports(edition, organiser)  # the last: it freezes what all the others made
    return ""


@transaction.atomic
def set_back(edition: Edition, moment: dt.datetime) -> None:
    """Give what was done just now its time in the demo's history."""
    for timetable in edition.timetables.all():
        timetable.created_at = timetable.published_at = moment
        timetable.save(update_fields=["created_at", "published_at"])
        timetable.meetings.update(changed_at=moment)
        timetable.runs.update(created_at=moment - dt.timedelta(minutes=5), finished_at=moment - dt.timedelta(minutes=4))
    lines = LogEntry.objects.filter(edition=edition)
    lines.filter(verb="publish_timetable").update(at=moment)
    lines.filter(verb__in=["compute_timetable", "save_draft_timetable"]).update(at=moment - dt.timedelta(minutes=5))
    told = edition.notices.filter(kind__startswith="meeting_")
    told.update(created_at=moment, mailed_at=moment)  # nobody is mailed 10,000 times
