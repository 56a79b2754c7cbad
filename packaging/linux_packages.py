"""Packages of the built program for Linux: ``.deb``, ``.rpm``, ``.tar.xz``, and an AppDir.

``linux_packages.py deb rpm tar appdir`` makes those that are named, in ``dist/``, from
``dist/interleave``. What a package depends on is read from the program's own files. The same program
gives the same bytes.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import bundle
import linux_tree
import notices
from freeze import DIST, is_own_file, size_of, source_date

from desktop_app import HOME_PAGE, __version__

COMMAND = linux_tree.COMMAND
MAINTAINER = "The Interleave team <interleave-chat@users.noreply.github.com>"
SUMMARY = "desktop chat client for MiniMax-M2"
DESCRIPTION = """\
An unofficial native client for MiniMax-M2 and its siblings, and for any
server that speaks the same protocol. Thinking streams into a pane of its
own, the answer into the conversation; both are kept and found again.
"""

ALSO_NEEDED = ("ca-certificates", "fontconfig-config")
"""What no file of the program names, and without which it neither connects nor draws text."""

RECOMMENDED = (
    "gnome-keyring | kwalletmanager | keepassxc",
    "fonts-noto-core | fonts-dejavu-core",
    "fonts-noto-cjk",
)
DEB_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def main() -> int:
    """Make the packages that the command line names."""
    makers: dict[str, Callable[[Path], Path]] = {
        "deb": make_deb, "rpm": make_rpm, "tar": make_tar, "appdir": make_appdir,
    }  # fmt: skip
    parser = argparse.ArgumentParser(description="Make packages of dist/interleave.")
    parser.add_argument("kind", nargs="+", choices=makers)
    options = parser.parse_args()
    program = DIST / COMMAND
    if not (program / COMMAND).is_file():
        print("interleave: there is no dist/interleave yet: make dist", file=sys.stderr)
        return 1
    for kind in options.kind:
        made = makers[kind](program)
        size = made.stat().st_size if made.is_file() else size_of(made)
        print(f"interleave: dist/{made.name}, {size / 2**20:.1f} MiB")
    return 0


def make_deb(program: Path) -> Path:
    """Write the Debian package and return its path."""
    architecture = DEB_ARCHITECTURES[platform.machine()]
    target = DIST / f"{COMMAND}_{deb_version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        linux_tree.lay_out_usr(program, root)
        overrides = root / "usr" / "share" / "lintian" / "overrides"
        overrides.mkdir(parents=True)
        shutil.copyfile(linux_tree.LINUX / "lintian-overrides", overrides / COMMAND)
        changelog = root / "usr" / "share" / "doc" / COMMAND / "changelog.gz"
        linux_tree.write_gzip(debian_changelog().encode(), changelog)
        control = root / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(control_file(root, architecture), encoding="utf-8")
        (control / "md5sums").write_text(md5sums(root), encoding="utf-8")
        linux_tree.settle(root)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "-Sextreme", "--build", root, target],
            env=os.environ | {"SOURCE_DATE_EPOCH": str(source_date())},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return target


def deb_version() -> str:
    """Return the version as Debian orders it: a pre-release comes before its release."""
    for mark in ("a", "b", "rc", ".dev"):
        head, found, tail = __version__.partition(mark)
        if found:
            return f"{head}~{mark.lstrip('.')}{tail}"
    return __version__


def debian_changelog() -> str:
    """Return the one entry that Debian wants; what changed stands in ``NEWS.md.gz`` beside it."""
    return (
        f"{COMMAND} ({deb_version()}) stable; urgency=medium\n\n"
        f"  * Version {__version__}; see NEWS.md.gz.\n\n"
        f" -- {MAINTAINER}  {formatdate(source_date())}\n"
    )


def control_file(root: Path, architecture: str) -> str:
    """Return Debian's description of the package whose files lie below ``root``."""
    size = size_of(root / "usr") // 1024
    fields = {
        "Package": COMMAND,
        "Version": deb_version(),
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size),
        "Depends": ", ".join(sorted({*debian_depends(root), *ALSO_NEEDED})),
        "Recommends": ", ".join(RECOMMENDED),
        "Section": "net",
        "Priority": "optional",
        "Homepage": HOME_PAGE,
        "Description": SUMMARY + "".join(f"\n {line}" for line in DESCRIPTION.splitlines()),
    }
    return "".join(f"{name}: {text}\n" for name, text in fields.items())


