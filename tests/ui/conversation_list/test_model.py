"""Conversations as rows: groups by day, words that are searched for, and rows that stay in place."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.grouping import Listing
from desktop_app.ui.conversation_list.model import (
    BUSY_ROLE,
    DRAFT_ROLE,
    FOLDED_ROLE,
    FOLDER_ROLE,
    HEADING_ROLE,
    ID_ROLE,
    TAGS_ROLE,
    ConversationModel,
)


def conversation(name: str, days_ago: int = 0) -> Conversation:
    noon = datetime.now().astimezone().replace(hour=0, minute=0, second=1, microsecond=0)
    moment = (noon - timedelta(days=days_ago)).timestamp()
    return Conversation(id=name.lower(), title=name, created_at=moment, updated_at=moment)


def column(model: ConversationModel, role: int) -> list[object]:
    return [model.index(row).data(role) for row in range(model.rowCount())]


def test_the_model_keeps_its_promises_to_qt(qtmodeltester: ModelTester) -> None:
    model = ConversationModel()
    model.set_conversations([conversation("Tea"), conversation("Coffee", 1)])
    qtmodeltester.check(model)


def test_the_first_row_of_each_day_carries_the_heading() -> None:
    model = ConversationModel()
    days = (0, 0, 1, 2, 6, 7, 400)
    model.set_conversations([conversation(f"C{n}", day) for n, day in enumerate(days)])
    assert column(model, HEADING_ROLE) == [
        "Today", "", "Yesterday", "Previous 7 days", "", "Earlier", "",
    ]  # fmt: skip


def test_a_clock_that_was_ahead_still_means_today() -> None:
    model = ConversationModel()
    model.set_conversations([Conversation(id="x", title="x", updated_at=time.time() + 90_000)])
    assert column(model, HEADING_ROLE) == ["Today"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Green Tea", "Straße", "茶道"]),
        ("tea green", ["Green Tea"]),
        ("STRASSE", ["Straße"]),
        ("茶", ["茶道"]),
        ("tea coffee", []),
        ("  ", ["Green Tea", "Straße", "茶道"]),
    ],
)
def test_every_word_must_stand_in_the_title(words: str, found: list[str]) -> None:
    model = ConversationModel()
    model.set_conversations([conversation(t) for t in ("Green Tea", "Straße", "茶道")])
    model.set_filter(words)
    assert column(model, Qt.ItemDataRole.DisplayRole) == found


def test_a_heading_follows_the_rows_that_are_left() -> None:
    model = ConversationModel()
    model.set_conversations([conversation("Tea"), conversation("Green tea"), conversation("X")])
    model.set_filter("green")
    assert column(model, HEADING_ROLE) == ["Today"]


def test_a_new_title_changes_a_row_in_place() -> None:
    model = ConversationModel()
    model.set_conversations([conversation("Tea"), conversation("Coffee")])
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    renamed = Conversation(id="tea", title="Green tea", updated_at=time.time())
    model.set_conversations([renamed, conversation("Coffee")])
    assert resets == []
    assert column(model, Qt.ItemDataRole.DisplayRole) == ["Green tea", "Coffee"]
    model.set_conversations([conversation("Coffee")])
    assert resets == [1]


def test_rows_are_found_by_id() -> None:
    model = ConversationModel()
    model.set_conversations([conversation("Tea"), conversation("Coffee")])
    assert column(model, ID_ROLE) == ["tea", "coffee"]
    assert model.row_of("coffee") == 1
    assert model.row_of("gone") == -1
    assert model.conversation_at(-1) is None
    assert model.conversation_at(2) is None
    model.set_busy(frozenset({"coffee"}))
    assert column(model, BUSY_ROLE) == [False, True]
    model.set_drafts(frozenset({"tea"}))
    assert column(model, DRAFT_ROLE) == [True, False]
    told = column(model, Qt.ItemDataRole.AccessibleDescriptionRole)
    assert told == ["Today, Has a draft", "Today"]


def test_a_title_with_markup_is_no_markup_in_its_tool_tip() -> None:
    model = ConversationModel()
    model.set_conversations([conversation("<img src=x> & co")])
    (tip,) = column(model, Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in str(tip)
    assert "&lt;img src=x&gt; &amp; co" in str(tip)


PLACED = [
    conversation("New"),
    replace(conversation("Zoo"), folder="zoo"),
    replace(conversation("Pin", 3), pinned=True, folder="zoo"),
    replace(conversation("Ant", 400), folder="Animals"),
    replace(conversation("Bee", 1), folder="Animals"),
    replace(conversation("Day"), folder="Today"),
]


def test_pinned_come_first_then_folders_by_name_then_days() -> None:
    model = ConversationModel()
    model.set_conversations(PLACED)
    titles = column(model, Qt.ItemDataRole.DisplayRole)
    assert list(zip(titles, column(model, HEADING_ROLE), column(model, FOLDER_ROLE), strict=True)) == [
        ("Pin", "Pinned", ""),
        ("Ant", "Animals", "Animals"),
        ("Bee", "", ""),
        ("Day", "Today", "Today"),
        ("Zoo", "zoo", "zoo"),
        ("New", "Today", ""),
    ]  # fmt: skip
    assert model.folder_at(2) == "Animals"
    assert model.folder_at(0) == ""


def test_archive_and_trash_know_days_alone() -> None:
    model = ConversationModel()
    model.set_conversations(PLACED[1:5], Listing.ARCHIVE)
    assert set(column(model, FOLDER_ROLE)) == {""}
    assert column(model, ID_ROLE) == ["zoo", "pin", "ant", "bee"]
    now = time.time()
    model = ConversationModel(clock=lambda: now)
    model.set_conversations([replace(PLACED[3], deleted_at=now - 12.5 * 86_400)], Listing.TRASH)
    assert column(model, HEADING_ROLE) == ["Earlier"]
    (tip,) = column(model, Qt.ItemDataRole.ToolTipRole)
    assert "Deleted for good in 18 days." in str(tip)


def test_of_a_folded_folder_the_heading_is_left(qtmodeltester: ModelTester) -> None:
    model = ConversationModel()
    model.set_conversations(PLACED)
    model.set_folded({"Animals", "gone"})
    assert column(model, Qt.ItemDataRole.DisplayRole) == ["Pin", "Ant", "Day", "Zoo", "New"]
    assert column(model, HEADING_ROLE)[1] == "Animals (2)"
    assert column(model, FOLDED_ROLE) == [False, True, False, False, False]
    assert model.ids() == ["pin", "day", "zoo", "new"]
    assert model.row_of("ant") == -1
    assert model.is_folded(1)
    assert not model.is_folded(-1)
    said = model.index(1).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert said == "Animals, folded folder with 2 conversations"
    # A search looks into it all the same.
    model.set_filter("bee")
    assert model.ids() == ["bee"]
    model.set_filter("")
    model.set_folded(())
    assert len(model.ids()) == len(PLACED)
    qtmodeltester.check(model)


def test_pinning_the_first_moves_headings_without_moving_rows() -> None:
    model = ConversationModel()
    tea, coffee = conversation("Tea"), conversation("Coffee")
    model.set_conversations([tea, coffee])
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_conversations([replace(tea, pinned=True), coffee])
    assert column(model, HEADING_ROLE) == ["Pinned", "Today"]
    assert resets == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("#hot", ["tea", "coffee"]),
        ("#HO tea", ["tea"]),
        ("#hot #black", ["coffee"]),
        ("hot", []),
        ("#1", ["rank"]),
        ("#", ["tea", "coffee", "rank"]),
    ],
)
def test_a_word_with_a_sign_means_a_tag(words: str, found: list[str]) -> None:
    model = ConversationModel()
    model.set_conversations(
        [
            replace(conversation("Tea"), tags=("hot",)),
            replace(conversation("Coffee"), tags=("Hot", "black")),
            replace(conversation("Rank"), title="We are #1"),
            conversation("Water"),
        ]
    )
    model.set_filter(words)
    assert column(model, ID_ROLE) == found


def test_tags_are_told() -> None:
    model = ConversationModel()
    model.set_conversations([replace(conversation("Tea"), tags=("hot", "<b>"))])
    assert column(model, TAGS_ROLE) == ["#hot #<b>"]
    said = model.index(0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert said == "Today, Tags: hot, <b>"
    (tip,) = column(model, Qt.ItemDataRole.ToolTipRole)
    assert "#&lt;b&gt;" in str(tip)
