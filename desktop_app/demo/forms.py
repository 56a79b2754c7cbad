"""The forms in which thinking and answer travel: one voice for each, from text to deltas.

Every form that a client has met is here, so that a test can say the same thing in each and expect
the same message. Only delta dictionaries are made; chunks and bytes come later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from desktop_app.demo.chunks import ASSISTANT_NAME, Backend, Json, reasoning_item


class Form(Enum):
    """Where thinking goes, and whether texts are new pieces or the whole so far."""

    SPLIT = "reasoning_details and reasoning_content, new pieces: the live host"
    DETAILS = "reasoning_details alone, new pieces: M2.5 in March 2026"
    CUMULATIVE = "reasoning_details and content, each the whole text so far: the quickstart page"
    THINK_TAGS = "everything in content, thinking between tags"
    REASONING_CONTENT = "reasoning_content alone: DeepSeek, older vLLM, SGLang, llama.cpp"
    REASONING = "reasoning alone: newer vLLM, OpenRouter"
    MIRRORED = "tags in content and the same text in the reasoning fields: M3 in June 2026"


@dataclass(frozen=True)
class Tags:
    """How thinking is marked off in ``Form.THINK_TAGS`` and ``Form.MIRRORED``.

    An empty ``opening`` is llama.cpp's prefilled template, an empty ``closing`` a known bug;
    ``apart`` sends the closing tag as a piece of its own instead of glued to the answer.
    """

    opening: str = "<think>\n"
    closing: str = "\n</think>\n\n"
    apart: bool = False


@dataclass
class Voice:
    """Turns one answer's texts into deltas; remembers what was said, for the forms that need it.

    Attributes:
        thought: all thinking so far.
        said: all answer text so far, without tags.
        content: the ``content`` of the whole message, with tags where the form has them.
    """

    form: Form
    backend: Backend = Backend.MAIN
    tags: Tags = field(default_factory=Tags)
    thought: str = ""
    said: str = ""
    content: str = ""
    _inside: bool = False

    def think(self, text: str) -> list[Json]:
        """Deltas for a piece of thinking."""
        self.thought += text
        first = not self.content and self.thought == text
        match self.form:
            case Form.SPLIT | Form.DETAILS | Form.CUMULATIVE:
                whole = self.thought if self.form is Form.CUMULATIVE else text
                delta: Json = {"reasoning_details": [reasoning_item(whole)]}
                if self.form is not Form.DETAILS:
                    delta = {"reasoning_content": whole, **delta}
                return [self._delta(delta, content=None if first else "")]
            case Form.REASONING_CONTENT | Form.REASONING:
                return [self._delta({self.form.value.split(" ", maxsplit=1)[0]: text}, content="")]
            case _:
                opened = text if self._inside else self.tags.opening + text
                self._inside = True
                self.content += opened
                extra: Json = {}
                if self.form is Form.MIRRORED:
                    extra = {"reasoning_content": text, "reasoning_details": [reasoning_item(text)]}
                return [self._delta(extra, content=opened)]

    def say(self, text: str) -> list[Json]:
        """Deltas for a piece of the answer."""
        self.said += text
        closing = self.tags.closing if self._inside else ""
        self._inside = False
        self.content += closing + text
        if self.form is Form.CUMULATIVE:
            return [self._delta({}, content=self.content)]
        if closing and self.tags.apart:
            return [self._delta({}, content=closing), self._delta({}, content=text)]
        return [self._delta({}, content=closing + text)]

    def call(self, fragments: Sequence[Json]) -> list[Json]:
        """One delta for each fragment of a tool call; an open tag is closed first."""
        return self.close() + [
            self._delta({"tool_calls": [part]}, content="") for part in fragments
        ]

    def close(self) -> list[Json]:
        """The closing tag as a delta of its own, when thinking is still open, else nothing."""
        if not self._inside or not self.tags.closing:
            return []
        self._inside = False
        self.content += self.tags.closing
        return [self._delta({}, content=self.tags.closing)]

    def silence(self) -> Json:
        """An empty delta, such as the one that carries ``finish_reason`` alone."""
        return self._delta({}, content="")

    def message(self, tool_calls: Sequence[Json]) -> Json:
        """The whole message, for an answer that is not streamed and for the native last chunk."""
        self.close()
        made = self._delta({}, content=self.content)
        if self.thought:
            if self.form in {Form.SPLIT, Form.CUMULATIVE, Form.MIRRORED, Form.REASONING_CONTENT}:
                made["reasoning_content"] = self.thought
            if self.form in {Form.SPLIT, Form.DETAILS, Form.CUMULATIVE, Form.MIRRORED}:
                made["reasoning_details"] = [reasoning_item(self.thought)]
            if self.form is Form.REASONING:
                made["reasoning"] = self.thought
        if tool_calls:
            made["tool_calls"] = list(tool_calls)
        return made

    def _delta(self, extra: Json, *, content: str | None) -> Json:
        if self.backend is Backend.SELF_HOSTED:
            bare: Json = {"role": None, "content": content or None, "tool_calls": None}
            return bare | extra
        made: Json = {} if content is None else {"content": content}
        made["role"] = "assistant"
        if self.backend is Backend.MAIN:
            made |= {"name": ASSISTANT_NAME, "audio_content": ""}
        return made | extra
