"""The settings that change how conversations are read and written, kept true in the window's panes."""

from PySide6.QtCore import QObject

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import FOLLOW, SEND_KEY, ZOOM
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.motion import Motion
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.transcript.scrolling import Follow
from desktop_app.ui.transcript_looks import follow_looks


class ReadingSettings(QObject):
    """Applies text size, motion, following and the send key, now and when they change.

    Attributes:
        motion: Whether things may move.
    """

    def __init__(
        self, settings: SettingsStore, page: ConversationPage, thinking: ThinkingPane
    ) -> None:
        super().__init__(page)
        self._settings = settings
        self._page = page
        self._views = (page.view, thinking.view)
        self.motion = Motion(settings, self)
        self.motion.changed.connect(self._apply_motion)
        follow_looks(self._views, settings)
        settings.subscribe(lambda _key: self._apply())
        self._apply()
        self._apply_motion()

    def _apply(self) -> None:
        settings = self._settings
        self._page.composer.set_send_key(settings.text(SEND_KEY))
        self._page.view.scrolling.follow = Follow(settings.text(FOLLOW))
        self._page.approval.set_zoom(settings.number(ZOOM) / 100)

    def _apply_motion(self) -> None:
        for view in self._views:
            view.set_smooth(is_smooth=not self.motion.is_reduced)
