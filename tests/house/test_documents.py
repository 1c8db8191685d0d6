"""What the documents say is there: commands, settings, pages, words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

from madang.site.commandline import parser

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDE = ROOT / "docs" / "guide" / "administrator.md"
GLOSSARY = ROOT / "docs" / "develop" / "glossary.md"
CODE = re.compile(r"`([^`\n]+)`|^(?: {4}|\t)(.+)$", re.MULTILINE)


def code_of(path: Path) -> list[str]:
    """What the document shows as code: words between back-ticks, and indented or fenced lines."""
    text = path.read_text()
    fenced = [line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE) for line in block.splitlines()]
    return [a or b for a, b in CODE.findall(text)] + fenced


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def commands() -> set[str]:
    """The sub-commands of `madang`."""
    return {name for action in parser()._actions if hasattr(action, "choices") and action.choices for name in action.choices}


def shown_commands() -> set[str]:
    """Those that `madang --help` shows; others are for machines."""
    return {choice.dest for action in parser()._actions for choice in getattr(action, "_choices_actions", [])}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_exist(path):
    said = code_of(path)
    made = {word for code in said for word in re.findall(r"(?:^|[ ;&])make ((?:[A-Z_]+=\S+ )*[a-z][a-z-]*)", code)}
    assert {word.split()[-1] for word in made} - targets() == set()
    run = {word for code in said for word in re.findall(r"^(?:\$ |.*\.venv/bin/)?madang ([a-z][a-z-]+)", code)}
    assert run - commands() == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    files = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in files if not (path.parent / link).exists()] == []


def test_every_command_is_documented():
    guides = "\n".join(path.read_text() for path in DOCUMENTS)
    assert sorted(name for name in shown_commands() if f"madang {name}" not in guides) == []
    readme = "\n".join(path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    public = re.findall(r"^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(name for name in public if name != "help" and f"make {name}" not in readme) == []


def test_settings_are_documented_and_documented_settings_exist():
    source = "\n".join(path.read_text() for path in (ROOT / "src" / "madang").rglob("*.py"))
    used = set(re.findall(r"[\"'](MADANG_[A-Z_]+|DATABASE_URL)[\"']", source))
    told = set(re.findall(r"`(MADANG_[A-Z_]+|DATABASE_URL)\b", GUIDE.read_text()))
    assert used - told == set()
    assert told - used == set()


def test_every_table_has_a_word_in_the_glossary():
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("madang.")}
    assert ours - named_in_glossary() == set()


def test_the_glossary_names_what_is_there():
    """A name with a capital in the glossary's code column is a class of ours."""
    source = "\n".join(path.read_text() for path in (ROOT / "src" / "madang").rglob("*.py"))
    assert {name for name in named_in_glossary() if not re.search(rf"^class {name}\b", source, re.MULTILINE)} == set()


def named_in_glossary() -> set[str]:
    return set(re.findall(r"`([A-Z]\w+)`", GLOSSARY.read_text()))
