"""Asks the project's page on GitHub which version is the newest; says nothing of who asks.

The request has no version, no identifier and no cookie, and follows no redirect. Nothing is
downloaded but a description of at most 256 KB, of which a tag and an address are looked at.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from desktop_app import APP_NAME, HOME_PAGE
from desktop_app.chat.background import in_daemon_thread
from desktop_app.domain.errors import ChatError
from desktop_app.domain.release import Release, plain_version
from desktop_app.providers.openai_chat import loading, tls
from desktop_app.providers.openai_chat.exchange import whole_body
from desktop_app.providers.openai_chat.route import STRAIGHT, Route

_log = logging.getLogger(__name__)

FEED: Final = "https://api.github.com/repos" + urlsplit(HOME_PAGE).path + "/releases/latest"
"""GitHub's newest release that is neither a draft nor a pre-release."""

_MOST_BYTES: Final = 256 * 1024
_SECONDS: Final = 15.0


class FeedError(Exception):
    """The feed could not be read; the message says why, for the log."""


async def newest_release(route: Route = STRAIGHT, feed: str = FEED) -> Release | None:
    """Return the newest release; ``None`` when there is none, or it cannot be asked for now."""
    try:
        async with asyncio.timeout(_SECONDS):
            await loading.loaded()
            return _release(await _fetch(feed, route))
    except (ChatError, FeedError, TimeoutError) as error:
        _log.info("no word of new versions: %s", str(error) or type(error).__name__)
        return None


async def _fetch(feed: str, route: Route) -> bytes:
    import httpcore2

    from desktop_app.providers.openai_chat.network import NetworkBackend

    context = None
    if feed.startswith("https:"):
        load = partial(tls.context_with, route.ca_file)
        context = await in_daemon_thread(load, "certificates")
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=context, network_backend=NetworkBackend(route, context)
    )
    address = urlsplit(feed)
    headers = [
        ("Host", address.netloc),
        ("Accept", "application/vnd.github+json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", APP_NAME),
    ]
    try:
        async with pool, pool.stream("GET", feed, headers=headers) as answer:
            if answer.status != 200:
                raise FeedError(f"status {answer.status}")
            body = await whole_body(answer, _MOST_BYTES)
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
        raise FeedError(f"{type(error).__name__}: {error}") from None
    if body is None:
        raise FeedError("an answer that is too long")
    return body


def _release(body: bytes) -> Release:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"no JSON: {type(error).__name__}") from None
    tag = value.get("tag_name") if isinstance(value, Mapping) else None
    version = plain_version(tag) if isinstance(tag, str) else None
    if version is None:
        raise FeedError("an answer without a version")
    # The address is made here: whatever stands in the answer, the link leads to the project.
    return Release(version, f"{HOME_PAGE}/releases/tag/{tag}")
