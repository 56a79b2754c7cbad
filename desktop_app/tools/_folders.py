"""The folders that the person granted: the only files that there are for a tool.

A path is resolved with all its links, checked where it really leads, and opened along the resolved
names with no link followed; see :mod:`._handles`.
"""

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

from desktop_app.tools._handles import HOLDS_FOLDERS, Folder
from desktop_app.tools._names import PathRefusedError, check_secrets, is_secret, parts_of

_HOME_SHELVES: Final = frozenset({"library", "appdata"})
"""Where programs keep what is theirs, beside the hidden folders, on macOS and Windows."""


@dataclass(frozen=True, slots=True)
class Root:
    """A granted folder.

    Attributes:
        name: What it is called in paths, unlike the others.
        path: Its real path when it was granted.
    """

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder, which may not exist, inside a granted folder.

    Attributes:
        root: The granted folder.
        parts: Names from there on, with no link among them.
    """

    root: Root
    parts: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The path as the model sees it: it says nothing about the rest of this computer."""
        return "/".join((self.root.name, *self.parts))

    @property
    def folder(self) -> "Place":
        """The folder that it is in; of a granted folder, that folder itself."""
        return Place(self.root, self.parts[:-1])

    @property
    def name(self) -> str:
        """The last name of it."""
        return self.parts[-1] if self.parts else self.root.name


