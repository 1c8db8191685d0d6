"""The addresses of `selection`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

from madang.selection import urls_entries, urls_jury

app_name = "selection"
urlpatterns: list[URLPattern] = [*urls_entries.urlpatterns, *urls_jury.urlpatterns]
