"""A real GNOME Keyring in a D-Bus session of its own, away from the keyring of whoever runs the tests.

Its home, its files and its sockets are temporary, and every process that was started in its session
is gone when the context ends.
"""

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import secretstorage
from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from secretstorage.util import add_match_rules, format_secret, open_session

PASSWORD = "test"
SECRETS = "org.freedesktop.secrets"
PROMPTER = "org.gnome.keyring.SystemPrompter"
PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
_PATIENCE = 20.0
_POLL = 0.02
_NOT_HANDED_DOWN = ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK")


def missing_programs() -> list[str]:
    """Return which of the programs that this needs are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


@contextmanager
def private_session_bus(folder: Path) -> Iterator[dict[str, str]]:
    """Run a D-Bus session; yield the environment variables that lead a process into it.

    GNOME Keyring is started by the bus when somebody asks for it, as on a desktop. It has no
    collection then, and without a display no prompt of it can open.
    """
    home = folder / "home"
    home.mkdir()
    # The path of a socket may have 107 bytes, and those of pytest are long.
    with tempfile.TemporaryDirectory(prefix="bus-") as runtime:
        variables = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": runtime,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
        }
        address = f"unix:path={runtime}/bus"
        with _running(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address={address}"],
            variables,
        ) as bus:
            assert bus.stdout is not None
            variables["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
            yield variables
        for process in processes_in(variables):
            _end(process)


@contextmanager
def private_secret_service(folder: Path) -> Iterator[dict[str, str]]:
    """Run an unlocked GNOME Keyring; yield the variables that lead a process to it."""
    with (
        private_session_bus(folder) as variables,
        _bus(variables) as bus,
        bus.filter(_owner_changed(bus, SECRETS)) as changes,
        _running(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"], variables
        ) as daemon,
    ):
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD.encode())
        daemon.stdin.close()
        deadline = time.monotonic() + _PATIENCE
        bus.recv_until_filtered(changes, timeout=_PATIENCE)
        _wait_for_open_collection(bus, deadline)
        yield variables


def lock(variables: dict[str, str]) -> None:
    """Lock the collection in which keys are stored."""
    with _bus(variables) as bus:
        secretstorage.Collection(bus).lock()


def unlock(variables: dict[str, str]) -> None:
    """Unlock it again with its password, without a prompt."""
    with _bus(variables) as bus:
        daemon = DBusAddress(
            "/org/freedesktop/secrets",
            bus_name=SECRETS,
            interface="org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        )
        secret = format_secret(open_session(bus), PASSWORD.encode(), "text/plain")
        (collection,) = bus.send_and_get_reply(
            new_method_call(
                DBusAddress(daemon.object_path, SECRETS, "org.freedesktop.Secret.Service"),
                "ReadAlias",
                "s",
                ("default",),
            ),
            timeout=_PATIENCE,
        ).body
        bus.send_and_get_reply(
            new_method_call(daemon, "UnlockWithMasterPassword", "o(oayays)", (collection, secret)),
            timeout=_PATIENCE,
        )
        assert not secretstorage.Collection(bus).is_locked()


@contextmanager
def prompts_stay_open(variables: dict[str, str]) -> Iterator[None]:
    """Let every prompt of the keyring stay unanswered, as while nobody looks at the screen."""
    with _bus(variables) as bus:
        Proxy(message_bus, bus).RequestName(PROMPTER)
        yield


def processes_in(variables: dict[str, str]) -> list[int]:
    """Return the processes that were started in the session, without this one."""
    mark = f"XDG_RUNTIME_DIR={variables['XDG_RUNTIME_DIR']}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


@contextmanager
def _bus(variables: dict[str, str]) -> Iterator[DBusConnection]:
    with closing(open_dbus_connection(variables["DBUS_SESSION_BUS_ADDRESS"])) as bus:
        add_match_rules(bus)
        yield bus


def _wait_for_open_collection(bus: DBusConnection, deadline: float) -> None:
    """Wait until the collection in which keys are stored is there and unlocked.

    GNOME Keyring takes its name on the bus first and puts its objects there afterwards, on another
    thread than the one that answers; until then it knows no collection. It announces neither
    that nor the collection which it makes at its first start, so there is nothing to do but ask.
    """
    while True:
        try:
            if not secretstorage.Collection(bus).is_locked():
                return
            state = "stayed locked"
        except secretstorage.ItemNotFoundException as error:
            state = f"did not appear: {error}"
        if time.monotonic() > deadline:
            raise TimeoutError(f"the collection {state}")
        time.sleep(_POLL)


def _owner_changed(bus: DBusConnection, name: str) -> MatchRule:
    rule = MatchRule(
        type="signal",
        sender=message_bus.bus_name,
        member="NameOwnerChanged",
        path=message_bus.object_path,
    )
    rule.add_arg_condition(0, name)
    Proxy(message_bus, bus).AddMatch(rule)
    return rule


@contextmanager
def _running(command: list[str], variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_DOWN}
    with subprocess.Popen(
        command,
        env={**inherited, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _end(process: int) -> None:
    """End a process that the bus started, and wait until it is gone."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(process)
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], _PATIENCE)
        finally:
            os.close(handle)
