"""Countries as people write them: two letters, three letters, or a name in English, Korean or French."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.core import get_global

from madang.kit.territories import is_country
from madang.workbook.columns.kinds import normal

ALSO = {
    "KR": ["Korea", "Republic of Korea", "S. Korea", "한국", "Corée", "République de Corée", "ROK"],
    "US": ["USA", "United States of America", "America", "U.S.", "U.S.A.", "Etats-Unis d'Amérique"],
    "GB": ["UK", "U.K.", "Great Britain", "Britain", "England", "Grande-Bretagne", "Angleterre"],
    "CN": ["PRC", "Mainland China"],
    "HK": ["Hong Kong", "홍콩"],
    "MO": ["Macau", "Macao", "마카오"],
    "TW": ["Taiwan ROC"],
    "CZ": ["Czech Republic", "République tchèque", "체코공화국"],
    "TR": ["Turkey", "Turquie", "터키"],
    "VN": ["Viet Nam"],
    "RU": ["Russian Federation"],
    "NL": ["Holland", "The Netherlands", "Hollande"],
    "AE": ["UAE", "Emirates"],
}


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    found = {}
    for code, alias in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(alias) == 1 and is_country(alias[0]):
            found[normal(code)] = alias[0]
    for language in ("fr", "ko", "en"):
        names = Locale.parse(language).territories
        found |= {normal(name): code for code, name in names.items() if is_country(code)}
    found |= {normal(name): code for code, names in ALSO.items() for name in names}
    return found


def country_code(text: str) -> str | None:
    """The two letters of the country meant; None where no country is."""
    if len(text) == 2 and is_country(text.upper()):
        return text.upper()
    return _known().get(normal(text))
