"""Addresses of outcomes; each room has its own file."""

from madang.outcomes.urls_goals import urlpatterns as goals
from madang.outcomes.urls_money import urlpatterns as money
from madang.outcomes.urls_reports import urlpatterns as reports
from madang.outcomes.urls_rounds import urlpatterns as rounds

app_name = "outcomes"
urlpatterns = [*goals, *money, *reports, *rounds]
