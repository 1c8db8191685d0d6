"""Addresses of the catalogue."""

from django.urls import path

from madang.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("titles/", views.titles, name="titles"),
    path("titles/<code>/", views.title, name="title"),
    path("titles/<code>/identity/", views.identity, name="identity"),
    path("titles/<code>/profile/", views.profile, name="profile"),
]
