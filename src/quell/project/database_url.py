"""`DATABASE_URL` in the two shapes the house needs: Django's settings, and libpq's own.

Accepted is what libpq accepts as a URI: `postgresql://user:password@host:port/name?option=value`, a host list
for high availability (`postgresql://u@a:5432,b:5432/name?target_session_attrs=read-write`), and a Unix socket
(`postgresql://quell@/quell?host=/path`). Plain functions over strings: nothing here touches Django or a network.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

SCHEMES = ("postgresql", "postgres")


class BadDatabaseURL(ValueError):
    """The URL cannot be used; the message is a sentence for the person who set it."""


def django_database(url: str) -> dict[str, Any]:
    """The `DATABASES["default"]` entry for `url`; raises BadDatabaseURL.

    Connections persist (one thread a worker, so one connection a process) and are checked before reuse, so a
    restarted server costs no request. Every time in the database is UTC (architecture.md 5). Without a URL (tools
    that read the settings and ask no database) the entry names the product's database on this machine.
    """
    parts = _split(url or "postgresql:///quell")
    hosts, ports = _addresses(parts.netloc.rpartition("@")[2])
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.lstrip("/")) or options.pop("dbname", "")
    if not name:
        raise BadDatabaseURL("DATABASE_URL names no database: end it with /quell, for example.")
    host = options.pop("host", ",".join(hosts))
    port = options.pop("port", ",".join(ports))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(user) or options.pop("user", ""),
        "PASSWORD": unquote(password) or options.pop("password", ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TIME_ZONE": "UTC",
        "OPTIONS": options,
    }


def with_database(url: str, name: str) -> str:
    """The same server and credentials, another database."""
    parts = _split(url)
    # urlunsplit would drop the empty authority of a socket URL without a user
    rest = urlunsplit(("", "", "/" + quote(name, safe=""), parts.query, ""))
    return f"{parts.scheme}://{parts.netloc}{rest}"


def socket_url(directory: str, *, user: str, name: str) -> str:
    """The URL of a database behind a Unix socket in `directory`."""
    return f"postgresql://{quote(user, safe='')}@/{quote(name, safe='')}?{urlencode({'host': directory}, safe='/')}"


def without_password(url: str) -> str:
    """The URL as it may be shown in a log or on a page."""
    parts = _split(url)
    credentials, at, address = parts.netloc.rpartition("@")
    user = credentials.partition(":")[0]
    shown = [(key, value) for key, value in parse_qsl(parts.query) if key != "password"]
    query = f"?{urlencode(shown, safe='/')}" if shown else ""
    return f"{parts.scheme}://{user}{at}{address}{parts.path}{query}"


def _split(url: str) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise BadDatabaseURL(
            "DATABASE_URL must begin with postgresql:// (PostgreSQL is the only database Quell keeps its records in)."
        )
    return parts


def _addresses(netloc: str) -> tuple[list[str], list[str]]:
    """Hosts and ports of a comma-separated list; an IPv6 address stands in brackets."""
    hosts: list[str] = []
    ports: list[str] = []
    for address in filter(None, netloc.split(",")):
        if address.startswith("["):
            host, _, rest = address[1:].partition("]")
            port = rest.removeprefix(":")
        else:
            host, _, port = address.partition(":")
        if port and not port.isdigit():
            raise BadDatabaseURL(f"DATABASE_URL has a port that is no number: {port}")
        hosts.append(unquote(host))
        ports.append(port)
    return hosts, (ports if any(ports) else [])
