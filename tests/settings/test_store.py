"""The settings file: what is kept, what a damaged one does, and what is never overwritten."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.settings import store as store_module
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingError, SettingsStore, write_atomically
from desktop_app.settings.table import (
    CONNECTION,
    DEFAULT_MODEL,
    IDLE_TIMEOUT,
    SETTINGS,
    THEME,
    ZOOM,
)

ENDPOINTS = (
    CustomEndpoint("e1", "Mine 茶", "http://localhost:8080/v1"),
    CustomEndpoint("e2", "Other", "https://h.example/v1", reasoning_split=True),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config" / "settings.json"


def write(file, content):
    file.parent.mkdir(exist_ok=True)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(json.dumps(content), encoding="utf-8")


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


def test_without_a_file_everything_has_its_default(file):
    store = SettingsStore(file)
    assert all(store.value(setting) == setting.default for setting in SETTINGS)
    assert store.endpoints == ()
    assert store.kept_aside is None
    assert not file.exists(), "reading writes nothing"


def another_value(setting):
    if setting.choices:
        return setting.choices[-1].value
    if isinstance(setting.default, bool):
        return not setting.default
    if setting.is_list:
        return str(Path("folder").absolute())
    if isinstance(setting.default, str):
        return "proxy.test" if setting.problem else f"{setting.default} 茶"
    return type(setting.default)(setting.maximum)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_makes_the_round_trip(file, setting):
    value = another_value(setting)
    SettingsStore(file).set(setting, value)
    store = SettingsStore(file)
    assert store.value(setting) == value
    assert type(store.value(setting)) is type(setting.default)
    assert read(file)[setting.key] == value
    store.reset(setting)
    assert SettingsStore(file).value(setting) == setting.default
    assert setting.key not in read(file)


def test_values_by_type(file):
    store = SettingsStore(file)
    assert store.text(DEFAULT_MODEL) == "MiniMax-M2"
    assert store.number(IDLE_TIMEOUT) == 60.0
    assert isinstance(store.number(IDLE_TIMEOUT), float)


def test_endpoints_make_the_round_trip_in_order(file):
    SettingsStore(file).set_endpoints(ENDPOINTS)
    assert SettingsStore(file).endpoints == ENDPOINTS
    SettingsStore(file).set_endpoints(())
    assert SettingsStore(file).endpoints == ()


def test_in_memory_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = SettingsStore(None)
    store.set(THEME, "dark")
    store.set_endpoints(ENDPOINTS)
    assert store.text(THEME) == "dark"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [(THEME, "purple"), (ZOOM, 49), (ZOOM, 100.0), (ZOOM, True), (ZOOM, float("nan")), (THEME, 1)],
)
def test_a_value_that_is_not_taken(file, setting, value):
    store = SettingsStore(file)
    heard = []
    store.subscribe(heard.append)
    with pytest.raises(SettingError, match=setting.key) as caught:
        store.set(setting, value)
    assert caught.value.setting is setting
    assert store.value(setting) == setting.default
    assert heard == []
    assert not file.exists()


class TestListeners:
    def test_they_hear_of_each_change_after_it_is_on_the_disk(self, file):
        store = SettingsStore(file)
        heard = []
        store.subscribe(lambda key: heard.append((key, read(file).get(key))))
        store.set(THEME, "dark")
        store.set(ZOOM, 120)
        store.reset(THEME)
        store.set_endpoints(ENDPOINTS[:1])
        assert heard == [
            ("theme", "dark"), ("zoom", 120), ("theme", None),
            ("endpoints", [ENDPOINTS[0].as_json()]),
        ]  # fmt: skip

    def test_no_change_is_no_news(self, file):
        store = SettingsStore(file)
        heard = []
        store.subscribe(heard.append)
        store.set(THEME, THEME.default)
        store.reset(ZOOM)
        store.set_endpoints(())
        assert heard == []
        assert not file.exists()

    def test_they_can_leave_while_they_are_told(self, file):
        store = SettingsStore(file)
        heard = []

        def once(key):
            heard.append(key)
            leave()

        leave = store.subscribe(once)
        store.subscribe(heard.append)
        store.set(THEME, "dark")
        store.set(THEME, "light")
        assert heard == ["theme"] * 3


DAMAGED = {
    "nothing": b"",
    "zeros": b"\0" * 100,
    "half": b'{"theme": "da',
    "not utf-8": b'{"theme": "\xff\xfe"}',
    "a list": b"[1, 2]",
    "a text": b'"dark"',
    "null": b"null",
    "deep": b"[" * 200_000,
    "a number too long to read": b'{"zoom": ' + b"9" * 5_000 + b"}",
    "more than we read": b" " * 4_000_001 + b"{}",
    "two objects": b"{}{}",
}


class TestDamage:
    @pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
    def test_a_damaged_file_is_kept_aside_byte_for_byte(self, file, content, caplog):
        write(file, content)
        store = SettingsStore(file)
        assert all(store.value(setting) == setting.default for setting in SETTINGS)
        assert store.kept_aside is not None
        assert store.kept_aside.parent == file.parent
        assert store.kept_aside.name.startswith("settings.json.damaged-")
        assert store.kept_aside.read_bytes() == content
        assert not file.exists()
        assert "damaged" in caplog.text
        # It can be written again, and the next start has nothing to say.
        store.set(THEME, "dark")
        again = SettingsStore(file)
        assert again.kept_aside is None
        assert again.text(THEME) == "dark"

    def test_nothing_that_was_kept_aside_is_overwritten(self, file):
        for number in range(20):
            write(file, b"{%d" % number)
            SettingsStore(file)
        kept = sorted(path.read_bytes() for path in file.parent.iterdir())
        assert kept == sorted(b"{%d" % number for number in range(20))

    def test_a_damaged_file_that_cannot_be_moved_is_left_alone(self, file, monkeypatch):
        write(file, b"{damaged")

        def refuse(path, target):
            raise PermissionError(13, "in use", str(path))

        monkeypatch.setattr(Path, "replace", refuse)
        store = SettingsStore(file)
        assert store.kept_aside == file
        monkeypatch.undo()
        store.set(THEME, "dark")
        assert store.text(THEME) == "dark"
        assert file.read_bytes() == b"{damaged"

    def test_a_file_that_cannot_be_read_is_left_alone(self, file, monkeypatch, caplog):
        """Such as one of another user, or one that a virus scanner holds for a moment."""
        write(file, {"theme": "dark"})
        before = file.read_bytes()
        plain = Path.open

        def refuse(path, *arguments, **options):
            if path == file:
                raise PermissionError(13, "Permission denied", str(path))
            return plain(path, *arguments, **options)

        monkeypatch.setattr(Path, "open", refuse)
        store = SettingsStore(file)
        monkeypatch.undo()
        assert store.text(THEME) == THEME.default
        assert store.kept_aside == file
        assert "cannot be read" in caplog.text
        store.set(THEME, "light")
        assert store.text(THEME) == "light"
        assert file.read_bytes() == before

    def test_a_folder_in_place_of_the_file(self, file):
        file.mkdir(parents=True)
        store = SettingsStore(file)
        store.set(THEME, "dark")
        assert file.is_dir()
        assert list(file.parent.iterdir()) == [file]

    @pytest.mark.parametrize(
        "encoding", ["utf-8-sig", "utf-16", "utf-32"], ids=["mark", "utf-16", "utf-32"]
    )
    def test_what_an_editor_made_of_it_is_read(self, file, encoding):
        write(file, '{"default_model": "茶"}'.encode(encoding))
        store = SettingsStore(file)
        assert store.text(DEFAULT_MODEL) == "茶"
        assert store.kept_aside is None

    def test_bad_values_fall_back_one_by_one(self, file, caplog):
        write(file, {"theme": "purple", "zoom": "big", "idle_timeout": 90, "default_model": "茶"})
        store = SettingsStore(file)
        assert store.text(THEME) == THEME.default
        assert store.value(ZOOM) == ZOOM.default
        assert store.value(IDLE_TIMEOUT) == 90
        assert store.text(DEFAULT_MODEL) == "茶"
        assert store.kept_aside is None
        assert "theme" in caplog.text
        assert "zoom" in caplog.text

    @pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
    @pytest.mark.parametrize(
        "text", ["null", "[]", "{}", "NaN", "Infinity", "-1e999", "true", "1.5", "-1", "1e3"]
    )
    def test_no_bad_value_gets_in(self, file, setting, text):
        write(file, f'{{"{setting.key}": {text}}}'.encode())
        is_good = text == "true" and isinstance(setting.default, bool)
        assert SettingsStore(file).value(setting) == (True if is_good else setting.default)

    def test_a_bad_endpoint_does_not_spoil_the_others(self, file, caplog):
        bad = {"id": "x", "name": "Far", "base_url": "http://example.com/v1"}
        write(file, {"endpoints": [ENDPOINTS[0].as_json(), bad, 7, ENDPOINTS[1].as_json()]})
        store = SettingsStore(file)
        assert store.endpoints == ENDPOINTS
        assert caplog.text.count("cannot be used") == 2
        store.set(THEME, "dark")
        assert read(file)["endpoints"] == [
            *(endpoint.as_json() for endpoint in ENDPOINTS), bad, 7,
        ]  # fmt: skip


NEWER = {"version": 7, "theme": "sepia", "of_tomorrow": {"a": [1, None, "茶"]}, "zoom": 120}


class TestNewerFiles:
    def test_what_is_unknown_survives(self, file):
        write(file, NEWER)
        store = SettingsStore(file)
        store.set(IDLE_TIMEOUT, 90)
        assert read(file) == NEWER | {"idle_timeout": 90, "endpoints": []}

    def test_what_the_person_sets_takes_the_place_of_an_unknown_value(self, file):
        write(file, NEWER)
        store = SettingsStore(file)
        store.set(THEME, "dark")
        assert read(file)["theme"] == "dark"
        store.reset(THEME)
        assert "theme" not in read(file)

    def test_half_of_a_surrogate_pair_survives_too(self, file):
        write(file, b'{"of_tomorrow": "a\\ud83d", "default_model": "\\udc00"}')
        store = SettingsStore(file)
        store.set(THEME, "dark")
        assert read(file)["of_tomorrow"] == "a\ud83d"
        assert SettingsStore(file).text(DEFAULT_MODEL) == "\udc00"


class TestWriting:
    def test_the_file_is_readable_text_for_this_user_alone(self, file):
        store = SettingsStore(file)
        store.set(DEFAULT_MODEL, "茶")
        assert '"default_model": "茶"' in file.read_text(encoding="utf-8")
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_a_folder_that_takes_nothing_is_no_reason_to_stop(self, file, monkeypatch, caplog):
        SettingsStore(file).set(THEME, "dark")
        before = file.read_bytes()
        store = SettingsStore(file)
        heard = []
        store.subscribe(heard.append)

        def refuse(*arguments, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(store_module.tempfile, "mkstemp", refuse)
        store.set(THEME, "light")
        assert store.text(THEME) == "light"
        assert heard == ["theme"]
        assert "cannot be saved" in caplog.text
        assert file.read_bytes() == before
        monkeypatch.undo()
        # With room again, the next change brings everything along.
        store.set(ZOOM, 120)
        assert SettingsStore(file).text(THEME) == "light"

    def test_a_folder_that_cannot_be_made(self, tmp_path, caplog):
        (tmp_path / "config").write_text("a file")
        store = SettingsStore(tmp_path / "config" / "settings.json")
        store.set(THEME, "dark")
        assert store.text(THEME) == "dark"
        assert "settings cannot be" in caplog.text
        assert (tmp_path / "config").read_text() == "a file"

    @pytest.mark.parametrize("step", ["write", "fsync", "replace"])
    @pytest.mark.parametrize("failure", [OSError(28, "full"), KeyboardInterrupt()], ids=repr)
    def test_a_crash_at_any_step_leaves_the_old_file(self, file, monkeypatch, step, failure):
        write_atomically(file, "old")

        def crash(*arguments, **options):
            raise failure

        if step == "write":
            monkeypatch.setattr(store_module.os, "fdopen", lambda *a, **o: Crashing(a[0], failure))
        elif step == "fsync":
            monkeypatch.setattr(store_module.os, "fsync", crash)
        else:
            monkeypatch.setattr(Path, "replace", crash)
        with pytest.raises(type(failure)):
            write_atomically(file, "new" * 10_000)
        monkeypatch.undo()
        assert file.read_text() == "old"
        assert list(file.parent.iterdir()) == [file]
        write_atomically(file, "new")
        assert file.read_text() == "new"

    def test_it_is_on_the_disk_before_it_takes_the_place_of_the_old(self, file, monkeypatch):
        order = []
        fsync, replace = os.fsync, Path.replace
        monkeypatch.setattr(
            store_module.os, "fsync", lambda fd: (order.append("fsync"), fsync(fd))[1]
        )
        monkeypatch.setattr(
            Path, "replace", lambda p, target: (order.append("replace"), replace(p, target))[1]
        )
        write_atomically(file, "text")
        assert order == ["fsync", "replace"]


class Crashing:
    """A file in which half of the text arrives."""

    def __init__(self, handle, failure):
        self._handle = handle
        self._failure = failure

    def __enter__(self):
        return self

    def __exit__(self, *details):
        os.close(self._handle)

    def write(self, text):
        os.write(self._handle, text.encode()[: len(text) // 2])
        raise self._failure


VALUES = st.fixed_dictionaries(
    {},
    optional={
        CONNECTION.key: st.text(),
        DEFAULT_MODEL.key: st.text(),
        THEME.key: st.sampled_from([choice.value for choice in THEME.choices]),
        ZOOM.key: st.integers(int(ZOOM.minimum), int(ZOOM.maximum)),
        IDLE_TIMEOUT.key: st.integers(5, 1800),
    },
)


@settings(max_examples=40)
@given(VALUES)
def test_any_values_make_the_round_trip(tmp_path_factory, values):
    file = tmp_path_factory.mktemp("settings") / "settings.json"
    known = {setting.key: setting for setting in SETTINGS}
    store = SettingsStore(file)
    for key, value in values.items():
        store.set(known[key], value)
    again = SettingsStore(file)
    assert again.kept_aside is None
    assert {key: again.value(known[key]) for key in values} == values


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_keeps_the_program_from_starting(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("settings")
    (folder / "settings.json").write_bytes(content)
    store = SettingsStore(folder / "settings.json")
    assert all(setting.accepts(store.value(setting)) for setting in SETTINGS)
    assert content in [path.read_bytes() for path in folder.iterdir()]
