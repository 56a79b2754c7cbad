"""Who allows a call: the person, once, here or never; the settings; and what that is given for."""

from dataclasses import replace

import pytest

from desktop_app.chat.approvals import Approvals
from desktop_app.chat.permissions import Permissions, Standing
from desktop_app.chat.ports import StoreError
from desktop_app.chat.tool_ports import ToolError
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import MessageState
from desktop_app.domain.permission import Permission
from desktop_app.domain.tool import Approval, Decision, Risk, Tool
from tests.chat.conftest import COMPLETE, Stage, WatchedStore
from tests.chat.tool_stage import it as it  # noqa: PLC0414 - a fixture
from tests.fakes.model import ScriptedModel
from tests.tool_fakes import MemoryPermissionStore, calling

ONCE, HERE, DENY = Decision.ALLOW_ONCE, Decision.ALLOW_HERE, Decision.DENY


async def _begin(it, *calls):
    it.model.then(calling(*calls), COMPLETE)
    assert it.session.send("Go")
    await it.until_asked()


async def test_a_question_shows_the_call_as_the_tool_would_get_it(it):
    tool = it.give("write", allowed=False, risk=Risk.WRITES)
    it.source_of_tools.previews["write"] = "--- a\n+++ b"
    await _begin(it, (it.name("write"), '{"b":"é\\u202e","a":[1]}'))
    assert it.session.status.phase == "asking"
    (approval,) = it.session.approvals
    assert approval == Approval(
        "c1",
        tool,
        '{\n  "b": "é\u202e",\n  "a": [\n    1\n  ]\n}',
        preview="--- a\n+++ b",
        source_title="Files",
    )
    assert it.calls == []
    assert it.session.decide("c1", ONCE)
    await it.settled()
    assert it.calls == ["write"]
    assert it.session.approvals == ()
    assert it.settled_ids == ["c1"]
    assert not it.session.decide("c1", DENY)


async def test_nothing_runs_while_a_question_stands(it):
    it.give("a", allowed=False)
    it.give("b", allowed=False)
    await _begin(it, (it.name("a"), "{}"), (it.name("b"), "{}"))
    await it.until_asked(2)
    assert [approval.call_id for approval in it.session.approvals] == ["c1", "c2"]
    it.session.decide("c2", ONCE)
    await it.watcher.until(lambda: it.settled_ids == ["c2"])
    other = Stage(WatchedStore(), ScriptedModel())
    await other.ask("And you?", COMPLETE)  # another conversation goes on
    await other.session.close()
    assert it.calls == []
    it.session.decide("c1", ONCE)
    await it.settled()
    assert sorted(it.calls) == ["a", "b"]


@pytest.mark.parametrize(("reason", "told"), [("", ""), (" \n", ""), ("use  b\n", "use  b")])
async def test_what_is_denied_is_not_run_and_the_model_is_told(it, reason, told):
    it.give("write", allowed=False)
    await _begin(it, (it.name("write"), "{}"))
    assert it.session.decide("c1", DENY, reason)
    answer = await it.settled()
    assert it.calls == []
    (result,) = it.results
    assert result.is_error
    assert "did not allow" in result.text
    assert result.text.endswith(f"They say: {told}" if told else "not made.")
    assert answer.state is MessageState.COMPLETE


async def test_allowed_once_asks_again(it):
    it.give("write", allowed=False)
    await _begin(it, (it.name("write"), "{}"))
    it.session.decide("c1", ONCE)
    await it.settled()
    await _begin(it, (it.name("write"), "{}"))
    await it.until_asked(2)
    assert not it.session.approvals[0].changed


async def test_allowed_here_asks_no_more_in_this_conversation(it):
    it.answers["write"] = HERE
    it.give("write", allowed=False)
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    assert it.asked == ["write"]
    assert it.calls == ["write", "write"]
    (permission,) = await it.permissions.everything()
    assert (permission.conversation, permission.source, permission.tool) == ("c1", "files", "write")
    other = Permissions(MemoryPermissionStore(it.store))
    (tool,) = it.source_of_tools.tools
    assert await other.standing("c1", tool) is Standing.ALLOWED
    assert await other.standing("c2", tool) is Standing.UNKNOWN


async def test_allowed_here_answers_the_other_questions_about_the_tool(it):
    it.give("write", allowed=False)
    it.give("erase", allowed=False)
    await _begin(it, *((it.name(name), "{}") for name in ("write", "erase", "write")))
    await it.until_asked(3)
    it.session.decide("c1", HERE)
    assert [approval.call_id for approval in it.session.approvals] == ["c2"]
    it.session.decide("c2", DENY)
    await it.settled()
    assert it.calls == ["write", "write"]


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Does something else"},
        {"schema": {"type": "object", "properties": {"path": {}}}},
        {"risk": Risk.EXECUTES},
    ],
)
async def test_a_changed_tool_asks_again(it, change):
    it.answers["write"] = HERE
    it.give("write", allowed=False)
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    it.give("write", allowed=False, **change)
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    assert it.asked == ["write", "write"]
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    assert it.asked == ["write", "write"]


async def test_a_changed_tool_is_shown_as_changed(it):
    it.answers["write"] = HERE
    it.give("write", allowed=False)
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    it.answers.clear()
    it.give("write", allowed=False, description="Sends it elsewhere")
    it.model.then(calling((it.name("write"), "{}")), COMPLETE)
    it.session.send("Go")
    await it.until_asked(2)
    assert it.session.approvals[0].changed
    it.session.decide("c1", DENY)
    await it.settled()


