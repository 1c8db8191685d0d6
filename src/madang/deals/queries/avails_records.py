"""Lines of rights as rows of an avails file: as they were read, or made for what was never in a file."""

from __future__ import annotations

from collections.abc import Iterable

from madang.avails.columns import PERPETUITY, PREFIX
from madang.avails.records import Record
from madang.catalogue.models import Format, Level, Title
from madang.deals.models import Document, DocumentKind, DocumentState, Line, LineKind, OpenDate, Source
from madang.deals.queries.avails import CORE, Bound, Given, NotGiven, Releases, bounds_of, given, given_of
from madang.deals.sets import masks_of
from madang.kernels.rights import language_table, media_table, territory_table
from madang.markets.models import Edition
from madang.people.models import Company

CARRIED = ("EST", "VOD", "Pre-Release", "SVOD", "AVOD", "FVOD", "FAST")
"""LicenseTypes in which we write what was not read from a file, each for one of our media."""
OWN_ALID = "md:alid:org:madang"


def holdings(company: Company) -> Iterable[Line]:
    """The lines of what a company holds, with all that is needed to write or compare them."""
    documents = Document.objects.filter(company=company, kind=DocumentKind.HOLDING, state=DocumentState.STATED)
    lines = Line.objects.filter(document__in=documents, kind=LineKind.GRANT).order_by("title__code", "document", "number", "pk")
    return lines.select_related(
        *("document", "document__edition", "territories", "media", "languages", "title__part_of__part_of", "title__company")
    )


def company_records(company: Company) -> list[Record]:
    """What a company holds, as rows of a file."""
    return [record for line in holdings(company) for record in records_of(line)]


def own_alid(line: Line) -> str:
    """How a statement that was not read from a file is called in one."""
    return f"{OWN_ALID}:{line.document.edition.slug}:{line.document.code}:{line.title.code}"


def is_own_statement(record: Record, edition: Edition, company: Company) -> bool:
    """Whether a record was written by this company's statements here that no file may change."""
    head, _colon, rest = record.get("ALID").partition(f"{OWN_ALID}:{edition.slug}:")
    if head or not rest:
        return False
    mine = Document.objects.filter(edition=edition, company=company, code=rest.partition(":")[0])
    return mine.exclude(source=Source.AVAILS).exists()


def records_of(line: Line) -> list[Record]:
    """The rows of a line: as it was read, or one for each medium that Avails has a word for and one for the rest."""
    if line.document.source == Source.AVAILS and line.terms.get("ALID", line.terms.get("LicenseType")):
        return [_as_read(line)]
    table, media = media_table(), masks_of(line)[1]
    licences = [word for word in CARRIED if table.masks[table.avails[word]] & media]
    for word in licences:
        media &= ~table.masks[table.avails[word]]
    rest = ", ".join(PREFIX + code for code in table.say(media).split(", ") if code)
    return [_made(line, licence) for licence in (*licences, rest) if licence]


def _as_read(line: Line) -> Record:
    """What the file said, unless somebody changed the line since: then as the line has it."""
    terms = dict(line.terms)
    record = Record(extra=dict(terms.pop("extra", {})))
    resolved = terms.pop("resolved", {})
    record.values = {"EntryType": "Full Extract"} | {column: str(text) for column, text in terms.items()}
    now = _core(line, record.get("LicenseType"))
    try:
        before = given(record, Releases([]))
    except NotGiven:
        before = None
    for name, columns in CORE.items():
        if not _still(line, name, before, resolved):
            for column in columns:
                record.values.pop(column, None)
            record.values |= {column: now[column] for column in columns if now.get(column)}
    record.values["Exclusive"] = "Yes" if line.exclusive else record.get("Exclusive") if record.get("Exclusive") == "No" else ""
    record.values = {column: text for column, text in record.values.items() if text}
    return record


