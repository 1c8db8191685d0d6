"""`madang timetable EDITION`: compute and publish an edition's timetable; `madang timetable solve|check`: the kernel's own."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault

if TYPE_CHECKING:
    from madang.accounts.models import User
    from madang.kernels.timetable.problem import Problem, Progress
    from madang.markets.models import Edition
    from madang.meetings.models import Timetable, TimetableRun

KERNEL = ("solve", "check")
NO_TIMETABLE = 1
"""The exit code where the computation gave no timetable."""


def add_commands(commands: Any) -> None:
    """Add `madang timetable`. Its first word decides whose arguments follow, so argparse hands everything on as it is."""
    command = commands.add_parser(
        "timetable",
        help="compute an edition's meeting timetable; or solve and check a file",
        add_help=False,
        prefix_chars="\0",  # no argument begins with this: all are handed on
    )
    command.add_argument("rest", nargs="*")
    command.set_defaults(run=run_timetable, django=False)


def run_timetable(given: argparse.Namespace) -> int:
    """`solve` and `check` are the kernel's and need no Django; anything else names an edition."""
    if given.rest and given.rest[0] in KERNEL:
        return run_kernel(given.rest)
    own = parser().parse_args(given.rest)
    from madang.site.commandline import sentence, start_django

    known = start_django()
    try:
        return run_edition(own)
    except known as fault:
        raise Fault(sentence(fault)) from None


def run_kernel(rest: list[str]) -> int:
    """Hand on to the kernel's own commands, which learn here to read a workbook."""
    from madang.kernels.timetable import commandline

    own = argparse.ArgumentParser(prog="madang timetable")
    readers = {".xlsx": read_workbook, ".zip": read_workbook}
    commandline.add_commands(own.add_subparsers(required=True, metavar="solve | check"), readers)
    given = own.parse_args(rest)
    return int(given.run(given))


def read_workbook(path: Path) -> Problem:
    """The problem that an edition's workbook asks for; its faults, if it has any, as one sentence each."""
    from madang.site.commandline import start_django

    start_django()  # the words of the workbook's faults are translated ones
    from madang.kernels.timetable import ProblemError
    from madang.kit.sheets import UnreadableFile, open_book
    from madang.workbook.problem import problem_of
    from madang.workbook.reading import read_records

    try:
        reading = read_records(open_book(path))
    except UnreadableFile as fault:
        raise ProblemError(str(fault)) from None
    if not reading.is_sound:
        faults = [f"{fault.place}: {fault.message()} {fault.mend()}" for fault in reading.faults]
        raise ProblemError("\n".join(["the workbook has faults; `madang import --dry-run` lists them all.", *faults[:10]]))
    return problem_of(reading.records)


def parser() -> argparse.ArgumentParser:
    """The arguments of `madang timetable EDITION`."""
    own = argparse.ArgumentParser(
        prog="madang timetable",
        description="Compute the meeting timetable of an edition from its accepted requests, as a draft; or publish it at once.",
        epilog="madang timetable solve FILE and madang timetable check FILE PLAN work on a file, without an edition: "
        "madang timetable solve --help.",
    )
    own.add_argument("edition", metavar="EDITION", help="the edition's code, as in its address /e/CODE/")
    own.add_argument("--publish", action="store_true", help="publish the result; those whose meetings changed are told")
    own.add_argument("--limit", type=seconds, default=60, metavar="SECONDS", help="time at most (default: 60)")
    own.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed gives another timetable of the same worth")
    own.add_argument("--as", dest="email", metavar="EMAIL", help="the organiser in whose name it is done, for the log")
    return own


def seconds(text: str) -> int:
    """A time of 1 to 3600 seconds."""
    if not text.isdigit() or not 1 <= int(text) <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to 3600")
    return int(text)


def seed(text: str) -> int:
    """A whole number from 0."""
    if not text.isdigit() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {2**31 - 1}")
    return int(text)


