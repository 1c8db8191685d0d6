"""The texts to translate: python tools/messages.py collect|check

`collect` reads every Python file and template, updates src/madang/locale/<language>/LC_MESSAGES/django.po (sorted, without
line numbers and dates, so that a difference shows texts alone) and compiles. `check` compares without writing, and names
every text that is missing, left over, fuzzy, untranslated, or whose placeholders or tags differ from the English, and every
singular that stands with two plurals: a catalogue keeps one of them, and the other page would read English.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "madang"
LANGUAGES = ["fr", "ko"]
HEADER = "# Madang in LANGUAGE. `make messages` collects the texts; translations are written here by hand.\n#"
KEYWORDS = {
    name + lazy: places
    for name, places in {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}.items()
    for lazy in ("", "_lazy")
} | {"_": None, "gettext_noop": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[a-zA-Z]|\{\w*[^{}]*\}|</?[a-z]+")


def main(words: list[str]) -> int:
    """Collect or check; 0 when all is well."""
    if words == ["collect"]:
        return collect()
    if words == ["check"]:
        return check()
    print(__doc__, file=sys.stderr)
    return 2


def collect() -> int:
    """Bring the catalogues up to date with the sources; translations of texts that are gone are dropped."""
    template = texts()
    for language in LANGUAGES:
        catalog = stored(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = catalog_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        missing = sum(1 for message in catalog if message.id and not is_translated(message, catalog))
        print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {missing} to translate")
    from madang.site.commandline.fresh import compile_translations  # here: `check` needs no site

    compile_translations(SOURCE / "locale")
    return 0


def check() -> int:
    """Name everything that is wrong with the catalogues."""
    template = texts()
    faults = [*two_plurals((found, context) for _place, found, _comments, context in in_sources())]
    faults += [fault for language in LANGUAGES for fault in faults_of(language, template)]
    for fault in faults[:200]:
        print(fault)
    if faults:
        print(f"{len(faults)} faults in the translations (`make messages` collects; see docs/develop/testing.md)")
        return 1
    print(f"{len(template)} texts, complete in {', '.join(LANGUAGES)}")
    return 0


def two_plurals(found: Iterable[tuple[str | tuple[str, ...], str | None]]) -> Iterator[str]:
    """Each singular that the sources give more than one plural, as a sentence."""
    plurals: dict[tuple[str | None, str], set[str]] = {}
    for text, context in found:
        if not isinstance(text, str):
            plurals.setdefault((context, text[0]), set()).add(text[1])
    for (_context, singular), several in sorted(plurals.items(), key=str):
        if len(several) > 1:
            yield f"one singular with different plurals: {singular!r}: {', '.join(map(repr, sorted(several)))}"


def faults_of(language: str, template: Catalog) -> Iterator[str]:
    """Each fault of one language, as a sentence."""
    catalog = stored(language)
    for message in template:
        if not message.id:
            continue
        found = catalog.get(message.id, message.context)
        if found is None:
            yield f"{language}: not collected: {shown(message)}"
        elif found.fuzzy:
            yield f"{language}: fuzzy: {shown(message)}"
        elif not is_translated(found, catalog):
            yield f"{language}: not translated: {shown(message)}"
        elif problem := placeholder_fault(message, found):
            yield f"{language}: {problem}: {shown(message)}"
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{language}: no longer in the sources: {shown(message)}"


def placeholder_fault(message: Message, found: Message) -> str:
    """What differs between the English placeholders and tags and the translation's; empty when nothing does."""
    wanted = [sorted(PLACEHOLDER.findall(text)) for text in forms(message.id)]
    for text in forms(found.string):
        # A singular may leave its number out; a plural form must have what the plural has.
        if sorted(PLACEHOLDER.findall(text)) not in wanted:
            return f"placeholders or tags differ in {text!r}"
    return ""


def forms(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def is_translated(message: Message, catalog: Catalog) -> bool:
    if isinstance(message.id, str):
        return bool(message.string)
    strings = forms(message.string)
    return len(strings) == catalog.num_plurals and all(strings)


def shown(message: Message) -> str:
    return repr(forms(message.id)[0])


def texts() -> Catalog:
    """Every text in the sources."""
    catalog = Catalog(charset="utf-8")
    for place, found, comments, context in in_sources():
        catalog.add(found, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def in_sources() -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    """Each text where it stands: file, text (or its singular and plural), comments for translators, context."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
            continue
        for _line, found, comments, context in extract("python", source(path), keywords=KEYWORDS, comment_tags=["Translators"]):
            yield str(path.relative_to(SOURCE.parent)), found, comments, context


def source(path: Path) -> io.BytesIO:
    """The file as Python; a template is turned into calls of gettext, one after the other, without indentation."""
    text = path.read_text()
    if path.suffix != ".py":
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    return io.BytesIO(text.encode())


def catalog_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def stored(language: str) -> Catalog:
    """The catalogue as it is in the checkout; empty for a new language."""
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file, without the parts of its header that change by themselves."""
    catalog.fuzzy = False  # of the header: nobody has to look at it
    catalog.header_comment = HEADER.replace("LANGUAGE", str(catalog.locale.english_name))
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=False, include_lineno=False, sort_output=True, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    kept = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Plural-Forms", "Language:")
    end = next(index for index, line in enumerate(lines) if line == "\n")
    head = [line for line in lines[:end] if not re.match(r'"[A-Za-z-]+: ', line) or line[1:].startswith(kept)]
    return "".join([*head, *lines[end:]]).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
