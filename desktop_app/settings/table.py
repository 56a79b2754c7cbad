"""The table of settings: each is declared here once.

The settings dialog, validation, defaults, the file and the README's table all follow from these
rows; a test walks every one of them. Adding a setting means adding a row.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.proxy import (
    ProxyMode,
    ProxyProblem,
    can_be_user,
    problem_of_kept_address,
)
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.builtin_settings import BUILTIN_SETTINGS
from desktop_app.settings.setting import PAGE_TITLES, Choice, Page, Setting, Value
from desktop_app.settings.tool_settings import TOOL_SETTINGS

__all__ = ["PAGE_TITLES", "Choice", "Page", "Setting", "Value"]
"""What whoever reads the table needs with it."""

CONNECTION: Final = Setting(
    key="connection",
    default="international",
    page=None,
)
"""Id of the region or custom endpoint in use; edited by the page's own region field."""

DEFAULT_MODEL: Final = Setting(
    key="default_model",
    default="MiniMax-M2",
    page=Page.MODEL,
    label=QT_TRANSLATE_NOOP("Settings", "Model for new conversations"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "Each conversation remembers its own model; this one is used for new ones."
    ),
)

SEND_KEY: Final = Setting(
    key="send_key",
    default="enter",
    page=Page.CHAT,
    label=QT_TRANSLATE_NOOP("Settings", "Send messages with"),
    help=QT_TRANSLATE_NOOP("Settings", "The other combination starts a new line."),
    choices=(
        Choice("enter", QT_TRANSLATE_NOOP("Settings", "Enter")),
        Choice("ctrl+enter", QT_TRANSLATE_NOOP("Settings", "Ctrl+Enter")),
    ),
)

FOLLOW: Final = Setting(
    key="follow",
    default="end",
    page=Page.CHAT,
    label=QT_TRANSLATE_NOOP("Settings", "While an answer is written"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "Scrolling up always stops the text where it is; at the end it moves on again."
    ),
    choices=(
        Choice("end", QT_TRANSLATE_NOOP("Settings", "Follow its end")),
        Choice("start", QT_TRANSLATE_NOOP("Settings", "Stop when its first line reaches the top")),
        Choice("stay", QT_TRANSLATE_NOOP("Settings", "Do not move")),
    ),
)

NAME_BY_MODEL: Final = Setting(
    key="name_by_model",
    default=False,
    page=Page.CHAT,
    label=QT_TRANSLATE_NOOP("Settings", "Let the model name conversations"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "After the first answer, the model that gave it is asked once more for a short title. This "
        "costs some tokens and sends the beginning of both texts again; a title of your own is "
        "never replaced.",
    ),
)

THEME: Final = Setting(
    key="theme",
    default="system",
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Theme"),
    help=QT_TRANSLATE_NOOP("Settings", "Light or dark; the system's choice is followed at once."),
    choices=(
        Choice("system", QT_TRANSLATE_NOOP("Settings", "Follow the system")),
        Choice("light", QT_TRANSLATE_NOOP("Settings", "Light")),
        Choice("dark", QT_TRANSLATE_NOOP("Settings", "Dark")),
    ),
)

LANGUAGE: Final = Setting(
    key="language",
    default="system",
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Language"),
    help=QT_TRANSLATE_NOOP("Settings", "Language of menus and messages, not of the answers."),
    choices=(
        Choice("system", QT_TRANSLATE_NOOP("Settings", "Follow the system")),
        Choice("en", "English"),
        Choice("zh_CN", "简体中文"),
    ),
)

MOTION: Final = Setting(
    key="motion",
    default="system",
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Motion"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Answers arrive in lumps and are shown evenly, word by word; with reduced motion they are "
        "shown as they come, and nothing pulses.",
    ),
    choices=(
        Choice("system", QT_TRANSLATE_NOOP("Settings", "Follow the system")),
        Choice("full", QT_TRANSLATE_NOOP("Settings", "Even")),
        Choice("reduced", QT_TRANSLATE_NOOP("Settings", "Reduced")),
    ),
)

ZOOM: Final = Setting(
    key="zoom",
    default=100,
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Text size in conversations"),
    help=QT_TRANSLATE_NOOP("Settings", "Ctrl++ and Ctrl+- change it too."),
    minimum=50,
    maximum=200,
    unit=" %",
)

