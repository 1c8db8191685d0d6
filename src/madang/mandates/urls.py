"""Addresses of mandates: all that one sees, and one's own."""

from django.urls import path

from madang.mandates import views

app_name = "mandates"
urlpatterns = [
    path("mandates/", views.mandates, name="mandates"),
    path("mandates/new/", views.new, name="new"),
    path("mandates/<code>/", views.mandate, name="mandate"),
    path("mandates/<code>/edit/", views.edit, name="edit"),
    path("mandates/<code>/delete/", views.delete, name="delete"),
    path("mandates/<code>/versions/", views.versions, name="versions"),
]
