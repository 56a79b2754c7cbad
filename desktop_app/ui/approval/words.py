"""What is asked about a call, in words and as entries: all of it, and nothing hidden in it.

Names, arguments, descriptions and previews come from models and servers: they are shown as plain
text and code, with marks where a character has no shape of its own.
"""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.tool_names import BUILTIN
from desktop_app.domain.tool import Approval, Risk, Tool
from desktop_app.ui.conversation.tool_calls import shown_name
from desktop_app.ui.json_layout import laid_out
from desktop_app.ui.transcript.entry import Entry, EntryKind


def tool_name(tool: Tool) -> str:
    """Return the name of a tool, and what people call it where that is something else."""
    title = tool.title
    if tool.source == BUILTIN:
        title = QCoreApplication.translate("Settings", title)
    name, title = shown_name(tool.name), shown_name(title)
    return f"{title} ({name})" if title and title != name else name


def source_name(approval: Approval) -> str:
    """Return who offers the tool of a question."""
    if approval.tool.source == BUILTIN:
        return QCoreApplication.translate("Approval", "Built-in tools")
    return QCoreApplication.translate("Approval", "Server {name}").replace(
        "{name}", shown_name(approval.source_title or approval.tool.source)
    )


def risk_text(risk: Risk) -> str:
    """Return the worst that a call can do, as a sentence."""
    translate = QCoreApplication.translate
    return {
        Risk.READS: translate(
            "Approval", "It reads what you granted; it changes nothing and tells nobody."
        ),
        Risk.SENDS: translate("Approval", "It tells something to other computers."),
        Risk.WRITES: translate("Approval", "It changes files, or other things that last."),
        Risk.EXECUTES: translate("Approval", "It runs code on this computer."),
        Risk.UNKNOWN: translate(
            "Approval",
            "What it does is not known here: what a server says of its tools is no proof.",
        ),
    }[risk]


def changed_text() -> str:
    """Return the warning that a tool is another than the one that was allowed."""
    return QCoreApplication.translate(
        "Approval",
        "This tool is not what it was when you allowed it. Read what it says of itself now.",
    )


def question_entries(approval: Approval, *, with_facts: bool = False) -> tuple[Entry, ...]:
    """Return what is to be read before an answer: arguments, changes, and a new description.

    Before these stands who offers the tool and what it can do, if ``with_facts`` asks for that.
    """
    facts = [_facts(approval)] if with_facts else []
    return (*facts, *_entries(approval))


def _facts(approval: Approval) -> Entry:
    sentences = [risk_text(approval.tool.risk), changed_text() if approval.changed else ""]
    text = "\n".join(filter(None, sentences))
    return Entry("facts", EntryKind.FIELD, source_name(approval), text, markdown=False)


def _entries(approval: Approval) -> Iterator[Entry]:
    translate = QCoreApplication.translate
    if approval.changed:
        yield _entry(
            "description",
            translate("Approval", "What the tool says of itself now"),
            approval.tool.description or translate("Approval", "(nothing)"),
            code="text",
        )
    shown = laid_out(approval.arguments, breaks_strings=True)
    yield _entry(
        "arguments",
        translate("Approval", "Arguments"),
        approval.arguments if shown is None else shown,
        code="json" if shown is not None else "text",
    )
    if approval.preview:
        yield _entry(
            "preview", translate("Approval", "What would change"), approval.preview, code="diff"
        )


def _entry(identifier: str, name: str, text: str, code: str) -> Entry:
    return Entry(identifier, EntryKind.FIELD, name, text, markdown=False, code=code)
