"""The addresses of the programme."""

from django.urls import path

from madang.programme import exports, views

app_name = "programme"
urlpatterns = [
    path("programme/", views.events, name="events"),
    path("programme.ics", exports.calendar, name="calendar"),
    path("programme/hall/<hall>.ics", exports.calendar, name="hall_calendar"),
    path("programme.json", exports.programme, name="programme_json"),
    path("schedule.xml", exports.schedule_xml, name="schedule_xml"),
    path("schedule.json", exports.schedule_json, name="schedule_json"),
    path("programme/<code>/", views.event, name="event"),
]
