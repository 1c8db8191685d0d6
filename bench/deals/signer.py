"""One process that signs: python bench/deals/signer.py [DATABASE NAME] with attempts as JSON on its input, then "go".

Prints a line for each attempt: document, user, then `signed`, `waits` (for the other side) or `refused` with how often the
database was busy for longer than the site waits, or what went wrong.
"""

from __future__ import annotations

import json
import sys

import django
from django.conf import settings

django.setup()

from django.db import OperationalError, connections  # noqa: E402  # Django must be set up first

from madang.accounts.models import User  # noqa: E402  # as above
from madang.deals.actions.refusals import DealRefused  # noqa: E402  # as above
from madang.deals.actions.signing import sign_document  # noqa: E402  # as above
from madang.deals.models import Document, DocumentState  # noqa: E402  # as above


def main() -> None:
    if len(sys.argv) > 1:  # a test's own database
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
    attempts = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    sys.stdin.readline()
    for left, (document, user) in zip(range(len(attempts), 0, -1), attempts, strict=True):
        if left == 1:
            sys.stdin.readline()  # nobody is killed any more
        print(document, user, outcome(document, user), flush=True)


def outcome(document: int, user: int) -> str:
    """As somebody would who reads that the site is busy: once more, until there is an answer."""
    again = 0
    while True:
        try:
            found = sign_document(User.objects.get(pk=user), Document.objects.get(pk=document), name="Signed Here")
        except DealRefused:
            return f"refused {again}"
        except OperationalError as fault:
            if "database is locked" not in str(fault):
                return f"{fault}".replace("\n", " ")
            again += 1
        except Exception as fault:  # whatever it is, the bench tells it
            return f"{type(fault).__name__}: {fault}".replace("\n", " ")
        else:
            return f"{'signed' if found.state == DocumentState.SIGNED else 'waits'} {again}"


if __name__ == "__main__":
    main()
