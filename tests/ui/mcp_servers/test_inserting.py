"""What servers offer, put into the message that is being written."""

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget

from desktop_app.domain.mcp_content import PromptMessage, Resource, ResourceText
from desktop_app.ui.composer.composer import Composer
from desktop_app.ui.mcp_servers.inserting import Inserting, joined, quoted
from desktop_app.ui.notice import NoticeKind
from tests.mcp_client.conftest import our_server, running
from tests.ui.conftest import QLoop
from tests.ui.mcp_servers.test_asking import fill
from tests.ui.mcp_servers.test_servers_block import named, words
from tests.ui.window_kit import until


def test_resources_and_prompts_go_into_the_message(qloop: QLoop, qtbot, tmp_path: Path) -> None:
    async def scenario() -> None:
        composer = Composer()
        qtbot.addWidget(composer)
        composer.show()
        composer.set_text("Look:")
        async with running(tmp_path, {"own": our_server()}) as rig:
            inserting = Inserting(lambda: rig.servers, composer.insert_below, composer)
            inserting.open()
            dialog = inserting.dialog
            assert dialog is not None
            (offers,) = dialog.findChildren(QListWidget)
            await until(lambda: offers.count() == 3)
            assert [offers.item(row).text() for row in range(3)] == [
                "A poem   ·  prompt  ·  own",
                "one   ·  resource  ·  own",
                "two   ·  resource  ·  own",
            ]
            (search,) = [
                f for f in dialog.findChildren(QLineEdit) if f.accessibleName() == "Search"
            ]
            QTest.keyClicks(search, "one")
            assert [offers.item(row).isHidden() for row in range(3)] == [True, False, True]
            named(dialog, "Insert").click()
            await until(lambda: not dialog.isVisible())
            assert composer.text == "Look:\n\nown: note://1\n\n```\nHello\n```"

            composer.set_text("")
            inserting.open()
            await until(lambda: offers.count() == 3)
            QTest.keyClicks(search, "poem")
            named(dialog, "Insert").click()
            form = await until(lambda: dialog.form)
            fill(form, "topic, required", "tea")
            named(form, "Send").click()
            await until(lambda: not dialog.isVisible())
            assert composer.text == "Write a poem about tea."

            inserting.open()
            await until(lambda: offers.count() == 3)
            QTest.keyClicks(search, "two")
            named(dialog, "Insert").click()
            await until(lambda: dialog.notice.kind is NoticeKind.WARNING)
            assert "only text can be inserted" in words(dialog)
            named(dialog, "Cancel").click()
            await inserting.aclose()

    qloop(scenario())


def test_without_offers_it_says_so(qloop: QLoop, qtbot, tmp_path: Path) -> None:
    async def scenario() -> None:
        composer = Composer()
        qtbot.addWidget(composer)
        composer.show()
        async with running(tmp_path, {}) as rig:
            inserting = Inserting(lambda: rig.servers, composer.insert_below, composer)
            inserting.open()
            assert inserting.dialog is not None
            await until(lambda: "No server that is running" in words(inserting.dialog))
            inserting.dialog.close()
            await inserting.aclose()
        Inserting(None, composer.insert_below, composer).open()

    qloop(scenario())


def test_a_text_cannot_end_its_fence() -> None:
    resource = Resource("s", "u", "n")
    text = quoted(resource, [ResourceText("u", "", "a\n````\nb\n```")])
    assert text.startswith("s: u\n\n`````\n")
    assert text.endswith("\n`````")
    messages = (PromptMessage("user", "a"), PromptMessage("assistant", "b"))
    assert joined(messages) == "a\n\nb"
