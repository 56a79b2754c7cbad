"""What the palette offers: the rows of the table of actions, models, pages, and what servers offer."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.table import PAGE_TITLES, Page
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.conversation.tool_calls import shown_name
from desktop_app.ui.palette.ranking import Command

if TYPE_CHECKING:
    from desktop_app.domain.mcp_content import Prompt, Resource

PALETTE: Final = "command_palette"
"""The id of the action that opens it; it does not offer itself."""

_MODEL: Final = QT_TRANSLATE_NOOP("Palette", "Model: {name}")
_PAGE: Final = QT_TRANSLATE_NOOP("Palette", "Settings: {name}")
_ATTACH: Final = QT_TRANSLATE_NOOP("Palette", "Attach {name}")
_PROMPT: Final = QT_TRANSLATE_NOOP("Palette", "Prompt: {name}")
_LONGEST_TOLD: Final = 300


def action_commands(actions: Mapping[str, QAction]) -> Iterator[Command]:
    """Yield every row of the table of actions but the palette's own, in its order."""
    for row in ACTIONS:
        if row.id == PALETTE:
            continue
        action = actions[row.id]
        yield Command(
            id=f"action {row.id}",
            title=_without_dots(action.text()),
            run=action.trigger,
            english=_without_dots(row.label),
            aside=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            is_enabled=action.isEnabled,
        )


def model_commands(
    models: Sequence[str], current: str, choose: Callable[[str], object]
) -> Iterator[Command]:
    """Yield a command for each of ``models``; ``current`` is the one in use."""
    in_use = QCoreApplication.translate("Palette", "in use")
    for model in models:
        yield Command(
            id=f"model {shown_name(model)}",
            title=_named(_MODEL, model),
            run=partial(choose, model),
            english=_MODEL.replace("{name}", model),
            aside=in_use if model == current else "",
        )


def page_commands(pages: Iterable[Page], open_page: Callable[[Page], object]) -> Iterator[Command]:
    """Yield a command for each page of the settings."""
    for page in pages:
        title = QCoreApplication.translate("Settings", PAGE_TITLES[page])
        yield Command(
            id=f"page {page}",
            title=_named(_PAGE, title),
            run=partial(open_page, page),
            english=_PAGE.replace("{name}", PAGE_TITLES[page]),
        )


def offer_commands(
    offers: "Iterable[Prompt | Resource]", bring: "Callable[[Prompt | Resource], object]"
) -> Iterator[Command]:
    """Yield a command for each thing that servers offer; what they say of it is made visible."""
    from desktop_app.domain.mcp_content import Prompt

    seen: set[str] = set()
    for offer in offers:
        if isinstance(offer, Prompt):
            template, key, called = _PROMPT, offer.name, offer.title or offer.name
        else:
            template, key, called = _ATTACH, offer.uri, offer.name or offer.uri
        # Kept in the settings: an address may hold what is nobody's business.
        told = f"{template}\0{offer.server}\0{key}"
        identifier = f"offer {hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:24]}"
        if identifier in seen:
            continue
        seen.add(identifier)
        name = shown_name(called)
        yield Command(
            id=identifier,
            title=_named(template, name),
            run=partial(bring, offer),
            english=template.replace("{name}", name),
            aside=shown_name(offer.server),
            told=shown_name(offer.description, _LONGEST_TOLD),
            is_slow=True,
        )


def _named(template: str, name: str) -> str:
    return QCoreApplication.translate("Palette", template).replace("{name}", name)


def _without_dots(label: str) -> str:
    """Return a label without what says in a menu that more is asked first."""
    return label.removesuffix("…")
