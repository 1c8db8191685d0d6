"""Addresses of a seller's own workbook."""

from django.urls import path

from madang.workbook import rights_views

app_name = "rights_workbook"
urlpatterns = [
    path("", rights_views.rights_workbook, name="upload"),
    path("export/", rights_views.export, name="export"),
]
