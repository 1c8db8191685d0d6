"""The addresses of `seating`."""

from __future__ import annotations

from django.urls import path

from madang.seating.views import bookings, desk, public

app_name = "seating"
urlpatterns = [
    path("programme/<code>/seats/", public.book, name="book"),
    path("seats/", public.mine, name="mine"),
    path("seats/<key>/", public.booking, name="booking"),
    path("seats/<key>/book/", public.confirm, name="confirm"),
    path("seats/<key>/return/", public.give_back, name="give_back"),
    path("seats/<key>/cancel/", public.cancel, name="cancel"),
    path("seats/<key>/name/", public.rename, name="rename"),
    path("seats/<key>/calendar/", public.calendar, name="calendar"),
    path("desk/seats/", desk.overview, name="desk"),
    path("desk/seats/halls/<hall>/", desk.hall, name="hall"),
    path("desk/seats/events/<code>/", desk.event, name="event"),
    path("desk/seats/events/<code>/layout/", desk.layout, name="layout"),
    path("desk/seats/events/<code>/share/", desk.share, name="share"),
    path("desk/seats/events/<code>/bookings/", bookings.listing, name="bookings"),
    path("desk/seats/events/<code>/bookings.<kind>", bookings.export, name="export"),
    path("desk/seats/events/<code>/group/", bookings.group, name="group"),
    path("desk/seats/bookings/<key>/move/", bookings.move, name="move"),
]
