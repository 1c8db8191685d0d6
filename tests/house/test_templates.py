"""What every template keeps: no script or style of its own, and no word that cannot be translated."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "madang"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
MAILS = sorted(SOURCE.rglob("templates/**/*.txt"))
# Names, which are the same in every language.
NAMES = {"Madang", "마당", "CANNESERIES", "BUSAN", "iCalendar", "EN", "FR"}
READ_ALOUD = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "label",
    "data-confirm",
    "data-copied",
    "data-label",
}
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


class Words(HTMLParser):
    """Collects what a reader would read or hear, and what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.refused: list[str] = []
        self.in_one_language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if (facts.get("lang") or "").strip() or tag in ("code", "kbd", "samp"):
            self.in_one_language = tag  # says itself that it is not ours to translate
        self.words += [value for name, value in attrs if name in READ_ALOUD and value]
        if tag == "input" and facts.get("type") in ("submit", "button"):
            self.words.append(facts.get("value") or "")
        self.refused += [f"{name}=" for name, _ in attrs if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in facts):
            self.refused.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.in_one_language:
            self.in_one_language = ""

    def handle_data(self, data: str) -> None:
        if not self.in_one_language:
            self.words.append(data)


def bare(text: str) -> str:
    """The template without what is translated, remarked or filled in."""
    for pattern in (COMMENTS, TRANSLATED, TAGS):
        text = pattern.sub("", text)
    return text


def untranslated(words: list[str]) -> list[str]:
    """The words that have letters and are no names."""
    found = {word for text in words for word in re.findall(r"&\w+;|[^\W\d_]+[\w'’-]*", text)}
    return sorted(word for word in found - NAMES if not word.startswith("&"))


def read(path: Path) -> Words:
    words = Words()
    words.feed(bare(path.read_text()))
    words.close()
    return words


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_word_can_be_translated(path):
    assert untranslated(read(path).words) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_script_or_style_in_a_page(path):
    assert read(path).refused == []


@pytest.mark.parametrize("path", MAILS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_word_of_a_mail_can_be_translated(path):
    assert untranslated([bare(path.read_text())]) == []


def test_the_lint_sees():
    words = Words()
    page = '<p title="Hello">{# Remark #}{% translate "Ja" %} Madang &nbsp; {{ x }} <b onclick="x" style="y">Bye</b>'
    words.feed(bare(page + '<i lang="fr">oui</i><style></style>'))
    assert untranslated(words.words) == ["Bye", "Hello"]
    assert words.refused == ["onclick=", "style=", "<style>"]
