"""Addresses of the requesters' portal and of one's own profile."""

from __future__ import annotations

from django.urls import path

from . import (
    answering,
    asking,
    availability,
    hearing,
    home,
    inbox,
    installed,
    my_request,
    my_requests,
    news,
    own_history,
    profile,
    report,
)

app_name = "portal"
urlpatterns = [
    path("portal/", home.home, name="home"),
    path("portal/search", home.search, name="search"),
    path("portal/report", report.report, name="report"),
    path("portal/report/about", report.about, name="report_about"),
    path("portal/requests", my_requests.my_requests, name="requests"),
    path("portal/requests/<str:number>", my_request.my_request, name="request"),
    path("portal/requests/<str:number>/reported", report.reported, name="reported"),
    path("portal/requests/<str:number>/message", my_request.message, name="message"),
    path("portal/requests/<str:number>/works", my_request.works, name="works"),
    path("portal/requests/<str:number>/broken", my_request.still_broken, name="broken"),
    path("portal/requests/<str:number>/share", my_request.share, name="share"),
    path("portal/requests/<str:number>/remind", asking.remind, name="remind"),
    path("portal/requests/<str:number>/call", asking.call_me, name="call"),
    path("portal/requests/<str:number>/rate", asking.rate, name="rate"),
    path("portal/health", news.health, name="health"),
    path("portal/health/<slug:code>/follow", news.follow, {"follow": True}, name="follow"),
    path("portal/health/<slug:code>/unfollow", news.follow, {"follow": False}, name="unfollow"),
    path("portal/news/<int:announcement_id>", news.news, name="news"),
    path("portal/news/<int:announcement_id>/me-too", news.me_too, name="me_too"),
    path("portal/news/<int:announcement_id>/not-me", news.not_me, name="not_me"),
    path("portal/news/<int:announcement_id>/dismiss", news.dismiss, name="dismiss"),
    path("portal/inbox", inbox.inbox, name="inbox"),
    path("portal/inbox/read", inbox.read_all, name="inbox_read"),
    path("portal/inbox/<int:line>/read", inbox.read, name="inbox_line"),
    path("answer/works/<str:token>", answering.answer, {"purpose": "works"}, name="answer_works"),
    path("answer/broken/<str:token>", answering.answer, {"purpose": "broken"}, name="answer_broken"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("service-worker.js", installed.service_worker, name="service_worker"),
    path("offline", installed.offline, name="offline"),
    path("profile", profile.profile, name="profile"),
    path("profile/notifications", hearing.hearing, name="hearing"),
    path("profile/availability", availability.availability, name="availability"),
    path("profile/availability/switch", availability.switch, name="switch"),
    path("profile/absences", availability.away, name="away"),
    path("profile/absences/<int:absence_id>/back", availability.back, name="back"),
    path("profile/history", own_history.own_history, name="history"),
    path("profile/password", profile.password, name="password"),
    path("profile/tokens", profile.tokens, name="tokens"),
    path("profile/tokens/<int:token_id>/revoke", profile.revoke, name="revoke_token"),
]
