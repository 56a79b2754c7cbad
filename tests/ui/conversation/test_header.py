"""The header: a model that can be typed, the connection in use, and what a narrow window leaves out."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import region_connection
from desktop_app.ui.conversation.header import Header
from desktop_app.ui.translations import install_language

CONNECTIONS = [region_connection(region) for region in REGIONS]


@pytest.fixture
def header(qtbot: QtBot) -> Header:
    widget = Header()
    qtbot.addWidget(widget)
    widget.resize(900, 50)
    widget.show()
    widget.set_connections(CONNECTIONS, CONNECTIONS[0])
    return widget


@pytest.fixture
def in_english(qapp: QApplication) -> Iterator[None]:
    yield
    install_language(qapp, "en")


def box(header: Header, name: str) -> QComboBox:
    return next(b for b in header.findChildren(QComboBox) if b.accessibleName() == name)


def editor(header: Header) -> QLineEdit:
    found = box(header, "Model").lineEdit()
    assert found is not None
    return found


def test_a_model_is_announced_once_when_it_changes(header: Header) -> None:
    chosen: list[str] = []
    header.model_chosen.connect(chosen.append)
    header.set_models(["One", "Two"])
    header.set_model("One")
    assert chosen == []
    editor(header).setText("Three")
    editor(header).editingFinished.emit()
    editor(header).editingFinished.emit()
    assert chosen == ["Three"]
    editor(header).setText("   ")
    editor(header).editingFinished.emit()
    assert chosen == ["Three"]
    assert box(header, "Model").currentText() == "Three"


def test_a_list_that_arrives_late_keeps_the_name_that_is_being_typed(
    header: Header, qtbot: QtBot
) -> None:
    header.set_models(["One"])
    header.set_model("One")
    header.activateWindow()
    editor(header).setFocus()
    qtbot.waitUntil(editor(header).hasFocus)
    editor(header).setText("my-mod")
    header.set_models(["One", "Two"])
    assert editor(header).text() == "my-mod"
    editor(header).editingFinished.emit()
    header.set_models(["One", "Two", "Three"])
    assert box(header, "Model").currentText() == "my-mod"


def test_a_model_that_is_not_listed_is_shown_all_the_same(header: Header) -> None:
    header.set_model("house-blend")
    header.set_models(["One", "Two"])
    assert box(header, "Model").currentText() == "house-blend"
    header.set_models([])
    assert box(header, "Model").currentText() == "house-blend"


def test_a_region_is_announced_only_when_a_person_chooses_it(header: Header) -> None:
    chosen: list[str] = []
    header.connection_chosen.connect(chosen.append)
    header.set_connections(CONNECTIONS, CONNECTIONS[1])
    region = box(header, "Region")
    assert (region.currentText(), region.toolTip()) == ("China", "api.minimaxi.com")
    assert chosen == []
    region.setCurrentIndex(0)
    region.activated.emit(0)
    assert chosen == ["international"]


def test_a_narrow_header_keeps_the_model(header: Header) -> None:
    header.resize(500, 50)
    assert not box(header, "Region").isVisible()
    assert box(header, "Model").isVisible()
    header.resize(900, 50)
    assert box(header, "Region").isVisible()


def test_an_untitled_conversation_follows_the_language(
    header: Header, qapp: QApplication, in_english: None
) -> None:
    install_language(qapp, "en")
    header.set_title("")

    def names() -> set[str]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LanguageChange)
        return {child.accessibleName() for child in header.findChildren(QWidget)}

    assert "New conversation" in names()
    install_language(qapp, "zh_CN")
    assert "New conversation" not in names()
    header.set_title("Tea")
    install_language(qapp, "en")
    assert "Tea" in names()
