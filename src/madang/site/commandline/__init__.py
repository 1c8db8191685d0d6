"""The command `madang`.

A sub-command is added by `add_commands(subparsers)` of a module here. It sets two defaults: `run`, a function of the parsed
arguments that gives an exit code (or None for 0), and, if it works without the site's tables, `django=False`. Models are
imported inside `run`, after Django is set up. A fault that the person can mend is raised as `faults.Fault`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from madang.site.commandline.faults import Fault

MENDABLE = 2
"""The exit code for a fault that the person can mend."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `madang` with these arguments (default: those of the process) and give its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
    given = parser().parse_args(arguments)
    try:
        return said(given.run, given, needs_django=given.django)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone (`madang ... | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def said(run: Callable[[argparse.Namespace], int | None], given: argparse.Namespace, *, needs_django: bool) -> int:
    """Call the command; a known fault becomes a sentence and exit code 2."""
    known: tuple[type[Exception], ...] = (Fault, OSError)
    try:
        if needs_django:
            known += start_django()
        return run(given) or 0
    except known as fault:
        print(f"madang: {sentence(fault)}", file=sys.stderr)
        return MENDABLE


def start_django() -> tuple[type[Exception], ...]:
    """Set Django up; gives its faults that are the person's to mend."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError, ProgrammingError

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        raise Fault(str(fault)) from None
    return (CommandError, ImproperlyConfigured, OperationalError, ProgrammingError)


def sentence(fault: Exception) -> str:
    """The fault in one sentence; a missing table says what to do."""
    text = str(fault) or type(fault).__name__
    if "no such table" in text or ("does not exist" in text and "relation" in text):
        return "the database has no tables yet; run `madang migrate` first."
    return text


def parser() -> argparse.ArgumentParser:
    """All sub-commands, each from its own module."""
    from madang.site.commandline import across, avails, clock, demo, matching, report, search, serve, site, timetable, workbook

    top = argparse.ArgumentParser(
        prog="madang",
        description="Madang runs an international content market: its people, titles, meeting requests, timetable and showcase.",
        epilog="`madang COMMAND --help` tells more about a command. Settings: docs/guide/administrator.md.",
    )
    top.add_argument("--version", action="version", version=f"Madang {version('madang')}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (demo, workbook, avails, timetable, matching, report, across, search, serve, site, clock):
        module.add_commands(commands)
    for command in commands.choices.values():
        if command.get_default("django") is None:
            command.set_defaults(django=True)
    return top
