"""Addresses of the organiser's desk."""

from django.urls import path

from madang.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("people/", views.people, name="people"),
    path("log/", views.log, name="log"),
    path("settings/", views.settings, name="settings"),
]
