"""The icon files, read back by a reader that is not ours: Qt's plugins for them."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImageReader

from tests.packaging.scripts import script

icons = script("icons")


def sizes_in(file: Path) -> set[int]:
    """Return the sizes of the pictures in a file, each of them read; none may be empty."""
    reader = QImageReader(str(file))
    found = set()
    for _ in range(reader.imageCount()):
        picture = reader.read()
        assert not picture.isNull(), reader.errorString()
        assert picture.width() == picture.height()
        middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)
        corner = picture.pixelColor(0, 0)
        assert middle.alpha() > 0
        assert corner.alpha() < 255
        found.add(picture.width())
        reader.jumpToNextImage()
    return found


def test_the_icon_of_windows_holds_every_size(qapp: object, tmp_path: Path) -> None:
    file = icons.write_ico(tmp_path / "a.ico")

    assert sizes_in(file) == set(icons.ICO_SIZES)


def test_the_icon_of_macos_holds_every_size(qapp: object, tmp_path: Path) -> None:
    file = icons.write_icns(tmp_path / "a.icns")

    assert int.from_bytes(file.read_bytes()[4:8], "big") == file.stat().st_size
    assert max(sizes_in(file)) == 1024


def test_the_icons_of_linux_have_the_size_of_their_folder(qapp: object, tmp_path: Path) -> None:
    icons.write_hicolor(tmp_path, "app")

    for size in icons.HICOLOR_SIZES:
        assert sizes_in(tmp_path / "hicolor" / f"{size}x{size}" / "apps" / "app.png") == {size}
    assert (tmp_path / "hicolor" / "scalable" / "apps" / "app.svg").read_text("utf-8")


def test_the_same_drawing_gives_the_same_bytes(qapp: object) -> None:
    assert icons.png(48) == icons.png(48)


def test_a_drawing_that_cannot_be_read_is_an_error(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icons, "DRAWINGS", tmp_path)

    with pytest.raises(ValueError, match=r"interleave\.svg"):
        icons.png(64)
