"""Asks the project's page on GitHub which version is the newest; says nothing of who asks.

Nothing is read but a description of at most 256 KB, of which a tag and the files' names, sizes and
checksums are looked at.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from desktop_app import HOME_PAGE
from desktop_app.domain.errors import ChatError
from desktop_app.domain.release import Release, ReleaseFile, plain_version
from desktop_app.providers.openai_chat.exchange import whole_body
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.plain_get import GetError, get

_log = logging.getLogger(__name__)

FEED: Final = "https://api.github.com/repos" + urlsplit(HOME_PAGE).path + "/releases/latest"
"""GitHub's newest release that is neither a draft nor a pre-release."""

_MOST_BYTES: Final = 256 * 1024
_SECONDS: Final = 15.0
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}", re.ASCII)
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_LARGEST_FILE: Final = 2**30


class FeedError(Exception):
    """The feed could not be read; the message says why, for the log."""


async def newest_release(route: Route = STRAIGHT, feed: str = FEED) -> Release | None:
    """Return the newest release; ``None`` when there is none, or it cannot be asked for now."""
    try:
        async with asyncio.timeout(_SECONDS):
            return _release(await _fetch(feed, route))
    except (ChatError, FeedError, GetError, TimeoutError) as error:
        _log.info("no word of new versions: %s", str(error) or type(error).__name__)
        return None


async def _fetch(feed: str, route: Route) -> bytes:
    async with get(feed, route, accept="application/vnd.github+json") as answer:
        if answer.status != 200:
            raise FeedError(f"status {answer.status}")
        body = await whole_body(answer, _MOST_BYTES)
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
    # Addresses are made here: whatever stands in the answer, they lead to the project.
    files = value.get("assets")
    return Release(
        version,
        f"{HOME_PAGE}/releases/tag/{tag}",
        tuple(
            found
            for asset in (files if isinstance(files, list) else ())
            if (found := _file(asset, f"{HOME_PAGE}/releases/download/{tag}")) is not None
        ),
    )


def _file(asset: object, folder: str) -> ReleaseFile | None:
    """Return a file of the release; ``None`` for one without a checksum, or with a strange name."""
    if not isinstance(asset, Mapping):
        return None
    name, size, digest = asset.get("name"), asset.get("size"), asset.get("digest")
    if not (isinstance(name, str) and isinstance(digest, str) and type(size) is int):
        return None
    found = _DIGEST.fullmatch(digest)
    if found is None or not _FILE_NAME.fullmatch(name) or not 0 < size <= _LARGEST_FILE:
        return None
    return ReleaseFile(name, f"{folder}/{name}", size, found[1])
