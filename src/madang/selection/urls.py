"""The addresses of `selection`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "selection"
urlpatterns: list[URLPattern] = []
