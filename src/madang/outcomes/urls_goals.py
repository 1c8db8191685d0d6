"""Addresses of goals and figures."""

from django.urls import URLPattern, URLResolver, path

from madang.outcomes.views import dashboard, figures, goals

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/outcomes/", dashboard.hub, name="hub"),
    path("desk/outcomes/goals/", goals.goals, name="goals"),
    path("desk/outcomes/goals/start/", goals.start, name="start_goals"),
    path("desk/outcomes/goals/freeze/", goals.freeze, name="freeze"),
    path("desk/outcomes/goals/add/", goals.add_goal, name="add_goal"),
    path("desk/outcomes/goals/segments/add/", goals.add_segment, name="add_segment"),
    path("desk/outcomes/goals/segments/<segment>/", goals.segment, name="segment"),
    path("desk/outcomes/goals/segments/<segment>/remove/", goals.remove_segment, name="remove_segment"),
    path("desk/outcomes/goals/targets/<int:number>/", goals.target, name="target"),
    path("desk/outcomes/goals/targets/<int:number>/remove/", goals.remove_target, name="remove_target"),
    path("desk/outcomes/goals/<goal>/", goals.goal, name="goal"),
    path("desk/outcomes/goals/<goal>/remove/", goals.remove_goal, name="remove_goal"),
    path("desk/outcomes/goals/<goal>/target/", goals.add_target, name="add_target"),
    path("desk/outcomes/figures/", figures.figures, name="figures"),
    path("desk/outcomes/figures/compose/", figures.compose, name="compose"),
    path("desk/outcomes/figures/<measure>/", figures.figure, name="figure"),
    path("desk/outcomes/figures/<measure>/change/", figures.recompose, name="recompose"),
    path("desk/outcomes/figures/<measure>/row/", figures.row, name="figure_row"),
]
