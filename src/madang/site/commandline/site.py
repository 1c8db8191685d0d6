"""`madang work`, `migrate`, `createadmin` and `manage`: running an installation."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from madang.site.commandline.faults import Fault


def add_commands(commands: Any) -> None:
    """Add the four commands."""
    work = commands.add_parser(
        "work", help="run the worker that computes timetables and loads workbooks (serve runs one by itself)"
    )
    work.add_argument("--until-empty", action="store_true", help="end when nothing waits any more")
    work.set_defaults(run=run_work)
    migrate = commands.add_parser("migrate", help="bring the database's tables up to this version")
    migrate.set_defaults(run=run_migrate)
    admin = commands.add_parser("createadmin", help="make an account that may do everything")
    admin.add_argument("email", help="the e-mail address to sign in with")
    admin.add_argument("--name", default="", help="the person's name")
    admin.add_argument("--password", help="without it you are asked (or MADANG_ADMIN_PASSWORD is taken)")
    admin.set_defaults(run=run_createadmin)
    manage = commands.add_parser(
        "manage",
        help="any command of Django, e.g. `madang manage shell`",
        add_help=False,
        prefix_chars="\0",  # no argument begins with this: all are handed on
    )
    manage.add_argument("rest", nargs="*")
    manage.set_defaults(run=run_manage, django=False)


def run_work(given: argparse.Namespace) -> int:
    """Tidy up after workers that died, then work until told to end."""
    from django.core.management import call_command

    from madang.site.commandline import worker

    freed = worker.release_stale_tasks()
    if freed:
        print(f"{freed} task(s) of a worker that died were closed; their pages say so and offer another start.", flush=True)
    verbosity = int(os.environ.get("MADANG_WORKER_VERBOSITY", "1"))
    call_command(
        "db_worker",
        interval=0.5,
        startup_delay=False,
        batch=given.until_empty,
        worker_id=worker.worker_name(),
        verbosity=verbosity,
    )
    return 0


def run_migrate(given: argparse.Namespace) -> int:
    """Django's own migrate."""
    from django.core.management import call_command

    call_command("migrate", interactive=False)
    return 0


def run_createadmin(given: argparse.Namespace) -> int:
    """An account with every right; an existing account becomes one, and keeps its password unless a new one is given."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from madang.accounts.models import User

    known = User.objects.filter(email__iexact=given.email).first()
    password = given.password or os.environ.get("MADANG_ADMIN_PASSWORD") or ("" if known else asked_password())
    try:
        validate_email(given.email)
        if password:
            validate_password(password)
    except ValidationError as fault:
        raise Fault(" ".join(fault.messages)) from None
    user = known or User(email=given.email.lower())
    user.name, user.is_staff, user.is_superuser, user.is_active = given.name or user.name, True, True, True
    if password:
        user.set_password(password)
    user.save()
    print(f"{user.email} {'is now' if known else 'was made'} an administrator.")
    return 0


def asked_password() -> str:
    """The new password, typed twice."""
    if not sys.stdin.isatty():
        raise Fault("no password was given; use --password or the variable MADANG_ADMIN_PASSWORD.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise Fault("the two passwords differ; please start again.")
    return password


def run_manage(given: argparse.Namespace) -> int:
    """Hand everything to Django, which prints its own faults."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["madang manage", *given.rest])
    return 0
