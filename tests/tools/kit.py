"""What tests of tools share: a call with real folders, and pages that never leave this process."""

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_app.chat.web_port import WebAnswer
from desktop_app.domain.tool import ToolOutcome, ToolProgress
from desktop_app.tools import builtin_tools
from desktop_app.tools._folders import GrantedFolders
from desktop_app.tools._previews import PreviewMemory
from desktop_app.tools._tool import BuiltinTool, Call, nobody


class NoPages:
    """There is no web."""

    async def read(self, url: str, *, private_addresses: bool) -> WebAnswer:
        raise AssertionError("nothing here reads pages")


class OnePage:
    """Every address gives the same answer; remembers what it was asked."""

    def __init__(self, answer: WebAnswer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, bool]] = []

    async def read(self, url: str, *, private_addresses: bool) -> WebAnswer:
        self.asked.append((url, private_addresses))
        return self.answer


def tool_named(name: str) -> BuiltinTool:
    return next(tool for tool in builtin_tools() if tool.name == name)


def call_of(
    arguments: dict[str, object],
    *folders: Path,
    private: Sequence[Path] = (),
    web: object = None,
    previews: PreviewMemory | None = None,
    on_progress: Callable[[ToolProgress], None] = nobody,
) -> Call:
    return Call(
        arguments=arguments,
        folders=GrantedFolders([str(folder.resolve()) for folder in folders], private),
        web=web or NoPages(),
        previews=previews or PreviewMemory(),
        on_progress=on_progress,
    )


async def run(name: str, arguments: dict[str, object], *folders: Path, **more: object) -> str:
    outcome: ToolOutcome = await tool_named(name).run(call_of(arguments, *folders, **more))
    return outcome.text
