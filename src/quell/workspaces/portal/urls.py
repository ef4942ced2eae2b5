"""Addresses of the requesters' portal and of one's own profile."""

from __future__ import annotations

from django.urls import path

from . import home, my_request, my_requests, profile, report

app_name = "portal"
urlpatterns = [
    path("portal/", home.home, name="home"),
    path("portal/search", home.search, name="search"),
    path("portal/report", report.report, name="report"),
    path("portal/requests", my_requests.my_requests, name="requests"),
    path("portal/requests/<str:number>", my_request.my_request, name="request"),
    path("portal/requests/<str:number>/reported", report.reported, name="reported"),
    path("portal/requests/<str:number>/message", my_request.message, name="message"),
    path("portal/requests/<str:number>/works", my_request.works, name="works"),
    path("portal/requests/<str:number>/broken", my_request.still_broken, name="broken"),
    path("portal/requests/<str:number>/share", my_request.share, name="share"),
    path("profile", profile.profile, name="profile"),
    path("profile/password", profile.password, name="password"),
    path("profile/tokens", profile.tokens, name="tokens"),
    path("profile/tokens/<int:token_id>/revoke", profile.revoke, name="revoke_token"),
]