def debian_depends(root: Path) -> list[str]:
    """Return the packages of this system that hold what the files below ``root`` need.

    dpkg-shlibdeps would name those of the libraries that the program carries itself, too.

    Raises:
        LookupError: When a library is not there, or of no package.
    """
    program = root / "usr" / "lib" / COMMAND
    major, minor = bundle.newest_glibc(program)
    names = {
        notices.package_of(bundle.find_library(soname))
        for soname in bundle.missing_sonames(program)
    }
    return [f"{name} (>= {major}.{minor})" if name == "libc6" else name for name in sorted(names)]


def md5sums(root: Path) -> str:
    """Return the sums of all files, as ``debsums`` checks them."""
    files = sorted(file for file in (root / "usr").rglob("*") if is_own_file(file))
    return "".join(
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{file.relative_to(root).as_posix()}\n"
        for file in files
    )


def make_rpm(program: Path) -> Path:
    """Write the RPM package and return its path."""
    target = DIST / f"{COMMAND}-{rpm_version()}-1.{platform.machine()}.rpm"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        linux_tree.lay_out_usr(program, root)
        recipe = Path(folder, "nfpm.yaml")
        # JSON is YAML, and needs no library to be written.
        recipe.write_text(json.dumps(rpm_recipe(root)), encoding="utf-8")
        nfpm = Path(sys.executable).with_name("nfpm")
        subprocess.run(
            [nfpm, "package", "--config", recipe, "--packager", "rpm", "--target", target],
            env=os.environ | {"SOURCE_DATE_EPOCH": str(source_date())},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return target


def rpm_version() -> str:
    """Return the version as RPM orders it; the sign is the same as Debian's."""
    return deb_version()


def rpm_recipe(root: Path) -> dict[str, object]:
    """Return what nfpm is told of the files below ``root``."""
    date = f"@{source_date()}"
    mtime = subprocess.run(
        ["date", "--utc", "--date", date, "+%Y-%m-%dT%H:%M:%SZ"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    return {
        "name": COMMAND,
        "arch": DEB_ARCHITECTURES[platform.machine()],
        "platform": "linux",
        "version": rpm_version(),
        "version_schema": "none",
        "release": "1",
        "section": "net",
        "maintainer": MAINTAINER,
        "description": f"{SUMMARY}\n\n{DESCRIPTION}",
        "homepage": HOME_PAGE,
        "license": "MIT AND LGPL-3.0-only",
        "mtime": mtime,
        "depends": rpm_depends(root),
        "recommends": ["gnome-keyring"],
        "contents": rpm_contents(root),
        "rpm": {"summary": SUMMARY, "compression": "zstd:19", "buildhost": "localhost"},
    }


def rpm_contents(root: Path) -> list[dict[str, object]]:
    """Return the files and links below ``root`` as nfpm takes them."""
    contents: list[dict[str, object]] = []
    for path in sorted(root.rglob("*")):
        place = f"/{path.relative_to(root).as_posix()}"
        if path.is_symlink():
            contents.append({"src": str(path.readlink()), "dst": place, "type": "symlink"})
        elif path.is_file():
            mode = path.stat().st_mode & 0o777
            contents.append({"src": str(path), "dst": place, "file_info": {"mode": mode}})
    return contents


def rpm_depends(root: Path) -> list[str]:
    """Return the libraries that the files below ``root`` need, as RPM names them."""
    program = root / "usr" / "lib" / COMMAND
    wide = "()(64bit)"
    major, minor = bundle.newest_glibc(program)
    plain = {f"{name}{wide}" for name in bundle.missing_sonames(program) if "ld-linux" not in name}
    return sorted({*plain, f"libc.so.6(GLIBC_{major}.{minor})(64bit)", "ca-certificates"})


def make_tar(program: Path) -> Path:
    """Write the archive of the folder that runs where it lies, and return its path."""
    name = f"{COMMAND}-{__version__}-linux-{platform.machine()}"
    target = DIST / f"{name}.tar.xz"
    with tempfile.TemporaryDirectory() as folder:
        linux_tree.lay_out_portable(program, Path(folder, name))
        subprocess.run(
            [
                *("tar", "--create", "--file", target, "--directory", folder, "--sort=name"),
                *("--owner=0", "--group=0", "--numeric-owner", "--format=posix"),
                "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
                *("--use-compress-program=xz -9 --extreme --threads=1", name),
            ],
            env=os.environ | {"LC_ALL": "C"},
            check=True,
        )
    return target


def make_appdir(program: Path) -> Path:
    """Write the AppDir and return its path."""
    target = DIST / "Interleave.AppDir"
    if target.exists():
        shutil.rmtree(target)
    linux_tree.lay_out_appdir(program, target)
    return target


if __name__ == "__main__":
    sys.exit(main())
