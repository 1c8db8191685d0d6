"""Addresses of meetings: one's own requests and agenda, the organiser's timetable."""

from django.urls import path

from madang.meetings.views import agenda, grid, meeting, requests, timetable

app_name = "meetings"
urlpatterns = [
    path("requests/", requests.requests, name="requests"),
    path("requests/to/<code>/", requests.ask, name="ask"),
    path("requests/<code>/", requests.request_page, name="request"),
    path("requests/<code>/answer/", requests.answer, name="answer"),
    path("requests/<code>/withdraw/", requests.withdraw, name="withdraw"),
    path("meetings/<code>/", meeting.meeting, name="meeting"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/<code>/", agenda.agenda_of, name="agenda_of"),
    path("calendar/<key>.ics", agenda.calendar_feed, name="calendar_feed"),
    path("calendar/reset/", agenda.reset_feed, name="reset_feed"),
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
