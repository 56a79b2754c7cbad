"""The key store on a real GNOME Keyring, as a program of its own meets it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.secret_service import (
    lock,
    missing_programs,
    private_secret_service,
    private_session_bus,
    processes_in,
    prompts_stay_open,
)

pytestmark = pytest.mark.keyring

ROOT = Path(__file__).parents[2]
ACCOUNT = "intl https://api.minimax.io:443"
PROLOGUE = """
import asyncio
from desktop_app.keystore.keyring_key_store import KeyringKeyStore
store = KeyringKeyStore()
account = "intl https://api.minimax.io:443"
def show(answer):
    print(answer.state, answer.kept, getattr(answer, "key", "-"), answer.detail, sep="|")
"""


@pytest.fixture
def bus_alone(tmp_path):
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with private_session_bus(tmp_path) as variables:
        yield variables


def outside(tmp_path):
    """Variables for a process that is in no session at all."""
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}


def program(body, variables):
    """Run ``body`` in a process of its own and return its lines, each split into its fields."""
    code = f"{PROLOGUE}\nasync def main():\n{body}\nasyncio.run(main())\n"
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        env={"PATH": "/usr/bin:/bin", **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [line.split("|") for line in done.stdout.splitlines()]


WRITE = '    show(await store.write(account, "sk-1"))\n'
READ = "    show(await store.read(account))\n"
DELETE = "    show(await store.delete(account))\n"


def test_a_key_outlives_the_program_that_stored_it(secret_service):
    assert program(WRITE + READ, secret_service) == [
        ["ready", "True", "-", ""],
        ["ready", "True", "sk-1", ""],
    ]
    assert program(READ + DELETE + READ, secret_service) == [
        ["ready", "True", "sk-1", ""],
        ["ready", "False", "-", ""],
        ["ready", "False", "None", ""],
    ]


def test_deleting_what_is_not_there_succeeds(secret_service):
    assert program(DELETE, secret_service) == [["ready", "False", "-", ""]]


def test_chinese_account_names_are_kept_apart(secret_service):
    body = (
        '    await store.write("我的服务器 https://a.example:443", "sk-a")\n'
        '    await store.write("我的伺服器 https://a.example:443", "sk-b")\n'
        '    show(await KeyringKeyStore().read("我的服务器 https://a.example:443"))\n'
        '    show(await KeyringKeyStore().read("我的伺服器 https://a.example:443"))\n'
    )
    assert [fields[2] for fields in program(body, secret_service)] == ["sk-a", "sk-b"]


def test_items_are_found_by_people_under_the_name_of_the_program(secret_service):
    program(WRITE, secret_service)
    attributes = (
        "    import secretstorage\n"
        "    for item in secretstorage.Collection(secretstorage.dbus_init()).get_all_items():\n"
        '        print(item.get_attributes()["service"], item.get_attributes()["username"], sep="|")\n'
    )
    assert program(attributes, secret_service) == [["Interleave", ACCOUNT]]


def test_the_password_of_a_proxy_is_kept_beside_the_keys(secret_service, tmp_path):
    body = (
        "    from pathlib import Path\n"
        "    from desktop_app.chat.proxy_login import ProxyLogin\n"
        "    from desktop_app.settings.store import SettingsStore\n"
        f"    file = Path({str(tmp_path / 'settings.json')!r})\n"
        "    login = ProxyLogin(SettingsStore(file), store)\n"
    )
    keep = body + (
        '    password = login.take_apart("http://ann:canary%20w%C3%B6rd@proxy.test:3128")\n'
        "    show(await login.keep(password))\n"
        "    show(await store.read(account))\n"
    )
    assert program(keep, secret_service) == [
        ["ready", "True", "-", ""],
        ["ready", "False", "None", ""],
    ]
    assert "canary" not in (tmp_path / "settings.json").read_text("utf-8")
    again = body + "    show(await login.read())\n    show(await login.remove())\n"
    assert program(again + "    show(await login.read())\n", secret_service) == [
        ["ready", "True", "canary wörd", ""],
        ["ready", "False", "-", ""],
        ["ready", "False", "None", ""],
    ]


def test_a_locked_keyring_is_not_one_without_a_key(secret_service):
    program(WRITE, secret_service)
    lock(secret_service)
    (state, kept, key, detail), *rest = program(
        READ + WRITE.replace("sk-1", "sk-2") + READ + DELETE, secret_service
    )
    assert (state, kept, key) == ("locked", "False", "None")
    assert "unlock" in detail
    assert [fields[:3] for fields in rest] == [
        ["locked", "False", "-"],
        ["locked", "False", "sk-2"],
        ["locked", "True", "-"],
    ]


def test_without_a_session_bus_there_is_no_keyring(tmp_path):
    (read, write, again, deletion) = program(READ + WRITE + READ + DELETE, outside(tmp_path))
    assert read[:3] == ["absent", "False", "None"]
    assert "DBUS_SESSION_BUS_ADDRESS" in read[3]
    assert write[:2] == ["absent", "False"]
    assert again[:3] == ["absent", "False", "sk-1"]
    assert deletion[:2] == ["absent", "False"]


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "tcp:host=a,port=1", "nonsense"])
def test_a_bus_that_cannot_be_reached_is_no_keyring(tmp_path, address):
    variables = {**outside(tmp_path), "DBUS_SESSION_BUS_ADDRESS": address}
    assert program(READ, variables)[0][:3] == ["absent", "False", "None"]


def test_reading_before_there_is_a_collection_asks_the_person_nothing(bus_alone):
    with prompts_stay_open(bus_alone):
        assert program(READ + DELETE, bus_alone) == [
            ["ready", "False", "None", ""],
            ["ready", "False", "-", ""],
        ]


def test_storing_where_no_collection_can_be_made_keeps_the_key_for_this_run(bus_alone):
    write, read = program(WRITE + READ, bus_alone)
    assert write[:2] == ["locked", "False"]
    assert read[:3] == ["ready", "False", "sk-1"]


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"},
        {"KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session"},
        {"KEYRING_PROPERTY_SCHEME": "KeePassXC"},
        {"KEYRING_PROPERTY_APPID": "another"},
    ],
    ids=lambda variables: next(iter(variables.values())),
)
def test_the_environment_cannot_send_a_key_elsewhere(secret_service, variables):
    assert program(WRITE, {**secret_service, **variables}) == [["ready", "True", "-", ""]]
    assert program(READ, secret_service) == [["ready", "True", "sk-1", ""]]


def test_a_configuration_file_cannot_send_a_key_elsewhere(secret_service):
    file = Path(secret_service["XDG_CONFIG_HOME"], "python_keyring", "keyringrc.cfg")
    file.parent.mkdir(parents=True)
    file.write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    assert program(WRITE, secret_service) == [["ready", "True", "-", ""]]
    assert program(READ, secret_service) == [["ready", "True", "sk-1", ""]]


def test_a_prompt_that_nobody_answers_neither_stalls_nor_keeps_the_program(secret_service):
    program(WRITE, secret_service)
    lock(secret_service)
    body = (
        "    show(await store.read(account, timeout=0.5))\n"
        "    show(await store.read(account, timeout=0.1))\n"
        '    print("leaving", flush=True)\n'
    )
    code = f"{PROLOGUE}\nasync def main():\n{body}\nasyncio.run(main())\n"
    with (
        prompts_stay_open(secret_service),
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=secret_service,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            lines = [process.stdout.readline().strip() for _ in range(3)]
            leaving = time.monotonic()
            status = process.wait(timeout=20)
            took = time.monotonic() - leaving
        finally:
            process.kill()
        assert lines == ["timed_out|False|None|no answer in time"] * 2 + ["leaving"]
        assert (status, process.stderr.read()) == (0, "")
        assert took < 5


def test_the_private_session_leaves_no_process_behind(tmp_path):
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with private_secret_service(tmp_path) as variables:
        lock(variables)
        program(READ, variables)
        assert processes_in(variables)
    assert processes_in(variables) == []
