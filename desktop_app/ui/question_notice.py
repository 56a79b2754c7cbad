"""Says that another conversation asks something, where its mark in the list cannot be seen."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.events import Phase
from desktop_app.chat.library import Library
from desktop_app.ui.banner import Banners
from desktop_app.ui.conversation_list.sidebar import Sidebar

_KEY: Final = "question"


class QuestionNotice:
    """Marks conversations in which a call waits for the person, in the list or else in a notice.

    Args:
        library: Has the sessions.
        sidebar: Marks them.
        banners: Says it while the list is hidden.
        shown_id: Gives the id of the conversation that is shown, whose question is seen.
        choose: Opens a conversation.
    """

    def __init__(
        self,
        library: Library,
        sidebar: Sidebar,
        banners: Banners,
        shown_id: Callable[[], str],
        choose: Callable[[str], None],
    ) -> None:
        self._library = library
        self._sidebar = sidebar
        self._banners = banners
        self._shown_id = shown_id
        self._choose = choose
        self._said = ""

    def show(self) -> None:
        """Show what is asked now."""
        sessions = ((key, self._library.session(key)) for key in self._library.busy)
        asking = {key for key, each in sessions if each and each.status.phase is Phase.ASKING}
        self._sidebar.set_asking(frozenset(asking))
        elsewhere = sorted(asking - {self._shown_id()})
        wanted = elsewhere[0] if elsewhere and not self._sidebar.isVisible() else ""
        if wanted == self._said:
            return
        self._said = wanted
        if not wanted:
            self._banners.remove(_KEY)
            return
        conversation = self._library.find(wanted)
        words = QCoreApplication.translate(
            "QuestionNotice", "A tool waits for your permission in “{title}”."
        ).replace("{title}", conversation.title if conversation is not None else "")
        label = QCoreApplication.translate("QuestionNotice", "Show")
        self._banners.show_notice(_KEY, words, label, lambda: self._choose(wanted))
