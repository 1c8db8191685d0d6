"""The addresses of `door`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "door"
urlpatterns: list[URLPattern] = []
