"""Reduced motion: the person's setting, or what a real settings portal on a real bus says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import MOTION
from desktop_app.ui.motion import Motion
from tests.servers.secret_service import private_session_bus
from tests.servers.settings_portal import settings_portal

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("motion_child.py")
NEW = ("org.freedesktop.appearance", "reduced-motion")
GNOME = ("org.gnome.desktop.interface", "enable-animations")

needs_bus = pytest.mark.skipif(sys.platform != "linux", reason="the portal is Linux's")


def child(variables: dict[str, str], changes: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(changes)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables, "PYTHONPATH": str(ROOT)},
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_setting_decides(qapp, tmp_path):
    settings = SettingsStore(tmp_path / "settings.json")
    motion = Motion(settings)
    told = []
    motion.changed.connect(lambda: told.append(motion.is_reduced))
    assert not motion.is_reduced
    settings.set(MOTION, "reduced")
    settings.set(MOTION, "full")
    assert told == [True, False]


@needs_bus
@pytest.mark.keyring
@pytest.mark.parametrize(
    "values",
    [
        {NEW: ("u", 1)},
        {GNOME: ("b", False)},
        {NEW: ("u", 1), GNOME: ("b", True)},
    ],
)
def test_the_portal_is_asked_and_followed(tmp_path, values):
    with (
        private_session_bus(tmp_path) as variables,
        settings_portal(variables, dict(values)) as portal,
        child(variables, 2) as process,
    ):
        assert said(process) == "False"
        assert said(process) == "True"
        changed = next(iter(values))
        portal.change(*changed, ("u", 0) if changed == NEW else ("b", True))
        assert said(process) == "False"
        assert process.wait(30) == 0


@needs_bus
@pytest.mark.keyring
def test_without_a_portal_things_move(tmp_path):
    with private_session_bus(tmp_path) as variables, child(variables, 1) as process:
        assert said(process) == "False"
        process.terminate()
