"""The schema, as the steps that lead to it. A change is a function at the end of ``MIGRATIONS``.

Each step runs in a transaction of its own that also counts it in ``user_version``, so that a kill
at any moment leaves the state before or after a step. A step that has been released never changes.
What a person would miss is counted and summed up within that transaction before the step and after
it: a difference undoes the step.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Final

import apsw

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.connection import number, writing
from desktop_app.storage.errors import MigrationError, NewerDatabaseError
from desktop_app.storage.inspection import Inventory, inventory

_log = logging.getLogger(__name__)

APPLICATION_ID: Final = int.from_bytes(b"Intl", "big")
"""Stands in the file's header; another number there means that the file is not ours."""

Migration = Callable[[apsw.Connection], None]


def _conversations(connection: apsw.Connection) -> None:
    """Conversations, their messages as trees, the parts of each, and what is still streaming.

    ``seq`` tells the order in which rows were made; clocks may jump. A parent always has the lower
    one, so a walk to the root ends even in a damaged file. ``part.id`` is a stable row number for a
    search index, which VACUUM would otherwise renumber.
    """
    connection.execute(
        """
        CREATE TABLE conversation (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            model TEXT NOT NULL,
            system_prompt TEXT NOT NULL,
            temperature REAL,
            top_p REAL,
            max_tokens INTEGER,
            head INTEGER REFERENCES message (seq) ON DELETE SET NULL
                DEFERRABLE INITIALLY DEFERRED,
            deleted_at REAL
        ) STRICT;

        CREATE TABLE message (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            conversation INTEGER NOT NULL REFERENCES conversation (seq) ON DELETE CASCADE,
            parent INTEGER REFERENCES message (seq) ON DELETE CASCADE,
            role TEXT NOT NULL,
            state TEXT NOT NULL,
            model TEXT,
            created_at REAL NOT NULL,
            finish_reason TEXT,
            usage TEXT,    -- JSON
            error TEXT,    -- JSON
            notices TEXT,  -- JSON
            received ANY,  -- JSON as text, or the same compressed by zlib
            sha256 BLOB    -- of what was said; NULL while it streams
        ) STRICT;

        CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            meta TEXT,     -- JSON
            UNIQUE (message, position)
        ) STRICT;

        CREATE TABLE delta (
            message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            data TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (message, seq)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX conversation_updated ON conversation (updated_at)
            WHERE deleted_at IS NULL;
        CREATE INDEX conversation_head ON conversation (head) WHERE head IS NOT NULL;
        CREATE INDEX message_conversation ON message (conversation);
        CREATE INDEX message_parent ON message (parent);
        CREATE INDEX message_streaming ON message (seq) WHERE state = 'streaming';
        """
    )


def _exchanges(connection: apsw.Connection) -> None:
    """What went over the wire for a message. ``size`` comes before ``data``: it is summed up often."""
    connection.execute(
        """
        CREATE TABLE exchange (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
            size INTEGER NOT NULL,  -- of data, in bytes
            data BLOB NOT NULL      -- JSON, compressed by zlib
        ) STRICT;

        CREATE INDEX exchange_message ON exchange (message);
        CREATE INDEX exchange_size ON exchange (seq, size);
        """
    )


def _hosts(connection: apsw.Connection) -> None:
    """Which host was asked for an answer: the same model costs something on one, nothing on another."""
    connection.execute("ALTER TABLE message ADD COLUMN host TEXT")


def _sources(connection: apsw.Connection) -> None:
    """Where a conversation was brought from, so that bringing it in again is noticed."""
    connection.execute(
        """
        ALTER TABLE conversation ADD COLUMN source TEXT;
        CREATE INDEX conversation_source ON conversation (source) WHERE source IS NOT NULL;
        """
    )


def _search_changes(connection: apsw.Connection) -> None:
    """Which parts the search index, a file of its own, has to look at again.

    Triggers write it down with every change, whoever makes it, so that a kill between a change and
    its indexing forgets nothing. ``seq`` never goes back but when the whole file does, and
    ``search_source`` tells one file from another: by both an index knows whether it still fits.
    """
    connection.execute(
        """
        CREATE TABLE search_change (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            part INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE search_source (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            token BLOB NOT NULL
        ) STRICT;

        INSERT INTO search_source VALUES (1, randomblob(16));

        CREATE TRIGGER part_inserted AFTER INSERT ON part BEGIN
            INSERT INTO search_change (part) VALUES (new.id);
        END;
        CREATE TRIGGER part_updated AFTER UPDATE ON part BEGIN
            INSERT INTO search_change (part) VALUES (new.id);
        END;
        CREATE TRIGGER part_deleted AFTER DELETE ON part BEGIN
            INSERT INTO search_change (part) VALUES (old.id);
        END;
        """
    )