WRAP_CODE: Final = Setting(
    key="wrap_code",
    default=True,
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Wrap long lines of code"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Otherwise code scrolls sideways; each block has a button for the other way.",
    ),
)

FOLD_CODE: Final = Setting(
    key="fold_code",
    default=False,
    page=Page.APPEARANCE,
    label=QT_TRANSLATE_NOOP("Settings", "Fold long code"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Code of more than 24 lines shows its beginning when a conversation is opened, and the "
        "rest on a click; it is copied and found as a whole either way.",
    ),
)

CONNECT_TIMEOUT: Final = Setting(
    key="connect_timeout",
    default=10,
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Give up connecting after"),
    help=QT_TRANSLATE_NOOP("Settings", "How long to wait for the server to take the connection."),
    minimum=1,
    maximum=120,
    unit=QT_TRANSLATE_NOOP("Settings", " s"),
)

FIRST_BYTE_TIMEOUT: Final = Setting(
    key="first_byte_timeout",
    default=90,
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Give up waiting for an answer after"),
    help=QT_TRANSLATE_NOOP("Settings", "How long the server may take until it begins to answer."),
    minimum=5,
    maximum=1800,
    unit=QT_TRANSLATE_NOOP("Settings", " s"),
)

IDLE_TIMEOUT: Final = Setting(
    key="idle_timeout",
    default=60,
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Give up on a silent answer after"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "How long nothing may arrive while an answer streams. An answer as a whole may take as "
        "long as it likes.",
    ),
    minimum=5,
    maximum=1800,
    unit=QT_TRANSLATE_NOOP("Settings", " s"),
)

_PROXY_PROBLEMS: Final[Mapping[ProxyProblem, str]] = MappingProxyType(
    {
        ProxyProblem.EMPTY: QT_TRANSLATE_NOOP("Settings", "The address of the proxy is missing."),
        ProxyProblem.BAD_SCHEME: QT_TRANSLATE_NOOP(
            "Settings", "The address has to begin with http://, https:// or socks5://."
        ),
        ProxyProblem.BAD_HOST: QT_TRANSLATE_NOOP(
            "Settings", "The address has to be a host and a port, such as proxy.example:3128."
        ),
        ProxyProblem.BAD_PORT: QT_TRANSLATE_NOOP("Settings", "The port cannot be used."),
        ProxyProblem.LOGIN: QT_TRANSLATE_NOOP(
            "Settings", "A user name and password have fields of their own below."
        ),
    }
)


def _problem_of_proxy(text: str) -> str:
    problem = problem_of_kept_address(text)
    return _PROXY_PROBLEMS[problem] if problem is not None else ""


_USER_PROBLEM: Final = QT_TRANSLATE_NOOP(
    "Settings", "A user name has no colon and is at most 255 bytes long."
)


def _problem_of_user(text: str) -> str:
    return "" if can_be_user(text) else _USER_PROBLEM


PROXY: Final = Setting(
    key="proxy",
    default=ProxyMode.SYSTEM.value,
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Proxy"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "The system’s is that of the variable HTTPS_PROXY or else of the desktop’s settings; files "
        "for automatic configuration (PAC) are not evaluated here. This computer itself is always "
        "reached without one.",
    ),
    choices=(
        Choice(ProxyMode.SYSTEM.value, QT_TRANSLATE_NOOP("Settings", "The system’s")),
        Choice(ProxyMode.NONE.value, QT_TRANSLATE_NOOP("Settings", "None")),
        Choice(ProxyMode.CUSTOM.value, QT_TRANSLATE_NOOP("Settings", "The address below")),
    ),
)

PROXY_URL: Final = Setting(
    key="proxy_url",
    default="",
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Address of the proxy"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "Such as http://proxy.example:3128 or socks5://127.0.0.1:1080."
    ),
    problem=_problem_of_proxy,
)

PROXY_USER: Final = Setting(
    key="proxy_user",
    default="",
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "User name at the proxy"),
    help=QT_TRANSLATE_NOOP(
        "Settings", "For a proxy that asks who is there; leave it empty for one that does not."
    ),
    problem=_problem_of_user,
)
"""Of the address above. Its password is in the keyring, not here."""

