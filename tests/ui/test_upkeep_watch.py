"""What is said above the conversation of what was found, and where its button leads."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.chat.upkeep import (
    BackedUp,
    BackupFailed,
    DamageFound,
    Reloaded,
    RoomGivenUp,
)
from desktop_app.domain.backup import Backup, BackupReason, Damage
from desktop_app.ui.banner import Banners
from desktop_app.ui.upkeep_watch import UpkeepWatch


class Source:
    def subscribe(self, listener):
        self.tell = listener
        return lambda: None


@pytest.fixture
def seen(qtbot):
    banners, source, calls = Banners(), Source(), []
    qtbot.addWidget(banners)
    UpkeepWatch(
        source,  # type: ignore[arg-type]
        banners,
        lambda: calls.append("backups"),
        lambda: calls.append("anew"),
    )
    return banners, source, calls


def texts(banners):
    return [label.text() for label in banners.findChildren(QLabel) if not label.isHidden()]


def test_a_failed_backup_is_said_until_one_is_made(seen):
    banners, source, _ = seen
    source.tell(BackupFailed("The disk is full."))
    assert texts(banners) == ["No backup could be made. The disk is full."]
    source.tell(BackedUp(Backup("n", 1, BackupReason.AUTOMATIC)))
    assert banners.isHidden()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Damage(messages=3), "3 messages on the disk"),
        (Damage(messages=1), "A message on the disk"),
        (Damage("page 7"), "The file with your"),
    ],
)
def test_damage_leads_to_the_backups_until_one_is_restored(seen, damage, said):
    banners, source, calls = seen
    source.tell(DamageFound(damage))
    assert texts(banners)[0].startswith(said)
    assert "page 7" not in texts(banners)[0]
    (button,) = banners.findChildren(QPushButton)
    assert button.text() == "Restore a backup"
    button.click()
    assert calls == ["backups"]
    source.tell(Reloaded())
    assert calls == ["backups", "anew"]
    assert not banners.has("damage")


def test_space_that_had_to_be_used_is_said(seen):
    banners, source, _ = seen
    source.tell(RoomGivenUp())
    assert "disk is full" in texts(banners)[0]


def test_without_upkeep_there_is_nothing_to_watch(qtbot):
    banners = Banners()
    qtbot.addWidget(banners)
    UpkeepWatch(None, banners, print, print).close()
    assert banners.isHidden()
