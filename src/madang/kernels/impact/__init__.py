"""What an edition changed, what it cost and what the next one will bring, each with an interval that can be believed.

NumPy and SciPy, plain data in, frozen facts out; sentences are the caller's. Intervals are nominal 90 % unless said; that they
hold is shown by `make bench-impact` (docs/develop/impact-coverage.md).

    registered = Registration("trade_press@2", titles, donors, event="2026-10")     # before the event; keep registered.digest
    smallest_lift(9, 40, spread=0.55).smallest                                      # what nine titles can show
    gained = uplift(Counts("2025-10", ids, monthly), registered)                    # a year later
    placebo_dates(counts, registered).alarms                                        # would it have cried wolf
    rate(deals_by_buyer, meetings_by_buyer).rate                                    # knows that buyers differ
    forecast(Series.of([31, 40, 38]), prior=cv_prior(all_series)).count
    suppress(companies_by_country_and_genre).shown                                  # what may be published
"""

from .audit import Bound, audit
from .cells import Published, Rule, suppress
from .clock import AGES, Clock, Hand, deal_clock
from .cost import Cost, cost_each
from .counts import Counts, log_ratios
from .faults import ImpactError
from .forecast import CvPrior, Forecast, Series, cv_prior, default_prior, forecast
from .funnel import Rate, Step, difference, funnel, rate, shared_icc
from .interval import Interval, Range, wilson
from .lottery import Draw, Experiment, commitment, draw, experiment, number, verify
from .placebo import PlaceboDate, PlaceboDates, PlaceboTitles, placebo_dates, placebo_titles
from .pool import Pooled, Study, pool
from .power import Detectable, chance, smallest_lift, titles_needed
from .registration import Registration
from .response import Bounds, Response, response, share_bounds, total_bounds
from .roi import Benefit, Return, roi, share_of_answers, share_of_lift
from .sensitivity import Sensitivity, Variant, sensitivity
from .uplift import LeftOut, TitleEffect, Uplift, Why, uplift

__all__ = [
    "AGES",
    "Benefit",
    "Bound",
    "Bounds",
    "Clock",
    "Cost",
    "Counts",
    "CvPrior",
    "Detectable",
    "Draw",
    "Experiment",
    "Forecast",
    "Hand",
    "ImpactError",
    "Interval",
    "LeftOut",
    "PlaceboDate",
    "PlaceboDates",
    "PlaceboTitles",
    "Pooled",
    "Published",
    "Range",
    "Rate",
    "Registration",
    "Response",
    "Return",
    "Rule",
    "Sensitivity",
    "Series",
    "Step",
    "Study",
    "TitleEffect",
    "Uplift",
    "Variant",
    "Why",
    "audit",
    "chance",
    "commitment",
    "cost_each",
    "cv_prior",
    "deal_clock",
    "default_prior",
    "difference",
    "draw",
    "experiment",
    "forecast",
    "funnel",
    "log_ratios",
    "number",
    "placebo_dates",
    "placebo_titles",
    "pool",
    "rate",
    "response",
    "roi",
    "sensitivity",
    "share_bounds",
    "share_of_answers",
    "share_of_lift",
    "shared_icc",
    "smallest_lift",
    "suppress",
    "titles_needed",
    "total_bounds",
    "uplift",
    "verify",
    "wilson",
]
