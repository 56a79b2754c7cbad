"""Every event of a session becomes its signal, and only those of the session that is watched."""

import typing

import pytest

from desktop_app.chat import events
from desktop_app.chat.events import Event, Phase, Status
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, Role
from desktop_app.domain.tool import Approval, Risk, Tool, ToolProgress
from desktop_app.ui.session_bridge import SessionBridge

MESSAGE = Message(id="m", role=Role.USER)
CONVERSATION = Conversation(id="c", title="Tea")
STATUS = Status(Phase.WRITING)
DELTAS = (TextDelta("x"),)
APPROVAL = Approval("c1", Tool("builtin", "clock", "Tells the time", {}, Risk.READS), "{}")
PROGRESS = ToolProgress("half", 0.5)

SHOWN = events.BranchShown((MESSAGE,), 0, "other")

CASES: dict[type, tuple[Event, str, tuple[object, ...]]] = {
    events.MessageAdded: (events.MessageAdded(MESSAGE), "message_added", (MESSAGE,)),
    events.MessageRemoved: (events.MessageRemoved("m"), "message_removed", ("m",)),
    events.BranchShown: (SHOWN, "branch_shown", (SHOWN,)),
    events.BranchDeleted: (events.BranchDeleted("m"), "branch_deleted", ("m",)),
    events.BranchTrouble: (events.BranchTrouble("full"), "branch_trouble", ("full",)),
    events.DeltasArrived: (events.DeltasArrived("m", DELTAS), "deltas_arrived", ("m", DELTAS)),
    events.MessageFinished: (events.MessageFinished(MESSAGE), "message_finished", (MESSAGE,)),
    events.ApprovalAsked: (events.ApprovalAsked(APPROVAL), "approval_asked", (APPROVAL,)),
    events.ApprovalSettled: (events.ApprovalSettled("c1"), "approval_settled", ("c1",)),
    events.ToolProgressed: (
        events.ToolProgressed("c1", PROGRESS), "tool_progressed", ("c1", PROGRESS),
    ),
    events.StatusChanged: (events.StatusChanged(STATUS), "status_changed", (STATUS,)),
    events.ConversationChanged: (
        events.ConversationChanged(CONVERSATION), "conversation_changed", (CONVERSATION,),
    ),
    events.WishesChanged: (
        events.WishesChanged((MESSAGE,)), "wishes_changed", ((MESSAGE,),),
    ),
    events.StorageTrouble: (events.StorageTrouble("full"), "storage_trouble", ("full",)),
}  # fmt: skip


class Talker:
    """A session as the bridge sees it."""

    def __init__(self) -> None:
        self.listeners: list[typing.Any] = []

    def subscribe(self, listener: typing.Any) -> typing.Any:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def say(self, event: Event) -> None:
        for listener in tuple(self.listeners):
            listener(event)


@pytest.mark.parametrize("kind", typing.get_args(Event), ids=lambda kind: kind.__name__)
def test_each_event_is_a_signal_of_its_own(qapp: object, kind: type) -> None:
    event, name, expected = CASES[kind]
    bridge, talker, heard = SessionBridge(), Talker(), []
    for _, other, _ in CASES.values():
        getattr(bridge, other).connect(lambda *values, other=other: heard.append((other, values)))
    bridge.watch(talker)  # type: ignore[arg-type]
    talker.say(event)
    assert heard == [(name, expected)]


def test_only_the_session_that_is_watched_is_heard(qapp: object) -> None:
    bridge, one, two, heard = SessionBridge(), Talker(), Talker(), []
    bridge.message_removed.connect(heard.append)
    bridge.watch(one)  # type: ignore[arg-type]
    bridge.watch(two)  # type: ignore[arg-type]
    one.say(events.MessageRemoved("one"))
    two.say(events.MessageRemoved("two"))
    assert heard == ["two"]
    assert one.listeners == []
    bridge.watch(None)
    assert two.listeners == []
