"""Tooltips that hold words of somebody else: Qt reads markup in one unless told that there is none."""

from html import escape


def plain_tooltip(text: str) -> str:
    """Return ``text`` so that a tooltip shows it as it is, its lines too; empty for none."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if text else ""
