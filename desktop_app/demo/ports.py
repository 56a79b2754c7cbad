"""Addresses where nobody answers, for faults that happen before a server is reached."""

import contextlib
import socket
from collections.abc import Iterator

from desktop_app.demo.server import HOST


def closed_port() -> int:
    """A port of this machine on which nothing listens: connecting is refused."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port whose queue is full: on Linux a further connection attempt gets no answer at all.

    Yields:
        The port.
    """
    with contextlib.ExitStack() as held:
        deaf = held.enter_context(socket.socket())
        deaf.bind((HOST, 0))
        deaf.listen(0)
        address = deaf.getsockname()
        # One connection beyond the backlog of zero; whether a second fits depends on the kernel.
        for _ in range(4):
            filler = held.enter_context(socket.socket())
            filler.setblocking(False)  # noqa: FBT003 - the standard library's signature
            filler.connect_ex(address)
        yield address[1]
