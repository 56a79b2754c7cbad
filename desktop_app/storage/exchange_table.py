"""Rows of ``exchange``: what went over the wire for a message, compressed, up to a size in all."""

import logging
import zlib
from typing import Final

import apsw

from desktop_app.chat.exchange_json import MAX_CHARACTERS, ExchangeFormatError, as_json, from_json
from desktop_app.domain.exchange import ExchangeRecord

_log = logging.getLogger(__name__)

_MAX_BYTES: Final = 4 * MAX_CHARACTERS

# The newest are counted first; the one with which they pass the cap goes, and all before it.
_DROP: Final = """
    DELETE FROM exchange WHERE seq <= (
        SELECT max(seq) FROM (
            SELECT seq, sum(size) OVER (ORDER BY seq DESC) AS total FROM exchange
        ) WHERE total > ?
    )
"""


def insert(connection: apsw.Connection, message: int, record: ExchangeRecord, cap: int) -> None:
    """Add ``record`` to the message with row number ``message``, in place of one with its id.

    Args:
        connection: In a transaction.
        message: Row number.
        record: What is kept.
        cap: Bytes that all rows may take, as stored; the oldest make room.
    """
    data = zlib.compress(as_json(record).encode())
    connection.execute("DELETE FROM exchange WHERE id = ?", (record.id,))
    connection.execute(
        "INSERT INTO exchange (id, message, size, data) VALUES (?, ?, ?, ?)",
        (record.id, message, len(data), data),
    )
    connection.execute(_DROP, (cap,))


def insert_if_room(
    connection: apsw.Connection, message: int, record: ExchangeRecord, cap: int
) -> bool:
    """Add ``record`` where all rows together then still take no more than ``cap`` bytes.

    Returns:
        Whether there was room. None that is there makes any, unlike in :func:`insert`.
    """
    data = zlib.compress(as_json(record).encode())
    connection.execute(
        "INSERT INTO exchange (id, message, size, data) SELECT ?, ?, ?, ?"
        " WHERE (SELECT coalesce(sum(size), 0) FROM exchange) + ? <= ?",
        (record.id, message, len(data), data, len(data), cap),
    )
    return connection.changes() == 1


def read(connection: apsw.Connection, message_id: str) -> tuple[ExchangeRecord, ...]:
    """Return what is kept of ``message_id``, oldest first; a damaged row is passed over."""
    rows = connection.execute(
        "SELECT exchange.data FROM exchange JOIN message ON message.seq = exchange.message"
        " WHERE message.id = ? ORDER BY exchange.seq",
        (message_id,),
    )
    records = []
    for (data,) in rows:
        try:
            records.append(from_json(_unpacked(data)))
        except (zlib.error, UnicodeDecodeError, ExchangeFormatError) as error:
            _log.warning("an exchange of message %s is damaged: %s", message_id, error)
    return tuple(records)


def _unpacked(data: bytes) -> str:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(data, _MAX_BYTES)
    if not unpacker.eof:
        raise zlib.error("incomplete or too large")
    return text.decode()
