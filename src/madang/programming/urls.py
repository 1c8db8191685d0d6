"""The addresses of `programming`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "programming"
urlpatterns: list[URLPattern] = []