class GrantedFolders:
    """Finds and opens what is in them.

    Args:
        paths: Real paths of the folders.
        private: Folders and files that are left out, wherever they lie.
        held: Whether folders are held open; see :mod:`._handles`.
    """

    def __init__(
        self,
        paths: Sequence[str],
        private: Sequence[Path] = (),
        *,
        held: bool = HOLDS_FOLDERS,
    ) -> None:
        self.roots = _named(paths)
        self._given = tuple(private)
        self._held = held

    # Looked up when a call needs them, and so in its thread: a disk may keep one waiting.

    @cached_property
    def _private(self) -> tuple[tuple[str, ...], ...]:
        """The folded names of each private path."""
        return tuple(_folded(Path(os.path.realpath(path)).parts) for path in self._given)

    @cached_property
    def _home(self) -> tuple[str, ...]:
        """The folded names of the person's home."""
        return _folded(Path(os.path.realpath(Path.home())).parts)

    @cached_property
    def _holding_home(self) -> frozenset[Root]:
        """The granted folders that are the whole home, or hold it."""
        return frozenset(
            root for root in self.roots if _begins(self._home, _folded(Path(root.path).parts))
        )

    def locate(self, path: str) -> Place:
        """Return where ``path`` really is.

        Args:
            path: Begins with the name of a granted folder; with only one, it may begin inside. The
                whole path of something inside a granted folder is understood too.

        Raises:
            PathRefusedError: When it is outside, secret, or no path at all.
        """
        root, parts = self._split(path)
        check_secrets(parts)
        if not _is_same(os.path.realpath(root.path), root.path):
            raise PathRefusedError(
                f"The folder “{root.name}” is somewhere else now; grant it again in the settings."
            )
        try:
            real = os.path.realpath(os.path.join(root.path, *parts))  # noqa: PTH118
        except (OSError, ValueError):
            raise self._outside(path) from None
        inside = _below(real, root.path)
        if inside is None:
            raise self._outside(path)
        check_secrets(inside)
        self._check_private(root, real)
        return Place(root, inside)

    def is_hidden(self, place: Place, name: str) -> bool:
        """Whether ``name`` in the folder ``place`` is left out of lists and searches."""
        if is_secret(name):
            return True
        try:
            self._check_private(place.root, _joined(place, name))
        except PathRefusedError:
            return True
        return False

    def open_folder(self, place: Place, *, make: bool = False) -> Folder:
        """Open the folder at ``place``.

        Args:
            place: From :meth:`locate`.
            make: Whether missing folders are made on the way.

        Raises:
            PathRefusedError: When it is none, or was exchanged meanwhile.
            OSError: When it may not be opened.
        """
        folder = self._open_root(place.root)
        for part in place.parts:
            try:
                if make:
                    folder.make(part)
                inner = folder.enter(part)
            except FileNotFoundError:
                raise PathRefusedError(f"There is no “{place.shown}”.") from None
            except NotADirectoryError:
                raise PathRefusedError(f"“{part}” is no folder.") from None
            finally:
                folder.close()
            folder = inner
        return folder

    def open_file(self, place: Place) -> BinaryIO:
        """Open the file at ``place`` for reading.

        Raises:
            PathRefusedError: When it is none, or was exchanged meanwhile.
            OSError: When it may not be read.
        """
        if not place.parts:
            raise PathRefusedError(f"“{place.shown}” is a folder; list_folder shows what is in it.")
        with self.open_folder(place.folder) as folder:
            try:
                return folder.open(place.name)
            except FileNotFoundError:
                raise PathRefusedError(
                    f"There is no file “{place.shown}”; list_folder shows what there is."
                ) from None

    def is_missing(self, place: Place) -> bool:
        """Whether there is nothing at ``place``, and nothing but folders on the way to it."""
        folder = self._open_root(place.root)
        for part in place.parts:
            try:
                inner = folder.enter(part)
            except FileNotFoundError:
                return True
            except (OSError, PathRefusedError):
                return False
            finally:
                folder.close()
            folder = inner
        folder.close()
        return False

    def _open_root(self, root: Root) -> Folder:
        try:
            return Folder.at(root.path, held=self._held)
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                raise PathRefusedError(
                    f"The folder “{root.name}” is not there any more; grant it again in the settings."
                ) from None
            raise

    def _split(self, path: str) -> tuple[Root, tuple[str, ...]]:
        if not self.roots:
            raise PathRefusedError("No folder is granted; the person can do so in the settings.")
        if Path(path).is_absolute():
            return self._split_whole(path)
        parts = parts_of(path)
        if parts:
            for root in self.roots:
                if _is_same(parts[0], root.name):
                    return root, parts[1:]
        if len(self.roots) == 1:
            return self.roots[0], parts
        raise self._outside(path)

    def _split_whole(self, path: str) -> tuple[Root, tuple[str, ...]]:
        if ".." in path.replace("\\", "/").split("/"):
            raise PathRefusedError("A path with “..” is not followed; write where it leads to.")
        for root in self.roots:
            rest = _below(path, root.path)
            if rest is not None:
                return root, parts_of("/".join(rest))
        raise self._outside(path)

    def _outside(self, path: str) -> PathRefusedError:
        names = ", ".join(f"“{root.name}”" for root in self.roots)
        return PathRefusedError(
            f"“{path[:200]}” is outside the folders that are granted, which are {names}. "
            "The person can grant others in the settings."
        )

    def _check_private(self, root: Root, real: str) -> None:
        # Upper and lower case are the same here also where the system tells them apart: nobody can
        # ask it which of its disks do.
        parts = Path(real).parts
        folded = _folded(parts)
        if any(_begins(folded, private) for private in self._private):
            raise PathRefusedError("What this program itself keeps is not touched by tools.")
        depth = len(self._home)
        if (
            root not in self._holding_home
            or not _begins(folded, self._home)
            or folded == self._home
        ):
            return
        # The whole home was granted: what programs keep there is not what the person meant.
        if folded[depth].startswith(".") or folded[depth] in _HOME_SHELVES:
            raise PathRefusedError(
                f"“{parts[depth]}” belongs to programs; to use something in it, the person can "
                "grant that folder itself."
            )


def _named(paths: Sequence[str]) -> tuple[Root, ...]:
    roots: list[Root] = []
    taken: set[str] = set()
    for path in dict.fromkeys(paths):
        plain = os.path.basename(path.rstrip("/\\")) or "root"  # noqa: PTH119
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain} ({number})"
        taken.add(name.casefold())
        roots.append(Root(name, path))
    return tuple(roots)


def _joined(place: Place, name: str) -> str:
    return os.path.join(place.root.path, *place.parts, name)  # noqa: PTH118


def _is_same(one: str, other: str) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)


def _below(path: str, folder: str) -> tuple[str, ...] | None:
    """Return the names that lead from ``folder`` to ``path``, both whole; ``None`` when it is not inside."""
    parts, start = Path(path).parts, Path(folder).parts
    if not _begins(tuple(map(os.path.normcase, parts)), tuple(map(os.path.normcase, start))):
        return None
    return parts[len(start) :]


def _folded(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)


def _begins(parts: tuple[str, ...], start: tuple[str, ...]) -> bool:
    return parts[: len(start)] == start
