from django.urls import path

app_name = "mandates"
urlpatterns: list = []
