"""Gates and parts of a pair in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from madang.catalogue.concepts import concept_name
from madang.catalogue.models import Genre, Profile, Title
from madang.deals.queries.free import Verdict
from madang.deals.queries.free_texts import question_text
from madang.deals.words import day_text, language_name, listed
from madang.kernels.matching.pairs import PARTS, nearness
from madang.kit.languages import isolated
from madang.kit.money import money
from madang.mandates.models import Mandate
from madang.matching.gates import tongues, unwanted
from madang.matching.queries.faces import Gate, GateCode, Part
from madang.matching.queries.past import Did
from madang.matching.queries.past_words import HERS, OF_ITSELF, OWN
from madang.matching.queries.readings import Reading
from madang.matching.queries.rights import question_of

NAMES: dict[str, str | Promise] = {
    GateCode.RIGHTS: gettext_lazy("Rights"),
    GateCode.WINDOW: gettext_lazy("When the rights are free"),
    GateCode.FORMAT: gettext_lazy("Format"),
    GateCode.LENGTH: gettext_lazy("Length"),
    GateCode.BUDGET: gettext_lazy("Budget"),
    GateCode.LANGUAGE: gettext_lazy("Languages"),
    GateCode.MUST_NOT: gettext_lazy("Ruled out"),
    GateCode.FIRST_TIME: gettext_lazy("First work"),
    GateCode.COUNTRY: gettext_lazy("Country"),
    "genre": gettext_lazy("Genre"),
    "story": pgettext_lazy("match", "Story"),
    "words": pgettext_lazy("match", "Words"),
    "tone": gettext_lazy("Tone"),
    "audience": gettext_lazy("Audience"),
    "first_time": gettext_lazy("First work"),
    "taste": pgettext_lazy("match", "The past"),
}
"""What a gate or a part is called."""


def parts_of(reading: Reading, n: int, titles: Mapping[int, Title]) -> tuple[Part, ...]:
    """The parts of the n-th pair, those that count most first; their shares add up to the score."""
    place = reading.place(n)
    wish = reading.wish(n)
    shared = reading.catalogue.offered.shared(wish, place)
    shares = reading.odds.shares(reading.parts[:, n])
    told = [
        Part(code, _said(code, reading, n, shared, titles), float(share))
        for code, share in zip(PARTS, shares, strict=True)
        if share
    ]
    return tuple(sorted(told, key=lambda part: -abs(part.share)))


def _said(code: str, reading: Reading, n: int, shared: Mapping[str, list[str]], titles: Mapping[int, Title]) -> str:
    mandate, title = reading.mandate(n), titles[int(reading.titles[n])]
    if code == "genre":
        return _genre(mandate, title)
    if code == "first_time":
        return _("Its creators' first work, which the mandate seeks")
    if code == "taste":
        return _taste(reading, n, titles)
    if code == "words":
        common = listed((isolated(word) for word in shared["words"]), 6)
        return _("Both say: %(words)s") % {"words": common} if common else _("Its text is close to the mandate's")
    concepts = listed((concept_name(one) for one in shared[code]), 6)
    if concepts:
        return str(CONCEPTS[code] % {"concepts": concepts})
    return str(OTHER[code])


CONCEPTS: dict[str, Promise] = {
    "story": gettext_lazy("Both are about: %(concepts)s"),
    "tone": gettext_lazy("In the tone that is asked for: %(concepts)s"),
    "audience": gettext_lazy("For the audience that is asked for: %(concepts)s"),
}
OTHER: dict[str, Promise] = {
    "story": gettext_lazy("About something else"),
    "tone": gettext_lazy("In another tone than is asked for"),
    "audience": gettext_lazy("For another audience than is asked for"),
}


def _genre(mandate: Mandate, title: Title) -> str:
    names = {"genre": title.get_genre_display(), "asked": Genre(mandate.genre).label if mandate.genre else ""}
    if nearness(mandate.genre, title.genre) == 1:
        return _("%(genre)s, as the mandate asks") % names
    return _("%(genre)s, close to %(asked)s") % names


LIKE_THIS, MOST_SENTENCES, NAMED = 0.25, 2, 3
"""From this share of the strongest pull on a title of her past is told to be like this one; how much is told."""


def _taste(reading: Reading, n: int, titles: Mapping[int, Title]) -> str:
    """What she did about this title before, or about titles like it, on the side to which it weighs."""
    side = float(np.sign(reading.parts[PARTS.index("taste"), n]))
    pulls = side * reading.pulls[:, reading.place(n)]
    order = [at for at in np.argsort(-pulls, kind="stable").tolist() if pulls[at] >= LIKE_THIS * pulls.max()]
    if reading.past[order[0]].title == int(reading.titles[n]):
        return str(OF_ITSELF[reading.is_own, side > 0])
    told: dict[Did, list[str]] = {}
    for one in (reading.past[at] for at in order):
        told.setdefault(one.did, []).append(isolated(str(titles[one.title])))
    words = OWN if reading.is_own else HERS
    said = [str(words[did] % {"n": len(some), "titles": listed(some, NAMED)}) for did, some in told.items()]
    return ". ".join(said[:MOST_SENTENCES])


# --- Gates -------------------------------------------------------------------------------------------------------------


def gates_of(reading: Reading, n: int, title: Title) -> tuple[Gate, ...]:
    """All gates on which the pair's sides said something, the shut ones first."""
    mandate, shut = reading.mandate(n), reading.shut[n]
    found = [gate for code, text in FACTS.items() if (gate := text(mandate, title, code in shut))]
    found += [*_must_not(reading, n, title), *_rights(reading, n, title)]
    return tuple(sorted(found, key=lambda gate: gate.passes))


