"""Addresses of proposed meetings: at the organiser's desk, and for those to whom they are suggested."""

from __future__ import annotations

from django.urls import URLPattern, path

from madang.matching.views import exposure, suggestions

DESK = "desk/exposure/"

urlpatterns: list[URLPattern] = [
    path(DESK, exposure.exposure, name="exposure"),
    path(DESK + "compare/", exposure.compare, name="exposure_compare"),
    path(DESK + "<key>/", exposure.run, name="exposure_run"),
    path(DESK + "<key>/stop/", exposure.stop, name="exposure_stop"),
    path(DESK + "<key>/show/", exposure.show, name="exposure_show"),
    path(DESK + "<key>/meetings.csv", exposure.table, {"kind": "csv"}, name="exposure_csv"),
    path(DESK + "<key>/meetings.xlsx", exposure.table, {"kind": "xlsx"}, name="exposure_xlsx"),
    path(DESK + "<key>/why/<int:number>/", exposure.why, name="exposure_why"),
    path(DESK + "<key>/drop/<int:number>/", exposure.drop, name="exposure_drop"),
    path(DESK + "<key>/restore/<int:number>/", exposure.restore, name="exposure_restore"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/<int:number>/decline/", suggestions.decline, name="decline_suggestion"),
    path("suggestions/<int:number>/take-back/", suggestions.take_back, name="take_decline_back"),
]
