"""The addresses of the programme."""

from django.urls import path

from madang.programme import views

app_name = "programme"
urlpatterns = [
    path("programme/", views.events, name="events"),
    path("programme/<code>/", views.event, name="event"),
]
