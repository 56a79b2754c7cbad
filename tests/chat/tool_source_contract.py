"""What every ``ToolSource`` keeps: run against the fake and against the real rooms.

A test module subclasses :class:`ToolSourceContract` and provides the fixture ``examples``. The
source in it is ready: whoever has to be started or connected is.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from desktop_app.chat.tool_arguments import read_arguments
from desktop_app.chat.tool_box import ToolBox, parameters_of
from desktop_app.chat.tool_call import GRACE_SECONDS
from desktop_app.chat.tool_ports import ToolError, ToolSource
from desktop_app.domain.tool import Tool, ToolOutcome, ToolProgress

PATIENCE = 20.0


@dataclass(frozen=True)
class Example:
    """A call: the tool's name, its arguments, and words that its answer holds."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True)
class Examples:
    """What a source is tried with.

    Attributes:
        source: Offers the tools below.
        works: A call that is answered.
        fails: A call of a tool that cannot do what it is asked, by an error of either kind.
        hangs: A call that would take minutes.
        began: Waits until the hanging call is under way, whatever shows that.
        ended: Says whether all that the hanging call started is gone.
        changes: A call that changes something; ``None`` where no tool does.
        state: Returns what such a call changes, to be compared.
    """

    source: ToolSource
    works: Example
    fails: Example
    hangs: Example
    began: Callable[[], Any]
    ended: Callable[[], bool]
    changes: Example | None = None
    state: Callable[[], object] = lambda: None

    def tool(self, name: str) -> Tool:
        """The tool of that name, as it is offered now."""
        (found,) = [tool for tool in self.source.tools if tool.name == name]
        return found

    async def call(
        self, example: Example, on_progress: Callable[[ToolProgress], None] = lambda progress: None
    ) -> ToolOutcome:
        """Make a call."""
        async with asyncio.timeout(PATIENCE):
            tool = self.tool(example.tool)
            return await self.source.call(tool, example.arguments, on_progress)


class ToolSourceContract:
    """The tests."""

    async def test_it_says_who_it_is_and_what_it_has(self, examples: Examples) -> None:
        source = examples.source
        assert source.id
        assert source.title
        assert source.tools
        assert isinstance(source.tools, tuple)
        names = [tool.name for tool in source.tools]
        assert len(set(names)) == len(names)
        for tool in source.tools:
            assert tool.source == source.id
            json.dumps(dict(tool.schema))
            assert tool.fingerprint == tool.fingerprint

    async def test_what_a_request_says_of_it_is_valid(self, examples: Examples) -> None:
        offer = ToolBox([examples.source]).offer()
        assert len(offer.names) == len(examples.source.tools)
        for spec in offer.specs():
            assert 0 < len(spec.name) <= 64
            assert spec.parameters["type"] == "object"
            assert "properties" in spec.parameters

    async def test_a_call_is_answered(self, examples: Examples) -> None:
        tool = examples.tool(examples.works.tool)
        text = json.dumps(examples.works.arguments)
        assert read_arguments(text, tool.schema) == examples.works.arguments
        assert read_arguments(text, parameters_of(tool.schema)) == examples.works.arguments
        outcome = await examples.call(examples.works)
        assert not outcome.is_error, outcome.text
        assert examples.works.says in outcome.text

    async def test_calls_run_together(self, examples: Examples) -> None:
        outcomes = await asyncio.gather(*(examples.call(examples.works) for _ in range(5)))
        assert all(examples.works.says in outcome.text for outcome in outcomes)

    async def test_what_fails_is_said_and_ends_nothing(self, examples: Examples) -> None:
        try:
            outcome = await examples.call(examples.fails)
        except ToolError as error:
            said = str(error)
        else:
            assert outcome.is_error
            said = outcome.text
        assert examples.fails.says in said
        assert said.strip()
        assert not (await examples.call(examples.works)).is_error

    async def test_a_tool_that_it_does_not_have_is_an_error(self, examples: Examples) -> None:
        tool = Tool(examples.source.id, "no such tool", "", {}, examples.source.tools[0].risk)
        with pytest.raises(ToolError) as caught:
            async with asyncio.timeout(PATIENCE):
                await examples.source.call(tool, {}, lambda progress: None)
        assert str(caught.value).strip()

    async def test_progress_is_told_on_this_thread_and_before_the_end(
        self, examples: Examples
    ) -> None:
        heard: list[tuple[ToolProgress, int]] = []
        await examples.call(
            examples.works, lambda progress: heard.append((progress, threading.get_ident()))
        )
        count = len(heard)
        await asyncio.sleep(0)
        assert len(heard) == count
        assert all(thread == threading.get_ident() for _, thread in heard)
        for progress, _ in heard:
            assert progress.fraction is None or 0.0 <= progress.fraction <= 1.0

    async def test_cancelling_ends_the_tool_itself(self, examples: Examples) -> None:
        work = asyncio.get_running_loop().create_task(examples.call(examples.hangs))
        async with asyncio.timeout(PATIENCE):
            await examples.began()
        assert not work.done()
        work.cancel()
        done, _ = await asyncio.wait({work}, timeout=GRACE_SECONDS)
        assert done, "it does not end within the grace that it is given"
        assert work.cancelled()
        assert examples.ended()
        assert not (await examples.call(examples.works)).is_error

    async def test_a_preview_changes_nothing_and_the_call_does(self, examples: Examples) -> None:
        if examples.changes is None:
            preview = await examples.source.preview(
                examples.tool(examples.works.tool), examples.works.arguments
            )
            assert isinstance(preview, str)
            return
        tool = examples.tool(examples.changes.tool)
        before = examples.state()
        preview = await examples.source.preview(tool, examples.changes.arguments)
        assert examples.changes.says in preview
        assert examples.state() == before
        outcome = await examples.call(examples.changes)
        assert not outcome.is_error, outcome.text
        assert examples.state() != before

    async def test_nobody_is_told_after_they_went_away(self, examples: Examples) -> None:
        told: list[int] = []
        end = examples.source.subscribe(lambda: told.append(1))
        end()
        await examples.call(examples.works)
        assert told == []
