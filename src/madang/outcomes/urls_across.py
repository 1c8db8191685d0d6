"""Addresses of what is asked over many editions: they stand outside of any one."""

from django.urls import path

from madang.outcomes.views import across

app_name = "across"
urlpatterns = [
    path("", across.across, name="across"),
    path("files/", across.files, name="files"),
    path("files/start/", across.start, name="start"),
    path("files/<slug:key>/", across.run, name="run"),
    path("files/<slug:key>/stop/", across.stop, name="stop"),
]