def _format(mandate: Mandate, title: Title, is_shut: bool) -> Gate | None:
    if not mandate.format:
        return None
    names = {"has": title.get_format_display(), "asked": mandate.get_format_display()}
    if not is_shut:
        return Gate(GateCode.FORMAT, True, _("%(has)s, as the mandate asks") % names)
    return Gate(GateCode.FORMAT, False, _("It is: %(has)s. The mandate asks for: %(asked)s.") % names)


def _length(mandate: Mandate, title: Title, is_shut: bool) -> Gate | None:
    if mandate.minutes_from is None and mandate.minutes_to is None:
        return None
    if title.minutes is None:
        return Gate(GateCode.LENGTH, True, _("Its length is not stated."))
    text = ngettext("%(n)s minute", "%(n)s minutes", title.minutes) % {"n": title.minutes}
    if not is_shut:
        return Gate(GateCode.LENGTH, True, text)
    if mandate.minutes_to is not None and title.minutes > mandate.minutes_to:
        opens = _("A version of %(n)s minutes at most") % {"n": mandate.minutes_to}
    else:
        opens = _("A version of %(n)s minutes at least") % {"n": mandate.minutes_from}
    return Gate(GateCode.LENGTH, False, text, opens)


def _budget(mandate: Mandate, title: Title, is_shut: bool) -> Gate | None:
    if mandate.budget_to is None:
        return None
    profile = profile_of(title)
    ends = money(mandate.budget_to, mandate.budget_currency)
    if profile is None or profile.asks is None:
        return Gate(GateCode.BUDGET, True, _("What is asked for it is not stated."))
    sums = {"asks": money(profile.asks, profile.asks_currency), "ends": ends}
    if profile.asks_currency != mandate.budget_currency:
        return Gate(GateCode.BUDGET, True, _("The seller asks %(asks)s; that is not compared with %(ends)s.") % sums)
    text = _("The seller asks %(asks)s at least; the budget ends at %(ends)s.") % sums
    opens = _("An offer of %(ends)s that the seller takes") % sums if is_shut else ""
    return Gate(GateCode.BUDGET, not is_shut, text, opens)


