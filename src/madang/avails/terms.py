"""The terms of a transaction: its price and what else has a name and a value."""

from __future__ import annotations

from collections.abc import Sequence

from .codecs import Codec, Maker, Values
from .vocabulary import after
from .xml_tree import Node

MONEY = "WSP DMRP SMRP EpisodeWSP SeasonWSP"
PRICES = {
    **{form.format(name): "Money" for name in MONEY.split() for form in ("{}", "TPR-{}", "{}-PostTax")},
    **dict.fromkeys(("TPR-SRP", "SRP-PostTax"), "Money"),
    **dict.fromkeys(("Tier", "TPR-Tier", "Category", "TPR-Category", "LicenseFee", "TPR-LicenseFee", "NA", "Included"), "Text"),
}
TERMS = {
    "SRP": ("SRP", "Money"),
    "SuppressionLiftDate": ("SuppressionLiftDate", "Event"),
    "SpecialPreOrderFulfillDate": ("PreorderFulfillDate", "Event"),
    "AnnounceDate": ("AnnounceDate", "Event"),
    "FixedEndDate": ("FixedEndDate", "Event"),
    "RentalDuration": ("RentalDuration", "Duration"),
    "WatchDuration": ("WatchDuration", "Duration"),
    "Download": ("Download", "Text"),
    "Exclusive": ("Exclusive", "Boolean"),
    "ExclusiveAttributes": ("ExclusiveAttributes", "Text"),
    "BrandingRights": ("BrandingRights", "Boolean"),
    "BrandingRightsAttributes": ("BrandingRightsAttributes", "Text"),
    "TitleStatus": ("TitleStatus", "Text"),
    "TPRType": ("TPRType", "Text"),
    "CampaignID": ("CampaignID", "Text"),
    "PackageLabel": ("PackageLabel", "Text"),
}
COLUMN_OF = {name: column for column, (name, _kind) in TERMS.items()} | {"PreOrderFulfillDate": "SpecialPreOrderFulfillDate"}
BOOLEANS = {"true": "Yes", "1": "Yes", "false": "No", "0": "No"}


def read_terms(nodes: Sequence[Node]) -> Values:
    """The first price, and of every other term the first."""
    out: Values = {}
    for node in nodes:
        name = node.attributes.get("termName", "")
        inner = node.children[0] if node.children else node
        if name in COLUMN_OF:
            value = BOOLEANS.get(inner.value, inner.value) if inner.name == "Boolean" else inner.value
            out.setdefault(COLUMN_OF[name], value)
            if name == "SRP" and "PriceType" not in out:
                _set_currency(out, inner)
        elif name in PRICES and "PriceType" not in out:
            out |= {"PriceType": name, "PriceValue": inner.value}
            _set_currency(out, inner)
    return {column: value for column, value in out.items() if value}


def _set_currency(out: Values, money: Node) -> None:
    if money.attributes.get("currency"):
        out["PriceCurrency"] = money.attributes["currency"]


def write_terms(make: Maker) -> list[Node]:
    """The terms of a row, the price first."""
    currency = make.get("PriceCurrency")
    out = []
    kind = make.get("PriceType")
    if kind and not (kind == "SRP" and make.get("SRP")):
        form = PRICES.get(kind, "Money" if kind == "SRP" else "Text")
        money = {"currency": currency} if form == "Money" else {}
        inner = make.node(form, make.get("PriceValue"), "PriceValue" if make.get("PriceValue") else "PriceType", **money)
        out.append(make.node("Term", "", "PriceType", inner, termName=kind))
    for column, (name, form) in TERMS.items():
        value = make.get(column)
        if value:
            out.append(make.node("Term", "", column, _value(make, column, form, value, currency), termName=name))
    return out


def _value(make: Maker, column: str, form: str, value: str, currency: str) -> Node:
    if form == "Boolean" and value in ("Yes", "No") and after(make.version, "2.3"):
        return make.node("Boolean", "true" if value == "Yes" else "false", column)
    money = {"currency": currency} if form == "Money" else {}
    return make.node("Text" if form == "Boolean" else form, value, column, **money)


def terms() -> Codec:
    """All terms."""
    return Codec(("Term",), ("PriceType", "PriceValue", "PriceCurrency", *TERMS), read_terms, write_terms)
