"""Addresses of matches: of a buyer's mandates, of a seller's titles."""

from __future__ import annotations

from django.urls import URLPattern, path

from madang.matching.views import matches

urlpatterns: list[URLPattern] = [
    path("matches/", matches.matches, name="matches"),
    path("matches/<code>/", matches.of_mandate, name="of_mandate"),
    path("matches/<code>/<title>/say/", matches.say, name="say"),
    path("matches/<code>/<title>/take-back/", matches.unsay, name="unsay"),
    path("titles/<code>/matches/", matches.of_title, name="of_title"),
    path("titles/<code>/matches/<mandate>/say/", matches.say_for_title, name="say_for_title"),
    path("titles/<code>/matches/<mandate>/take-back/", matches.unsay_for_title, name="unsay_for_title"),
]
