"""Which text goes with which question: the table of the demo's scenes.

A scene gives thoughts and an answer for what it reads in a :class:`Question`. Adding one is adding
a row to :data:`SCENES`; the first row whose pattern is found in the user's words is taken.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from desktop_app.demo import texts_chinese, texts_code, texts_english
from desktop_app.demo.rules import text_of
from desktop_app.demo.steps import SeenRequest
from desktop_app.demo.tool_tour import unframed

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_IN_CHINESE: Final = re.compile(r"\b(in|auf) chinese\b|用中文", re.IGNORECASE)
_IN_ENGLISH: Final = re.compile(r"\bin english\b|用英[文语]", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """What a request says, as far as the demo reads it.

    Attributes:
        said: the last thing the user wrote.
        asked: everything the user wrote, oldest first.
        messages: how many messages the request carries.
        returned: how many assistant messages came back with their thinking.
        model: the model asked for.
        tools: the tools on offer.
        may_call: whether one of them may be called.
        results: name and text, unframed, of the tool results since the last user message.
    """

    said: str
    asked: tuple[str, ...]
    messages: int
    returned: int
    model: str
    tools: tuple[Any, ...]
    results: tuple[tuple[str, str], ...]
    may_call: bool = True

    @classmethod
    def of(cls, request: SeenRequest) -> "Question":
        """Reads a request that has passed the rules, or one that nobody has checked."""
        messages = [m for m in request.field("messages") or () if isinstance(m, dict)]
        asked = tuple(text_of(m) for m in messages if m.get("role") == "user")
        return cls(
            said=asked[-1] if asked else "",
            asked=asked,
            messages=len(messages),
            returned=sum(1 for m in messages if _holds_thinking(m)),
            model=str(request.field("model", "")),
            tools=tuple(request.field("tools") or ()),
            results=_results(messages),
            may_call=request.field("tool_choice") != "none",
        )

    @property
    def in_chinese(self) -> bool:
        """Whether to answer in Chinese."""
        if _IN_ENGLISH.search(self.said):
            return False
        return bool(_HAN.search(self.said) or _IN_CHINESE.search(self.said))

    @property
    def texts(self) -> ModuleType:
        """The texts in the language of the question."""
        return texts_chinese if self.in_chinese else texts_english


def _holds_thinking(message: Mapping[str, Any]) -> bool:
    if message.get("role") != "assistant":
        return False
    thinking = message.get("reasoning_details") or message.get("reasoning_content")
    return bool(thinking) or text_of(message).lstrip().startswith("<think>")


def _results(messages: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    results: list[tuple[str, str]] = []
    for message in messages:
        if message.get("role") == "user":
            results.clear()
        for call in message.get("tool_calls") or ():
            names[call.get("id", "")] = call.get("function", {}).get("name", "?")
        if message.get("role") == "tool":
            name = names.get(message.get("tool_call_id", ""), "?")
            results.append((name, unframed(text_of(message))))
    return tuple(results)


@dataclass(frozen=True)
class Told:
    """What a scene has to say: rounds of thinking, then the answer."""

    thoughts: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Scene:
    """One row: when it is meant, what it tells, and whether a tool may be called for it."""

    name: str
    pattern: re.Pattern[str]
    tell: Callable[[Question], Told]
    tools: bool = False


def fill(text: str, **values: object) -> str:
    """Replaces ``{name}`` for the given names only; other braces belong to formulas and code."""
    pattern = re.compile(r"\{(" + "|".join(map(re.escape, values)) + r")\}")
    return pattern.sub(lambda found: str(values[found[1]]), text)


def quoted(text: str, limit: int = 400) -> str:
    """The text as it may stand behind ``> ``: shortened, each line quoted."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "\n> ".join(short.strip().splitlines()) or "…"


