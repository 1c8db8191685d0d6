"""Addresses of search."""

from django.urls import path

from madang.search import views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/saved/", views.saved, name="saved"),
    path("search/saved/<slug:key>/", views.change, name="change"),
    path("search/saved/<slug:key>/delete/", views.delete, name="delete"),
]
