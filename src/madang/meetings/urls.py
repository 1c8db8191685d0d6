"""Addresses of meetings: one's own requests and agenda, the organiser's timetable."""

from django.urls import path

from madang.meetings.views import agenda, board, followups, grid, held, meeting, requests, timetable

app_name = "meetings"
urlpatterns = [
    path("requests/", requests.requests, name="requests"),
    path("requests/to/<code>/", requests.ask, name="ask"),
    path("requests/<code>/", requests.request_page, name="request"),
    path("requests/<code>/answer/", requests.answer, name="answer"),
    path("requests/<code>/withdraw/", requests.withdraw, name="withdraw"),
    path("meetings/<code>/", meeting.meeting, name="meeting"),
    path("meetings/<code>/held/", held.held_status, name="held_status"),
    path("meetings/<code>/check-in/", held.check_in, name="check_in"),
    path("meetings/<code>/late/", held.run_late, name="run_late"),
    path("meetings/<code>/absence/", held.report_absence, name="report_absence"),
    path("meetings/<code>/outcome/", held.outcome, name="outcome"),
    path("meetings/<code>/note/", held.note, name="note"),
    path("meetings/<code>/card/", held.share_card, name="share_card"),
    path("meetings/<code>/card/<person>.vcf", held.card, name="card"),
    path("badge/", held.badge, name="badge"),
    path("badge/card.vcf", held.own_card, name="own_card"),
    path("b/<key>/", held.scan, name="scan"),
    path("follow-up/", followups.follow_ups, name="follow_ups"),
    path("follow-up/<int:number>/", followups.change, name="change_follow_up"),
    path("follow-up/<int:number>/done/", followups.finish, name="finish_follow_up"),
    path("follow-up/<int:number>/drop/", followups.drop, name="drop_follow_up"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/<code>/", agenda.agenda_of, name="agenda_of"),
    path("calendar/<key>.ics", agenda.calendar_feed, name="calendar_feed"),
    path("calendar/reset/", agenda.reset_feed, name="reset_feed"),
    path("desk/board/", board.board, name="board"),
    path("desk/held/", board.figures, name="held_figures"),
    path("desk/requests/", requests.desk_requests, name="desk_requests"),
    path("desk/timetable/", timetable.timetable, name="timetable"),
    path("desk/timetable/compute/", timetable.compute, name="compute"),
    path("desk/timetable/run/<key>/", timetable.run_progress, name="run"),
    path("desk/timetable/run/<key>/stop/", timetable.stop, name="stop"),
    path("desk/timetable/grid/", grid.grid, name="grid"),
    path("desk/timetable/move/", grid.move, name="move"),
    path("desk/timetable/undo/", grid.undo, name="undo"),
    path("desk/timetable/publish/", timetable.publish, name="publish"),
    path("desk/timetable/revise/", timetable.revise, name="revise"),
    path("desk/timetable/discard/", timetable.discard, name="discard"),
    path("desk/timetable/unplaced/", timetable.unplaced, name="unplaced"),
    path("desk/timetable/versions/<int:version>/", timetable.version, name="version"),
]
