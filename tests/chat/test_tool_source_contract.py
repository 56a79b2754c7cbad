"""The contract of sources, on the fake that the loop is tested with."""

import asyncio

import pytest

from desktop_app.demo.journal import Gate
from desktop_app.domain.tool import ToolOutcome, ToolProgress
from tests.chat.tool_source_contract import Example, Examples, ToolSourceContract
from tests.tool_fakes import FakeSource


class TestFake(ToolSourceContract):
    """The fake."""

    @pytest.fixture
    def examples(self) -> Examples:
        source = FakeSource("fake", "Fake tools")
        written: list[object] = []
        gate = Gate()

        async def look(arguments, on_progress):
            on_progress(ToolProgress("half", 0.5))
            await asyncio.sleep(0)
            return "leaves"

        async def write(arguments, on_progress):
            written.append(arguments)
            return "done"

        async def refuse(arguments, on_progress):
            return ToolOutcome("no such file", is_error=True)

        source.give("look", look, schema={"required": ["at"]})
        source.give("write", write)
        source.give("refuse", refuse)
        source.give("hang", gate)
        source.previews["write"] = "+++ b"
        return Examples(
            source,
            works=Example("look", {"at": "tea"}, "leaves"),
            fails=Example("refuse", says="no such file"),
            hangs=Example("hang"),
            began=gate.reached.arrived,
            ended=lambda: (
                [c.ended for c in source.calls if c.tool.name == "hang"] == ["CancelledError"]
            ),
            changes=Example("write", says="+++ b"),
            state=lambda: len(written),
        )
