"""Addresses of search."""

from django.urls import path

from madang.search import views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
]
