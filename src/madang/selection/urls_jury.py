"""The addresses of the jury: a juror's, the organiser's, and an applicant's answer."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from madang.selection.views import chair, desk_assignment, desk_jury, desk_lineup, jury

DESK = "desk/jury/<call>/"

urlpatterns: list[URLPattern] = [
    path("jury/", jury.juries, name="juries"),
    path("jury/<call>/", jury.jury, name="jury"),
    path("jury/<call>/overview/", chair.overview, name="chair"),
    path("jury/<call>/<code>/", jury.reading, name="reading"),
    path("jury/<call>/<code>/recuse/", jury.recuse, name="recuse"),
    path("jury/<call>/<code>/remark/", jury.remark, name="remark"),
    path("jury/<call>/<code>/discussion/", chair.discussion, name="discussion"),
    path("outcome/<call>/<code>/", desk_lineup.outcome, name="outcome"),
    path("desk/jury/", desk_jury.juries, name="desk_juries"),
    path(DESK, desk_jury.board, name="desk_board"),
    path(DESK + "remind/", desk_jury.remind, name="remind"),
    path(DESK + "jurors/", desk_jury.jurors, name="desk_jurors"),
    path(DESK + "jurors/<int:seat>/", desk_jury.juror, name="desk_juror"),
    path(DESK + "jurors/<int:seat>/leave/", desk_jury.leave, name="leave_jury"),
    path(DESK + "criteria/", desk_jury.criteria, name="desk_criteria"),
    path(DESK + "criteria/standard/", desk_jury.standard_criteria, name="standard_criteria"),
    path(DESK + "criteria/<int:criterion>/", desk_jury.criterion, name="desk_criterion"),
    path(DESK + "conflicts/", desk_jury.conflicts, name="desk_conflicts"),
    path(DESK + "conflicts/detect/", desk_jury.detect, name="detect_conflicts"),
    path(DESK + "conflicts/<int:conflict>/", desk_jury.waive, name="waive_conflict"),
    path(DESK + "readings/", desk_assignment.assignment, name="desk_assignment"),
    path(DESK + "readings/start/", desk_assignment.start, name="start_assignment"),
    path(DESK + "readings/<key>/", desk_assignment.run_progress, name="assignment_run"),
    path(DESK + "readings/<key>/stop/", desk_assignment.stop, name="stop_assignment"),
    path(DESK + "readings/<key>/take/", desk_assignment.take, name="take_assignment"),
    path(DESK + "readings/<key>/undo/", desk_assignment.undo, name="undo_assignment"),
    path(DESK + "ranking/", desk_lineup.ranking, name="desk_ranking"),
    path(DESK + "ranking/make/", desk_lineup.rank, name="make_ranking"),
    path(DESK + "line-up/", desk_lineup.lineup, name="desk_lineup"),
    path(DESK + "line-up/letters/", desk_lineup.letters, name="desk_letters"),
    path(DESK + "line-up/<code>/", desk_lineup.reserve, name="reserve"),
    path(DESK + "entries/<code>/", desk_jury.entry, name="desk_entry"),
    path(DESK + "entries/<code>/readers/", desk_jury.add_reader, name="add_reader"),
    path(DESK + "entries/<code>/readers/<int:reading>/", desk_jury.change_reader, name="change_reader"),
]
