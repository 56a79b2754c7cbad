"""Lays the built program out as Linux wants it: below ``/usr``, as an AppDir, or as a folder to carry.

Every layout is the same program and the same files beside it; nothing here compresses anything.
"""

import gzip
import os
import shutil
from pathlib import Path

import bundle
import icons
import program_version
from freeze import source_date

from desktop_app import APP_ID, __version__

ROOT = program_version.ROOT
LINUX = ROOT / "packaging" / "linux"
SHARE = LINUX / "share"
COMMAND = "interleave"


def lay_out_usr(program: Path, root: Path) -> None:
    """Write ``root/usr`` with the program and all that a desktop looks for."""
    usr = root / "usr"
    shutil.copytree(program, usr / "lib" / COMMAND, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / COMMAND).symlink_to(f"../lib/{COMMAND}/{COMMAND}")
    lay_out_share(usr / "share")
    settle(root)


def lay_out_share(share: Path) -> None:
    """Write what a desktop looks for: entry, icons, description, man page, licence."""
    for source, folder in (
        (SHARE / f"{APP_ID}.desktop", "applications"),
        (SHARE / f"{APP_ID}.metainfo.xml", "metainfo"),
        (SHARE / "copyright", f"doc/{COMMAND}"),
    ):
        (share / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, share / folder / source.name)
    icons.write_hicolor(share / "icons", APP_ID)
    write_gzip((SHARE / f"{COMMAND}.1").read_bytes(), share / "man" / "man1" / f"{COMMAND}.1.gz")
    write_gzip((ROOT / "CHANGELOG.md").read_bytes(), share / "doc" / COMMAND / "NEWS.md.gz")


def lay_out_appdir(program: Path, folder: Path) -> None:
    """Write an AppDir, what an AppImage is made of: its ``AppRun`` starts the program."""
    lay_out_usr(program, folder)
    (folder / "AppRun").symlink_to(f"usr/lib/{COMMAND}/{COMMAND}")
    (folder / f"{APP_ID}.desktop").symlink_to(f"usr/share/applications/{APP_ID}.desktop")
    (folder / f"{APP_ID}.svg").symlink_to(f"usr/share/icons/hicolor/scalable/apps/{APP_ID}.svg")
    (folder / ".DirIcon").symlink_to(f"usr/share/icons/hicolor/256x256/apps/{APP_ID}.png")


def lay_out_portable(program: Path, folder: Path) -> None:
    """Write a folder that runs where it lies, with a script that adds it to a person's menus."""
    shutil.copytree(program, folder, symlinks=True)
    lay_out_share(folder / "share")
    shutil.copyfile(LINUX / "install.sh", folder / "install.sh")
    (folder / "VERSION").write_text(f"{__version__}\n", encoding="ascii")
    settle(folder)
    (folder / "install.sh").chmod(0o755)


def settle(root: Path) -> None:
    """Give every file below ``root`` the date of the source, and modes that name no umask."""
    date = source_date()
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            os.utime(path, (date, date), follow_symlinks=False)
            continue
        wants_execution = path.is_dir() or is_program(path)
        path.chmod(0o755 if wants_execution else 0o644)
        os.utime(path, (date, date))


def is_program(file: Path) -> bool:
    """Say whether ``file`` is started by people, which a library is not."""
    return bool(file.stat().st_mode & 0o100) and ".so" not in file.name and bundle.is_elf(file)


def write_gzip(content: bytes, target: Path) -> None:
    """Compress ``content`` without a name and a date, so that the same gives the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
