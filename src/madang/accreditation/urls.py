"""The addresses of `accreditation`."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

app_name = "accreditation"
urlpatterns: list[URLPattern] = []
