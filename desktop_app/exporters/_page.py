"""What stands around a conversation in an HTML page: head and style. Nothing in it is remote."""

from html import escape
from typing import Final

from desktop_app.exporters._highlighting import style

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
"""A page that got hold of a script, a frame or a remote image after all would not run or load it."""

_STYLE: Final = """
:root { color-scheme: light dark; --text: #1d1f27; --muted: #646a7a; --ground: #ffffff;
  --raised: #f5f6f9; --border: #dfe2ea; --accent: #4a57d8; --card: #eef0fd; --error: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e7ec; --muted: #9a9fae; --ground: #1c1d22;
  --raised: #26272e; --border: #3a3c46; --accent: #9aa5ff; --card: #292c3f; --error: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 800px; margin: 0 auto; padding: 40px 20px 80px; }
h1, h2, h3, h4 { line-height: 1.3; margin: 1.4em 0 .5em; }
.said h1 { font-size: 1.4em; } .said h2 { font-size: 1.2em; } .said h3 { font-size: 1.08em; }
.said h4, .said h5, .said h6 { font-size: 1em; }
header h1 { font-size: 1.7em; margin: 0 0 .2em; }
.caption { color: var(--muted); font-size: .85em; }
section { margin-top: 34px; }
section > .speaker { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; }
section > .speaker b { font-weight: 650; }
section.person > .said { background: var(--card); border-radius: 14px; padding: 2px 18px; margin-top: 6px; }
details, blockquote { border-left: 3px solid var(--border); margin: 14px 0; padding: 2px 0 2px 16px;
  color: var(--muted); }
details > summary { cursor: pointer; font-size: .9em; }
details > summary::marker { color: var(--accent); }
pre { background: var(--raised); border: 1px solid var(--border); border-radius: 10px;
  padding: 12px 14px; overflow-x: auto; white-space: pre; color: var(--text); }
pre.plain { white-space: pre-wrap; }
code { font: .9em/1.5 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC",
  monospace; }
:not(pre) > code { background: var(--raised); border-radius: 5px; padding: .1em .35em; }
.table { overflow-x: auto; }
table { border-collapse: collapse; margin: 14px 0; }
th, td { border: 1px solid var(--border); padding: 6px 12px; text-align: start; vertical-align: top; }
th { background: var(--raised); }
blockquote > :first-child, .said > :first-child { margin-top: .5em; }
blockquote > :last-child, .said > :last-child { margin-bottom: .5em; }
a[href] { color: var(--accent); }
hr { border: none; border-top: 1px solid var(--border); margin: 28px 0; }
img { max-width: 100%; height: auto; }
.note { color: var(--error); font-size: .9em; }
@media print { main { max-width: none; padding: 0; } pre { white-space: pre-wrap; }
  section.person > .said { border: 1px solid var(--border); } }
"""


def head(title: str, language: str) -> str:
    """Return everything before the conversation."""
    dark = style(".code", "github-dark")
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}{style('.code', 'friendly')}\n"
        f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n</style>\n</head>\n<body>\n<main>\n"
    )


FOOT: Final = "</main>\n</body>\n</html>\n"