def _told(key: str) -> Callable[[Question], Told]:
    def tell(question: Question) -> Told:
        texts = question.texts
        values = {
            "said": quoted(question.said),
            "first": quoted(question.asked[0] if question.asked else ""),
            "messages": question.messages,
            "asked": len(question.asked),
            "returned": question.returned,
            "model": question.model,
        }
        thoughts = tuple(fill(text, **values) for text in getattr(texts, f"{key}_THOUGHTS"))
        return Told(thoughts, fill(getattr(texts, key), **values))

    return tell


_INTRODUCED: Final = re.compile(
    r"\bmy name is\s+([\w'’-]+)|\bcall me\s+([\w'’-]+)|我叫\s*([\w·]{1,8})", re.IGNORECASE
)


def _tell_name(question: Question) -> Told:
    names = [
        next(filter(None, found.groups()))
        for text in question.asked[:-1]
        for found in _INTRODUCED.finditer(text)
    ]
    texts = question.texts
    answer = fill(texts.NAME_KNOWN, name=names[-1]) if names else texts.NAME_UNKNOWN
    return Told(texts.NAME_THOUGHTS, answer)


_COUNT: Final = re.compile(r"\d{1,4}")


def _tell_long(question: Question) -> Told:
    found = _COUNT.search(question.said)
    count = min(max(int(found[0]), 1), 2000) if found else 30
    sections = (fill(texts_english.LONG_SECTION, number=n) for n in range(1, count + 1))
    thoughts = tuple(fill(text, count=count) for text in texts_english.LONG_THOUGHTS)
    title = f"# A long text in {count} sections 📜\n\n"
    return Told(thoughts, title + "".join(sections) + "---\n\n" + texts_english.NOTE)


def _tell_code(question: Question) -> Told:
    if question.in_chinese:
        return Told(texts_code.THOUGHTS_CHINESE, texts_code.ANSWER_CHINESE + texts_chinese.NOTE)
    return Told(texts_code.THOUGHTS, texts_code.ANSWER + texts_english.NOTE)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


SCENES: Final[tuple[Scene, ...]] = (
    Scene(
        "memory",
        _pattern(
            r"what did i (say|ask|write|tell you)|my first (message|question)|do you remember"
            r"|第一(句|条|个问题)|我(刚才|之前|先前)(说|问)"
        ),
        _told("MEMORY"),
    ),
    Scene("name", _pattern(r"what('s| is) my name|who am i\b|我叫什么|我是谁"), _tell_name),
    Scene("hangzhou", _pattern(r"hangzhou|杭州"), _told("HANGZHOU"), tools=True),
    Scene("quicksort", _pattern(r"quick\s?sort|快速排序|快排"), _told("QUICKSORT"), tools=True),
    Scene(
        "interleaved", _pattern(r"interleav|交错思维|交错思考"), _told("INTERLEAVED"), tools=True
    ),
    Scene(
        "code",
        _pattern(
            r"\b(long code|wide table|code and tables|trojan source)\b|长代码|宽表格|代码与表格"
        ),
        _tell_code,
    ),
    Scene("long", _pattern(r"\b(long (text|answer)|\d+ sections)\b"), _tell_long),
    Scene("continue", _pattern(r"^\s*(please )?(continue|go on|继续)\W*$"), _told("CONTINUE")),
    Scene(
        "thanks",
        # Chinese has no spaces, so no end of a word follows 谢谢 in 谢谢你.
        _pattern(r"^\W*((thanks|thank you|thx)\b.{0,40}|(谢谢|多谢|感谢).{0,12})$"),
        _told("THANKS"),
    ),
    Scene(
        "greeting",
        _pattern(
            r"^\W*(hi|hello|hey|good (morning|evening|afternoon))\b.{0,40}$|how are you"
            r"|^\W*(你好|您好|嗨|早上好|晚上好).{0,12}$"
        ),
        _told("GREETING"),
    ),
)

ANYTHING: Final = Scene("anything", _pattern(""), _told("DEFAULT"), tools=True)


def choose(question: Question) -> Scene:
    """The scene for a question; there is always one."""
    return next((s for s in SCENES if s.pattern.search(question.said)), ANYTHING)
