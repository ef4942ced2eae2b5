"""An iCalendar file from its address, by the one client of the house."""

from __future__ import annotations

from urllib.parse import urlsplit

from quell.kernel.outbound import client

from ..rules.feeds import LARGEST, UnreadableFeed

SECONDS = 10.0


def fetched(url: str) -> bytes:
    """The file; raises UnreadableFeed. `webcal:` is what calendar programs call https."""
    address = "https" + url[len("webcal") :] if url.lower().startswith("webcal:") else url
    try:
        host = urlsplit(address).hostname or ""
        answer = client.send(
            "GET", address, hosts=[host] if host else [], headers={"Accept": "text/calendar"}, seconds=SECONDS,
            largest=LARGEST + 1,
        )  # fmt: skip
    except (client.Blocked, ValueError):
        raise UnreadableFeed("not_called") from None
    except client.Unreachable:
        raise UnreadableFeed("no_answer") from None
    if answer.status != 200:
        raise UnreadableFeed("refused", str(answer.status))
    return answer.body
