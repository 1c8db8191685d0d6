"""Addresses of rounds, studies, lotteries and what came back for what was spent."""

from django.urls import URLPattern, URLResolver, path

from madang.outcomes.views import answer, rounds

DESK = "desk/outcomes/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("after/<slug:key>/", answer.after, name="after"),
    path("after/<slug:key>/stop/", answer.stop, name="stop_questions"),
    path(DESK + "rounds/", rounds.rounds, name="rounds"),
    path(DESK + "rounds/plan/", rounds.plan, name="plan_rounds"),
    path(DESK + "rounds/clock/", rounds.deal_clock, name="deal_clock"),
    path(DESK + "rounds/<int:months>/", rounds.round_page, name="round"),
]
