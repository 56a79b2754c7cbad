"""Code that is lexed piece by piece gets the colours of the whole, wherever it is cut."""

from __future__ import annotations

import pytest
from pygments.lexers import get_lexer_by_name

from desktop_app.ui.transcript.code_colours import PIECES_BACK
from desktop_app.ui.transcript.code_language import LANGUAGES
from desktop_app.ui.transcript.highlight import _role_of
from desktop_app.ui.transcript.lexing import START, first_state, lex
from tests.ui.transcript.blocks_kit import fence, rows, show

CODE = {
    "python": (
        'x = 1\nclass A:\n    """A docstring\n    def is not a word here\n    # nor a comment\n'
        "    \"\"\"\n    def f(self):\n        return f'''a {self.x +\n 1} def\n'''\n\n" * 4
    ),
    "javascript": (
        "const a = `text ${b +\n 1} def\n let q\n` + 1;\n/* let\nconst x\n*/ let z = 1;\n" * 4
    ),
    "typescript": "type A = { b: string }; /* let\n x */\nconst a = `x\n${y}`;\n" * 4,
    "c": "#include <a.h>\n/* int\nreturn\n*/ int main(void) {\n  size_t x = 1; // c\n  return 0;\n}\n" * 4,
    "cpp": "/* int\n*/ namespace a { class B { int c; }; }\n// x\n" * 4,
    "java": '/** int\n * return\n */\npublic class A { String b = "c"; }\n' * 4,
    "rust": '/* fn /* nested\n */ let\n*/\nfn main() { let s = "a\nlet b"; }\n' * 4,
    "go": "/* if\n*/ func f() { x := `a\nif\n` }\n" * 4,
    "css": ".a { color: red; /* x\n y */ }\n@media x {\n b { c: d }\n}\n" * 4,
    "html": (
        "<!doctype html>\n<html><!-- <script>\n let\n--><style>\n.a { color: red; /* x\n y */ }\n"
        "</style>\n<script type='module'>\nlet a = `x\n${y}`; /* z\n q */\nfunction f() {}\n"
        "</script>\n<p class='x'\n id='y'>hi</p></html>\n" * 3
    ),
    "xml": "<a b='c'>\n<!-- if\n x -->\n<![CDATA[ a\n b ]]></a>\n" * 4,
    "lua": "--[[ if\nthen ]] local x = 1\ny = [[ if\n x ]]\nprint(x)\n" * 4,
    "php": "<?php\n/* if\n*/ function f() { return strlen('a\nb'); }\n" * 4,
    "sql": "select /* a\nb */ x from 'a\nb' where c = 1 -- d\n" * 4,
    "bash": 'if [ "a\nb" ]; then\n  echo $(ls\n -l)\nfi\n' * 4,
    "tsx": "const a = <div className='x'>\n {/* y\n z */}\n</div>;\n" * 4,
    "toml": "a = '''x\ny'''\n[b]\nc = 1\n" * 4,
    "haskell": "{- a\nb -}\nmain = do\n  print 1\n" * 4,
    "scala": '/* a\nb */ object X { val y = """if\nx""" }\n' * 4,
}  # fmt: skip


def roles(name, code, state, *, wants_end=True):
    """The role of each character, and the state at the end."""
    found = [""] * len(code)
    steps = lex(name, code, state, wants_end=wants_end)
    while True:
        try:
            token = next(steps)
        except StopIteration as over:
            return found, over.value
        if token is not None:
            start, end, kind = token
            assert 0 <= start < end <= len(code)
            found[start:end] = [_role_of(kind)] * (end - start)


def roles_of_whole(name, code):
    found = []
    lexer = get_lexer_by_name(name, stripnl=False, ensurenl=False)
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        found += [_role_of(kind)] * len(text)
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("name", CODE)
def test_pieces_are_coloured_as_inside_the_whole(name, size):
    code = CODE[name]
    lines = code.splitlines(keepends=True)
    state, found = first_state(name, code), []
    for start in range(0, len(lines), size):
        part, state = roles(name, "".join(lines[start : start + size]), state)
        found += part
    whole = roles_of_whole(name, code)
    differing = [i for i in range(len(code)) if found[i] != whole[i] and not code[i].isspace()]
    assert [code[i - 8 : i + 8] for i in differing] == []
    assert len(set(whole)) > 3


