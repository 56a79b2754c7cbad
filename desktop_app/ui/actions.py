"""The table of actions: menus, shortcuts and tooltips all follow from these rows.

Adding an action means adding a row here and connecting it by its id in the main window.
"""

from dataclasses import dataclass
from typing import Final

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing a person can do from a menu or by a shortcut.

    Attributes:
        id: Name by which the main window connects it.
        label: What menus call it; translatable, in the context "Actions".
        shortcuts: Key sequences in Qt's portable form; Ctrl is Cmd on macOS. The first is shown.
        icon: Name of the icon, or nothing.
        group: Actions of one group stand together; groups are parted by a line.
    """

    id: str
    label: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    group: str = "conversation"


ACTIONS: Final[tuple[ActionRow, ...]] = (
    ActionRow(
        "new_conversation",
        QT_TRANSLATE_NOOP("Actions", "New conversation"),
        ("Ctrl+N",),
        "new-conversation",
    ),
    ActionRow(
        "search_conversations",
        QT_TRANSLATE_NOOP("Actions", "Search conversations"),
        ("Ctrl+Shift+F",),
        "search",
    ),
    ActionRow(
        "find",
        QT_TRANSLATE_NOOP("Actions", "Find in this conversation"),
        ("Ctrl+F",),
    ),
    ActionRow(
        "find_next",
        QT_TRANSLATE_NOOP("Actions", "Next hit"),
        ("F3",),
    ),
    ActionRow(
        "find_previous",
        QT_TRANSLATE_NOOP("Actions", "Previous hit"),
        ("Shift+F3",),
    ),
    ActionRow(
        "next_conversation",
        QT_TRANSLATE_NOOP("Actions", "Next conversation"),
        ("Ctrl+PgDown", "Ctrl+Tab"),
    ),
    ActionRow(
        "previous_conversation",
        QT_TRANSLATE_NOOP("Actions", "Previous conversation"),
        ("Ctrl+PgUp", "Ctrl+Shift+Tab"),
    ),
    ActionRow(
        "undo",
        QT_TRANSLATE_NOOP("Actions", "Undo"),
        ("Ctrl+Z",),
    ),
    ActionRow(
        "redo",
        QT_TRANSLATE_NOOP("Actions", "Redo"),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
    ),
    ActionRow(
        "export",
        QT_TRANSLATE_NOOP("Actions", "Export this conversation…"),
        ("Ctrl+Shift+S",),
        "export",
        group="files",
    ),
    ActionRow(
        "export_all",
        QT_TRANSLATE_NOOP("Actions", "Export all conversations…"),
        group="files",
    ),
    ActionRow(
        "import",
        QT_TRANSLATE_NOOP("Actions", "Import conversations…"),
        (),
        "import",
        group="files",
    ),
    ActionRow(
        "stop",
        QT_TRANSLATE_NOOP("Actions", "Stop the answer"),
        ("Esc",),
        "stop",
        group="answer",
    ),
    ActionRow(
        "answer_question",
        QT_TRANSLATE_NOOP("Actions", "Go to the question about a tool"),
        ("Ctrl+Shift+A",),
        "tool",
        group="answer",
    ),
    ActionRow(
        "copy_last_answer",
        QT_TRANSLATE_NOOP("Actions", "Copy the last answer"),
        ("Ctrl+Shift+C",),
        "copy",
        group="answer",
    ),
    ActionRow(
        "wire",
        QT_TRANSLATE_NOOP("Actions", "Wire of the last answer"),
        ("Ctrl+Shift+W",),
        group="answer",
    ),
    ActionRow(
        "context",
        QT_TRANSLATE_NOOP("Actions", "Context of the next request"),
        ("Ctrl+Shift+X",),
        group="answer",
    ),
    ActionRow(
        "choose_model",
        QT_TRANSLATE_NOOP("Actions", "Choose the model"),
        ("Ctrl+Shift+M",),
        "model",
        group="answer",
    ),
    ActionRow(
        "parameters",
        QT_TRANSLATE_NOOP("Actions", "Parameters of this conversation"),
        ("Ctrl+Shift+P",),
        "parameters",
        group="answer",
    ),
    ActionRow(
        "insert_from_server",
        QT_TRANSLATE_NOOP("Actions", "Insert from an MCP server…"),
        group="answer",
    ),
    ActionRow(
        "toggle_sidebar",
        QT_TRANSLATE_NOOP("Actions", "Show or hide the conversations"),
        ("Ctrl+B", "F9"),
        "sidebar",
        group="view",
    ),
    ActionRow(
        "toggle_thinking",
        QT_TRANSLATE_NOOP("Actions", "Show or hide the thinking"),
        ("Ctrl+J",),
        "thinking",
        group="view",
    ),
    ActionRow(
        "zoom_in",
        QT_TRANSLATE_NOOP("Actions", "Larger text"),
        ("Ctrl++", "Ctrl+="),
        group="view",
    ),
    ActionRow(
        "zoom_out",
        QT_TRANSLATE_NOOP("Actions", "Smaller text"),
        ("Ctrl+-",),
        group="view",
    ),
    ActionRow(
        "zoom_reset",
        QT_TRANSLATE_NOOP("Actions", "Normal text size"),
        ("Ctrl+0",),
        group="view",
    ),
    ActionRow(
        "command_palette",
        QT_TRANSLATE_NOOP("Actions", "Command palette…"),
        ("Ctrl+K",),
        group="program",
    ),
    ActionRow(
        "settings",
        QT_TRANSLATE_NOOP("Actions", "Settings"),
        ("Ctrl+,",),
        "settings",
        group="program",
    ),
    ActionRow(
        "shortcuts",
        QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"),
        ("Ctrl+/",),
        group="program",
    ),
    ActionRow(
        "about",
        QT_TRANSLATE_NOOP("Actions", "About Interleave"),
        (),
        group="program",
    ),
    ActionRow(
        "quit",
        QT_TRANSLATE_NOOP("Actions", "Quit"),
        ("Ctrl+Q",),
        group="program",
    ),
)