def run_edition(given: argparse.Namespace) -> int:
    """Compute, say what came out, publish if asked to."""
    from django.core.exceptions import PermissionDenied

    edition, actor = found_edition(given.edition), found_actor(given.email)
    try:
        run = computed(actor, edition, given)
    except PermissionDenied:
        raise Fault(f"{given.email} does not organise {edition.slug}.") from None
    draft = run.timetable
    if draft is None:
        print(run.fault or "The computation was stopped; nothing was saved.")
        return NO_TIMETABLE
    print(summary(draft))
    if given.publish:
        return published(actor, edition, draft)
    print(f"It is a draft: look at it and publish it at /e/{edition.slug}/desk/timetable/")
    return 0


def found_edition(slug: str) -> Edition:
    """The edition with that code."""
    from madang.markets.models import Edition

    edition = Edition.objects.filter(slug=slug).first()
    if edition is None:
        known = list(Edition.objects.order_by("-starts_on").values_list("slug", flat=True)[:20])
        hint = f"There are: {', '.join(known)}." if known else "There is none yet; import one with `madang import`."
        raise Fault(f"no edition has the code {slug!r}. {hint}")
    return edition


def found_actor(email: str | None) -> User | None:
    """The account in whose name the timetable is computed; None is the command line itself."""
    from madang.accounts.models import User

    if email is None:
        return None
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise Fault(f"no account has the address {email!r}.")
    return user


def computed(actor: User | None, edition: Edition, given: argparse.Namespace) -> TimetableRun:
    """The finished run, its progress shown. Ctrl-C keeps the best found so far; a second Ctrl-C leaves it."""
    from madang.kit import progress
    from madang.meetings.actions.compute import compute_timetable, start_run

    run, is_new = start_run(actor, edition, given.limit, given.seed)
    if not is_new:
        raise Fault(f"a timetable of {edition.slug} is being computed already; wait for it, or stop it on its page.")
    bar = Bar("Timetable")

    def watch(now: Progress) -> None:
        share = f", at least {100 * now.objective / now.bound:.1f} % of what is possible" if now.objective and now.bound else ""
        words = f"{now.placed} of {now.possible} placed{share}" if now.placed else "looking for a first timetable"
        bar.show(now.placed, now.possible, words)

    def stop(number: int, frame: object) -> None:
        print("\nStopping; the best found so far is kept. (Ctrl-C again to leave it.)", flush=True)
        progress.ask_stop(run.key)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        ended = compute_timetable(run.key, watch)
    finally:
        signal.signal(signal.SIGINT, before)
    if ended is None:
        raise Fault("the computation was stopped on its page before it had begun.")
    bar.end(str(ended.get_state_display()))
    return ended


def summary(draft: Timetable) -> str:
    """What the timetable amounts to, in a line or two."""
    from madang.meetings.queries.results import percent

    figures = draft.result["figures"]
    share = percent(figures["weight"], draft.result.get("bound"))
    proven = "" if share is None else f" By weight of wishes that is at least {share} % of what is possible."
    if draft.result.get("status") == "optimal":
        proven = " By weight of wishes that is proven to be the best possible."
    return (
        f"{figures['placed']} of {figures['possible']} requests have a meeting; 0 clashes, {figures['breaks']} gaps, "
        f"{figures['tables_used']} of {figures['tables']} tables used.{proven}"
    )


def published(actor: User | None, edition: Edition, draft: Timetable) -> int:
    """Publish the draft and say how many meetings changed."""
    from madang.meetings.actions.publish import publish_timetable
    from madang.meetings.actions.refusals import Refused
    from madang.meetings.tasks import mail_notices

    try:
        version, changes = publish_timetable(actor, edition, draft.revision)
    except Refused as refused:
        raise Fault(
            f"not published, for something changed in the meantime ({refused or 'the draft'}); please run it again."
        ) from None
    mail_notices.enqueue()
    print(
        f"Published as version {version.version}: {len(changes.placed)} new, {len(changes.moved)} moved, "
        f"{len(changes.cancelled)} cancelled, {len(changes.kept)} as before."
    )
    return 0
