"""Addresses of the workbook, under the organiser's desk."""

from django.urls import path

from madang.workbook import views

app_name = "workbook"
urlpatterns = [
    path("", views.uploads, name="uploads"),
    path("template/", views.template, name="template"),
    path("export/", views.export, name="export"),
    path("<key>/", views.upload_page, name="upload_page"),
    path("<key>/confirm/", views.confirm, name="confirm"),
    path("<key>/progress/", views.progress, name="progress"),
    path("<key>/faults.csv", views.faults_csv, name="faults_csv"),
]
