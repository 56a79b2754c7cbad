"""The main window: its frame, which is painted first, and what works in it, which comes then.

The frame is what stands in every window at its place: the sidebar, the empty side pane, menu and
actions. It knows no conversation. Loading and building the rest takes several times as long, so it
follows the first paint, see :meth:`MainWindow.furnish`.
"""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from desktop_app import APP_NAME
from desktop_app.ui import menu as menus
from desktop_app.ui.banner import Banners
from desktop_app.ui.conversation_list.sidebar import Sidebar
from desktop_app.ui.folding import Folding
from desktop_app.ui.layout import column_of, side_by_side
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme, styles_held
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.window_state import WindowState

if TYPE_CHECKING:
    from desktop_app.ui.window_parts import WindowParts
    from desktop_app.ui.workspace import Workspace

_THINKING_WIDTH: Final = 340
_LEAST_WIDTH: Final = 380
_LEAST_HEIGHT: Final = 420
_ROOM_FOR_THINKING: Final = 860
_ROOM_FOR_SIDEBAR: Final = 640


class MainWindow(QMainWindow):
    """The one window of the program.

    Attributes:
        work: What works in it, once it is furnished.
    """

    closed = Signal()
    work: "Workspace"

    @styles_held()
    def __init__(self, state: WindowState) -> None:
        super().__init__()
        self._state = state
        self._is_furnished = False
        self.setWindowTitle(APP_NAME)
        self.actions_by_id = menus.build_actions(self)
        self._menu = QMenu(self)
        menus.fill_menu(self._menu, self.actions_by_id)
        self.sidebar = Sidebar(self._menu)
        self.thinking = ThinkingPane(self)
        self.banners = Banners()
        self.centre = QStackedWidget()
        self.blank = QWidget()
        self.centre.addWidget(self.blank)
        self.middle = column_of(self.banners, self.centre)
        self._splitter = side_by_side(self.sidebar, self.middle)
        self.setCentralWidget(self._splitter)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.thinking)
        # The side panes first give way, then hide: see the resize event.
        self.folding = Folding(
            [(self.thinking, _ROOM_FOR_THINKING), (self.sidebar, _ROOM_FOR_SIDEBAR)]
        )
        self.resize(1240, 800)
        self.resizeDocks([self.thinking], [_THINKING_WIDTH], Qt.Orientation.Horizontal)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        follow_theme(self, self._recolour)
        # Else the first button would have the focus, and its ring, until there is a message box.
        self.blank.setFocus()
        self.folding.note_folded(state.restore(self, self._splitter))

    def furnish(self, parts: "WindowParts") -> None:
        """Load and build what works in the window; until then its actions and buttons do nothing."""
        from desktop_app.ui.workspace import Workspace

        self.work = Workspace(self, parts)
        self._is_furnished = True

    async def start(self) -> None:
        """Read the list and show where the person was, or what is needed first."""
        await self.work.start()

    async def finish(self) -> None:
        """End what the window itself still does."""
        self._state.save(self, self._splitter, self.folding.folded)
        await self.work.finish()

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def search(self) -> None:
        """Put the cursor into the search field of the sidebar."""
        self.folding.show(self.sidebar)
        self.sidebar.focus_search()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave; what is on its way is stored before the program ends."""
        self._state.save(self, self._splitter, self.folding.folded)
        event.accept()
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            menus.retranslate(self.actions_by_id)
            if self._is_furnished:
                self.work.retranslate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped to be imported."""
        self.work.transfer.enter(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Import a file."""
        self.work.transfer.drop(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window to the conversation; what it hid comes back when there is room."""
        super().resizeEvent(event)
        self.folding.fit(event.size().width())

    def _recolour(self, tokens: Tokens) -> None:
        menus.recolour(self.actions_by_id, tokens.text_muted)
        self.blank.setStyleSheet(f"background: {tokens.surface.name()};")
