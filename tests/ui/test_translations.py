"""Every sentence has a translation, and the window changes its language while it runs."""

import ast
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

import desktop_app
from desktop_app.chat.error_text import ERROR_TEXTS
from desktop_app.domain.errors import ErrorKind
from desktop_app.paths import resource
from desktop_app.ui import translations
from desktop_app.ui.translations import install_language, system_language

SOURCE = Path(desktop_app.__file__).parent
TS = resource("i18n", "zh_CN.ts")
QM = resource("i18n", "zh_CN.qm")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

LEAST_ARGUMENTS = {"tr": 1, "translate": 2, "QT_TRANSLATE_NOOP": 2}
"""What asks for a translation; `translate` with one argument is the method of a text."""
SAME_IN_BOTH = frozenset({"Interleave", "MiniMax", "OK", "Top P", " %", " s"})
"""Names and signs that are the same in Chinese, besides texts without a letter."""


@dataclass(frozen=True, order=True)
class Sentence:
    """What Qt looks a translation up by."""

    context: str
    source: str
    comment: str = ""


@dataclass(frozen=True)
class Entry:
    """A sentence in a .ts file."""

    key: Sentence
    translations: tuple[str, ...]
    state: str


def entries(file: Path) -> list[Entry]:
    found = []
    for context in ET.parse(file).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            target = message.find("translation")
            assert target is not None
            forms = [form.text or "" for form in target.findall("numerusform")]
            key = Sentence(name, message.findtext("source", ""), message.findtext("comment", ""))
            found.append(Entry(key, tuple(forms or [target.text or ""]), target.get("type", "")))
    return found


def run_tool(name: str, *arguments: str | Path) -> None:
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    done = subprocess.run(
        [str(tool), *map(str, arguments)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def python_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield (where, call) for each call that asks for a translation or announces one."""
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            least = LEAST_ARGUMENTS.get(called_name(node))
            if least is not None and len(node.args) >= least:
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", node


def called_name(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_nothing_is_formatted_before_it_is_translated() -> None:
    wrong = [
        where
        for where, call in calls()
        for argument in call.args
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (
            isinstance(argument, ast.Call)
            and isinstance(argument.func, ast.Attribute)
            and argument.func.attr == "format"
        )
    ]
    assert wrong == []


def test_tr_is_asked_of_self_with_the_text_itself() -> None:
    """Elsewhere lupdate cannot tell the class under whose name Qt will look the text up."""
    wrong = [
        where
        for where, call in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "tr"
        and (
            not isinstance(call.func.value, ast.Name)
            or call.func.value.id != "self"
            or constant(call.args[0]) is None
        )
    ]
    assert wrong == []


def test_lupdate_sees_every_text_that_python_sees(tmp_path: Path) -> None:
    """Its own parser of Python passes over what it does not understand without a word."""
    file = tmp_path / "zh_CN.ts"
    run_tool("lupdate", "-silent", *python_files(), "-ts", file)
    seen = {entry.key.source for entry in entries(file)}
    unseen = [
        (where, text)
        for where, call in calls()
        for text in [constant(call.args[0] if called_name(call) == "tr" else call.args[1])]
        if text is not None and text not in seen
    ]
    assert unseen == []


def test_no_sentence_is_missing_or_left_over(tmp_path: Path) -> None:
    fresh = tmp_path / "zh_CN.ts"
    shutil.copy(TS, fresh)
    run_tool("lupdate", "-silent", *python_files(), "-ts", fresh)
    now = {entry.key for entry in entries(fresh) if entry.state not in {"vanished", "obsolete"}}
    kept = {entry.key for entry in entries(TS)}
    assert sorted(now - kept) == [], "run make translations and translate these"
    assert sorted(kept - now) == [], "run make translations: the program no longer says these"


def test_every_sentence_is_translated() -> None:
    unfinished = [entry.key for entry in entries(TS) if entry.state or not all(entry.translations)]
    assert unfinished == []


def test_translations_are_chinese() -> None:
    english = [
        entry.key
        for entry in entries(TS)
        for text in entry.translations
        if re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", entry.key.source))
        and not CHINESE.search(text)
        and entry.key.source not in SAME_IN_BOTH
    ]
    assert english == []


def test_translations_keep_placeholders_links_and_line_breaks() -> None:
    def skeleton(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w*\}|%[nL]?\d*|https?://[\w-]*(?:\.\w+)*|</?\w+|\n|…$", text))

    changed = [
        (entry.key, text)
        for entry in entries(TS)
        for text in entry.translations
        if skeleton(entry.key.source) != skeleton(text)
    ]
    assert changed == []


def test_the_compiled_file_is_what_lrelease_makes_of_the_text(tmp_path: Path) -> None:
    fresh = tmp_path / "zh_CN.qm"
    run_tool("lrelease", "-silent", TS, "-qm", fresh)
    assert fresh.read_bytes() == QM.read_bytes(), "run make translations"


class Speaker(QWidget):
    """A widget that says its words again when the language changes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            sentence = ERROR_TEXTS[ErrorKind.RATE_LIMIT].sentence
            self.said.append(QCoreApplication.translate("Errors", sentence))


@pytest.fixture(autouse=True)
def _back_to_english(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    yield
    install_language(qapp, "en")
    QLocale.setDefault(before)


def test_the_language_changes_while_the_window_is_open(qapp: QApplication, qtbot: QtBot) -> None:
    speaker = Speaker()
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(speaker)
    qtbot.addWidget(buttons)
    cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
    english = ERROR_TEXTS[ErrorKind.RATE_LIMIT].sentence

    assert install_language(qapp, "zh_CN") == "zh_CN"
    qtbot.waitUntil(lambda: bool(speaker.said) and bool(CHINESE.search(speaker.said[-1])))
    assert "取消" in cancel.text()

    assert install_language(qapp, "en") == "en"
    qtbot.waitUntil(lambda: speaker.said[-1] == english)
    assert "Cancel" in cancel.text()


def test_a_change_leaves_no_translator_behind(qapp: QApplication) -> None:
    for code in ("zh_CN", "zh_CN", "en", "zh_CN"):
        install_language(qapp, code)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(qapp.findChildren(QTranslator)) == 2


def test_dates_follow_the_chosen_language(qapp: QApplication) -> None:
    install_language(qapp, "zh_CN")
    assert QLocale().dayName(1) == "星期一"
    install_language(qapp, "en")
    assert QLocale().dayName(1) == "Monday"
    install_language(qapp, "system")
    assert QLocale() == QLocale.system()


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["zh-Hans-CN", "zh-CN", "zh-Hans", "zh"], "zh_CN"),
        (["zh-CN"], "zh_CN"),
        (["zh-Hans-SG"], "zh_CN"),
        (["zh-Hant-TW", "en-US"], "en"),
        (["de-DE", "zh-CN", "en"], "zh_CN"),
        (["en-GB", "zh-CN"], "en"),
        (["fr-FR", "fr"], "en"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_system_list_of_languages_decides(wanted: list[str], spoken: str) -> None:
    assert system_language(wanted) == spoken


def test_following_the_system_takes_its_list(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "system_language", lambda: "zh_CN")
    assert install_language(qapp, "system") == "zh_CN"
    translated = QCoreApplication.translate("Errors", ERROR_TEXTS[ErrorKind.RATE_LIMIT].sentence)
    assert CHINESE.search(translated)
