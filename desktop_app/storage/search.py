"""The port ``ConversationSearch`` on the index: a thread of its own, which nobody who saves waits for."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.search import SearchQuery, SearchResult
from desktop_app.storage.database import Database
from desktop_app.storage.errors import DamagedError, DatabaseError, folder_error, store_error
from desktop_app.storage.search_index import (
    Progress,
    index_path,
    open_index,
    remove_index,
    until,
    work,
)
from desktop_app.storage.search_reading import Cancelled, search

_log = logging.getLogger(__name__)

_SLICE_SECONDS: Final = 0.05
_REST_SECONDS: Final = 0.05
_SETTLE_SECONDS: Final = 1.0


class SqliteSearch:
    """Searches the conversations in ``database``.

    What has just been written is found at once; the index takes it in a moment later. While there
    is no index (a disk that takes none, a run that keeps nothing) the texts are read one by one, as
    far as that goes in a fifth of a second.

    Args:
        database: Where the conversations are; also what is asked to forget changes taken in.
        path: Its file; ``None`` when it is in memory.
        sleep: Lets seconds pass before and between pieces of indexing.
    """

    def __init__(
        self,
        database: Database,
        path: Path | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._path = path
        self._sleep = sleep
        self._index: Database | None = None
        self._opening: asyncio.Task[None] | None = None
        self._is_closed = False
        self._waiting = 0
        self._scope = TaskScope()
        self._indexing: asyncio.Task[None] | None = None
        self._changed = False
        self._listeners: list[Callable[[], None]] = []

    async def search(self, query: SearchQuery) -> SearchResult:
        """Return what ``query`` finds; cancelling the task ends the search itself.

        Raises:
            StoreError: When the conversations cannot be read.
        """
        index = await self._opened()
        try:
            return await self._run(index, query)
        except DamagedError as error:
            if index is None:
                raise
            _log.warning("The search index cannot be read and is made anew: %s", error)
        await self._renew(index)
        return await self._run(await self._opened(), query)

    def note_change(self) -> None:
        """Take in what has been written since, in a moment. Returns at once."""
        self._changed = True
        if self._is_closed:
            return
        if self._indexing is None or self._indexing.done():
            self._indexing = self._scope.start(self._catch_up(), "index for the search")

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` once changes have been taken in; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def catch_up(self) -> None:
        """Take in everything that has been written until now.

        Raises:
            StoreError: When the index cannot be written.
        """
        while (index := await self._opened()) is not None:
            progress = await index.run(lambda connection: work(connection, self._is_time_up()))
            await self._forget(progress)
            if progress.is_done:
                return
            # As long as it worked: whoever types or reads shares two cores with this.
            await self._sleep(_REST_SECONDS)

    async def aclose(self) -> None:
        """End what runs and close the index. Never raises."""
        self._is_closed = True
        await self._scope.close()
        index, self._index = self._index, None
        if index is not None:
            await index.aclose()

    async def _run(self, index: Database | None, query: SearchQuery) -> SearchResult:
        gone = threading.Event()
        look = partial(_search, query=query, is_cancelled=gone.is_set, has_index=index is not None)
        self._waiting += 1
        try:
            return await (index or self._database).run(look)
        except asyncio.CancelledError:
            gone.set()
            raise
        finally:
            self._waiting -= 1

    async def _catch_up(self) -> None:
        try:
            while self._changed:
                self._changed = False
                await self._sleep(_SETTLE_SECONDS)
                await self.catch_up()
                for listener in tuple(self._listeners):
                    listener()
        except DamagedError as error:
            _log.warning("The search index cannot be written and is made anew: %s", error)
            if self._index is not None:
                await self._renew(self._index)
            self._changed = True
        except StoreError as error:
            # The next change tries again; until then, what it has not seen is read as it is.
            _log.warning("The search index stays behind: %s", error)

    async def _forget(self, progress: Progress) -> None:
        """Delete the changes that the index has on the disk."""

        def job(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM search_change WHERE seq <= ?", (progress.applied,))

        def is_any(connection: apsw.Connection) -> bool:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM search_change)").get)

        if await self._database.run(is_any):
            await self._database.write(job)

    async def _opened(self) -> Database | None:
        """Return the index, opening it at the first call; ``None`` where there can be none."""
        if self._path is None or self._is_closed:
            return None
        if self._index is None:
            if self._opening is None or self._opening.done():
                self._opening = self._scope.start(self._open(self._path), "open the search index")
            # The task goes on when whoever waits is cancelled, as by every letter that is typed.
            await asyncio.wait({self._opening})
        return self._index

    async def _open(self, path: Path) -> None:
        index = Database()
        try:
            failure = await index.attach(partial(_attach, path))
        except BaseException:
            index.abandon()
            raise
        if failure is None:
            self._index = index
        else:
            index.abandon()
            _log.warning("There is no search index: %s", failure)

    async def _renew(self, damaged: Database) -> None:
        """Delete the index; the next call makes it anew."""
        if self._index is damaged and self._path is not None:
            self._index = None
            await damaged.aclose()
            remove_index(index_path(self._path))
        self.note_change()

    def _is_time_up(self) -> Callable[[], bool]:
        return until(_SLICE_SECONDS, lambda: self._waiting > 0)


def _attach(path: Path) -> tuple[apsw.Connection, DatabaseError | None]:
    try:
        return open_index(index_path(path), path), None
    except apsw.Error as error:
        return apsw.Connection(":memory:"), store_error(error)
    except OSError as error:
        return apsw.Connection(":memory:"), folder_error(error)


def _search(
    connection: apsw.Connection,
    query: SearchQuery,
    is_cancelled: Callable[[], bool],
    *,
    has_index: bool,
) -> SearchResult:
    try:
        if is_cancelled():
            return SearchResult()
        return search(connection, query, is_cancelled, has_index=has_index)
    except Cancelled:
        return SearchResult()  # nobody waits for it
