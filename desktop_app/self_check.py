"""``--self-check``: loads every part that is found at run time and says of each whether it is there.

For frozen builds above all, where a part that is loaded by name can be missing without any import
failing before somebody needs it. Needs no display. Ends by itself: a broken build may hang.
"""

import faulthandler
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

import desktop_app

_DEADLINE_SECONDS: Final = 60


def run(report: Path | None = None) -> int:
    """Check every part, print a line for each, and return 0 when none is missing.

    Args:
        report: A file that takes the lines instead, for a program on Windows: it has no output.

    Raises:
        OSError: When ``report`` cannot be written.
    """
    if report is None and sys.stderr is not None:
        return _check_all()
    with Path(report or os.devnull).open("w", encoding="utf-8") as lines:
        sys.stdout = sys.stderr = lines
        return _check_all()


def _check_all() -> int:
    faulthandler.dump_traceback_later(_DEADLINE_SECONDS, exit=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    missing = 0
    for name, check in _CHECKS:
        try:
            found = check()
        except Exception as error:
            missing += 1
            print(f"missing  {name}: {type(error).__name__}: {error}", flush=True)
        else:
            print(f"ok       {name}: {found}", flush=True)
    faulthandler.cancel_dump_traceback_later()
    return 1 if missing else 0


def _qt() -> str:
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        # Kept in a global: Qt ends the process when it is collected too early.
        globals()["_app"] = QApplication(sys.argv[:1])
    return qVersion()


def _icons() -> str:
    from desktop_app.ui.icons import app_icon, icon, icon_names

    names = icon_names()
    if not names or app_icon().isNull() or any(icon(name).isNull() for name in names):
        raise LookupError("an icon cannot be drawn")
    return f"{len(names)} line icons and the program's own"


def _translations() -> str:
    from PySide6.QtCore import QCoreApplication, QTranslator

    from desktop_app.paths import resource

    translator = QTranslator()
    if not translator.load(str(resource("i18n", "zh_CN.qm"))):
        raise LookupError("zh_CN.qm cannot be loaded")
    if translator.translate("Actions", "Settings") in {None, "", "Settings"}:
        raise LookupError("zh_CN.qm translates nothing")
    del QCoreApplication
    return "zh_CN"


def _fonts() -> str:
    from PySide6.QtGui import QFontDatabase, QFontInfo, QGuiApplication

    families = QFontDatabase.families()
    if not families:
        raise LookupError("no font is installed")
    return f"{QFontInfo(QGuiApplication.font()).family()}, {len(families)} families"


def _keyring() -> str:
    from desktop_app.keystore.backends import backend_name

    return backend_name()


def _sqlite() -> str:
    from desktop_app.storage.capabilities import sqlite_capabilities

    return sqlite_capabilities()


def _database() -> str:
    import asyncio

    from desktop_app.storage.opening import open_database

    async def open_and_close(path: Path) -> None:
        opening = await open_database(path)
        await opening.database.aclose()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(open_and_close(Path(folder) / "check.db"))
    return "made, migrated and closed"


def _provider() -> str:
    from importlib.metadata import version

    from desktop_app.providers.openai_chat.loading import preload

    preload()
    return f"openai {version('openai')}"


def _tls_roots() -> str:
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    count = len(ssl.create_default_context().get_ca_certs())
    # On Windows and macOS the system itself verifies, and lists nothing here.
    if sys.platform == "linux" and count == 0:
        raise LookupError("the system's certificates are missing: install ca-certificates")
    del context
    return f"{count} certificates" if count else "the system's store"


def _markdown() -> str:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse("| a |\n|---|\n| b |\n")
    if not any(token.type == "table_open" for token in tokens):
        raise LookupError("tables are not parsed")
    return f"{len(tokens)} tokens"


def _highlighting() -> str:
    from pygments.lexers import get_lexer_by_name

    names = ("python", "javascript", "c", "cpp", "rust", "go", "java", "bash", "json", "sql")
    for name in names:
        get_lexer_by_name(name)
    return ", ".join(names)


def _formulas() -> str:
    # ziamath and latex2mathml bring data files of their own: a font, and a table of symbols.
    from desktop_app.ui.transcript.formula_ink import formula_font
    from desktop_app.ui.transcript.formula_outline import outline

    made = outline(r"\sqrt{\frac{a}{b}}", is_display=True, breathe=lambda: None)
    return f"{formula_font().familyName()}, {made.marks} marks"


def _exporters() -> str:
    from desktop_app.exporters import export_formats

    names = [form.id for form in export_formats()]
    if not any(form.is_lossless for form in export_formats()):
        raise LookupError("the lossless format is missing")
    return ", ".join(names)


def _importers() -> str:
    from desktop_app.importers import import_formats

    names = [form.id for form in import_formats()]
    if "interleave" not in names:
        raise LookupError("our own format is missing")
    return ", ".join(names)


def _tools() -> str:
    from desktop_app.paths import resource
    from desktop_app.tools import builtin_tools

    names = [tool.name for tool in builtin_tools()]
    if not names:
        raise LookupError("there is no tool")
    if not resource("run_python", "confined.py").is_file():
        raise LookupError("what confines Python is missing")
    return ", ".join(names)


def _tool_arguments() -> str:
    # jsonschema brings the schemas of schemas along as data files.
    from desktop_app.chat.tool_arguments import ArgumentsError, read_arguments

    dialect = "http://json-schema.org/draft-07/schema#"
    schema = {"$schema": dialect, "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    read_arguments('{"a": 1}', schema)
    try:
        read_arguments('{"a": "1"}', schema)
    except ArgumentsError as error:
        if "not of type" in str(error):
            return "right ones taken, wrong ones refused"
        raise
    raise LookupError("wrong arguments are not refused")


def _mcp() -> str:
    # Imported late, when a server is configured: nobody else would miss a part of it.
    from desktop_app.mcp_client import connection, http_transport, sign_in, stdio_transport

    loaded = (connection, http_transport, sign_in, stdio_transport)
    return f"{len(loaded)} parts of the client"


def _demo() -> str:
    from desktop_app.demo.server import DemoServer

    with DemoServer() as server:
        return f"listens on {server.origin}"


def _program() -> str:
    # Most of it is imported late, and would be missed only when somebody wants it.
    names = [found.name for found in walk_packages(desktop_app.__path__, "desktop_app.")]
    for name in names:
        import_module(name)
    return f"{len(names)} modules"


_CHECKS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("Qt", _qt),
    ("icons", _icons),
    ("translations", _translations),
    ("fonts", _fonts),
    ("keyring", _keyring),
    ("SQLite", _sqlite),
    ("database", _database),
    ("provider", _provider),
    ("TLS roots", _tls_roots),
    ("Markdown", _markdown),
    ("highlighting", _highlighting),
    ("formulas", _formulas),
    ("exporters", _exporters),
    ("importers", _importers),
    ("tools", _tools),
    ("tool arguments", _tool_arguments),
    ("MCP", _mcp),
    ("demo endpoint", _demo),
    ("program", _program),
)
