"""The rows of the table that say how tools are used; :mod:`.table` lists them with the others."""

from typing import Final

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.setting import Page, Setting

TOOL_ROUNDS: Final = Setting(
    key="tool_rounds",
    default=25,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Rounds of tools for one question"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "After so many requests for tools the model is asked to answer with what it has found.",
    ),
    minimum=1,
    maximum=500,
)

TOOL_TIMEOUT: Final = Setting(
    key="tool_timeout",
    default=120,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Longest time for one call"),
    help=QT_TRANSLATE_NOOP("Settings", "A tool that takes longer is ended, and the model is told."),
    minimum=1,
    maximum=86_400,
    unit=" s",
)

TOOL_RESULT_CHARACTERS: Final = Setting(
    key="tool_result_characters",
    default=48_000,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Longest result for the model"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "In characters. Of a longer one the model gets the beginning and the end, with a note on "
        "what is missing; you keep all of it.",
    ),
    minimum=1_000,
    maximum=1_000_000,
)

ALLOW_READING: Final = Setting(
    key="allow_reading",
    default=False,
    page=Page.TOOLS,
    label=QT_TRANSLATE_NOOP("Settings", "Let built-in tools read without asking"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Those that only look at what you granted, change nothing and tell nobody. What they find "
        "goes to the model.",
    ),
)

TOOLS_OFF: Final = Setting(key="tools_off", default="", page=None)
"""The tools that the model is not told of, as a JSON list of pairs: source and name."""

TOOL_SETTINGS: Final[tuple[Setting, ...]] = (
    ALLOW_READING,
    TOOL_ROUNDS,
    TOOL_TIMEOUT,
    TOOL_RESULT_CHARACTERS,
    TOOLS_OFF,
)
