"""The page "MCP servers" over real servers: what is seen, and what a person does with it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from desktop_app.domain.mcp_server import ServerPhase
from desktop_app.ui.mcp_servers.approval_dialog import ApprovalDialog
from desktop_app.ui.mcp_servers.reading_dialog import ReadingDialog
from desktop_app.ui.mcp_servers.servers_block import ServersBlock
from desktop_app.ui.notice import NoticeKind
from tests.mcp_client.conftest import Rig, our_server, running, write_config
from tests.mcp_client.test_sign_in import Person, save
from tests.servers.mcp_behaviour import ORDER
from tests.servers.oauth_server import OAuthServer
from tests.ui.conftest import QLoop
from tests.ui.window_kit import until


@asynccontextmanager
async def page(rig: Rig) -> AsyncIterator[ServersBlock]:
    block = ServersBlock(rig.servers)
    block.resize(700, 700)
    block.show()
    await until(lambda: all(row.isVisible() for row in block._rows.values()))
    try:
        yield block
    finally:
        await block.aclose()
        block.close()
        block.deleteLater()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def named(widget: QWidget, name: str) -> QAbstractButton:
    found = [
        button
        for button in widget.findChildren(QAbstractButton)
        if name in {button.accessibleName(), button.text()} and button.isVisible()
    ]
    assert found, f"no {name!r}"
    return found[0]


async def seen(widget: QWidget, name: str) -> QAbstractButton:
    """Return the button as soon as it is there."""
    await until(
        lambda: any(
            name in {button.accessibleName(), button.text()} and button.isVisible()
            for button in widget.findChildren(QAbstractButton)
        ),
        name,
    )
    return named(widget, name)


def field(widget: QWidget, name: str) -> QLineEdit:
    (found,) = [f for f in widget.findChildren(QLineEdit) if f.accessibleName() == name][:1]
    return found


def test_each_server_says_how_it_stands(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        servers = {
            "own": our_server(),
            "noisy": our_server("--garbage"),
            "gone": {"command": "no-such-program", "args": ["\u202eabc"]},
            "broken": {"args": []},
        }
        async with running(tmp_path, servers) as rig, page(rig) as block:
            own = words(block.row("own"))
            assert "Ready · 18 tools" in own
            assert "writes lines that are no messages" in words(block.row("noisy"))
            gone = words(block.row("gone"))
            assert "Failed" in gone
            assert "not found in the PATH of your login shell" in gone
            assert "\\u202eabc" in gone
            assert "neither a command nor an address" in words(block.row("broken"))
            switch = named(block, "Use gone")
            assert switch.isChecked()
            assert "not found in the PATH" in switch.accessibleDescription()
            assert not named(block, "Use broken").isEnabled()

    qloop(scenario())


def test_nothing_starts_before_its_command_line_was_seen(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, {}) as rig:
            write_config(tmp_path, {"own": our_server(env={"TOKEN": "x"})})
            await rig.servers.reload()
            async with page(rig) as block:
                assert "has not been started" in words(block.row("own"))
                named(block, "Review and start own").click()
                (dialog,) = block.findChildren(ApprovalDialog)
                config = rig.entry("own").config
                assert config is not None
                assert dialog.command.toPlainText().split("\n") == list(config.argv)
                assert "Variables: TOKEN" in words(dialog)
                named(dialog, "Cancel").click()
                assert rig.entry("own").status.phase is ServerPhase.OFF
                named(block, "Review and start own").click()
                dialog = block.findChildren(ApprovalDialog)[-1]
                named(dialog, "Agree and start").click()
                await rig.phase("own", ServerPhase.READY)
                await until(lambda: "Ready" in words(block.row("own")))

    qloop(scenario())


def test_a_server_is_added_changed_and_removed(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, {}) as rig, page(rig) as block:
            assert "There are no servers yet." in words(block)
            named(block, "Add a server…").click()
            dialog = block.dialog
            named(dialog, "Save and start").click()
            assert dialog.notice.kind is NoticeKind.ERROR
            assert "neither a command nor an address" in words(dialog)
            entry = our_server("--note")
            QTest.keyClicks(field(dialog, "Name"), "mine")
            QTest.keyClicks(field(dialog, "Program"), entry["command"])
            (arguments,) = [
                f for f in dialog.findChildren(QPlainTextEdit) if f.accessibleName() == "Arguments"
            ]
            arguments.setPlainText("\n".join(entry["args"]))
            named(dialog, "Add a variable").click()
            QTest.keyClicks(field(dialog, "Variable"), "TOKEN")
            QTest.keyClicks(field(dialog, "Value"), "canary-77")
            named(dialog, "Save and start").click()
            await until(lambda: rig.servers.entries)
            await rig.phase("mine", ServerPhase.READY)
            got = json.loads((await rig.call("mine", "environment")).text)
            assert got["TOKEN"] == "canary-77"
            assert "canary-77" not in (tmp_path / "mcp.json").read_text("utf-8")

            (await seen(block, "Edit mine")).click()
            assert field(dialog, "Value").text() == ""
            assert field(dialog, "Value").placeholderText() == "in the keyring"
            field(dialog, "Name").setText("ours")
            named(dialog, "Save and start").click()
            await until(lambda: [e.name for e in rig.servers.entries] == ["ours"])
            await rig.phase("ours", ServerPhase.READY)
            got = json.loads((await rig.call("ours", "environment")).text)
            assert got["TOKEN"] == "canary-77"

            (await seen(block, "Remove ours")).click()
            (question,) = [box for box in block.findChildren(QMessageBox) if box.isVisible()]
            named(question, "Remove").click()
            await until(lambda: not rig.servers.entries and not rig.keys.items)

    qloop(scenario())


def test_a_name_is_taken_once(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, {"own": our_server()}) as rig, page(rig) as block:
            named(block, "Add a server…").click()
            field(block.dialog, "Name").setText("own")
            field(block.dialog, "Program").setText("x")
            named(block.dialog, "Save and start").click()
            assert "There is a server of this name." in words(block.dialog)
            block.dialog.close()

    qloop(scenario())


def test_tools_and_log_are_shown_whole_and_plain(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        servers = {"own": our_server("--talkative")}
        async with running(tmp_path, servers) as rig, page(rig) as block:
            await rig.until(lambda: "with a key" in rig.log("own"))
            named(block, "Tools of own").click()
            (tools,) = block.findChildren(ReadingDialog)
            text = tools.text.toPlainText()
            assert ORDER in text
            assert "they are not sent to the model" in text
            assert "▸ echo · Echo\nSays it again.\nArguments: text" in text
            assert tools.text.isReadOnly()
            named(tools, "Copy all").click()
            assert QApplication.clipboard().text() == text
            tools.close()
            named(block, "Log of own").click()
            log = block.findChildren(ReadingDialog)[-1]
            assert "stderr  hello from stderr" in log.text.toPlainText()
            with_key = [line for line in log.text.toPlainText().split("\n") if "with a key" in line]
            assert "[removed]" in with_key[0]
            log.close()

    qloop(scenario())


def test_switching_off_restarting_and_the_damaged_file(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, {"own": our_server("--note")}) as rig, page(rig) as block:
            named(block, "Use own").click()
            await rig.phase("own", ServerPhase.OFF)
            await until(lambda: "Off" in words(block.row("own")))
            named(block, "Use own").click()
            await rig.phase("own", ServerPhase.READY)
            await until(lambda: "Ready" in words(block.row("own")))
            begun = rig.log("own").count("notifications/initialized")
            named(block, "Restart own").click()
            await rig.until(lambda: rig.log("own").count("notifications/initialized") == begun + 1)
            (tmp_path / "mcp.json").write_text("{", "utf-8")
            named(block, "Read the file again").click()
            await until(lambda: block.notice.kind is NoticeKind.ERROR)
            assert "cannot be read as JSON" in words(block)

    qloop(scenario())


def test_bringing_in_shows_first_and_starts_nothing(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        theirs = tmp_path / "theirs.json"
        content = {
            "a": {"command": "uvx", "args": ["x"]},
            "b": {"url": "https://e.test/sse"},
            "c": 1,
        }
        theirs.write_text(json.dumps({"mcpServers": content}), "utf-8")
        async with running(tmp_path, {}) as rig, page(rig) as block:
            named(block, "Import…").click()
            dialog = block.importing
            assert not named(dialog, "Bring in").isEnabled()
            dialog.look_at(theirs)
            await until(lambda: named(dialog, "Bring in").isEnabled())
            assert "uvx\nx" in words(dialog)
            assert "c: The entry is no object." in words(dialog)
            named(dialog, "b").click()
            named(dialog, "Bring in").click()
            await until(lambda: [e.name for e in rig.servers.entries] == ["a"])
            await until(lambda: not dialog.isVisible())
            assert rig.entry("a").status.phase is ServerPhase.OFF
            assert not (await seen(block, "Use a")).isChecked()
            # Switched on, it still waits for the look at its command line.
            named(block, "Use a").click()
            await seen(block, "Review and start a")

    qloop(scenario())


def test_found_by_the_settings_search(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, {"own": our_server()}) as rig, page(rig) as block:
            assert block.narrow(["mcp"])
            assert block.narrow(["own"])
            assert not block.narrow(["proxy"])

    qloop(scenario())


def test_signing_in_and_out(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        with OAuthServer() as server:
            person = Person(server)
            async with running(tmp_path, {}) as rig:
                await save(rig, server, person)
                async with page(rig) as block:
                    named(block, "Sign out of far").click()
                    await rig.phase("far", ServerPhase.FAILED)
                    (await seen(block, "Sign in to far")).click()
                    await rig.phase("far", ServerPhase.READY)
                    await seen(block, "Sign out of far")
                    assert len(person.shown) == 2

    qloop(scenario())
