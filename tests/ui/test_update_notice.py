"""The notice of a newer version: its words, and where its button leads."""

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.chat.update_check import UpdateCheck
from desktop_app.domain.release import Release
from desktop_app.ui.banner import Banners
from desktop_app.ui.update_notice import tell_of_update

PAGE = "https://github.com/interleave-chat/interleave/releases/tag/v0.2.0"


def check_that_finds(release: Release | None) -> UpdateCheck:
    async def newest() -> Release | None:
        return release

    return UpdateCheck(
        newest,
        is_wanted=lambda: True,
        asked_at=lambda: 0.0,
        note_asked=lambda _at: None,
        version="0.1.0",
    )


@pytest.fixture
def banners(qtbot: QtBot) -> Banners:
    made = Banners()
    qtbot.addWidget(made)
    return made


async def test_a_newer_version_is_announced_and_its_page_opened(
    banners: Banners, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))

    await tell_of_update(check_that_finds(Release("0.2.0", PAGE)), banners)

    assert "Version 0.2.0 is out." in [label.text() for label in banners.findChildren(QLabel)]
    (button,) = [
        one for one in banners.findChildren(QPushButton) if one.text() == "Show it in the browser"
    ]
    button.click()
    assert opened == [PAGE]


@pytest.mark.parametrize("release", [None, Release("0.1.0", PAGE)])
async def test_nothing_new_is_no_notice(banners: Banners, release: Release | None) -> None:
    await tell_of_update(check_that_finds(release), banners)

    assert not banners.has("update")
    assert banners.isHidden()
