"""The kept lists of models: each connection its own, and nothing that a damaged file can do."""

import json
import math
import time

import pytest

from desktop_app.storage.model_lists import ModelList, ModelLists

ACCOUNT = "international https://api.server.test:443"
LISTED = ModelList(("m-2", "m-1", "vendor/名"), 1_790_000_000.5)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "models"


def test_a_list_comes_back_in_the_next_run(folder):
    ModelLists(folder).keep(ACCOUNT, LISTED)
    assert ModelLists(folder).read(ACCOUNT) == LISTED
    assert ModelLists(folder).read("international https://elsewhere.test:443") is None
    (file,) = folder.iterdir()
    assert json.loads(file.read_text("utf-8"))["listed_at"] == LISTED.listed_at


def test_a_newer_list_takes_the_place_of_the_older(folder):
    lists = ModelLists(folder)
    lists.keep(ACCOUNT, LISTED)
    newer = ModelList(("m-3",), LISTED.listed_at + 1)
    lists.keep(ACCOUNT, newer)
    assert lists.read(ACCOUNT) == newer
    assert len(list(folder.iterdir())) == 1


def test_without_a_folder_nothing_is_kept():
    lists = ModelLists(None)
    lists.keep(ACCOUNT, LISTED)
    assert lists.read(ACCOUNT) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"account": "another"}',
        json.dumps({"account": ACCOUNT, "listed_at": 1}).encode() + b"x",
        json.dumps({"account": ACCOUNT, "listed_at": "x", "models": []}).encode(),
        json.dumps({"account": ACCOUNT, "listed_at": 1, "models": {"a": 1}}).encode(),
        b" " * 2_000_000 + b"{}",
    ],
)
def test_a_damaged_file_is_no_list_and_is_replaced(folder, damage):
    lists = ModelLists(folder)
    lists.keep(ACCOUNT, LISTED)
    (file,) = folder.iterdir()
    file.write_bytes(damage)
    assert lists.read(ACCOUNT) is None
    lists.keep(ACCOUNT, LISTED)
    assert lists.read(ACCOUNT) == LISTED


def test_only_names_are_taken(folder):
    lists = ModelLists(folder)
    lists.keep(ACCOUNT, LISTED)
    (file,) = folder.iterdir()
    content = json.loads(file.read_text("utf-8"))
    content["models"] = ["a", None, 1, "", "a", {"id": "b"}, "x" * 301, "b"]
    file.write_text(json.dumps(content))
    read = lists.read(ACCOUNT)
    assert read is not None
    assert read.names == ("a", "b")


def test_a_folder_that_takes_nothing_is_no_failure(tmp_path):
    (tmp_path / "models").write_text("a file is in the way")
    lists = ModelLists(tmp_path / "models")
    lists.keep(ACCOUNT, LISTED)
    assert lists.read(ACCOUNT) is None


def test_lists_of_servers_that_are_asked_no_more_go_away(folder):
    lists = ModelLists(folder)
    for number in range(30):
        lists.keep(f"custom http://127.0.0.1:{number}", LISTED)
    assert len(list(folder.iterdir())) == 20
    assert lists.read("custom http://127.0.0.1:29") == LISTED


def test_a_list_grows_old():
    now = time.time()
    assert ModelList((), now - 1).is_fresh(600)
    assert not ModelList((), now - 601).is_fresh(600)
    assert not ModelList((), now + 3600).is_fresh(600), "the clock was set back"
    assert not ModelList((), math.nan).is_fresh(600)
