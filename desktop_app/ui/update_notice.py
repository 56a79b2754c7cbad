"""Says that a newer version is out; one click fetches the file of it that fits, or shows its page."""

import logging

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.update_check import UpdateCheck
from desktop_app.chat.update_download import UpdateDownload
from desktop_app.domain.release import DownloadError, DownloadProblem, Release, ReleaseFile
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.banner import Banners
from desktop_app.ui.external_links import open_external, show_folder

_log = logging.getLogger(__name__)

_KEY = "update"
_FAILED = {
    DownloadProblem.CONNECTION: QT_TRANSLATE_NOOP(
        "Notices", "Version {version} could not be downloaded: the connection failed."
    ),
    DownloadProblem.CONTENT: QT_TRANSLATE_NOOP(
        "Notices",
        "What was downloaded is not version {version} as it was published, so nothing of it was kept.",
    ),
    DownloadProblem.DISK: QT_TRANSLATE_NOOP(
        "Notices", "Version {version} could not be written to your downloads."
    ),
}


class UpdateNotice:
    """The notice of a newer version, from "is out" to where its file lies.

    Args:
        check: Looks for a newer version.
        download: Fetches the file that fits.
        banners: Where the notice stands.
    """

    def __init__(self, check: UpdateCheck, download: UpdateDownload, banners: Banners) -> None:
        self._check = check
        self._download = download
        self._banners = banners
        self._tasks = TaskScope()

    async def look(self) -> None:
        """Show the notice when there is a newer version; nothing is fetched before it is clicked."""
        found = await self._check.look()
        if found is None:
            return
        text = _said(QT_TRANSLATE_NOOP("Notices", "Version {version} is out."), found)
        file = self._download.fitting(found)
        if file is None:
            self._offer_page(text, found)
            return
        self._banners.show_notice(
            _KEY,
            text,
            QCoreApplication.translate("Notices", "Download it"),
            lambda: self._begin(found, file),
        )

    async def aclose(self) -> None:
        """End a download that is on its way; nothing of it is left."""
        await self._tasks.close()

    def _begin(self, release: Release, file: ReleaseFile) -> None:
        task = self._tasks.start(self._fetch(release, file), "download a new version")

        def stop() -> None:
            task.cancel()
            self._banners.remove(_KEY)

        self._banners.show_notice(
            _KEY, self._progress(release, 0), QCoreApplication.translate("Notices", "Stop"), stop
        )

    def _progress(self, release: Release, percent: int) -> str:
        text = QT_TRANSLATE_NOOP("Notices", "Downloading version {version}: {percent} %")
        return _said(text, release).replace("{percent}", str(percent))

    async def _fetch(self, release: Release, file: ReleaseFile) -> None:
        def note(came: int) -> None:
            self._banners.reword(_KEY, self._progress(release, came * 100 // file.size))

        try:
            path = await self._download.fetch(file, note)
        except DownloadError as error:
            _log.info("%s was not downloaded: %s", file.name, error)
            self._offer_page(_said(_FAILED[error.problem], release), release)
            return
        text = QT_TRANSLATE_NOOP(
            "Notices",
            "{file} is in your downloads, exactly as it was published. This version stays until you "
            "install that one.",
        )

        def show() -> None:
            show_folder(path.parent)

        self._banners.show_notice(
            _KEY,
            _said(text, release).replace("{file}", path.name),
            QCoreApplication.translate("Notices", "Show the folder"),
            show,
        )

    def _offer_page(self, text: str, release: Release) -> None:
        self._banners.show_notice(
            _KEY,
            text,
            QCoreApplication.translate("Notices", "Show it in the browser"),
            lambda: open_external(release.page, self._banners, ask=False),
        )


def _said(text: str, release: Release) -> str:
    return QCoreApplication.translate("Notices", text).replace("{version}", release.version)
