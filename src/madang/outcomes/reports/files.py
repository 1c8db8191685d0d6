"""All files of a report in one language, as `madang report` writes them and pages hand them out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from django.utils.translation import override

from madang.outcomes.models import Report
from madang.outcomes.reports.document import document_of
from madang.outcomes.reports.html import html_bytes
from madang.outcomes.reports.package import package_files
from madang.outcomes.reports.papers import report_book, report_pdf
from madang.outcomes.reports.reading import Tell, quietly

HTML, PDF, XLSX, DATA = "report.html", "report.pdf", "report.xlsx", "data/"
MIDNIGHT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same files make the same archive."""


def files_of(report: Report, language: str, tell: Tell = quietly) -> dict[str, bytes]:
    """Path -> bytes. `report` with its edition and what it replaces."""
    with override(language):
        tell("html", 0, 4)
        document = document_of(report)
        found = {HTML: html_bytes(document)}
        tell("pdf", 1, 4)
        found[PDF] = report_pdf(document, report.digest)
        tell("xlsx", 2, 4)
        found[XLSX] = report_book(document)
        tell("data", 3, 4)
        return found | {f"{DATA}{name}": data for name, data in package_files(report).items()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """One archive of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, MIDNIGHT), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


KINDS = {"html": HTML, "pdf": PDF, "xlsx": XLSX, "data": DATA, "all": ""}
"""What may be asked for -> where it begins in the archive; `data` and `all` are archives themselves."""
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "data": "application/zip",
    "all": "application/zip",
}


def taken(archive: bytes, kind: str) -> bytes:
    """One of KINDS out of the archive of all; the open data as an archive of its own."""
    if kind == "all":
        return archive
    with zipfile.ZipFile(io.BytesIO(archive)) as kept:
        if kind != "data":
            return kept.read(KINDS[kind])
        return zipped({name.removeprefix(DATA): kept.read(name) for name in kept.namelist() if name.startswith(DATA)})
