"""Addresses of matching."""

from django.urls import URLPattern, URLResolver

from madang.matching.urls_exposure import urlpatterns as of_exposure

app_name = "matching"
urlpatterns: list[URLPattern | URLResolver] = [*of_exposure]