def _branches_and_drafts(connection: apsw.Connection) -> None:
    """Branches that were deleted, and what was written and not sent.

    Every message of a removed branch names the message the branch was removed at, so that restoring
    brings back exactly what that took. A draft belongs to a conversation that may not be
    stored yet, so it refers to none.
    """
    connection.execute(
        """
        ALTER TABLE message ADD COLUMN removed_at REAL;
        ALTER TABLE message ADD COLUMN removed_with INTEGER REFERENCES message (seq)
            ON DELETE SET NULL;
        CREATE INDEX message_removed_with ON message (removed_with)
            WHERE removed_with IS NOT NULL;

        CREATE TABLE draft (
            conversation TEXT NOT NULL PRIMARY KEY,  -- its id
            updated_at REAL NOT NULL,
            text TEXT NOT NULL,
            queue TEXT,             -- JSON
            editing TEXT NOT NULL,  -- the id of a message, or empty
            edited TEXT NOT NULL
        ) STRICT;
        """
    )


def _order(connection: apsw.Connection) -> None:
    """Where a conversation stands in the list, and whether its title is the person's.

    Nobody knows that of the titles there are, so all of them are taken for the person's: a title
    that was chosen must never be replaced.
    """
    connection.execute(
        """
        ALTER TABLE conversation ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversation ADD COLUMN folder TEXT NOT NULL DEFAULT '';
        ALTER TABLE conversation ADD COLUMN tags TEXT;  -- JSON
        UPDATE conversation SET named = 1;
        CREATE INDEX conversation_deleted ON conversation (deleted_at)
            WHERE deleted_at IS NOT NULL;
        """
    )


def _permissions(connection: apsw.Connection) -> None:
    """Which tools may be called in a conversation without asking, each in the form it had then."""
    connection.execute(
        """
        CREATE TABLE permission (
            conversation INTEGER NOT NULL REFERENCES conversation (seq) ON DELETE CASCADE,
            source TEXT NOT NULL,
            tool TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            given_at REAL NOT NULL,
            PRIMARY KEY (conversation, source, tool)
        ) STRICT, WITHOUT ROWID;
        """
    )


MIGRATIONS: Final[tuple[Migration, ...]] = (
    _conversations,
    _exchanges,
    _hosts,
    _sources,
    _search_changes,
    _branches_and_drafts,
    _order,
    _permissions,
)
TABLES: Final = frozenset(
    {
        "conversation",
        "message",
        "part",
        "delta",
        "exchange",
        "search_change",
        "search_source",
        "draft",
        "permission",
    }
)


def migrate(connection: apsw.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the schema to the newest version.

    Raises:
        NewerDatabaseError: When the schema is newer than that; nothing was written.
        MigrationError: When a step changed or lost what is stored; it left nothing.
        apsw.Error: When a step fails; the steps before it stand, this one left nothing.
    """
    refuse_newer(number(connection, "PRAGMA user_version"), len(migrations))
    for version, step in enumerate(migrations, start=1):
        if number(connection, "PRAGMA user_version") >= version:
            continue
        with writing(connection):
            # Another process may have taken the step while this one waited for its turn.
            if number(connection, "PRAGMA user_version") >= version:
                continue
            before = inventory(connection)
            step(connection)
            _require_same(before, inventory(connection), version)
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", version)
        _log.info("The database is now at version %d", version)


def _require_same(before: Inventory, after: Inventory, version: int) -> None:
    if before != after:
        raise MigrationError(
            "The conversations could not be brought up to date without a change to them, so they"
            " were left as they are."
        ) from ValueError(f"step {version}: {before} became {after}")


def refuse_newer(version: int, newest: int = len(MIGRATIONS)) -> None:
    """Raise when ``version`` of a schema is later than ``newest``.

    Raises:
        NewerDatabaseError: Then.
    """
    if version > newest:
        raise NewerDatabaseError(
            QT_TRANSLATE_NOOP(
                "Storage",
                "The conversations were saved by a newer version of this program; update it to open"
                " them.",
            )
        )
