"""What belongs together in an Avail: its type and its assets, a licence type and its terms, the volumes of a season."""

from __future__ import annotations

from itertools import pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .report import Report
from .values import integer
from .vocabulary import after
from .volumes import span
from .xml_tree import Node, Tree

PRICED = {"2.3": ("Tier", "Category"), "2.4": ("Tier", "Category", "LicenseFee")}
METADATA = {
    "Movie": "Metadata",
    "Short": "Metadata",
    "Series": "SeriesMetadata",
    "Season": "SeasonMetadata",
    "Episode": "EpisodeMetadata",
}
# Types that need exactly one asset of one of these kinds of work.
ONE_OF = {
    "single": ("Movie", "Short"),
    "episode": ("Episode",),
    "season": ("Season",),
    "series": ("Series",),
    "miniseries": ("Series",),
    "bundle": ("Collection",),
}
NOT_IN_SINGLE = ("Collection", "Franchise", "Series", "Season")
REFERRING = {"supplement": "Supplemental", "promotion": "Promotion"}


def check_structure(tree: Tree, report: Report) -> None:
    """All rules of structure that count in the version of the tree."""
    for avail in tree.root.find("Avail"):
        _check_avail(avail, report)
        for asset in avail.all("Asset"):
            _check_asset(avail, asset, report)
            if after(tree.version, "2.4"):
                _check_sequence(asset, report)
        for transaction in avail.all("Transaction"):
            _check_transaction(avail, transaction, tree.version, report)
    _check_alids(tree, report)
    if after(tree.version, "2.4"):
        _check_volumes(tree, report)


def _check_avail(avail: Node, report: Report) -> None:
    kind = avail.get("AvailType")
    works = [asset.get("WorkType") for asset in avail.all("Asset")]
    here = avail.first("AvailType") or avail
    wanted = ONE_OF.get(kind)
    if wanted and sum(work in wanted for work in works) != 1:
        message = format_lazy(
            _("An Avail of type “{kind}” needs exactly one asset that is: {works}."), kind=kind, works=", ".join(wanted)
        )
        report.error("structure-assets", here, kind, message)
    if kind == "single" and any(work in NOT_IN_SINGLE for work in works):
        report.error("structure-assets", here, kind, _("An Avail of type “single” has no collection, series or season."))
    bundled = sum(len(asset.all("BundledAsset")) for asset in avail.all("Asset"))
    if kind == "collection" and len(works) + bundled < 2:
        report.error("structure-assets", here, kind, _("A collection needs two assets or more."))
    if kind == "bundle" and not bundled:
        report.error("structure-bundle", here, kind, _("A bundle needs at least one bundled asset."))
    if kind == "bundle" and not any(asset.first("Metadata") for asset in avail.all("Asset")):
        report.error("structure-metadata", here, kind, _("A bundle needs Metadata in its asset."))
    if kind in REFERRING:
        _check_referring(avail, here, kind, works, report)


def _check_referring(avail: Node, here: Node, kind: str, works: list[str], report: Report) -> None:
    if REFERRING[kind] not in works:
        message = format_lazy(_("An Avail of type “{kind}” needs an asset that is: {works}."), kind=kind, works=REFERRING[kind])
        report.error("structure-assets", here, kind, message)
    if not any(transaction.first("RefALID") for transaction in avail.all("Transaction")):
        message = format_lazy(_("An Avail of type “{kind}” needs a RefALID: what it belongs to."), kind=kind)
        report.error("structure-reference", here, kind, message)


def _check_asset(avail: Node, asset: Node, report: Report) -> None:
    work = asset.get("WorkType")
    for bundled in asset.all("BundledAsset") if work != "Collection" else ():
        report.error("structure-bundle", bundled, work, _("Only a Collection has bundled assets."))
    needed = METADATA.get(work)
    if needed and not asset.first(needed):
        message = format_lazy(_("A {work} is described by {element}."), work=work, element=needed)
        report.error("structure-metadata", asset, work, message)
    if work == "Episode":
        if avail.get("AvailType") != "episode":
            report.error("structure-assets", asset, work, _("An Episode belongs in an Avail of type “episode”."))
        number = asset.first("EpisodeMetadata", "EpisodeNumber")
        if not number or len(number.all("md:Number")) != 1:
            report.error("structure-number", number or asset, work, _("An episode needs its number."))


