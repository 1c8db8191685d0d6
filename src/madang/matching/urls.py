"""Addresses of matching."""

from django.urls import URLPattern, URLResolver

from madang.matching.urls_distinct import urlpatterns as of_distinct
from madang.matching.urls_exposure import urlpatterns as of_exposure
from madang.matching.urls_matches import urlpatterns as of_matches

app_name = "matching"
urlpatterns: list[URLPattern | URLResolver] = [*of_matches, *of_distinct, *of_exposure]
