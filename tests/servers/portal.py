"""A desktop's portal, as far as proxies go, on a session bus of the test's own."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

_NAME = "org.freedesktop.portal.Desktop"


@dataclass
class Portal:
    """What it answers, and what it was asked.

    Attributes:
        answers: The proxies for each address that is asked about; what is not there is an error.
        speaks: Whether it answers at all.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    speaks: bool = True
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def running(portal: Portal, bus_address: str) -> Iterator[Portal]:
    """Run ``portal`` on the bus at ``bus_address`` for as long as the block lasts."""
    bus = open_dbus_connection(bus_address)
    bus.send_and_get_reply(message_bus.RequestName(_NAME))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                message = bus.receive(timeout=0.05)
                fields = message.header.fields
                if (
                    message.header.message_type is not MessageType.method_call
                    or fields.get(HeaderFields.interface) != "org.freedesktop.portal.ProxyResolver"
                ):
                    continue
                assert fields[HeaderFields.path] == "/org/freedesktop/portal/desktop"
                assert fields[HeaderFields.member] == "Lookup"
                (url,) = message.body
                portal.asked.append(url)
                if not portal.speaks:
                    continue
                if url in portal.answers:
                    bus.send(new_method_return(message, "as", (portal.answers[url],)))
                else:
                    bus.send(new_error(message, "org.test.Failed", "s", ("no answer",)))

    thread = threading.Thread(target=serve, name="portal")
    thread.start()
    try:
        yield portal
    finally:
        ended.set()
        thread.join()
        bus.close()
