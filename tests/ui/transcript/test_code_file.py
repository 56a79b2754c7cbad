"""What a fence says: the language, its label, and a name for a file that is safe to offer."""

from __future__ import annotations

import pytest

from desktop_app.ui.transcript.code_file import file_name, sanitised
from desktop_app.ui.transcript.code_language import display_language, language_of


@pytest.mark.parametrize(
    ("info", "language", "label"),
    [
        ("py", "py", "Python"),
        ("{.rust}", "rust", "Rust"),
        ("{.python .numberLines}", "python", "Python"),
        ('python title="x.py"', "python", "Python"),
        ("js {1,3-4}", "js", "JavaScript"),
        ("js{1,3-4}", "js", "JavaScript"),
        ("ts:src/app.ts", "ts", "TypeScript"),
        ("src/app.tsx", "tsx", "TSX"),
        ('title="x.py"', "", ""),
        ("diff python", "diff", "Diff"),
        ("MERMAID", "mermaid", "Mermaid"),
        ("kt", "kt", "Kotlin"),
        ("zig", "zig", "zig"),
        ("console", "console", "Console"),
        ("", "", ""),
    ],
)
def test_languages_are_read_from_all_kinds_of_fences(info, language, label):
    assert language_of(info) == language
    assert display_language(info) == label


def test_a_nonsense_label_is_short():
    assert len(display_language("x" * 100_000)) < 40


@pytest.mark.parametrize(
    ("info", "code", "name"),
    [
        ("python", "x = 1", "code.py"),
        ("", "x = 1", "code.txt"),
        ("zig", "x", "code.txt"),
        ("docker", "FROM a", "Dockerfile"),
        ("make", "all:", "Makefile"),
        ('python title="app/x.py"', "", "x.py"),
        ("python title=x", "", "x.py"),
        ("ts:src/app.ts", "", "app.ts"),
        ("src/app.tsx", "", "app.tsx"),
        ("python", "# file: pkg/x.py\nimport a", "x.py"),
        ("python", "#!/usr/bin/env python\n# tool.py\nimport a", "tool.py"),
        ("js", "// src/index.js\n", "index.js"),
        ("css", "/* theme.css */\n", "theme.css"),
        ("html", "<!-- filename: index.html -->\n", "index.html"),
        ("sql", "-- schema.sql\n", "schema.sql"),
        ("python", "# See the docs. They say x.\n", "code.py"),
        ("python", "# a\n# b\n# c\n# late.py\n", "code.py"),
    ],
)
def test_names_are_suggested_from_what_the_model_wrote(info, code, name):
    assert file_name(info, code) == name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Windows\\x.py", "x.py"),
        (".bashrc", "bashrc"),
        ("-rf.py", "rf.py"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\x00b\n.py", "ab.py"),
        ('a<b>:"|?*.py', "ab.py"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("x. . .", "x"),
        ("...", ""),
        ("/", ""),
    ],
)
def test_names_are_sanitised(wanted, name):
    assert sanitised(wanted) == name


def test_long_names_keep_their_ending():
    name = sanitised("n" * 500 + ".py")
    assert len(name) <= 80
    assert name.endswith(".py")
    assert len(sanitised("n" * 500)) <= 80
    assert len(sanitised("a." + "n" * 500)) <= 80
