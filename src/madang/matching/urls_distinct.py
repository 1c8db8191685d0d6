"""Addresses of what sets titles apart."""

from django.urls import URLPattern, URLResolver, path

from madang.matching.views import distinct

urlpatterns: list[URLPattern | URLResolver] = [
    path("titles/<code>/apart/", distinct.apart, name="apart"),
    path("unlike/", distinct.unlike_seen, name="unlike"),
]
