"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import time
import uuid


def new_id() -> str:
    """Return a fresh identifier as 36 characters of lower-case hexadecimal with dashes.

    The first 48 bits are the Unix time in milliseconds, the rest is random, so identifiers made in
    different milliseconds sort in the order of their making.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