async def test_a_tool_that_changes_while_it_is_asked_about_is_not_run(it):
    it.give("write", allowed=False)
    await _begin(it, (it.name("write"), "{}"))
    it.give("write", allowed=False, description="Sends it elsewhere")
    it.session.decide("c1", ONCE)
    await it.settled()
    assert it.calls == []
    assert "gone or not what you were told" in it.results[0].text


async def test_what_was_allowed_can_be_withdrawn(it):
    it.answers["write"] = HERE
    it.give("write", allowed=False)
    told = []
    it.permissions.subscribe(lambda: told.append(1))
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    (permission,) = await it.permissions.everything()
    await it.permissions.withdraw(permission)
    assert await it.permissions.everything() == ()
    assert told == [1, 1]
    await it.ask("Go", calling((it.name("write"), "{}")), COMPLETE)
    assert it.asked == ["write", "write"]


async def test_a_preview_that_cannot_be_made_is_an_error_for_the_model(it, expect_error_log):
    expect_error_log("the tool b of files has no preview")
    for name in ("a", "b"):
        it.give(name)
    it.source_of_tools.previews |= {
        "a": ToolError("The folder is not granted."),
        "b": KeyError("x"),
    }
    await it.ask("Go", calling((it.name("a"), "{}"), (it.name("b"), "{}")), COMPLETE)
    assert it.asked == it.calls == []
    first, second = it.results
    assert first.text == "The folder is not granted. The call was not made."
    assert "KeyError" in second.text


async def test_stop_takes_the_question_back(it):
    it.give("write", allowed=False)
    await _begin(it, (it.name("write"), "{}"))
    it.session.stop()
    last = await it.settled()
    assert it.session.approvals == ()
    assert it.settled_ids == ["c1"]
    assert not it.session.decide("c1", ONCE)
    assert it.calls == []
    assert last.state is MessageState.STOPPED
    assert it.results[0].is_error
    await it.assert_answers()


# What stands


READS = Tool("builtin", "time", "", {"type": "object"}, Risk.READS)


@pytest.mark.parametrize("setting", [True, False])
@pytest.mark.parametrize(
    ("tool", "may_read"),
    [
        (READS, True),
        (replace(READS, risk=Risk.SENDS), False),
        (replace(READS, risk=Risk.UNKNOWN), False),
        (replace(READS, source="server"), False),  # its word proves nothing
    ],
)
async def test_reading_may_be_allowed_for_good(setting, tool, may_read):
    permissions = Permissions(reading_is_allowed=lambda: setting)
    expected = Standing.ALLOWED if setting and may_read else Standing.UNKNOWN
    assert await permissions.standing("c1", tool) is expected


async def test_a_disk_that_refuses_asks_again_and_remembers_for_this_run():
    store = WatchedStore()
    store.failure = StoreError("full")
    permissions = Permissions(MemoryPermissionStore(store))
    assert await permissions.standing("c1", READS) is Standing.UNKNOWN
    await permissions.allow(Permission("c1", "builtin", "time", READS.fingerprint, 1.0))
    assert await permissions.standing("c1", READS) is Standing.ALLOWED


async def test_a_withdrawal_that_the_disk_refuses_is_told_and_changes_nothing():
    store = WatchedStore()
    await store.save_conversation(Conversation("c1"))
    permissions = Permissions(MemoryPermissionStore(store))
    permission = Permission("c1", "builtin", "time", READS.fingerprint, 1.0)
    await permissions.allow(permission)
    store.failure = StoreError("read-only")
    with pytest.raises(StoreError):
        await permissions.withdraw(permission)
    store.failure = None
    assert await permissions.standing("c1", READS) is Standing.ALLOWED
    assert await permissions.everything() == (permission,)


async def test_of_a_conversation_that_is_not_stored_it_holds_for_this_run():
    store = WatchedStore()
    permissions = Permissions(MemoryPermissionStore(store))
    permission = Permission("c1", "builtin", "time", READS.fingerprint, 1.0)
    await permissions.allow(permission)
    assert store.permissions == {}
    assert await permissions.standing("c1", READS) is Standing.ALLOWED
    assert await permissions.everything() == (permission,)
    await permissions.withdraw(permission)
    assert await permissions.standing("c1", READS) is Standing.UNKNOWN


async def test_what_is_stored_is_asked_each_time_for_a_backup_may_have_replaced_it():
    store = WatchedStore()
    await store.save_conversation(Conversation("c1"))
    permissions = Permissions(MemoryPermissionStore(store))
    await permissions.allow(Permission("c1", "builtin", "time", READS.fingerprint, 1.0))
    store.permissions.clear()
    assert await permissions.standing("c1", READS) is Standing.UNKNOWN


def test_nobody_waits_for_a_call_that_was_not_asked_about():
    assert not Approvals(lambda event: None).decide("c1", ONCE)


async def test_a_gate_of_the_store_does_not_let_a_call_run_early(it):
    gate = it.store.gates["add"] = Gate()
    it.give("look")
    it.model.then(calling((it.name("look"), "{}")), COMPLETE)
    it.session.send("Go")
    await gate.reached.arrived()
    assert it.calls == []
    gate.open()
    await it.settled()
    assert it.calls == ["look"]
