"""The addresses of `door`."""

from __future__ import annotations

from django.urls import path

from madang.door.views import phone

app_name = "door"
urlpatterns = [
    path("door/", phone.door, name="door"),
    path("door/pair/<key>/", phone.pair, name="pair"),
    path("door/worker.js", phone.worker, name="worker"),
    path("door/manifest.json", phone.manifest, name="manifest"),
    path("door/copy/", phone.copy, name="copy"),
    path("door/sync/", phone.sync, name="sync"),
]