def test_the_end_is_followed_only_where_it_is_wanted():
    _, end = roles("python", '"""\n', START, wants_end=False)
    assert end == START
    _, end = roles("python", '"""\n', START)
    assert end != START


def test_php_is_coloured_with_and_without_its_opening_tag():
    for code in ("<?php\necho strlen($a);", "echo strlen($a);"):
        found, _ = roles("php", code, first_state("php", code))
        at = code.index("echo")
        assert found[at] == "keyword"
        assert found[code.index("strlen")] == "type"


def test_every_language_that_is_offered_has_a_lexer():
    names = {language.lexer for language in LANGUAGES.values() if language.lexer}
    assert len(names) > 30
    for name in names:
        found, _ = roles(name, "a = 1 # x\n", first_state(name, ""))
        assert len(found) == 10


def test_mermaid_has_colours():
    code = 'graph TD\n  %% note\n  A["Start"] --> B{Is it?}\n  B -->|yes| C\n'
    found, _ = roles("mermaid", code, START)
    assert found[code.index("graph")] == "keyword"
    assert found[code.index("%%") + 3] == "comment"
    assert found[code.index("Start")] == "string"
    assert found[code.index("-->")] == "operator"
    assert found[code.index("yes")] == "string"
    assert found[code.index("B -->")] == ""
    code = "sequenceDiagram\n  P->>Me: hello\n  Me-->>P: well\n"
    found, _ = roles("mermaid", code, START)
    assert found[code.index("->>")] == found[code.index("-->>")] == "operator"
    assert found[code.index("Me:")] == ""
    assert found[code.index("hello")] == "string"


def colours_at(view, row_index, word):
    row = rows(view)[row_index]
    place = row.text.index(word)
    return next((role for start, end, role in row.colouring if start <= place < end), "")


def wait(view, qtbot):
    from tests.ui.transcript.test_view import wait_for_colours

    for _ in range(3):
        wait_for_colours(view, qtbot)


DOC = "\n".join(["def f():", '    """Text', *(f"    def word_{n} is" for n in range(70)), '    """',
                 "    return 1"])  # fmt: skip


def test_a_docstring_over_several_pieces_is_one_on_the_screen(view, qtbot):
    view.resize(700, 2_000)
    show(view, fence(DOC))
    wait(view, qtbot)
    assert colours_at(view, 1, "def word_40") == "string"
    assert colours_at(view, 2, "def word_69") == "string"
    assert colours_at(view, 2, "return") == "keyword"


def test_opened_at_its_end_code_is_coloured_from_its_beginning(view, qtbot):
    view.resize(700, 300)
    show(view, "x\n\n" * 20 + fence(DOC))
    view.scroll_to_end()
    wait(view, qtbot)
    assert colours_at(view, -1, "return") == "keyword"
    assert colours_at(view, -1, "def word_69") == "string"


def test_streamed_code_gets_the_same_colours(view, qtbot):
    view.resize(700, 2_000)
    show(view, "", streaming=True)
    text = fence(DOC)
    for start in range(0, len(text), 150):
        view.append_text("a", text[start : start + 150])
        view.take_in_deltas()
        wait(view, qtbot)
    view.finish_entry("a")
    wait(view, qtbot)
    streamed = [row.colouring for row in rows(view)]
    show(view, text)
    wait(view, qtbot)
    assert [row.colouring for row in rows(view)] == streamed
    assert all(streamed)


def test_an_endless_block_is_followed_back_only_so_far(view, qtbot):
    view.resize(700, 300)
    show(view, fence("x = 1  # note\n" * (32 * (PIECES_BACK + 12))))
    view.scroll_to_end()
    wait(view, qtbot)
    known = [row.lexed_end is not None for row in rows(view)]
    assert known[0] is False
    assert sum(known) <= PIECES_BACK + 2
    assert rows(view)[-2].colouring
