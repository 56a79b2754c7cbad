"""The README's table of settings follows from the rows."""

from pathlib import Path

import pytest

from desktop_app.settings.documentation import (
    BEGIN,
    END,
    main,
    settings_table,
    with_settings_table,
)
from desktop_app.settings.table import PAGE_TITLES, SETTINGS

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_has_the_table():
    text = README.read_text(encoding="utf-8")
    assert f"{BEGIN}\n{settings_table()}\n{END}" in text, (
        "run: python -m desktop_app.settings.documentation README.md"
    )


def test_every_setting_of_the_dialog_has_a_row():
    lines = settings_table().splitlines()
    shown = [setting for setting in SETTINGS if setting.page is not None]
    assert len(lines) == 2 + len(shown)
    for setting in shown:
        (line,) = [line for line in lines if f"| {setting.label} |" in line]
        assert line.startswith(f"| {PAGE_TITLES[setting.page]} |")
        assert line.endswith(f"| {setting.help} |")
    assert {line.count("|") for line in lines} == {6}


def test_a_row_in_full():
    assert (
        "| Network | Give up connecting after | 10 s | from 1 to 120 s |"
        " How long to wait for the server to take the connection. |"
    ) in settings_table()


def test_the_block_is_written_in_place(tmp_path):
    file = tmp_path / "README.md"
    file.write_text(f"# 茶\n\n{BEGIN}\nold\n{END}\n\nmore\n", encoding="utf-8")
    assert main([str(file)]) == 0
    once = file.read_text(encoding="utf-8")
    assert once == f"# 茶\n\n{BEGIN}\n{settings_table()}\n{END}\n\nmore\n"
    assert main([str(file)]) == 0
    assert file.read_text(encoding="utf-8") == once


@pytest.mark.parametrize(
    "text", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}", f"{BEGIN}{BEGIN}{END}"]
)
def test_a_text_without_a_place_for_it(tmp_path, text, capsys):
    with pytest.raises(ValueError, match="no place"):
        with_settings_table(text)
    file = tmp_path / "README.md"
    file.write_text(text)
    assert main([str(file)]) == 1
    assert file.read_text() == text
    assert "no place" in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main([str(tmp_path / "none.md")]) == 1
    assert "none.md" in capsys.readouterr().err
