"""Values that Avails and Common Metadata take from a list: vocabularies, countries, languages, currencies, ratings, EIDRs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .codes import countries, currencies, eidrs, is_language
from .records import Severity
from .report import Report
from .xml_tree import Node, Tree

PARTS = ("Metadata", "EpisodeMetadata", "SeasonMetadata", "SeriesMetadata", "VolumeMetadata")
STATUSES = ("FeatureStatus", "BonusStatus", "OverallStatus")
LANGUAGES = ("AllowedLanguage", "AssetLanguage", "HoldbackLanguage")
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
# (vocabulary, elements that hold it, child element or @attribute, severity). Partners may agree on others where it is a warning.
RULES = (
    ("AvailType", ("Avail",), "AvailType", ERROR),
    ("EntryType", ("Disposition",), "EntryType", ERROR),
    ("scope", ("AltIdentifier",), "@scope", ERROR),
    ("LocalizationOffering", ("Metadata", "EpisodeMetadata"), "LocalizationOffering", ERROR),
    ("PartStatus", ("SeasonMetadata",), "SeasonStatus", ERROR),
    ("PartStatus", ("VolumeMetadata",), "Status", ERROR),
    ("SeriesStatus", ("SeriesMetadata",), "SeriesStatus", ERROR),
    ("DateTimeCondition", ("Transaction",), "StartCondition", WARNING),
    ("DateTimeCondition", ("Transaction",), "EndCondition", WARNING),
    ("DateTimeCondition", STATUSES, "StartCondition", ERROR),
    ("DateTimeCondition", STATUSES, "EndCondition", ERROR),
    ("LicenseType", ("Transaction",), "LicenseType", WARNING),
    ("asset", LANGUAGES, "@asset", ERROR),
    ("FormatProfile", ("Transaction",), "FormatProfile", ERROR),
    ("ExperienceCondition", ("Transaction",), "ExperienceCondition", ERROR),
    ("termName", ("Term",), "@termName", WARNING),
    ("ecosystem", ("SharedEntitlement",), "@ecosystem", ERROR),
    ("CaptionExemption", PARTS, "USACaptionsExemptionReason", ERROR),
    ("ProgressCode", STATUSES, "ProgressCode", ERROR),
    ("GroupingEntity", ("GroupingEntity",), "md:Type", WARNING),
    ("Gender", ("People",), "md:Gender", ERROR),
    ("WorkType", ("Asset",), "WorkType", INFO),
)
SINCE = re.compile(r"(\d+\.\d+) (.+)")


def after(version: str, since: str) -> bool:
    """Whether a version of Avails is this one or a later one."""
    return [int(part) for part in version.split(".")] >= [int(part) for part in since.split(".")]


@cache
def allowed(name: str, version: str) -> tuple[str, ...]:
    """The values of a vocabulary in a version; none when the version has no such list."""
    out = []
    for word in _vocabularies()[name]:
        found = SINCE.fullmatch(word)
        if not found or after(version, found[1]):
            out.append(found[2] if found else word)
    return tuple(out)


@cache
def _vocabularies() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = json.loads(files(__package__).joinpath("data/vocabulary.json").read_text("utf-8"))
    return rows


def check_values(tree: Tree, report: Report) -> None:
    """All values of a tree that come from a list."""
    rules = _rules_by_holder(tree.version)
    for node in tree.root.walk():
        for name, part, severity in rules.get(node.name, ()):
            for holder, value in _values(node, part):
                if report.unread(holder) and value not in allowed(name, tree.version):
                    _say_unknown(report, severity, name, holder, part, value, allowed(name, tree.version))
        _check_term(node, tree.version, report)
        _check_codes(node, report)
        _check_eidr(node, report)


@cache
def _rules_by_holder(version: str) -> dict[str, list[tuple[str, str, Severity]]]:
    out: dict[str, list[tuple[str, str, Severity]]] = {}
    for name, holders, part, severity in RULES:
        for holder in holders if allowed(name, version) else ():
            out.setdefault(holder, []).append((name, part, severity))
    return out


def _values(node: Node, part: str) -> Iterator[tuple[Node, str]]:
    if not part.startswith("@"):
        yield from ((child, child.value) for child in node.all(part))
    elif part[1:] in node.attributes:
        yield node, node.attributes[part[1:]].strip()


def _say_unknown(
    report: Report, severity: Severity, name: str, node: Node, part: str, value: str, known: tuple[str, ...]
) -> None:
    what = node.name + part if part.startswith("@") else part
    near = next((word for word in known if word.casefold() == " ".join(value.split()).casefold()), "")
    message = format_lazy(_("“{value}” is no value of {what} that is known."), value=value, what=what)
    if near:
        mend = format_lazy(_("Write {word}: capital letters count."), word=near)
    else:
        mend = format_lazy(_("Known are: {words}"), words=", ".join(known))
    report.add(severity, f"vocabulary-{name}", node, value, message, mend)


def _check_term(node: Node, version: str, report: Report) -> None:
    """Two terms have lists of their own."""
    name = node.attributes.get("termName", "") if node.name == "Term" else ""
    if name in ("TitleStatus", "TPRType") and allowed(name, version):
        for child in node.all("Text"):
            if child.value not in allowed(name, version):
                _say_unknown(report, ERROR, name, child, name, child.value, allowed(name, version))


def _check_codes(node: Node, report: Report) -> None:
    if node.name == "md:country" and report.unread(node) and node.value not in countries():
        message = format_lazy(_("“{value}” is no country or region of ISO 3166-1 or UN M.49."), value=node.value)
        report.error("country", node, node.value, message, _("Write two capital letters, for example KR."))
    if node.name.endswith("anguage") and report.unread(node):
        _check_language(node, node.value, report)
    for name, value in node.attributes.items():
        if name == "region" and value not in countries():
            message = format_lazy(_("“{value}” is no country or region of ISO 3166-1 or UN M.49."), value=value)
            report.error("country", node, value, message, _("Write two capital letters, for example KR."))
        elif name == "currency" and value not in currencies():
            message = format_lazy(_("“{value}” is no currency of ISO 4217."), value=value)
            report.error("currency", node, value, message, _("Write three capital letters, for example USD."))
        elif name.endswith("anguage") and report.unread(node, name):
            _check_language(node, value, report)


def _check_language(node: Node, value: str, report: Report) -> None:
    if not is_language(value):
        message = format_lazy(_("“{value}” is no language of RFC 5646."), value=value)
        report.error("language", node, value, message, _("Write a registered tag, for example en, pt-BR or es-419."))


def _check_eidr(node: Node, report: Report) -> None:
    """The reference does not look at check characters: these warnings have a code of their own."""
    texts = [node.attributes.get("contentID", "")] if node.children else [node.text, *node.attributes.values()]
    for text in texts:
        for eidr, right in eidrs(text) if "-" in text else ():
            if not right:
                message = format_lazy(_("The check character of the EIDR {eidr} is wrong."), eidr=eidr)
                report.warning("eidr-check", node, text.strip(), message, _("Copy it again from the EIDR registry."))
