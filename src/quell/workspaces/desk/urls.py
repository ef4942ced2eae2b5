"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from . import (
    bulk,
    composing,
    condition,
    contact,
    home,
    inbox,
    outbox,
    queue,
    search,
    ticket,
    verbs,
    views,
)

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
    path("incidents/condition", condition.condition, name="condition"),
    path("incidents/narrow", condition.narrow, name="narrow"),
    path("incidents/complete", condition.complete, name="complete"),
    path("incidents/bulk", bulk.bulk, name="bulk"),
    path("incidents/new", contact.new, name="new"),
    path("incidents/new/caller", contact.caller, name="new-caller"),
    path("incidents/new/sounds-like", contact.sounds_like, name="sounds-like"),
    path("incidents/new/priority", contact.priority, name="new-priority"),
    path("views", views.manage, name="views"),
    path("views/new", views.new, name="view-new"),
    path("views/arrange/<slug:place>", views.arrange, name="view-arrange"),
    path("views/<slug:key>", views.edit, name="view-edit"),
    path("views/<slug:key>/keep", views.keep, name="view-keep"),
    path("views/<slug:key>/trash", views.trash, name="view-trash"),
    path("views/<slug:key>/restore", views.restore, name="view-restore"),
    path("incidents/numbers", composing.numbers, name="numbers"),
    path("incidents/<str:number>", ticket.ticket, name="ticket"),
    path("incidents/<str:number>/say", ticket.say, name="say"),
    path("incidents/<str:number>/outbox", outbox.waiting, name="outbox"),
    path("incidents/<str:number>/files", composing.put_in, name="put-in"),
    path("incidents/<str:number>/people", composing.people, name="people-here"),
    path("incidents/<str:number>/texts", composing.texts, name="texts-for"),
    path("incidents/<str:number>/texts/<int:text_id>", composing.fill, name="text-fill"),
    path("composer-files/<int:enclosure_id>", composing.enclosed, name="enclosed"),
    path("composer-files/<int:enclosure_id>/remove", composing.take_out, name="take-out"),
    path("outbox/<int:message_id>/undo", outbox.undo, name="outbox-undo"),
    path("outbox/<int:message_id>/send", outbox.send, name="outbox-send"),
    path("outbox/<int:message_id>/edit", outbox.edit, name="outbox-edit"),
    path("incidents/<str:number>/draft", ticket.draft, name="draft"),
    path("incidents/<str:number>/do/<slug:verb>", verbs.verb, name="verb"),
    path("incidents/<str:number>/edit/<slug:name>", verbs.edit, name="edit"),
]
