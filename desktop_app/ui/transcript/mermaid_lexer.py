"""The source of Mermaid diagrams, for its colours alone. Every pattern is linear in a line."""

from __future__ import annotations

from typing import ClassVar

from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Keyword, Name, Operator, Punctuation, String, Text


class MermaidLexer(RegexLexer):
    """Keywords, comments, arrows, and labels in their brackets."""

    name = "Mermaid"
    aliases: ClassVar[list[str]] = ["mermaid"]
    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (r"%%[^\n]*", Comment.Single),
            (r"[ \t\n]+", Text),
            (r'"[^"\n]{0,400}"', String),
            (
                words(
                    (
                        "graph", "flowchart", "sequenceDiagram", "classDiagram", "stateDiagram",
                        "stateDiagram-v2", "erDiagram", "gantt", "pie", "journey", "gitGraph",
                        "mindmap", "timeline", "quadrantChart", "requirementDiagram", "block-beta",
                        "sankey-beta", "xychart-beta", "C4Context",
                    ),
                    suffix=r"(?![\w-])",
                ),
                Keyword,
            ),
            (
                words(
                    (
                        "subgraph", "end", "participant", "actor", "activate", "deactivate", "loop",
                        "alt", "else", "opt", "par", "and", "rect", "note", "Note", "over", "left",
                        "right", "of", "class", "classDef", "style", "linkStyle", "click", "state",
                        "section", "title", "dateFormat", "axisFormat", "direction", "as", "commit",
                        "branch", "checkout", "merge", "autonumber", "namespace", "accTitle",
                    ),
                    suffix=r"(?![\w-])",
                ),
                Keyword,
            ),
            (r"(?:TB|TD|BT|RL|LR)(?![\w-])", Keyword.Constant),
            (r"(?:<<)?-{1,2}(?:>>|[>x)])", Operator),
            (r"[-=.<>|ox*]{0,2}[-=.~]{2,12}[-=.<>x)*]{0,3}", Operator),
            (r"[\[({|]{1,3}", Punctuation, "label"),
            (r":(?!:)", Punctuation, "rest"),
            (r"[\w\u0080-\U0010ffff]+", Name),
            (r".", Punctuation),
        ],
        "label": [
            (r'"[^"\n]{0,400}"', String),
            (r"[\])}|]{1,3}", Punctuation, "#pop"),
            (r"\n", Text, "#pop"),
            (r'[^\])}|\n"]+', String),
            (r'"', String),
        ],
        "rest": [
            (r"[^\n]+", String, "#pop"),
            (r"\n", Text, "#pop"),
        ],
    }  # fmt: skip