CA_FILE: Final = Setting(
    key="ca_file",
    default="",
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "File with your own certificates"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "A PEM file whose authorities are trusted beside those of the system; a company’s proxy "
        "or a server of your own may need it.",
    ),
)

AUTO_RETRY: Final = Setting(
    key="auto_retry",
    default=True,
    page=Page.NETWORK,
    label=QT_TRANSLATE_NOOP("Settings", "Repeat refused requests"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "When the service is overloaded or limits the rate, ask again by itself: a few times, with "
        "growing pauses, and never once anything of the answer has come.",
    ),
)

EXPORT_THINKING: Final = Setting(
    key="export_thinking",
    default="folded",
    page=Page.DATA,
    label=QT_TRANSLATE_NOOP("Settings", "Thinking in exported texts"),
    help=QT_TRANSLATE_NOOP("Settings", "In Markdown, web pages and PDF; a PDF cannot fold."),
    choices=(
        Choice("folded", QT_TRANSLATE_NOOP("Settings", "Folded")),
        Choice("quoted", QT_TRANSLATE_NOOP("Settings", "Quoted")),
        Choice("none", QT_TRANSLATE_NOOP("Settings", "Left out")),
    ),
)

WIRE_LOG: Final = Setting(
    key="wire_log",
    default=True,
    page=Page.PRIVACY,
    label=QT_TRANSLATE_NOOP("Settings", "Keep what goes over the wire"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "Each request and each event of its answer stay on this computer with the message; the "
        "key is never among them.",
    ),
)

WIRE_LOG_MEGABYTES: Final = Setting(
    key="wire_log_megabytes",
    default=64,
    page=Page.PRIVACY,
    label=QT_TRANSLATE_NOOP("Settings", "Room for that"),
    help=QT_TRANSLATE_NOOP("Settings", "Compressed; beyond it the oldest are dropped first."),
    minimum=1,
    maximum=4096,
    unit=" MB",
)

UPDATE_CHECK: Final = Setting(
    key="update_check",
    default=False,
    page=Page.PRIVACY,
    label=QT_TRANSLATE_NOOP("Settings", "Tell me of new versions"),
    help=QT_TRANSLATE_NOOP(
        "Settings",
        "At the start, once a day at most, the project’s page on GitHub is asked which version is "
        "the newest; nothing about you is sent, and nothing is downloaded before you click.",
    ),
)

LAST_UPDATE_CHECK: Final = Setting(
    key="last_update_check", default=0, page=None, minimum=0, maximum=253_402_300_799
)
"""When the newest version was last asked for, in seconds since the Unix epoch."""

LAST_CONVERSATION: Final = Setting(key="last_conversation", default="", page=None)
"""Id of the conversation that was open when the program was left."""

FOLDED_FOLDERS: Final = Setting(key="folded_folders", default="", page=None)
"""Names of the folders whose conversations are not shown, a line each."""

RECENT_COMMANDS: Final = Setting(key="recent_commands", default="", page=None)
"""Ids of the commands that were chosen last in the palette, a line each, the last one first."""

LAST_EXAMINED: Final = Setting(
    key="last_examined", default=0, page=None, minimum=0, maximum=253_402_300_799
)
"""When everything that is stored was last examined, in seconds since the Unix epoch."""

SETTINGS: Final[tuple[Setting, ...]] = (
    CONNECTION,
    DEFAULT_MODEL,
    SEND_KEY,
    FOLLOW,
    NAME_BY_MODEL,
    *TOOL_SETTINGS,
    *BUILTIN_SETTINGS,
    THEME,
    LANGUAGE,
    MOTION,
    ZOOM,
    WRAP_CODE,
    FOLD_CODE,
    CONNECT_TIMEOUT,
    FIRST_BYTE_TIMEOUT,
    IDLE_TIMEOUT,
    AUTO_RETRY,
    PROXY,
    PROXY_URL,
    PROXY_USER,
    CA_FILE,
    EXPORT_THINKING,
    WIRE_LOG,
    WIRE_LOG_MEGABYTES,
    UPDATE_CHECK,
    LAST_UPDATE_CHECK,
    LAST_CONVERSATION,
    FOLDED_FOLDERS,
    RECENT_COMMANDS,
    LAST_EXAMINED,
)
