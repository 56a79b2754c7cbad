"""The notice of a newer version: its words, where its button leads, and the download behind it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.chat.update_check import UpdateCheck
from desktop_app.chat.update_download import Form, Note, UpdateDownload
from desktop_app.domain.release import DownloadError, DownloadProblem, Release, ReleaseFile
from desktop_app.ui.banner import Banners
from desktop_app.ui.update_notice import UpdateNotice

PAGE = "https://github.com/interleave-chat/interleave/releases/tag/v0.2.0"
FILE = ReleaseFile("interleave_0.2.0_amd64.deb", "https://github.com/a", 1000, "0" * 64)
RELEASE = Release("0.2.0", PAGE, (FILE,))


class Fetching:
    """A download that goes on when the test says so."""

    def __init__(self) -> None:
        self.asked: list[ReleaseFile] = []
        self.note: Note = lambda _: None
        self.end: asyncio.Future[Path] = asyncio.get_running_loop().create_future()

    async def __call__(self, file: ReleaseFile, folder: Path, note: Note) -> Path:
        self.asked.append(file)
        self.note = note
        return await self.end


@pytest.fixture
def banners(qtbot: QtBot) -> Banners:
    made = Banners()
    qtbot.addWidget(made)
    return made


@pytest.fixture
async def fetching() -> Fetching:
    return Fetching()


@pytest.fixture
async def notice_of(
    banners: Banners, fetching: Fetching, tmp_path: Path
) -> AsyncIterator[Callable[[Release | None, Form | None], UpdateNotice]]:
    made: list[UpdateNotice] = []

    def make(release: Release | None, form: Form | None) -> UpdateNotice:
        async def newest() -> Release | None:
            return release

        check = UpdateCheck(
            newest,
            is_wanted=lambda: True,
            asked_at=lambda: 0.0,
            note_asked=lambda _at: None,
            version="0.1.0",
        )
        download = UpdateDownload(fetching, folder=tmp_path, form=form, machine="x86_64")
        made.append(UpdateNotice(check, download, banners))
        return made[-1]

    yield make
    for notice in made:
        await notice.aclose()


Make = Callable[[Release | None, Form | None], UpdateNotice]


def text(banners: Banners) -> str:
    (label,) = [one for one in banners.findChildren(QLabel) if one.isVisibleTo(banners)]
    return label.text()


def button(banners: Banners) -> QPushButton:
    (found,) = [one for one in banners.findChildren(QPushButton) if one.isVisibleTo(banners)]
    return found


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(url.toString()))
    return found


@pytest.mark.parametrize(
    ("release", "form"), [(Release("0.2.0", PAGE), Form.DEB), (RELEASE, Form.RPM), (RELEASE, None)]
)
async def test_where_no_file_fits_the_page_is_shown(
    banners: Banners, notice_of: Make, opened: list[str], release: Release, form: Form | None
) -> None:
    await notice_of(release, form).look()

    assert text(banners) == "Version 0.2.0 is out."
    assert button(banners).text() == "Show it in the browser"
    button(banners).click()
    assert opened == [PAGE]


async def test_one_click_fetches_the_file_that_fits_and_says_where_it_is(
    banners: Banners, notice_of: Make, fetching: Fetching, opened: list[str], tmp_path: Path
) -> None:
    await notice_of(RELEASE, Form.DEB).look()
    assert (text(banners), button(banners).text()) == ("Version 0.2.0 is out.", "Download it")
    assert fetching.asked == []

    button(banners).click()
    await asyncio.sleep(0)
    assert fetching.asked == [FILE]
    assert text(banners) == "Downloading version 0.2.0: 0 %"
    fetching.note(470)
    assert text(banners) == "Downloading version 0.2.0: 47 %"

    fetching.end.set_result(tmp_path / FILE.name)
    await asyncio.sleep(0)
    assert text(banners) == (
        "interleave_0.2.0_amd64.deb is in your downloads, exactly as it was published. This version "
        "stays until you install that one."
    )
    button(banners).click()
    assert opened == [tmp_path.as_uri()]


@pytest.mark.parametrize("problem", DownloadProblem)
async def test_a_download_that_failed_is_said_and_leads_to_the_page(
    banners: Banners,
    notice_of: Make,
    fetching: Fetching,
    opened: list[str],
    problem: DownloadProblem,
) -> None:
    await notice_of(RELEASE, Form.DEB).look()
    button(banners).click()
    await asyncio.sleep(0)

    fetching.end.set_exception(DownloadError(problem, "for the log"))
    await asyncio.sleep(0)

    assert "0.2.0" in text(banners)
    assert "for the log" not in text(banners)
    button(banners).click()
    assert opened == [PAGE]


async def test_a_download_is_stopped_by_its_button(
    banners: Banners, notice_of: Make, fetching: Fetching
) -> None:
    await notice_of(RELEASE, Form.DEB).look()
    button(banners).click()
    await asyncio.sleep(0)
    assert button(banners).text() == "Stop"

    button(banners).click()
    await asyncio.sleep(0)

    assert fetching.end.cancelled()
    assert not banners.has("update")


async def test_a_program_that_ends_ends_its_download(
    banners: Banners, notice_of: Make, fetching: Fetching
) -> None:
    notice = notice_of(RELEASE, Form.DEB)
    await notice.look()
    button(banners).click()
    await asyncio.sleep(0)

    await notice.aclose()

    assert fetching.end.cancelled()


@pytest.mark.parametrize("release", [None, Release("0.1.0", PAGE)])
async def test_nothing_new_is_no_notice(
    banners: Banners, notice_of: Make, release: Release | None
) -> None:
    await notice_of(release, Form.DEB).look()

    assert not banners.has("update")
    assert banners.isHidden()
