"""A settings portal as desktops run one, on a private bus: answers ``ReadOne``, tells of changes."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
SETTINGS = DBusAddress("/org/freedesktop/portal/desktop", NAME, f"{NAME[:-7]}Settings")
Values = dict[tuple[str, str], tuple[str, object]]


class SettingsPortal:
    """The portal's side: its values, by name space and key, each with its D-Bus type."""

    def __init__(self, bus: DBusConnection, values: Values) -> None:
        self._bus = bus
        self.values = values

    def serve(self) -> None:
        """Answer calls until the connection is closed."""
        while True:
            try:
                message = self._bus.receive()
            except (OSError, ConnectionError, ValueError):
                return
            if message.header.message_type is not MessageType.method_call:
                continue
            value = self.values.get(tuple(message.body))
            if message.header.fields.get(HeaderFields.member) == "ReadOne" and value is not None:
                self._bus.send(new_method_return(message, "v", (value,)))
            else:
                self._bus.send(new_error(message, "org.freedesktop.portal.Error.NotFound"))

    def change(self, space: str, key: str, value: tuple[str, object]) -> None:
        """Set a value and tell everybody."""
        self.values[space, key] = value
        self._bus.send(new_signal(SETTINGS, "SettingChanged", "ssv", (space, key, value)))


@contextmanager
def settings_portal(variables: dict[str, str], values: Values) -> Iterator[SettingsPortal]:
    """Run a portal with ``values`` on the bus that ``variables`` lead to."""
    with closing(open_dbus_connection(variables["DBUS_SESSION_BUS_ADDRESS"])) as bus:
        bus.send_and_get_reply(message_bus.RequestName(NAME), timeout=10)
        portal = SettingsPortal(bus, values)
        thread = threading.Thread(target=portal.serve)
        thread.start()
        try:
            yield portal
        finally:
            bus.sock.shutdown(2)
            thread.join()
