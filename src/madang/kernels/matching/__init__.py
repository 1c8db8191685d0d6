"""Which buyer for which title: scores with reasons, honest chances, proposed meetings with a floor for every title.

    rows, table = read_interactions(path), read_items([path])
    known = interactions(rows)
    about = features(known.items, table)
    model = fit(known, about)
    model.scores(known.likes)                       # buyers x titles
    top(buyers, titles, gates, 50)                  # the best of all pairs, in bounded memory
    assignment.solve(assignment.Market(...))        # proposed meetings
    evaluate(rows, table)                           # all this beside its peers

Plain data in, plain data out; the page docs/develop/matching.md tells how it works and what was measured.
"""

from . import assignment
from .calibration import Chance, Curve, curve
from .evaluate import Line, Options, Report, evaluate
from .faults import MatchingError
from .features import Family, Features, features
from .likes import Interactions, Rows, histories, interactions, liked_from
from .ranking import Model, Reason, fit
from .reading import Table, read_interactions, read_items
from .splits import Split
from .top import Top, packed, passes, top

__all__ = [
    "Chance",
    "Curve",
    "Family",
    "Features",
    "Interactions",
    "Line",
    "MatchingError",
    "Model",
    "Options",
    "Reason",
    "Report",
    "Rows",
    "Split",
    "Table",
    "Top",
    "assignment",
    "curve",
    "evaluate",
    "features",
    "fit",
    "histories",
    "interactions",
    "liked_from",
    "packed",
    "passes",
    "read_interactions",
    "read_items",
    "top",
]
