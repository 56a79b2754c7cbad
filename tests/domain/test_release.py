"""Versions as they are ordered, and tags as people write them."""

import pytest

from desktop_app import __version__
from desktop_app.domain.release import is_newer, plain_version


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.2.3", "1.2.3"), ("0.10.0", "0.10.0"), ("v01.2.3", "1.2.3"),
        ("v1.2.3rc1", None), ("v1.2.3-beta", None), ("v1.2", None), ("nightly", None), ("", None),
        ("v1.2.3\n", None), ("v١.٢.٣", None), ("v1.2.3/../..", None), ("v9999999.0.0", None),
    ],
)  # fmt: skip
def test_a_tag_names_a_version_or_none(tag: str, version: str | None) -> None:
    assert plain_version(tag) == version


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.2.4", "1.2.3", True), ("1.10.0", "1.9.9", True), ("2.0.0", "1.99.99", True),
        ("1.2.3", "1.2.3", False), ("1.2.2", "1.2.3", False),
        ("1.2.3", "1.2.3rc1", True), ("1.2.3", "1.2.4.dev0", False),
    ],
)  # fmt: skip
def test_versions_are_ordered_by_their_numbers(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer


def test_our_own_version_can_be_compared() -> None:
    assert is_newer("9999.0.0", __version__)
    assert not is_newer(__version__, __version__)


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="not a version"):
        is_newer("new", "1.2.3")
