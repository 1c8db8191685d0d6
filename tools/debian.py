"""Sees to the programs that the tests need besides Python: a browser, PostgreSQL, Korean fonts, gettext.

python3 tools/debian.py          installs with apt what is missing, as root or with sudo; else says what to install
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FONTS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts"]


def has_browser() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_postgres() -> bool:
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def has_korean_fonts() -> bool:
    return any(
        next(folder.rglob(f"*{name}*"), None)
        for folder in FONTS
        if folder.exists()
        for name in ("NotoSansCJK", "NotoSansKR", "Nanum")
    )


def has_gettext() -> bool:
    return bool(shutil.which("xgettext") and shutil.which("msgmerge"))


NEEDED = {
    "chromium": (has_browser, "the journeys run in it"),
    "postgresql": (has_postgres, "the tests run on it, next to SQLite"),
    "fonts-noto-cjk": (has_korean_fonts, "Korean pages are photographed"),
    "gettext": (has_gettext, "the translations are checked with it"),
}


def main() -> int:
    """Install what is missing, or say what to install; 0 when all is there."""
    missing = [package for package, (there, _) in NEEDED.items() if not there()]
    if not missing:
        return 0
    for package in missing:
        print(f"Missing: {package} ({NEEDED[package][1]})", flush=True)
    apt = apt_command()
    if apt is None:
        print(f"Please install: {' '.join(missing)}   (on Debian: apt-get install {' '.join(missing)})", file=sys.stderr)
        return 1
    print(f"Installing with apt: {' '.join(missing)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run([*apt, *words], env=environment, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            print(f"apt-get {words[0]} failed; please install by hand: {' '.join(missing)}", file=sys.stderr)
            return 1
    return 0 if all(there() for there, _ in NEEDED.values()) else 1


def apt_command() -> list[str] | None:
    """apt-get as root, through sudo if that asks nothing; None where neither is possible."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n", "apt-get"]
    return None


if __name__ == "__main__":
    sys.exit(main())
