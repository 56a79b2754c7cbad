"""Web pages as text: headings, paragraphs, lists, tables, links and code, in something like Markdown.

A scanner of our own, which looks at each character once. Measured on 200 kB: the standard library's
parser does not come to an end within minutes for ``<a `` repeated; lexbor takes 3.7 s for nested
``div`` and 1 s for many attributes, without letting go of the interpreter. A text needs no tree.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]*")
_BETWEEN: Final = re.compile(r"[\s/]*")
_ATTRIBUTE: Final = re.compile(r"[^\s/>][^\s/>=]*")
_EQUALS: Final = re.compile(r"\s*=\s*")
_UNQUOTED: Final = re.compile(r"[^\s>]*")
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")

_RAW: Final = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
)
"""Elements that end at their own closing tag and nowhere else."""

_UNSEEN: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "noembed", "noframes", "textarea",
     "select", "object", "head"}
)  # fmt: skip
_PARAGRAPHS: Final = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "figure", "form",
     "ul", "ol", "dl", "blockquote", "table", "address", "fieldset", "details", "hr"}
)  # fmt: skip
_LINES: Final = frozenset({"li", "tr", "dt", "dd", "figcaption", "summary", "caption", "option"})
_HEADINGS: Final = {f"h{level}": "#" * level for level in range(1, 7)}
_LEAST_MAIN: Final = 200
_LONGEST_LINK: Final = 500


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    is_end: bool
    attributes: dict[str, str]


def text_of(source: str, url: str, look: Callable[[], None] = lambda: None) -> str:
    """Return the text of a page; of its main part alone where it says which that is.

    Args:
        source: HTML.
        url: Where it came from; links are completed with it.
        look: Called every now and then; may raise to break off.
    """
    writing = _Writing(url)
    for number, piece in enumerate(_pieces(source)):
        if number % 1_000 == 0:
            look()
        if isinstance(piece, str):
            writing.text(piece)
        else:
            writing.tag(piece)
    return writing.result()


def _pieces(source: str) -> Iterator[str | _Tag]:
    """Yield texts, with their references, and tags; every place is looked at once."""
    at = 0
    while at < len(source):
        start = source.find("<", at)
        if start < 0:
            yield source[at:]
            return
        if start > at:
            yield source[at:start]
        following = source[start + 1 : start + 2]
        if following in {"!", "?"}:
            mark, length = ("-->", 3) if source.startswith("<!--", start) else (">", 1)
            end = source.find(mark, start + 2)
            if end < 0:
                return
            at = end + length
            continue
        is_end = following == "/"
        name = _NAME.match(source, start + 1 + is_end)
        if name is None and is_end:
            end = source.find(">", start)
            if end < 0:
                return
            at = end + 1
            continue
        if name is None:
            yield "<"
            at = start + 1
            continue
        attributes: dict[str, str] = {}
        after = _read_attributes(source, name.end(), attributes)
        if after is None:
            return
        tag = _Tag(name[0].lower(), is_end, attributes)
        yield tag
        at = after
        if tag.name in _RAW and not is_end:
            closing = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(source, at)
            yield source[at : closing.start() if closing else len(source)]
            at = closing.start() if closing else len(source)


def _read_attributes(source: str, at: int, into: dict[str, str]) -> int | None:
    """Read the attributes of a tag; return where it ends, ``None`` when it does not."""
    while True:
        at = _match_end(_BETWEEN, source, at)
        if at >= len(source):
            return None
        if source[at] == ">":
            return at + 1
        name_end = _match_end(_ATTRIBUTE, source, at)
        name, value = source[at:name_end].lower(), ""
        at = name_end
        equals = _EQUALS.match(source, at)
        if equals is not None:
            at = equals.end()
            quote = source[at : at + 1]
            if quote in {'"', "'"}:
                end = source.find(quote, at + 1)
                if end < 0:
                    return None
                value, at = source[at + 1 : end], end + 1
            else:
                end = _match_end(_UNQUOTED, source, at)
                value, at = source[at:end], end
        if name in {"href", "alt", "start", "aria-hidden", "hidden"}:
            into.setdefault(name, value)


def _match_end(pattern: "re.Pattern[str]", source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found is not None else at


@dataclass(slots=True)
class _Writing:
    """The text so far."""

    url: str
    out: list[str] = field(default_factory=list)
    title: str = ""
    _breaks: int = 0
    _space: bool = False
    _prefix: str = ""
    _unseen: list[str] = field(default_factory=list)
    _pre: int = 0
    _lists: list[int] = field(default_factory=list)
    _link: tuple[str, int] | None = None
    _cells: int = 0
    _in_title: bool = False
    _main: tuple[int, int] | None = None
    _main_start: int = -1

    def text(self, raw: str) -> None:
        words = html.unescape(raw)
        if self._in_title:
            self.title = self.title or " ".join(words.split())
        elif self._unseen:
            return
        elif self._pre:
            self._put(words)
        else:
            plain = _SPACES.sub(" ", words)
            if plain.startswith(" "):
                self._space = True
            if plain.strip(" "):
                self._put(plain.strip(" "))
                self._space = plain.endswith(" ")

    def tag(self, tag: _Tag) -> None:
        name = tag.name
        if name == "title":
            self._in_title = not tag.is_end and not self.title
            return
        if name == "body":
            self._unseen = [seen for seen in self._unseen if seen != "head"]
        if self._unseen:
            if tag.is_end and name in self._unseen:
                del self._unseen[self._unseen.index(name) :]
            return
        if name in _UNSEEN and not tag.is_end:
            self._unseen.append(name)
            return
        self._layout(tag)
        self._inline(tag)

    def _layout(self, tag: _Tag) -> None:
        name = tag.name
        if name in {"main", "article"}:
            self._note_main(tag)
        if name in _HEADINGS:
            self._break(2)
            self._prefix = "" if tag.is_end else f"{_HEADINGS[name]} "
        elif name in _PARAGRAPHS:
            self._break(2 if name != "div" else 1)
            if name in {"ul", "ol"}:
                self._note_list(tag)
            elif name == "blockquote":
                self._prefix = "" if tag.is_end else "> "
        elif name == "pre":
            self._break(2)
            if not tag.is_end:
                self._put("```\n")
                self._pre += 1
            elif self._pre:
                self._pre -= 1
                self.out.append("\n```" if not "".join(self.out[-1:]).endswith("\n") else "```")
                self._break(2)
        elif name in _LINES:
            self._break(1)
            self._cells = 0
            if name == "li" and not tag.is_end:
                self._prefix = self._bullet()

    def _inline(self, tag: _Tag) -> None:
        name = tag.name
        if name == "br":
            self._break(1)
        elif name in {"td", "th"} and not tag.is_end:
            if self._cells:
                self._space = True
                self._put("|")
                self._space = True
            self._cells += 1
        elif name == "img" and tag.attributes.get("alt", "").strip():
            self._put(f"[{' '.join(html.unescape(tag.attributes['alt']).split())}]")
        elif name == "code" and not self._pre:
            self.text("`")
        elif name == "a":
            self._end_link()
            if not tag.is_end:
                self._begin_link(tag.attributes.get("href", ""))

    def _begin_link(self, href: str) -> None:
        href = html.unescape(href).strip()
        if not href or href.startswith("#") or len(href) > _LONGEST_LINK:
            return
        try:
            address = urljoin(self.url, href)
        except ValueError:
            return
        if address.startswith(("http://", "https://")):
            self._link = (address, len(self.out))

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, start = self._link
        self._link = None
        words = "".join(self.out[start:])
        lead = words[: len(words) - len(words.lstrip())]
        if words.strip():
            del self.out[start:]
            self.out += [lead, f"[{words.strip()}]({address})"]

    def _note_main(self, tag: _Tag) -> None:
        self._break(2)
        if not tag.is_end:
            if self._main_start < 0 and self._main is None:
                self._main_start = len(self.out)
        elif self._main_start >= 0 and tag.name == "main":
            self._main = (self._main_start, len(self.out))
            self._main_start = -1

    def _note_list(self, tag: _Tag) -> None:
        is_inner = len(self._lists) > (1 if tag.is_end else 0)
        if not tag.is_end:
            start = tag.attributes.get("start", "1")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
            self._lists.append(first if tag.name == "ol" else 0)
        elif self._lists:
            self._lists.pop()
        if is_inner:
            self._breaks = 1

    def _bullet(self) -> str:
        indent = "  " * min(len(self._lists) - 1, 8)
        if self._lists and self._lists[-1]:
            self._lists[-1] += 1
            return f"{indent}{self._lists[-1] - 1}. "
        return f"{indent}- "

    def _break(self, lines: int) -> None:
        self._breaks = max(self._breaks, lines)
        self._space = False

    def _put(self, words: str) -> None:
        if self._breaks and self.out:
            self.out.append("\n" * self._breaks)
        elif self._space and self.out:
            self.out.append(" ")
        self._breaks, self._space = 0, False
        if self._prefix:
            self.out.append(self._prefix)
            self._prefix = ""
        self.out.append(words)

    def result(self) -> str:
        self._end_link()
        body = "".join(self.out)
        if self._main is not None:
            main = "".join(self.out[self._main[0] : self._main[1]])
            body = main if len(main.strip()) >= _LEAST_MAIN else body
        body = body.strip()
        if self.title and not body.startswith(f"# {self.title}"):
            return f"{self.title}\n\n{body}".strip()
        return body
