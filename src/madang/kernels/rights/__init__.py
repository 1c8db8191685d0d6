"""What is free, what is sold, and what a new deal runs into.

A right is a set of territories, of media and of languages over a half-open window of days. Contracts are lines of three kinds:
a GRANT adds, a LICENCE uses, a RESTRICTION blocks everyone but those it exempts. Answers are computed from them when asked.

    book = Book(lines)
    free = avails(book, "title-1", Ask(scope, buyer="broadcaster"))
    findings = conflicts(book, Deal("seller", (licence, exclusivity)))
"""

from .avails import Answer, Ask, Hold, WhenFree, answer, avails, when_free
from .book import Book
from .boxes import longest, merge, subtract, union
from .catalogue import Catalogue, Found, Mode, Search, look
from .columns import Columns, columns_of
from .conflicts import Check, Deal, Finding, Severity, conflicts, may_sign
from .faults import RightsError
from .languages import LanguageTable, Use, language_table
from .lines import (
    ALWAYS,
    FOREVER,
    After,
    Event,
    Kind,
    Line,
    Open,
    Reason,
    Scope,
    Standing,
    TitleId,
    day,
    surest,
    widest,
)
from .media import MediaTable, media_table
from .scan import Scan
from .territories import Reading, TerritoryTable, territory_table

__all__ = [
    "ALWAYS",
    "FOREVER",
    "After",
    "Answer",
    "Ask",
    "Book",
    "Catalogue",
    "Check",
    "Columns",
    "Deal",
    "Event",
    "Finding",
    "Found",
    "Hold",
    "Kind",
    "LanguageTable",
    "Line",
    "MediaTable",
    "Mode",
    "Open",
    "Reading",
    "Reason",
    "RightsError",
    "Scan",
    "Scope",
    "Search",
    "Severity",
    "Standing",
    "TerritoryTable",
    "TitleId",
    "Use",
    "WhenFree",
    "answer",
    "avails",
    "columns_of",
    "conflicts",
    "day",
    "language_table",
    "longest",
    "look",
    "may_sign",
    "media_table",
    "merge",
    "subtract",
    "surest",
    "territory_table",
    "union",
    "when_free",
    "widest",
]
