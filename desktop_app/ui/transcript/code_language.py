"""Languages as fences name them: the label, the ending of a file, and whether colours are known.

What stands behind the three ticks is whatever a model wrote: `python`, `{.rust}`, `js {1,3}`,
`python title="app.py"`, `ts:src/app.ts`, or a file's name alone.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Language(NamedTuple):
    """One language. `lexer` is the name Pygments has for it; empty where code stays plain."""

    label: str
    suffix: str
    lexer: str = ""


_ROWS: Final = (
    ("bash", Language("Bash", ".sh", "bash")),
    ("c h", Language("C", ".c", "c")),
    ("c++ cpp cc cxx hpp", Language("C++", ".cpp", "cpp")),
    ("c# cs csharp", Language("C#", ".cs", "csharp")),
    ("css", Language("CSS", ".css", "css")),
    ("dart", Language("Dart", ".dart", "dart")),
    ("diff patch", Language("Diff", ".diff", "diff")),
    ("docker dockerfile", Language("Dockerfile", "", "docker")),
    ("go golang", Language("Go", ".go", "go")),
    ("haskell hs", Language("Haskell", ".hs", "haskell")),
    ("html htm", Language("HTML", ".html", "html")),
    ("java", Language("Java", ".java", "java")),
    ("javascript js mjs cjs node", Language("JavaScript", ".js", "javascript")),
    ("json jsonc json5", Language("JSON", ".json", "json")),
    ("jsx", Language("JSX", ".jsx", "jsx")),
    ("julia jl", Language("Julia", ".jl", "julia")),
    ("kotlin kt kts", Language("Kotlin", ".kt", "kotlin")),
    ("lua", Language("Lua", ".lua", "lua")),
    ("mermaid mmd", Language("Mermaid", ".mmd", "mermaid")),
    ("php", Language("PHP", ".php", "php")),
    ("powershell ps1 pwsh", Language("PowerShell", ".ps1", "powershell")),
    ("py python python3", Language("Python", ".py", "python")),
    ("r", Language("R", ".r", "r")),
    ("rb ruby", Language("Ruby", ".rb", "ruby")),
    ("rs rust", Language("Rust", ".rs", "rust")),
    ("scala", Language("Scala", ".scala", "scala")),
    ("sh shell", Language("Shell", ".sh", "sh")),
    ("sql", Language("SQL", ".sql", "sql")),
    ("svg", Language("SVG", ".svg", "xml")),
    ("swift", Language("Swift", ".swift", "swift")),
    ("toml", Language("TOML", ".toml", "toml")),
    ("ts typescript", Language("TypeScript", ".ts", "typescript")),
    ("tsx", Language("TSX", ".tsx", "tsx")),
    ("xml", Language("XML", ".xml", "xml")),
    ("yaml yml", Language("YAML", ".yaml", "yaml")),
    ("zsh", Language("Zsh", ".zsh", "zsh")),
    ("text txt plaintext plain", Language("Text", ".txt")),
    ("latex tex", Language("LaTeX", ".tex")),
    ("markdown md", Language("Markdown", ".md")),
    ("makefile make", Language("Makefile", "")),
    ("ini cfg", Language("INI", ".ini")),
    ("console", Language("Console", ".txt")),
    ("csv", Language("CSV", ".csv")),
)
LANGUAGES: Final = {name: language for names, language in _ROWS for name in names.split()}
"""Every known name of a language, in lower case."""

_LABEL_LENGTH: Final = 32
_TITLE = re.compile(
    r"""(?:^|[\s{,])(?:title|file|filename|name|path)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s,}]+))""",
    re.IGNORECASE,
)


def language_of(info: str) -> str:
    """The language that a fence names, in lower case; empty where it names none."""
    words = info[:400].replace("{", " ").replace(",", " ").split()
    first = words[0].strip(".}").lower() if words else ""
    if "=" in first:
        return ""
    name, colon, _ = first.partition(":")
    name = name if colon else first
    if name not in LANGUAGES and "." in name:
        ending = name.rpartition(".")[2]
        return ending if ending in LANGUAGES else name
    return name


def display_language(info: str) -> str:
    """How the language is written in the header of a block; empty where the fence names none."""
    name = language_of(info)
    known = LANGUAGES.get(name)
    if known is not None:
        return known.label
    return name if len(name) <= _LABEL_LENGTH else f"{name[:_LABEL_LENGTH]}…"


def title_of(info: str) -> str:
    """The file name that a fence gives beside its language, as it was written; or empty."""
    info = info[:400]
    found = _TITLE.search(info)
    if found:
        return next(filter(None, found.groups()), "")
    first = info.split(None, 1)[0] if info.strip() else ""
    language, colon, place = first.partition(":")
    if colon and language.lower() in LANGUAGES:
        return place
    return first if "." in first.strip(".{}") and not first.startswith(("{", ".")) else ""
