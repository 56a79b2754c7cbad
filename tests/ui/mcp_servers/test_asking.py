"""What servers ask the person: forms and pages, one after the other, and never twice answered."""

import asyncio
import json
from pathlib import Path

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QMessageBox, QWidget

from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    ElicitationChoice,
    FieldKind,
    FormField,
)
from desktop_app.ui.mcp_servers.attendant import Attendant
from desktop_app.ui.mcp_servers.elicitation_dialog import ElicitationDialog
from tests.mcp_client.conftest import our_server, running
from tests.ui.conftest import QLoop
from tests.ui.mcp_servers.test_servers_block import named, words
from tests.ui.window_kit import until


def fill(dialog: QWidget, name: str, text: str) -> None:
    (field,) = [f for f in dialog.findChildren(QLineEdit) if f.accessibleName() == name]
    field.setText(text)


def test_a_form_is_filled_in_and_reaches_the_server(qloop: QLoop, qtbot, tmp_path: Path) -> None:
    async def scenario() -> None:
        window = QWidget()
        qtbot.addWidget(window)
        window.show()
        async with running(tmp_path, {"own": our_server()}) as rig:
            attendant = Attendant(rig.servers, window)
            call = asyncio.get_running_loop().create_task(rig.call("own", "ask"))
            dialog = await until(lambda: attendant.shown)
            assert isinstance(dialog, ElicitationDialog)
            assert "Who are you?" in words(dialog)
            assert "Do not enter passwords" in words(dialog)
            named(dialog, "Send").click()
            assert "Name: an answer is needed." in words(dialog)
            fill(dialog, "Name, required", "Ann")
            for text, problem in (
                ("x", "a whole number"),
                ("151", "at most 150"),
                ("-1", "at least 0"),
            ):
                fill(dialog, "age", text)
                named(dialog, "Send").click()
                assert problem in words(dialog)
            fill(dialog, "age", "30")
            (tea,) = dialog.findChildren(QCheckBox)
            assert tea.isChecked()
            (size,) = dialog.findChildren(QComboBox)
            size.setCurrentIndex(size.findText("Large"))
            named(dialog, "Send").click()
            assert json.loads((await call).text) == {
                "action": "accept",
                "content": {"name": "Ann", "age": 30, "tea": True, "size": "l"},
            }
            for button, action in (("Decline", "decline"), ("", "cancel")):
                call = asyncio.get_running_loop().create_task(rig.call("own", "ask"))
                dialog = await until(lambda: attendant.shown)
                named(dialog, button).click() if button else dialog.reject()
                assert json.loads((await call).text) == {"action": action}
            attendant.leave()
            assert json.loads((await rig.call("own", "ask")).text) == {"action": "cancel"}

    qloop(scenario())


def test_questions_come_one_after_the_other_and_go_with_who_asked(qloop: QLoop, qtbot) -> None:
    async def scenario() -> None:
        window = QWidget()
        qtbot.addWidget(window)

        class Servers:
            def attend(self, ask, open_page) -> None:
                pass

        attendant = Attendant(Servers(), window)  # type: ignore[arg-type]
        loop = asyncio.get_running_loop()
        first = loop.create_task(attendant.ask(Elicitation("a", "first")))
        second = loop.create_task(attendant.ask(Elicitation("b", "second")))
        dialog = await until(lambda: attendant.shown)
        assert "first" in words(dialog)
        first.cancel()
        dialog = await until(lambda: attendant.shown if attendant.shown is not dialog else None)
        assert "second" in words(dialog)
        named(dialog, "Send").click()
        assert await second == ElicitationAnswer(ElicitationChoice.ACCEPT)

    qloop(scenario())


def test_a_page_is_opened_after_its_host_was_seen(qloop: QLoop, qtbot, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))

    async def scenario() -> None:
        window = QWidget()
        qtbot.addWidget(window)

        class Servers:
            def attend(self, ask, open_page) -> None:
                pass

        attendant = Attendant(Servers(), window)  # type: ignore[arg-type]
        loop = asyncio.get_running_loop()
        for button, agreed in (("Cancel", False), ("Open in the browser", True)):
            asked = loop.create_task(attendant.open_page("far", "https://аpi.e.test/authorize?x=1"))
            box = await until(lambda: attendant.shown)
            assert isinstance(box, QMessageBox)
            # A host in other letters is shown as it goes over the wire.
            assert "xn--pi-6kc.e.test" in box.text()
            assert "https://xn--pi-6kc.e.test/authorize?x=1" in box.informativeText()
            assert opened == []
            named(box, button).click()
            assert await asked is agreed
        assert len(opened) == 1
        # A question that is asked on a page is one too.
        question = Elicitation("far", "Sign here", url="https://e.test/form")
        asked = loop.create_task(attendant.ask(question))
        box = await until(lambda: attendant.shown)
        assert "Sign here" in box.informativeText()
        named(box, "Open in the browser").click()
        assert await asked == ElicitationAnswer(ElicitationChoice.ACCEPT)
        assert opened.pop() == "https://e.test/form"
        for refused in ("http://e.test/", "file:///etc/passwd", "javascript:alert(1)", "smb://x/y"):
            assert not await attendant.open_page("far", refused)
        assert len(opened) == 1

    qloop(scenario())


def test_hidden_characters_of_a_server_are_seen(qtbot) -> None:
    field = FormField("a", FieldKind.TEXT, "Na\u202eme", "Be\u200bware", default="x\u2066y")
    dialog = ElicitationDialog(Elicitation("s\u202e", "Hi\u202e\nthere", (field,)), None)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    text = words(dialog)
    for shown in ("Na\\u202eme", "Be\\u200bware", "Hi\\u202e\nthere", "s\\u202e asks"):
        assert shown in text


def test_choices_and_formats(qtbot) -> None:
    fields = (
        FormField(
            "several", FieldKind.CHOICES, "Several", choices=(("a", "A"), ("b", "B")), least=2
        ),
        FormField("mail", FieldKind.TEXT, "Mail", text_format="email", required=True),
        FormField("ratio", FieldKind.NUMBER, "Ratio"),
    )
    dialog = ElicitationDialog(Elicitation("s", "?", fields), None)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    answers: list[ElicitationAnswer] = []
    dialog.answered.connect(answers.append)
    named(dialog, "A").click()
    named(dialog, "Send").click()
    assert "Several: at least 2." in words(dialog)
    named(dialog, "B").click()
    fill(dialog, "Mail, required", "nobody")
    named(dialog, "Send").click()
    assert "not of the kind that is asked for (email)" in words(dialog)
    fill(dialog, "Mail, required", "a@b.test")
    fill(dialog, "Ratio", "0.5")
    named(dialog, "Send").click()
    (answer,) = answers
    assert dict(answer.values) == {"several": ("a", "b"), "mail": "a@b.test", "ratio": 0.5}
