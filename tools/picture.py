"""Takes the picture of the README from a running demo: .venv/bin/python tools/picture.py http://127.0.0.1:8765

A buyer's agenda on the desk, and the same in Korean on a phone in the dark.
"""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WHO, PASSWORD = "buyer@demo.example", "busan-demo-2025"
FRAME = """<body style="margin:0;background:{ground}"><div style="position:relative;width:1280px;height:800px;overflow:hidden">
<img src="data:image/png;base64,{desk}" style="position:absolute;left:0;top:0;width:1280px">
<img src="data:image/png;base64,{phone}" style="position:absolute;right:40px;bottom:-60px;width:300px;
border-radius:26px;border:7px solid #17141a;box-shadow:0 12px 50px rgb(0 0 0 / .35)"></div></body>"""


def main(site: str) -> None:
    """Write docs/picture.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        desk = agenda(browser, site, width=1280, height=800, language="en", light="light")
        phone = agenda(browser, site, width=390, height=844, language="ko", light="dark")
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_content(FRAME.format(ground="#fff", desk=desk, phone=phone))
        page.screenshot(path=ROOT / "docs" / "picture.png")
        browser.close()


def agenda(browser: Browser, site: str, *, width: int, height: int, language: str, light: str) -> str:
    """Sign in and photograph the agenda."""
    window = {"width": width, "height": height}
    context = browser.new_context(viewport=window, locale=language, color_scheme=light, timezone_id="Asia/Seoul")
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/account/login/")
    page.fill("input[name=login]", WHO)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    page.goto(site + "/")
    page.goto(page.url.rstrip("/") + "/agenda/")
    image = page.screenshot()
    context.close()
    return base64.b64encode(image).decode()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"))
