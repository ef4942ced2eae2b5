"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from . import bulk, contact, home, inbox, queue, search, ticket, verbs

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:line>/read", inbox.read, name="inbox-read"),
    path("people/suggest", contact.suggest, name="suggest"),
    path("incidents/", queue.queue, name="queue"),
    path("incidents/filters", queue.filters, name="filters"),
    path("incidents/bulk", bulk.bulk, name="bulk"),
    path("incidents/new", contact.new, name="new"),
    path("incidents/new/caller", contact.caller, name="new-caller"),
    path("incidents/new/priority", contact.priority, name="new-priority"),
    path("incidents/<str:number>", ticket.ticket, name="ticket"),
    path("incidents/<str:number>/say", ticket.say, name="say"),
    path("incidents/<str:number>/draft", ticket.draft, name="draft"),
    path("incidents/<str:number>/do/<slug:verb>", verbs.verb, name="verb"),
    path("incidents/<str:number>/edit/<slug:name>", verbs.edit, name="edit"),
]
