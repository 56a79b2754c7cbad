"""A program that is killed while tools run loses no result that was shown, and goes on after it."""

import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from desktop_app.chat.session import ChatSession
from desktop_app.domain.call_ids import calls_of
from desktop_app.domain.message import MessageState, Role
from desktop_app.providers.openai_chat.history import NOT_ENDED, wire_messages
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_storage
from tests.chat.conftest import COMPLETE
from tests.fakes.model import ScriptedModel

KILLS = 4
CALLS = 40

CHILD = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from desktop_app.chat.events import DeltasArrived
    from desktop_app.chat.permissions import Permissions
    from desktop_app.chat.session import ChatSession
    from desktop_app.chat.tool_box import ToolBox
    from desktop_app.chat.tool_use import ToolUse
    from desktop_app.domain.conversation import Conversation
    from desktop_app.domain.delta import ToolResultDelta
    from desktop_app.domain.tool import Risk
    from desktop_app.storage.conversation_store import SqliteConversationStore
    from desktop_app.storage.opening import open_storage
    from tests.fakes.model import ScriptedModel
    from tests.tool_fakes import FakeSource, calling

    async def main(path, name, calls):
        store = SqliteConversationStore((await open_storage(Path(path))).database)
        source = FakeSource("builtin")

        async def work(arguments, on_progress):
            # One after the other, and the last never ends: the kill comes in the middle.
            number = arguments["n"]
            await source.ended.arrived(number, None)
            if number == calls - 1:
                await asyncio.Event().wait()
            return f"answer {number} " + "x" * 3000

        source.give("work", work, risk=Risk.READS)
        made = [("work", '{"n": %d}' % n, f"{name}-{n}") for n in range(calls)]
        model = ScriptedModel(calling(*made))

        async def model_source():
            return model

        tools = ToolUse(ToolBox([source]), Permissions(reading_is_allowed=lambda: True))
        session = ChatSession(Conversation(name), (), store, model_source, tools=tools)

        def show(event):
            if isinstance(event, DeltasArrived):
                for delta in event.deltas:
                    if isinstance(delta, ToolResultDelta):
                        print(delta.result.call_id, flush=True)

        session.subscribe(show)
        session.send("Go")
        await session.settled()

    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    """
)


def start(path: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), name, str(CALLS)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
async def test_no_result_that_was_shown_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for number in range(KILLS):
        name = f"c{number}"
        child = start(path, name)
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(chance.randint(1, CALLS - 1))]
        assert all(lines), f"the child ended by itself, seed {seed}"
        child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate(timeout=20)
        whole = [*lines, *rest.splitlines(keepends=True)]
        shown = {line.strip() for line in whole if line.endswith("\n")}

        opening = await open_storage(path)
        store = SqliteConversationStore(opening.database)
        _, called, results = branch = await store.load_branch(name)
        assert (called.state, results.role) == (MessageState.COMPLETE, Role.TOOL), f"seed {seed}"
        assert results.state is MessageState.INTERRUPTED
        kept = {part.call_id: part for part in results.parts}
        assert shown <= kept.keys(), f"seed {seed}"
        assert all(part.sent and part.text.endswith("xxx") for part in kept.values())

        # What goes out next has one answer for each call, in the model's order.
        model = ScriptedModel(COMPLETE)

        async def model_source(model: ScriptedModel = model) -> ScriptedModel:
            return model

        (conversation,) = [c for c in await store.list_conversations() if c.id == name]
        session = ChatSession(conversation, branch, store, model_source)
        assert session.continue_answer()
        await session.settled()
        assert session.messages[-1].state is MessageState.COMPLETE
        sent = wire_messages(model.requests[0].messages, system_prompt="", is_minimax=True)
        ids = [call.call_id for call in calls_of(called)]
        answers = [message for message in sent if message["role"] == "tool"]
        assert [message["tool_call_id"] for message in answers] == ids
        for message in answers:
            part = kept.get(message["tool_call_id"])
            assert message["content"] == (part.sent if part else NOT_ENDED)
        await session.close()
        await opening.database.aclose()
