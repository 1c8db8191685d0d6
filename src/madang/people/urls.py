"""Addresses of companies, participants and one's notices."""

from django.urls import path

from madang.people.views import companies, letters, notices, participants

app_name = "people"
urlpatterns = [
    path("companies/", companies.companies, name="companies"),
    path("companies/<code>/", companies.company, name="company"),
    path("people/", participants.participants, name="participants"),
    path("people/<code>/", participants.participant, name="participant"),
    path("notices/", notices.notices, name="notices"),
    path("notices/mails/", notices.mails, name="mails"),
    path("desk/letters/", letters.letters, name="letters"),
    path("desk/letters/<int:number>/", letters.settle, name="settle_letter"),
]
