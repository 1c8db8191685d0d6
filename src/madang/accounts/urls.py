"""Addresses of the door; those with a password are allauth's, under /account/."""

from django.urls import path

from madang.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in_link, name="sign_in_link"),
    path("sign-in/with/", views.sign_in_with, name="sign_in_with"),
    path("open/", views.open_account, name="open_account"),
    path("profile/", views.profile, name="profile"),
]