def _language(mandate: Mandate, title: Title, is_shut: bool) -> Gate | None:
    if not mandate.languages:
        return None
    profile = profile_of(title)
    spoken = tongues(",".join((title.languages, profile.spoken_in if profile else "")))
    if not spoken:
        return Gate(GateCode.LANGUAGE, True, _("Its languages are not stated."))
    wanted = tongues(mandate.languages)
    has, asked = (listed(language_name(code) for code in sorted(some)) for some in (spoken & wanted or spoken, wanted))
    if not is_shut:
        return Gate(GateCode.LANGUAGE, True, _("It can be had in: %(languages)s") % {"languages": has})
    text = _("It can be had in %(has)s; the mandate asks for %(asked)s.") % {"has": has, "asked": asked}
    return Gate(GateCode.LANGUAGE, False, text, _("Dubbing or subtitles in one of these: %(asked)s") % {"asked": asked})


def _first_time(mandate: Mandate, title: Title, is_shut: bool) -> Gate | None:
    return Gate(GateCode.FIRST_TIME, False, _("It is a first work; the mandate asks for none this time.")) if is_shut else None


FACTS: dict[GateCode, Callable[[Mandate, Title, bool], Gate | None]] = {
    GateCode.FORMAT: _format,
    GateCode.LENGTH: _length,
    GateCode.BUDGET: _budget,
    GateCode.LANGUAGE: _language,
    GateCode.FIRST_TIME: _first_time,
}


def _must_not(reading: Reading, n: int, title: Title) -> list[Gate]:
    mandate = reading.mandate(n)
    if not mandate.must_nots:
        return []
    found = sorted(unwanted(mandate.must_nots, reading.catalogue.named(title.pk)))
    if not found:
        return [Gate(GateCode.MUST_NOT, True, _("Nothing of what the mandate rules out is said of it."))]
    return [
        Gate(GateCode.MUST_NOT, False, _("The mandate rules out: %(concepts)s") % {"concepts": listed(map(concept_name, found))})
    ]


def _rights(reading: Reading, n: int, title: Title) -> list[Gate]:
    """The answer of the rights kernel; of rights that are taken no name is told, only the day on which they are free."""
    mandate = reading.mandate(n)
    question = question_of(mandate, reading.today)
    if question is None:
        if mandate.window_to and mandate.window_to < reading.today:
            return [Gate(GateCode.WINDOW, True, _("The time of the mandate is over."))]
        return [Gate(GateCode.RIGHTS, True, _("The mandate names no territory, so rights were not looked at."))]
    answer = reading.rights[n].answer(title.pk, question, mandate.buyer.company)
    asked = question_text(question)
    if GateCode.RIGHTS not in reading.shut[n]:
        text = RIGHTS.get(answer.verdict, RIGHTS[Verdict.ON_HOLD])
        return [Gate(GateCode.RIGHTS, True, text % {"rights": asked})]
    text = RIGHTS[Verdict.PARTLY if answer.verdict is Verdict.PARTLY else Verdict.NOT_FREE]
    if answer.frees_on is None:
        return [Gate(GateCode.RIGHTS, False, text % {"rights": asked})]
    opens = _("Free from %(day)s on") % {"day": day_text(answer.frees_on)}
    return [Gate(GateCode.WINDOW, False, text % {"rights": asked}, opens)]


RIGHTS: dict[Verdict, Promise] = {
    Verdict.FREE: gettext_lazy("Free: %(rights)s"),
    Verdict.ON_HOLD: gettext_lazy("On hold, free if a deal under way comes to nothing: %(rights)s"),
    Verdict.PARTLY: gettext_lazy("Only a part is free: %(rights)s"),
    Verdict.NOT_FREE: gettext_lazy("Not free: %(rights)s"),
    Verdict.UNSTATED: gettext_lazy("The seller has not stated rights: %(rights)s"),
}


def profile_of(title: Title) -> Profile | None:
    """The profile of a title that was fetched with it."""
    return getattr(title, "profile", None)
