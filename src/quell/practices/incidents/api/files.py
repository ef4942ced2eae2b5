"""A file coming in: checked, stored under its digest, hung on the incident."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import UploadedFile

from quell.kernel.access.actor import Actor
from quell.kernel.api.answers import address, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.config.refusal import FieldError, Forbidden, Invalid
from quell.kernel.files.sniff import safe_name
from quell.kernel.files.store import check_size, keep

from .. import facade
from .representation import file

_FIELDS = {"file", "visibility"}


def hang(request: HttpRequest, number: str, upload: UploadedFile, *, public: bool) -> HttpResponse:
    """Store the upload and hang it on the incident; 201 with the attachment."""
    only_known_fields(request, _FIELDS)
    actor = actor_of(request)
    name = safe_name(upload.name or "")
    check_size(name, upload.size or 0)
    must_be_allowed(actor, number)

    def act() -> HttpResponse:
        made = facade.attach(actor, number.upper(), keep(upload).sha256, name, public=public)
        rows = facade.attachments(actor, facade.ticket(actor, number))
        shown = file(next(row for row in rows if row["id"] == made))
        return created(shown, address("attachments", made))

    return once(request, act, material=material(upload, name, public=public))


def only_known_fields(request: HttpRequest, known: set[str]) -> None:
    """Refuse a form with fields nobody asked for, or with two files; raises Invalid."""
    strange = [name[:100] for name in (*request.POST, *request.FILES) if name not in known]
    if strange:
        errors = [FieldError(name, _("There is no such field here.")) for name in strange]
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some fields need another look."), errors=errors)
    if len(request.FILES.getlist("file")) > 1:
        raise Invalid.field("file", _("Send one file at a time."))


def must_be_allowed(actor: Actor, number: str, wanted: str = "attach") -> None:
    """Before anything is written to disk; the action asks again under lock."""
    verdict = next(verb for verb in facade.verbs(actor, number) if verb.verb == wanted)
    if not verdict.allowed:
        raise Forbidden(verdict.reason)


def material(upload: UploadedFile, name: str, *, public: bool) -> bytes:
    """What makes two uploads the same call."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return f"{name}\n{public}\n{digest.hexdigest()}".encode()
