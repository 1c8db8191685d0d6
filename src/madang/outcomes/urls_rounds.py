"""Addresses of rounds, studies, lotteries and what came back for what was spent."""

from django.urls import URLPattern, URLResolver, path

from madang.outcomes.views import answer, lots, returns, rounds, studies, tables

DESK = "desk/outcomes/"
STUDY = DESK + "studies/<study>/"
LOTTERY = DESK + "lots/<lottery>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("after/<slug:key>/", answer.after, name="after"),
    path("after/<slug:key>/stop/", answer.stop, name="stop_questions"),
    path(DESK + "rounds/", rounds.rounds, name="rounds"),
    path(DESK + "rounds/plan/", rounds.plan, name="plan_rounds"),
    path(DESK + "rounds/clock/", rounds.deal_clock, name="deal_clock"),
    path(DESK + "rounds/<int:months>/", rounds.round_page, name="round"),
    path(DESK + "rounds/<int:months>/<slug:round_table>.<slug:ending>", tables.round_table, name="round_table"),
    path(DESK + "studies/", studies.studies, name="studies"),
    path(DESK + "studies/new/", studies.new_study, name="new_study"),
    path(STUDY, studies.study, name="study"),
    path(STUDY + "change/", studies.change_study, name="change_study"),
    path(STUDY + "register/", studies.register, name="register_study"),
    path(STUDY + "discard/", studies.discard, name="discard_study"),
    path(STUDY + "counts/", studies.take_counts, name="take_counts"),
    path(STUDY + "counts.csv", studies.counts_template, name="counts_template"),
    path(STUDY + "titles/<title>/", studies.withdrawn, name="withdrawn"),
    path(DESK + "lots/", lots.lotteries, name="lotteries"),
    path(DESK + "lots/new/", lots.new_lottery, name="new_lottery"),
    path(LOTTERY, lots.lottery, name="lottery"),
    path(LOTTERY + "change/", lots.change_lottery, name="change_lottery"),
    path(LOTTERY + "close/", lots.commit, name="commit_lottery"),
    path(LOTTERY + "draw/", lots.draw, name="draw_lottery"),
    path(LOTTERY + "discard/", lots.discard, name="discard_lottery"),
    path(LOTTERY + "outcomes/", lots.outcomes, name="lot_outcomes"),
    path(DESK + "funnel/", returns.funnel, name="funnel"),
    path(DESK + "returns/", returns.returns, name="returns"),
    path(DESK + "returns/new/", returns.new_benefit, name="new_benefit"),
    path(DESK + "returns/<int:benefit>/", returns.benefit, name="benefit"),
    path(DESK + "returns/<int:benefit>/remove/", returns.remove, name="remove_benefit"),
    path("lots/<lottery>/", lots.proof, name="proof"),
    path("lots/<lottery>/proof.json", lots.proof_file, name="proof_file"),
]
