"""What must be true after all have signed, in SQL and plain Python: nothing here is Madang's own code.

No two signed contracts give the same exclusive right; none is half signed; none was refused without a contract in its way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Rows = Callable[[str], list[tuple[Any, ...]]]

PAPERS = (
    "select d.id, d.code, d.state, d.digest, d.signed_at, deal.code, deal.stage from deals_document d"
    " join deals_deal deal on deal.id = d.deal_id where d.kind = 'licence'"
)
LINES = (
    'select l.document_id, l.title_id, t.members, m.members, v.members, l.start, l."end", l.exclusive, l.party_id'
    " from deals_line l"
    " join deals_document d on d.id = l.document_id join deals_rightsset t on t.id = l.territories_id"
    " join deals_rightsset m on m.id = l.media_id join deals_rightsset v on v.id = l.languages_id where d.kind = 'licence'"
)
SIGNATURES = "select document_id, company_id, digest from deals_signature"
CONCLUDED = "select subject from markets_logentry where verb = 'conclude_deal'"
NOTED = "select subject from markets_logentry where verb = 'sign_document'"
WORTH = "select document_id, stage from deals_value where document_id is not null"
TOLD = "select {key} from people_notice where kind = 'deal_signed'"


@dataclass(frozen=True)
class Paper:
    """A licence as it stands."""

    id: int
    code: str
    state: str
    digest: str
    signed_at: Any
    deal: str
    stage: str


@dataclass(frozen=True)
class Part:
    """One line of it."""

    title: int
    sets: tuple[frozenset[str], ...]
    start: str
    end: str
    exclusive: bool
    party: int

    def meets(self, other: Part) -> bool:
        """Whether one of the two keeps the other out; nobody keeps herself out."""
        if self.party == other.party:
            return False
        common = all(mine & theirs for mine, theirs in zip(self.sets, other.sets, strict=True))
        together = self.title == other.title and self.start <= other.end and other.start <= self.end
        return common and together and (self.exclusive or other.exclusive)


def faults(rows: Rows, *, all_tried: bool = True) -> list[str]:
    """Everything that must not be. `all_tried`: every attempt has had its answer, so that a refusal needs its reason."""
    papers = [Paper(*row) for row in rows(PAPERS)]
    parts: defaultdict[int, list[Part]] = defaultdict(list)
    for document, title, territories, media, languages, start, end, exclusive, party in rows(LINES):
        sets = tuple(frozenset(words.split()) for words in (territories, media, languages))
        parts[document].append(Part(title, sets, str(start)[:10], str(end)[:10], bool(exclusive), party))
    signed = [paper for paper in papers if paper.state == "signed"]
    found = _doubles(signed, parts) + _halves(rows, papers)
    if all_tried:
        found += [
            f"{paper.code} is not signed, and nothing is in its way"
            for paper in papers
            if paper.state != "signed" and not any(_meet(parts, paper, other) for other in signed)
        ]
    return found


def _meet(parts: dict[int, list[Part]], one: Paper, two: Paper) -> bool:
    return any(mine.meets(theirs) for mine in parts[one.id] for theirs in parts[two.id])


def _doubles(signed: list[Paper], parts: dict[int, list[Part]]) -> list[str]:
    return [f"{one.code} and {two.code} sell the same" for one, two in combinations(signed, 2) if _meet(parts, one, two)]


def _halves(rows: Rows, papers: list[Paper]) -> list[str]:
    """Signatures, state, stage, log, value and notices of each licence tell the same."""
    signatures: defaultdict[int, list[str]] = defaultdict(list)
    for document, _company, digest in rows(SIGNATURES):
        signatures[document].append(digest)
    concluded, noted = Counter(row[0] for row in rows(CONCLUDED)), Counter(row[0] for row in rows(NOTED))
    worth = Counter(row[0] for row in rows(WORTH) if row[1] == "contract")
    told = Counter(row[0] for row in rows(TOLD.format(key='"key"')))
    found = []
    for paper in papers:
        is_signed = paper.state == "signed"
        count, people = len(signatures[paper.id]), told[paper.code]
        seen = (
            is_signed,
            paper.stage == "licence",
            bool(paper.signed_at),
            concluded[paper.deal],
            worth[paper.id],
            people,
            count == 2,
        )
        if seen != ((True, True, True, 1, 1, 2, True) if is_signed else (False, False, False, 0, 0, 0, False)):
            found.append(f"{paper.code} is half signed: {seen}")
        if noted[paper.code] != count or any(digest != paper.digest for digest in signatures[paper.id]):
            found.append(f"{paper.code} has {count} signatures and {noted[paper.code]} lines in the log, or of another text")
    return found