def _check_sequence(asset: Node, report: Report) -> None:
    """If one bundled asset has a place in the order, all have one, each its own, without a gap."""
    bundled = asset.all("BundledAsset")
    if not any("sequence" in node.attributes for node in bundled):
        return
    numbers: list[tuple[int, Node]] = []
    for node in bundled:
        text = node.attributes.get("sequence", "")
        number = integer(text)
        if number is not None:
            numbers.append((number, node))
        else:
            report.error("structure-sequence", node, text, _("If one bundled asset has a sequence, every one needs a number."))
    numbers.sort(key=lambda pair: pair[0])
    for (before, _node), (number, node) in pairwise(numbers):
        if number == before:
            report.error("structure-sequence", node, str(number), _("This number in the sequence is taken twice."))
        elif number != before + 1:
            report.error("structure-sequence", node, str(number), _("The sequence of bundled assets has a gap."))


def _check_transaction(avail: Node, transaction: Node, version: str, report: Report) -> None:
    kind = transaction.first("LicenseType") or Node("LicenseType", transaction.place)
    terms = transaction.all("Term")
    names = [term.attributes.get("termName", "") for term in terms]
    if kind.value == "POEST" and names.count("SuppressionLiftDate") != 1:
        report.error("structure-poest", kind, "POEST", _("A pre-order (POEST) needs exactly one SuppressionLiftDate."))
    for term in terms:
        if term.attributes.get("termName") == "PreOrderFulfillDate" and kind.value != "POEST":
            report.error("structure-poest", term, kind.value, _("PreOrderFulfillDate is only for pre-orders (POEST)."))
    for node in transaction.all("RefALID") if avail.get("AvailType") not in REFERRING else ():
        message = _("RefALID is only for Avails of type “supplement” or “promotion”.")
        report.error("structure-reference", node, node.value, message)
    if kind.value not in ("SVOD", "") and after(version, "2.3"):
        priced = PRICED["2.4" if after(version, "2.4") else "2.3"]
        if not (any(name in priced for name in names) or any(term.first("Money") for term in terms)):
            message = _("This licence type needs a term with its price.")
            report.warning("structure-price", kind, kind.value, message, _("Add a term such as Tier, WSP or SRP."))
        _check_one_language(transaction, report)
    if after(version, "2.5"):
        for node in (*transaction.all("StartCondition"), *transaction.all("EndCondition")):
            if node.value == "TBD":
                report.error("structure-condition", node, "TBD", _("TBD is only for the status of an offer."))


def _check_one_language(transaction: Node, report: Report) -> None:
    """What is sold by the title is sold in one language."""
    languages = transaction.all("AssetLanguage")
    if len(languages) > 1:
        value = ", ".join(node.value for node in languages)
        report.error("structure-language", languages[1], value, _("Only SVOD has more than one AssetLanguage."))


def _check_alids(tree: Tree, report: Report) -> None:
    """In a workbook the rows of one ALID may have several EntryTypes, and are several Avails for that."""
    seen: set[tuple[str, str]] = set()
    for node in tree.root.find("ALID"):
        entry = node.parent.get("Disposition", "EntryType") if node.place.sheet and node.parent else ""
        if node.value and (node.value, entry) in seen:
            message = _("Two Avails of one file have the same ALID.")
            report.error("alid-twice", node, node.value, message, _("Put their transactions into one Avail."))
        seen.add((node.value, entry))


def _check_volumes(tree: Tree, report: Report) -> None:
    """No episode of a season is in two of its volumes."""
    taken: dict[str, set[int]] = {}
    for volume in tree.root.find("VolumeMetadata"):
        season = taken.setdefault(volume.get("SeasonMetadata", "SeasonContentID"), set())
        numbers = span(volume)
        for number in numbers:
            if number in season:
                message = format_lazy(_("Episode {number} is already in another volume of its season."), number=number)
                report.error("structure-volume", volume, str(number), message)
        season.update(numbers)
