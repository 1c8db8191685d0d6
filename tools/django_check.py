"""Django's own checks: of the models, of a deployment over HTTPS, and that no migration is missing."""

from __future__ import annotations

import os
import sys
import tempfile

# Whether all subdomains are HTTPS too, and whether browsers list the site, is for the owner of the domain to say.
OWNERS_CHOICE = ["security.W005", "security.W021"]


def main() -> int:
    """Run the checks as a deployment would; 0 when nothing is said."""
    with tempfile.TemporaryDirectory(prefix="madang-check-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="madang.site.settings",
            MADANG_DATA=folder,
            MADANG_HTTPS="1",
            MADANG_SECRET_KEY="".join(map(chr, range(40, 110))),
        )
        os.environ.pop("MADANG_DEBUG", None)
        os.environ.pop("DATABASE_URL", None)
        import django  # here, after the environment
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        settings.SILENCED_SYSTEM_CHECKS = OWNERS_CHOICE
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check_changes=True, dry_run=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
