"""The rows of the settings about the built-in tools: which are on, and what they may reach."""

from pathlib import Path
from typing import Final

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.setting import Page, Setting

CURRENT_TIME: Final = Setting(
    key="tool_current_time",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Current time"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Reads the clock of this computer, here or in the time zones that are asked for.",
    ),
)

CALCULATOR: Final = Setting(
    key="tool_calculator",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Calculator"),
    help=QT_TRANSLATE_NOOP("Settings", "Works out a formula, with exact fractions where it can."),
)

LIST_FOLDER: Final = Setting(
    key="tool_list_folder",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "List a folder"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "Sees names, sizes and dates of what is in the folders that you granted."
    ),
)

READ_FILE: Final = Setting(
    key="tool_read_file",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Read a file"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Reads texts in the folders that you granted; what it reads goes to the model, and so to its service.",
    ),
)

SEARCH_FILES: Final = Setting(
    key="tool_search_files",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Search files"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "Looks for names and for words in texts, in the folders that you granted."
    ),
)

WRITE_FILE: Final = Setting(
    key="tool_write_file",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Write a file"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Creates and replaces texts in the folders that you granted; you are shown what changes before it does.",
    ),
)

FETCH_URL: Final = Setting(
    key="tool_fetch_url",
    default=True,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Read a web page"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Asks a server for a page and reads its text. The server learns your address, and whatever "
        "the model writes into that of the page.",
    ),
)

RUN_PYTHON: Final = Setting(
    key="tool_run_python",
    default=False,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Run Python"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Runs code of the model in a process of its own, with limits to time, memory and output. "
        "It can read and change whatever you can; the network is cut off where the system allows "
        "that, and the result says when it was not.",
    ),
)

PRIVATE_ADDRESSES: Final = Setting(
    key="tool_private_addresses",
    default=False,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Read pages of this computer and its network"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Routers, printers and programs on this computer often trust whoever is inside, so the "
        "model reads nothing of theirs unless this is on. It also leaves looking up names to the "
        "proxy, where there is one.",
    ),
)

_FOLDER_PROBLEM: Final = QT_TRANSLATE_NOOP(
    "Settings", "Each line has to be the whole path of a folder."
)


def folders_in(text: str) -> tuple[str, ...]:
    """Return the folders that the value of :data:`GRANTED_FOLDERS` names."""
    return tuple(line for line in text.split("\n") if line)


def _problem_of_folders(text: str) -> str:
    usable = all(Path(line).is_absolute() and line.isprintable() for line in folders_in(text))
    return "" if usable else _FOLDER_PROBLEM


GRANTED_FOLDERS: Final = Setting(
    key="tool_folders",
    default="",
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Folders that tools may use"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Files outside of them cannot be reached; hidden places for keys and passwords, such as "
        ".ssh and .env, not even inside.",
    ),
    problem=_problem_of_folders,
    is_list=True,
)
"""Real paths, a line each."""

BUILTIN_SETTINGS: Final[tuple[Setting, ...]] = (
    CURRENT_TIME,
    CALCULATOR,
    LIST_FOLDER,
    READ_FILE,
    SEARCH_FILES,
    WRITE_FILE,
    FETCH_URL,
    PRIVATE_ADDRESSES,
    RUN_PYTHON,
    GRANTED_FOLDERS,
)
