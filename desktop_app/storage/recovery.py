"""What a program that was killed left half-written becomes an interrupted message."""

import logging
from dataclasses import replace
from typing import Any

import apsw

from desktop_app.domain.message import MessageState
from desktop_app.storage.connection import writing
from desktop_app.storage.message_table import read_message, write_content

_log = logging.getLogger(__name__)


def recover_interrupted(connection: apsw.Connection) -> int:
    """Fold the deltas of every message that still streams into parts; return how many there were.

    Only for the moment of opening, when nothing can be streaming. All of it is one transaction, so
    a kill during the recovery leaves everything to the next one.
    """
    if connection.execute("SELECT 1 FROM message WHERE state = 'streaming' LIMIT 1").get is None:
        return 0
    with writing(connection):
        found: list[Any] = connection.execute(
            "SELECT seq FROM message WHERE state = 'streaming' ORDER BY seq"
        ).fetchall()
        for (seq,) in found:
            message = replace(read_message(connection, seq), state=MessageState.INTERRUPTED)
            write_content(connection, seq, message)
            _log.warning("Message %s was interrupted; what had come of it was kept", message.id)
    return len(found)
