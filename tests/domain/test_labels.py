"""Names of folders and tags as a person types them."""

import pytest

from desktop_app.domain.labels import LONGEST_TAG, folder_name, tags_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Work", "Work"),
        ("  My \n work ", "My work"),
        ("KITCHEN", "Kitchen"),
        (" \t", ""),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
    ],
)
def test_the_name_of_a_folder(text, name):
    assert folder_name(text, ["Kitchen"]) == name


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        ("tea", ("tea",)),
        ("#tea, Coffee  TEA;#绿茶、红茶", ("tea", "Coffee", "绿茶", "红茶")),
        ("# ## ,", ()),
        ("c#", ("c",)),
        ("URGENT", ("urgent",)),
        ("x" * 99, ("x" * LONGEST_TAG,)),
    ],
)
def test_the_tags_in_a_text(text, tags):
    assert tags_in(text, ["urgent"]) == tags
