"""A web page as text."""

import re
from email.message import Message
from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.web_port import WebAnswer
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import FETCH_URL
from desktop_app.tools._html import text_of
from desktop_app.tools._text import decode
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread

_MOST_CHARACTERS: Final = 400_000
_MOST_HTML: Final = 2_000_000
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_TEXTS: Final = frozenset(
    {"application/json", "application/xml", "application/javascript", "application/yaml",
     "application/x-yaml", "application/toml", "application/sql", "application/x-ndjson"}
)  # fmt: skip
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_LOOKED_AT: Final = 2_048


async def _run(call: Call) -> ToolOutcome:
    answer = await call.web.read(call.text("url").strip(), private_addresses=call.private_addresses)
    text = await in_thread(lambda stop: _readable(answer, stop), "fetch_url")
    first = call.number("first_character", 0, 0, 2**31)
    if first and first >= len(text):
        raise ToolError(f"The text of the page has only {len(text)} characters.")
    piece = text[first : first + _MOST_CHARACTERS]
    return ToolOutcome(
        f"{_about(answer, first, len(piece), len(text))}\n\n{piece}".rstrip(),
        is_error=answer.status >= 400,
    )


def _about(answer: WebAnswer, first: int, count: int, length: int) -> str:
    facts = [answer.url, f"HTTP {answer.status}"]
    if first or count < length:
        facts.append(f"characters {first} to {first + count} of {length}")
    if answer.is_cut:
        facts.append("cut: the page is too large to be read whole")
    if not length:
        facts.append("no text")
    return ", ".join(facts)


def _readable(answer: WebAnswer, stop: Stop) -> str:
    """Return the answer as text; blocks.

    Raises:
        ToolError: When it is no text.
    """
    head = Message()
    head["content-type"] = answer.content_type or "application/octet-stream"
    kind = head.get_content_type() if answer.content_type else ""
    is_html = kind in _HTML or (not kind and answer.body.lstrip()[:1] == b"<")
    is_text = kind.startswith("text/") or kind in _TEXTS or kind.endswith(("+json", "+xml"))
    if kind and not is_html and not is_text:
        raise ToolError(f"The address leads to {kind}, which is no text.")
    text = _decoded(answer, head.get_content_charset() or "", is_html=is_html)
    if not is_html:
        return text.replace("\r\n", "\n").strip()
    return text_of(text[:_MOST_HTML], answer.url, stop.look)


def _decoded(answer: WebAnswer, charset: str, *, is_html: bool) -> str:
    if not charset and is_html and (said := _CHARSET.search(answer.body[:_LOOKED_AT])):
        charset = said[1].decode("ascii", "replace")
    if charset.casefold() in {"gbk", "gb2312", "x-gbk"}:
        charset = "gb18030"
    try:
        return decode(answer.body, charset, is_cut=answer.is_cut).text
    except ToolError:
        if b"\0" in answer.body[:_LOOKED_AT]:
            raise
    if charset.casefold() in {"utf-8", "utf8"}:
        # One wrong byte in a page is no reason to see nothing of it.
        return answer.body.decode("utf-8", "replace")
    return decode(answer.body, is_cut=answer.is_cut).text


TOOL: Final = BuiltinTool(
    name="fetch_url",
    description=(
        "Reads a web page or another text at an http or https address and gives its text, with "
        "links as [words](address). Scripts are not run. Pages inside the person's network are "
        "refused, unless they allowed them."
    ),
    schema={
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "description": "The whole address, such as https://example.org/.",
            },
            "first_character": {
                "type": "integer",
                "minimum": 0,
                "description": "Where to go on in a long text; 0 is the beginning.",
            },
        },
        "required": ["url"],
        "additionalProperties": False,
    },
    risk=Risk.SENDS,
    setting=FETCH_URL,
    run=_run,
)
