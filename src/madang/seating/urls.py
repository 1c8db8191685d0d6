"""The addresses of `seating`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "seating"
urlpatterns: list[URLPattern] = []
