"""A window with a block view whose buttons change it, for a screen reader to work."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop_app.ui.transcript import BlockView, Entry, EntryAction, EntryKind

ANSWER = "An **answer** with `code`\n\n- one\n- two"
ACTIONS = (
    EntryAction("grow", "Grow", primary=True),
    EntryAction("shrink", "Shrink"),
    EntryAction("replace", "Replace"),
)


class Window(QMainWindow):
    """Grows, shrinks and replaces its entries when their buttons are pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.view = BlockView()
        self.view.setAccessibleName("Conversation")
        self.view.action_activated.connect(self._act)
        self.setCentralWidget(self.view)
        self.resize(600, 600)
        self._count = 0
        self._start()

    def _start(self) -> None:
        self.view.set_entries(
            [
                Entry("1", EntryKind.USER, "You", "Hello", caption="14:03", markdown=False),
                Entry("2", EntryKind.ASSISTANT, "MiniMax", ANSWER, caption="14:04"),
                Entry("3", EntryKind.ERROR, "Error", "It failed.", actions=ACTIONS, details="500"),
            ]
        )

    def _act(self, _entry_id: str, action_id: str) -> None:
        if action_id == "grow":
            self._count += 1
            entry_id = f"grown {self._count}"
            self.view.append_entry(
                Entry(entry_id, EntryKind.ASSISTANT, entry_id, "", streaming=True)
            )
            self.view.append_text(entry_id, "Streamed **words**")
            QTimer.singleShot(0, self.view, lambda: self.view.finish_entry(entry_id))
        elif action_id == "shrink":
            self.view.remove_entry("2")
        else:
            self._start()


def main() -> int:
    """Run until killed."""
    application = QApplication(sys.argv)
    window = Window()
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
