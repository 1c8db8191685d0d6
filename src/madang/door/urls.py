"""The addresses of `door`."""

from __future__ import annotations

from django.urls import path

from madang.door.views import audience, desk, phone

app_name = "door"
urlpatterns = [
    path("door/", phone.door, name="door"),
    path("door/pair/<key>/", phone.pair, name="pair"),
    path("door/worker.js", phone.worker, name="worker"),
    path("door/manifest.json", phone.manifest, name="manifest"),
    path("door/copy/", phone.copy, name="copy"),
    path("door/sync/", phone.sync, name="sync"),
    path("vote/<key>/", audience.vote, name="vote"),
    path("programme/<code>/vote/", audience.my_vote, name="my_vote"),
    path("audience/", audience.audience, name="audience"),
    path("desk/doors/", desk.doors, name="doors"),
    path("desk/doors/conflicts/", desk.disagreements, name="conflicts"),
    path("desk/doors/slips/", desk.slips, name="slips"),
    path("desk/doors/devices/<int:number>/", desk.device, name="device"),
    path("desk/doors/devices/<int:number>/renew/", desk.renew, name="renew"),
    path("desk/doors/devices/<int:number>/revoke/", desk.revoke, name="revoke"),
    path("desk/doors/events/<code>/", desk.event, name="event"),
    path("desk/doors/events/<code>/release/", desk.release, name="release"),
    path("desk/attendance/", audience.attendance, name="attendance"),
    path("desk/attendance.<ending>", audience.table, name="attendance_table"),
]
