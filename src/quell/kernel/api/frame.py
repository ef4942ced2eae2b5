"""The frame of the API: from a request to its operation and back, leaving out everything only pages need.

Operations are declared with django-ninja (types in, OpenAPI out). The frame finds them in a table of its own instead
of Django's URL resolver, signs the caller in, reads the body, refuses unknown parameters, and turns every refusal
into a problem document; an operation is a plain function that answers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationErrorContext
from ninja.operation import Operation
from ninja.parser import Parser

from quell.kernel.actions.inputs import refusal
from quell.kernel.config.refusal import FieldError, Invalid, Refusal

from .authentication import Bearer, sign_in
from .body import must_be_form, read_json
from .problem import away, fault, problem, refused

logger = logging.getLogger("quell.api")
PREFIX = "/api/v1"
#: Attribute of a view function that checks its query parameters itself.
OWN_QUERY = "reads_its_own_query"
FORMS = frozenset({"form", "file"})


class _Parsed(Parser):
    """Gives ninja the body that the frame has read."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON object."""
        return request.json  # type: ignore[attr-defined]


class Api(NinjaAPI):
    """Ninja's registry of operations, with refusals in the house's own words."""

    def __init__(self, description: str) -> None:
        super().__init__(
            title="Quell",
            version="1",
            description=description,
            docs_url=None,
            openapi_url=None,
            auth=Bearer(),
            parser=_Parsed(),
            urls_namespace="api-v1",
        )

    def validation_error_from_error_contexts(  # type: ignore[override]
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> Refusal:
        """What was wrong with parameters or body, as a refusal that names the fields."""
        errors: list[FieldError] = []
        for context in error_contexts:
            # The body is one parameter of the operation; its name says nothing to the caller.
            skip = 1 if context.model.__ninja_param_source__ == "body" else 0
            errors += refusal(context.pydantic_validation_error, skip=skip).errors
        return Invalid(errors[0].message if len(errors) == 1 else _("Some fields need another look."), errors=errors)


@dataclass(frozen=True, slots=True)
class Route:
    """One operation with what the frame must know of it."""

    operation: Operation
    steps: tuple[str, ...]
    public: bool
    query: frozenset[str] | None
    json: bool
    form: bool


class Table:
    """All operations by the shape of their address."""

    def __init__(self, api: NinjaAPI) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        for route in routes(api):
            places = self._by_length.setdefault((route.steps[0], len(route.steps)), [])
            known = next((methods for steps, methods in places if steps == route.steps), None)
            if known is None:
                places.append((route.steps, known := {}))
            known.update(dict.fromkeys(route.operation.methods, route))
        for places in self._by_length.values():
            # What is written out comes before what is left open: `/people/me` before `/people/{email}`.
            places.sort(key=lambda place: [step.startswith("{") for step in place[0]])

    def find(self, path: str) -> tuple[dict[str, Route], dict[str, str]] | None:
        """The operations at an address, by method, and what stands in its open places; None when there are none."""
        steps = path.split("/")
        for template, methods in self._by_length.get((steps[0], len(steps)), ()):
            values = _match(template, steps)
            if values is not None:
                return methods, values
        return None


def routes(api: NinjaAPI) -> Iterator[Route]:
    """Every operation of an API."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                sources = {model.__ninja_param_source__ for model in operation.models}
                own = getattr(operation.view_func, OWN_QUERY, False)
                yield Route(
                    operation=operation,
                    steps=tuple(f"{router.prefix}/{path}".replace("//", "/").strip("/").split("/")),
                    public=not operation.auth_callbacks,
                    query=None if own else frozenset(_query_names(operation)),
                    json="body" in sources,
                    form=bool(sources & FORMS),
                )


def _query_names(operation: Operation) -> Iterator[str]:
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            yield from model.__ninja_flatten_map__


def _match(template: Sequence[str], steps: Sequence[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for wanted, step in zip(template, steps, strict=True):
        if not wanted.startswith("{"):
            if wanted != step:
                return None
            continue
        kind, _colon, name = wanted[1:-1].rpartition(":")
        if not step or (kind == "int" and not (step.isascii() and step.isdigit() and len(step) <= 18)):
            return None
        values[name] = step
    return values


_mounted: list[tuple[NinjaAPI, Table]] = []


def mount(api: NinjaAPI) -> None:
    """Serve this API; the project calls it once all rooms have joined."""
    _mounted[:] = [(api, Table(api))]


def mounted() -> tuple[NinjaAPI, Table]:
    """The API of this process and its operations; the project puts it together on the first call."""
    if not _mounted:
        import_module(settings.ROOT_API)
    return _mounted[0]


def serve(request: HttpRequest, request_id: str) -> HttpResponseBase:
    """Answer a request below /api/. Never raises: what fails is logged and answered as a problem."""
    language = translation.get_language()
    if "Accept-Language" in request.headers:
        translation.activate(translation.get_language_from_request(request))
    try:
        return _answer(request, request_id)
    except Refusal as no:
        return refused(no, request_id)
    except RequestDataTooBig:
        return problem(413, "too_large", _("This is too large."), request_id=request_id)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return problem(400, "unreadable", _("This request could not be read."), request_id=request_id)
    except (OperationalError, InterfaceError):
        logger.exception("request %s: the database does not answer", request_id)
        return away(request_id)
    except Exception:
        logger.exception("request %s: %s %s failed", request_id, request.method, request.path)
        return fault(request_id)
    finally:
        if translation.get_language() != language:
            translation.activate(language or settings.LANGUAGE_CODE)


def _answer(request: HttpRequest, request_id: str) -> HttpResponseBase:
    request.get_host()  # raises for a name that is not ours
    found = None
    if request.path.startswith(PREFIX + "/") and "\x00" not in request.path:
        found = mounted()[1].find(request.path[len(PREFIX) + 1 :])
    if found is None:
        return problem(404, "not_found", _("There is nothing at this address."), request_id=request_id)
    methods, values = found
    method = request.method or ""
    route = methods.get("GET" if method == "HEAD" else method)
    if route is None:
        return _other_method(method, methods, request_id)
    if not route.public:
        actor = sign_in(request, request_id)
        request.actor = actor  # type: ignore[attr-defined]
        if actor.language and "Accept-Language" not in request.headers:
            # Whoever says nothing is answered in the language of the person whose token it is.
            translation.activate(actor.language)
    _check_query(request, route.query)
    if route.json:
        request.json = read_json(request)  # type: ignore[attr-defined]
        if not request.body:
            # A verb that needs nothing may be sent without a body; to ninja that reads as an empty object.
            request._body = b"{}"
    elif route.form:
        must_be_form(request)
    return route.operation.run(request, **values)


def _other_method(method: str, methods: dict[str, Route], request_id: str) -> HttpResponse:
    known = sorted({*methods, "OPTIONS", *(("HEAD",) if "GET" in methods else ())})
    allowed = {"Allow": ", ".join(known)}
    if method == "OPTIONS":
        return HttpResponse(status=204, headers=allowed)
    words = _("%(method)s is not possible here; possible are %(allowed)s.")
    sentence = words % {"method": method, "allowed": allowed["Allow"]}
    return problem(405, "method_not_allowed", sentence, request_id=request_id, headers=allowed)


def _check_query(request: HttpRequest, known: frozenset[str] | None) -> None:
    """Unknown parameters, and parameters given twice, are errors (contract.md, HTTP)."""
    if not request.META.get("QUERY_STRING"):
        return
    errors: list[FieldError] = []
    for name, values in request.GET.lists():
        if known is not None and name not in known:
            errors.append(FieldError(name[:100], _("There is no such parameter here.")))
        elif len(values) > 1:
            errors.append(FieldError(name[:100], _("Give this parameter once; separate values by commas.")))
        elif "\x00" in values[0]:
            errors.append(FieldError(name[:100], _("This text contains characters that cannot be stored.")))
    if errors:
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some parameters need another look."), errors=errors)