def _still(line: Line, name: str, before: Given | None, resolved: dict[str, str]) -> bool:
    if before is None:
        return False
    now = given_of(line)
    if name in ("start", "end") and name.capitalize() in resolved:
        bound: Bound = getattr(now, name)
        return bound.day is not None and bound.day.isoformat() == resolved[name.capitalize()]
    return bool(getattr(now, name) == getattr(before, name))


def _core(line: Line, licence: str) -> dict[str, str]:
    """Territory, media, languages and window as columns."""
    territories, _media_mask, languages = masks_of(line)
    table = territory_table()
    said, _excl, left_out = table.say(territories).partition(" excl. ")
    core = {"Territory": "ZZ" if said == "World" else said, "TerritoryExclusion": left_out, "LicenseType": licence}
    if languages != language_table().all:
        core["AllowedLanguages"] = language_table().say(languages)
    start, end = bounds_of(line)
    core["Start"] = start.day.isoformat() if start.day else {OpenDate.TBA: "TBD"}.get(OpenDate(start.is_open), "Immediate")
    core["End"] = end.day.isoformat() if end.day else _open_end(end, licence)
    return core


def _open_end(end: Bound, licence: str) -> str:
    if end.is_open == OpenDate.PERPETUITY and PREFIX in licence:
        return PERPETUITY
    return "TBD" if end.is_open == OpenDate.TBA else "Open"


def _made(line: Line, licence: str) -> Record:
    """A row for a line that was never in a file, with what the format asks for."""
    record = Record()
    record.values = (
        _core(line, licence)
        | _named(line.title)
        | {
            "ALID": own_alid(line),
            "AvailID": f"{line.document.code}.{line.number}.{licence.replace(PREFIX, '').partition(',')[0]}",
            "EntryType": "Full Extract",
            "DisplayName": line.title.company.name if line.title.company else "",
            "FormatProfile": "HD",
            "ContractID": line.document.reference,
            "Exclusive": "Yes" if line.exclusive else "No",
        }
    )
    if licence != "SVOD":
        record.values |= {"PriceType": "LicenseFee", "PriceValue": "On request"}
    record.values = {column: text for column, text in record.values.items() if text}
    record.extra = {"Runs": str(line.runs)} if line.runs else {}
    return record


def _named(title: Title) -> dict[str, str]:
    """What a work is, and how it is called; its code is its number for others."""
    content = f"md:cid:org:madang:{title.edition_id}:{title.code}"
    if title.level in (Level.SEASON, Level.EPISODE):
        return _named_part(title, content)
    if title.level == Level.SERIES or title.format in (Format.SERIES, Format.ENTERTAINMENT):
        names = {"SeriesTitleInternalAlias": title.name or title.code, "SeriesContentID": content, "SeriesAltID": title.code}
        return {"WorkType": "Series", **names}
    work = "Short" if title.format == Format.SHORT else "Movie"
    names = {"TitleInternalAlias": title.name or title.code, "ContentID": content, "AltID": title.code}
    return {"WorkType": work, "ReleaseYear": str(title.year or ""), **names}


def _named_part(title: Title, content: str) -> dict[str, str]:
    season = title if title.level == Level.SEASON else title.part_of
    series = season.part_of if season is not None and season.level == Level.SEASON else season
    whole = series or title
    values = {
        "WorkType": title.get_level_display(),
        "SeriesTitleInternalAlias": whole.name or whole.code,
        "SeriesAltID": whole.code,
    }
    values["SeriesContentID"] = f"md:cid:org:madang:{whole.edition_id}:{whole.code}"
    if season is not None and season.level == Level.SEASON:
        values |= {"SeasonNumber": str(season.number or ""), "SeasonAltID": season.code}
        values["SeasonContentID"] = f"md:cid:org:madang:{season.edition_id}:{season.code}"
    if title.level == Level.EPISODE:
        values |= {"EpisodeNumber": str(title.number or ""), "EpisodeAltID": title.code, "EpisodeContentID": content}
        values["EpisodeTitleInternalAlias"] = title.name or title.code
        values["WorkType"] = "Episode"
    return values
