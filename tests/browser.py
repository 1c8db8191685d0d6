"""The site as it is served, and people who look at it in a browser."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import override_settings
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright

ROOT = Path(__file__).resolve().parent.parent
ARTEFACTS = ROOT / ".artefacts"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--no-first-run", "--disable-extensions", "--font-render-hinting=none",
    "--in-process-gpu", "--disable-site-isolation-trials",
]  # fmt: skip
WEIGHT = 100_000
"""Bytes that a page may transfer, all together."""
TARGET = 44
"""Pixels that a button or a field is high, at the least."""
WIDTHS = {1280: 900, 390: 844}

# --- The site ---------------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """A running site: where it is, and what it has printed (mail among it)."""

    url: str
    log: Path
    sound: set[str] = field(default_factory=set)
    """Shapes of pages in which axe has found nothing (SHAPE)."""

    def printed(self) -> str:
        return self.log.read_text(errors="replace")


def make_tables() -> None:
    """The tables of the models, without walking through all migrations; then these count as done, or the site would not start."""
    none = {app.label: None for app in apps.get_app_configs()}
    with override_settings(MIGRATION_MODULES=none):
        call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor() as editor:
        import_module("madang.search.migrations.0003_full_text").forwards(None, editor)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)


@contextlib.contextmanager
def serving(folder: Path, environment: dict[str, str]) -> Iterator[Site]:
    """`madang serve`, with everything it keeps in `folder`; the tables stand already."""
    facts = {**os.environ, **environment, "MADANG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "madang.site.settings"}
    port, log = free_port(), folder / "site.log"
    with log.open("wb") as words:
        command = [sys.executable, "-m", "madang.site.commandline", "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=facts, stdout=words, stderr=words, preexec_fn=end_with_us)
    site = Site(f"http://127.0.0.1:{port}", log)
    try:
        wait_for(site, process)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(300)


def end_with_us() -> None:
    """Ask Linux to end the site when the tests are killed (PR_SET_PDEATHSIG)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(site: Site, process: subprocess.Popen[bytes]) -> None:
    """Return when the site answers; an error with its own words when it does not."""
    until = time.monotonic() + 300
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(site.url + "/", timeout=60):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{site.printed()}")


# --- People -----------------------------------------------------------------------------------------------------------


