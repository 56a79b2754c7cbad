"""The README's table of settings, made from the rows of :mod:`desktop_app.settings.table`.

``python -m desktop_app.settings.documentation README.md`` writes the block between the two markers
anew; a test compares it with the rows.
"""

import sys
from pathlib import Path
from typing import Final

from desktop_app.settings.table import PAGE_TITLES, SETTINGS, Page, Setting, Value

BEGIN: Final = "<!-- settings -->"
END: Final = "<!-- /settings -->"

_HEAD: Final = ("| Page | Setting | Default | Values | What it does |", "|---|---|---|---|---|")


def settings_table() -> str:
    """Return the settings of the dialog as a Markdown table, page by page, without a line end."""
    rows = (_row(page, setting) for page in Page for setting in SETTINGS if setting.page is page)
    return "\n".join((*_HEAD, *rows))


def with_settings_table(text: str) -> str:
    """Return ``text`` with the table between its markers.

    Raises:
        ValueError: When it does not have both markers, once each and in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in before + after:
        raise ValueError(f"there is no place for the table: {BEGIN} and {END} are needed once each")
    return f"{before}{BEGIN}\n{settings_table()}\n{END}{after}"


def _row(page: Page, setting: Setting) -> str:
    cells = (
        PAGE_TITLES[page],
        setting.label,
        _shown(setting, setting.default),
        _values(setting),
        setting.help,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _values(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(choice.label for choice in setting.choices)
    if isinstance(setting.default, bool):
        return "on, off"
    if setting.is_list:
        return "any number of them"
    if isinstance(setting.default, str):
        return "any text"
    bounds = (("from", setting.minimum), ("to", setting.maximum))
    limits = [f"{word} {bound:.10g}" for word, bound in bounds if bound is not None]
    return " ".join(limits) + setting.unit if limits else f"any number{setting.unit}"


def _shown(setting: Setting, value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if setting.choices:
        return next(choice.label for choice in setting.choices if choice.value == value)
    if isinstance(value, str):
        return f"`{value}`" if value else "none" if setting.is_list else "empty"
    return f"{value:.10g}{setting.unit}"


def main(arguments: list[str]) -> int:
    """Write the table into each file that is named; returns 1 when one has no place for it."""
    for name in arguments:
        file = Path(name)
        try:
            text = file.read_text(encoding="utf-8")
            file.write_text(with_settings_table(text), encoding="utf-8", newline="\n")
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
