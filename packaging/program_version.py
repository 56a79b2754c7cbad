"""Name and version of the program in the words of each system; read from the code, said once."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from desktop_app import APP_NAME, __version__  # noqa: E402

COPYRIGHT = "MIT licence. Unofficial: not made, endorsed or supported by MiniMax."
OLDEST_MACOS = "13.0"
"""What the wheel of PySide6 6.11 is built for."""


def numbers(version: str = __version__) -> tuple[int, int, int, int]:
    """Return ``version`` as the four numbers of Windows; a pre-release is that of its release.

    Raises:
        ValueError: When ``version`` does not begin with three numbers.
    """
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        raise ValueError(f"not a version of three numbers: {version}")
    major, minor, patch = (int(part) for part in found.groups())
    return major, minor, patch, 0


def windows_resource() -> object:
    """Return the version resource of the program, as PyInstaller takes it."""
    from PyInstaller.utils.win32 import versioninfo as info

    four = numbers()
    texts = {
        "FileDescription": APP_NAME,
        "FileVersion": __version__,
        "InternalName": APP_NAME,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{APP_NAME}.exe",
        "ProductName": APP_NAME,
        "ProductVersion": __version__,
    }
    rows = [info.StringStruct(name, text) for name, text in texts.items()]
    english, unicode = 0x0409, 1200
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=four, prodvers=four),
        kids=[
            info.StringFileInfo([info.StringTable(f"{english:04x}{unicode:04x}", rows)]),
            info.VarFileInfo([info.VarStruct("Translation", [english, unicode])]),
        ],
    )


def mac_properties() -> dict[str, object]:
    """Return what ``Info.plist`` says beyond what PyInstaller writes itself."""
    return {
        "CFBundleDisplayName": APP_NAME,
        "CFBundleShortVersionString": ".".join(map(str, numbers()[:3])),
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh_CN"],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        "NSRequiresAquaSystemAppearance": False,
    }