def chromium() -> str:
    """Where the system's own Chromium is."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise RuntimeError("There is no Chromium; on Debian: apt-get install chromium")
    return found


def start_browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=QUIET)


@dataclass
class Request:
    """One request of a page: what for, who asked for it (the page itself, a script, a style sheet), bytes on the wire."""

    url: str
    initiator: str
    size: int = 0


@dataclass
class Reader:
    """A person at a browser. `faults` of the page before her: all that a page of ours may not do."""

    site: Site
    context: BrowserContext
    name: str
    language: str = "en"
    page: Page = field(init=False)
    wire: CDPSession = field(init=False)
    console: list[str] = field(default_factory=list)
    requests: dict[str, Request] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.on("console", lambda said: self.console.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("dialog", lambda dialog: dialog.accept())  # "Publish this draft?" yes
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.wire = self.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")
        self.wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.wire.on("Network.requestWillBeSent", self._asked)
        self.wire.on("Network.loadingFinished", self._arrived)

    def _asked(self, event: dict[str, Any]) -> None:
        by = event["initiator"].get("url") or event["initiator"]["type"]
        self.requests[event["requestId"]] = Request(event["request"]["url"], by)

    def _arrived(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.requests:
            self.requests[event["requestId"]].size = int(event["encodedDataLength"])

    def open(self, path: str) -> int:
        """Go to a path of the site; its status."""
        self.console.clear()
        self.requests.clear()
        response = self.page.goto(self.site.url + path, wait_until="load")
        return response.status if response else 0

    def words(self, text: str, **values: object) -> str:
        """A text of the site, as she reads it."""
        with translation.override(self.language):
            return gettext(text) % values if values else gettext(text)

    def see(self, text: str, **values: object) -> None:
        """The page shows this text."""
        self.page.get_by_text(self.words(text, **values)).filter(visible=True).first.wait_for()

    def press(self, text: str, **values: object) -> None:
        """Press the button, or follow the link, with these words, in the page's own part (not above it or below it)."""
        words, main = self.words(text, **values), self.page.locator("main")
        found = main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words))
        found.filter(visible=True).first.click()
        self.page.wait_for_load_state("load")

    def write(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        self.page.get_by_label(self.words(label)).filter(visible=True).first.fill(text)

    def picture(self, name: str) -> None:
        """Keep what she sees, whole, as .artefacts/NAME.png."""
        path = ARTEFACTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        how = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True}
        path.write_bytes(base64.b64decode(self.wire.send("Page.captureScreenshot", how)["data"]))

    # --- What a page may not do ---

    def faults(self, *, loading: bool = True) -> list[str]:
        """Everything wrong with this page; `loading=False` leaves out what depends on having just opened it."""
        found = [f"console: {text}" for text in self.console]
        if loading:
            found += self.loading_faults()
        return found + self.layout_faults() + self.access_faults()

    def loading_faults(self) -> list[str]:
        """Requests elsewhere, requests of a second round, too many bytes, things that move while loading."""
        asked = [request for request in self.requests.values() if not request.url.startswith("data:")]
        found = [f"asks somebody else: {request.url}" for request in asked if not request.url.startswith(self.site.url + "/")]
        first = {
            self.page.url.split("#")[0],
            "other",
            "parser",
            *(request.url for request in asked if request.initiator == "other"),
        }
        found += [f"a second round: {request.url} for {request.initiator}" for request in asked if request.initiator not in first]
        weight = sum(request.size for request in asked)
        if weight > WEIGHT:
            found.append(f"{weight} bytes")
        shift = self.page.evaluate(LAYOUT_SHIFT)
        return found + ([f"layout shift {shift:.3f}"] if shift > 0.01 else [])

    def layout_faults(self) -> list[str]:
        """A page wider than the window; buttons and fields that a thumb does not hit."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = [f"{wide} px wider than the window"] if wide > 0 else []
        small = self.page.evaluate(SMALL_TARGETS, TARGET)
        return found + [f"less than {TARGET} px: {text}" for text in small]

    def access_faults(self) -> list[str]:
        """What axe finds; the script comes in through the browser's own door, the page's policy stays in force.

        A page with the shape of one in which axe found nothing is not asked again: axe would find nothing in it either.
        """
        shape = self.page.evaluate(SHAPE)
        if shape in self.site.sound:
            return []
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = list(self.page.evaluate(AXE_FAULTS))
        if not found:
            self.site.sound.add(shape)
        return found


AXE_FAULTS = """() => axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then((result) =>
  result.violations.flatMap((rule) => rule.nodes.slice(0, 3)
    .map((node) => `axe ${rule.impact} ${rule.id}: ${rule.help}: ${node.html.slice(0, 160)}`)))"""
SHAPE = """() => {
  const anyWords = new Set(['title', 'alt', 'placeholder', 'value', 'label', 'datetime', 'action', 'formaction', 'src',
    'data-label', 'data-confirm', 'data-copied']);
  const names = [];
  const nth = (name) => (names.includes(name) ? names : (names.push(name), names)).indexOf(name);
  const fact = ({name, value}) => {
    if (name === 'aria-label' && value.trim()) return `${name} ${nth(value)}`;
    if (name === 'lang' && ['ko', 'en', 'fr'].includes(value)) return name;
    const isFree = anyWords.has(name) || name.startsWith('hx-') || (name === 'href' && !value.startsWith('#'));
    return isFree ? `${name} ${Boolean(value.trim())}` : `${name}=${value}`;
  };
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return `"${Math.min(node.data.trim().length, 2)}"`;
    if (node.nodeType !== Node.ELEMENT_NODE) return '';
    const facts = [...node.attributes].filter(({name}) => node.name !== 'language' || name !== 'aria-current').map(fact);
    return `<${node.localName} ${facts.join(' ')} ${node.checked}>${[...node.childNodes].map(shape).join('')}</>`;
  };
  const seen = `${innerWidth} ${matchMedia('(prefers-color-scheme: dark)').matches} ${shape(document.documentElement)}`;
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(seen))
    .then((digest) => [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
}"""
"""What axe's answer depends on: the window's width and light, elements and their attributes, where there are words.

Left out are which words these are, and which of the three languages is marked as chosen. Of words that name an element it counts
which elements have the same; a word of one letter counts as such, for axe judges no contrast by it.
"""
LAYOUT_SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(sum), 50);
})"""
SMALL_TARGETS = """(least) => {
  const controls = 'button, .button, select, textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])';
  return [...document.querySelectorAll(controls)]
    .filter((element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter((element) => !element.closest('.link-button, .visually-hidden'))
    .filter((element) => { const box = element.getBoundingClientRect(); return box.width > 1 && Math.round(box.height) < least; })
    .map((element) => `${Math.round(element.getBoundingClientRect().height)} px: ${element.outerHTML.slice(0, 120)}`).slice(0, 5);
}"""
