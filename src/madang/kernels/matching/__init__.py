"""Which buyer for which title: scores with reasons, honest chances, proposed meetings with a floor for every title.

    rows, table = read_interactions(path), read_items([path])
    known = interactions(rows)
    about = features(known.items, table)
    model = fit(known, about)
    model.scores(known.likes)                       # buyers x titles
    top(buyers, titles, gates, 50)                  # the best of all pairs, in bounded memory
    assignment.solve(assignment.Market(...))        # proposed meetings
    lexicon().found(text); bridge(korean, english)  # texts in three languages
    evaluate(rows, table)                           # all this beside its peers

Plain data in, plain data out; the page docs/develop/matching.md tells how it works and what was measured.
"""

from ..letters import fold
from . import assignment
from .calibration import Chance, Curve, curve
from .concepts import Lexicon, lexicon
from .distinctive import Apart, Picture, Said, likeness, picture, picture_of, read, without_names
from .evaluate import Line, Options, Report, evaluate
from .faults import MatchingError
from .features import Family, Features, features
from .likes import Interactions, Rows, histories, interactions, liked_from
from .ranking import Model, Reason, fit
from .reading import Table, read_interactions, read_items
from .splits import Split
from .texts import Bridge, Index, bridge, index, own_words
from .top import Top, packed, passes, top
from .variety import unlike, varied
from .words import tokens, visible

__all__ = [
    "Apart",
    "Bridge",
    "Chance",
    "Curve",
    "Family",
    "Features",
    "Index",
    "Interactions",
    "Lexicon",
    "Line",
    "MatchingError",
    "Model",
    "Options",
    "Picture",
    "Reason",
    "Report",
    "Rows",
    "Said",
    "Split",
    "Table",
    "Top",
    "assignment",
    "bridge",
    "curve",
    "evaluate",
    "features",
    "fit",
    "fold",
    "histories",
    "index",
    "interactions",
    "lexicon",
    "liked_from",
    "likeness",
    "own_words",
    "packed",
    "passes",
    "picture",
    "picture_of",
    "read",
    "read_interactions",
    "read_items",
    "tokens",
    "top",
    "unlike",
    "varied",
    "visible",
    "without_names",
]
