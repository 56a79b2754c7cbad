"""Commands as the rows of a list."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.ui.palette.ranking import Command
from desktop_app.ui.plain_tooltip import plain_tooltip

ASIDE_ROLE: Final = int(Qt.ItemDataRole.UserRole)

_Index = QModelIndex | QPersistentModelIndex


class CommandModel(QAbstractListModel):
    """The commands that are shown, the likeliest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Command, ...] = ()

    @property
    def rows(self) -> tuple[Command, ...]:
        """What is shown."""
        return self._rows

    def show(self, commands: Sequence[Command]) -> None:
        """Show ``commands`` instead of what is shown."""
        self.beginResetModel()
        self._rows = tuple(commands)
        self.endResetModel()

    def append(self, commands: Sequence[Command]) -> None:
        """Show ``commands`` too, behind the others."""
        if not commands:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(commands) - 1)
        self._rows = (*self._rows, *commands)
        self.endInsertRows()

    def command_at(self, row: int) -> Command | None:
        """Return the command in ``row``, or ``None``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def can_run(self, row: int) -> bool:
        """Whether what stands in ``row`` can be done now."""
        command = self.command_at(row)
        return command is not None and command.is_enabled()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many commands are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows."""
        command = self.command_at(index.row())
        if command is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return command.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return ". ".join(filter(None, (command.aside, command.told)))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(command.told)
            case _ if role == ASIDE_ROLE:
                return command.aside
            case _:
                return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """What cannot be done now cannot be chosen."""
        return super().flags(index) if self.can_run(index.row()) else Qt.ItemFlag.NoItemFlags
