"""Going on with an answer that ended early."""

import pytest

from desktop_app.chat.continuation import CONTINUE_REQUEST
from desktop_app.chat.session import ChatSession
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import FinishDelta, TextDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import CONTINUATION, Message, MessageState, Role, Text, Thought
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.model import ScriptedAnswer

DROPPED = ChatError(ErrorRecord(ErrorKind.CUT_OFF))
BROKEN = ChatError(ErrorRecord(ErrorKind.OVERLOADED))
REST = ScriptedAnswer(((TextDelta(" And water."),), END))


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (DROPPED, MessageState.CUT_OFF),
        (BROKEN, MessageState.FAILED),
        ((FinishDelta("length"),), MessageState.CUT_OFF),
    ],
    ids=str,
)
async def test_the_partial_answer_and_a_request_for_the_rest_are_sent(stage, ending, state):
    partial = await stage.ask("Why tea?", ScriptedAnswer((THINKING, TEXT, ending)))
    assert partial.state is state
    stage.model.then(REST)
    assert stage.session.continue_answer()
    rest = await stage.settled()
    question, first, request, last = stage.session.messages
    assert (first, last) == (partial, rest)
    assert request.is_continuation
    assert request.notices == (CONTINUATION,)
    assert stage.model.requests[-1].messages == (question, partial, request)
    assert request.text == CONTINUE_REQUEST
    assert rest.text == " And water."
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert stage.session.conversation.title == "Why tea?"
    await stage.assert_answers()


async def test_a_stopped_answer_goes_on(stage):
    hold = Gate()
    stage.model.then(ScriptedAnswer((THINKING, TEXT, hold)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    stage.session.stop()
    assert (await stage.settled()).state is MessageState.STOPPED
    stage.model.then(REST)
    assert stage.session.continue_answer()
    assert (await stage.settled()).state is MessageState.COMPLETE


async def test_an_interrupted_answer_goes_on_in_the_next_run(store, model):
    async def source():
        return model

    half = (
        Message("q", Role.USER, (Text("Why tea?"),)),
        Message(
            "a",
            Role.ASSISTANT,
            (Thought("Hm."), Text("Because")),
            parent="q",
            state=MessageState.INTERRUPTED,
        ),
    )
    conversation = Conversation("c1", head="a")
    await store.add_messages(conversation, half)
    session = ChatSession(conversation, half, store, source)
    model.then(REST)
    assert session.continue_answer()
    await session.settled()
    assert [m.role.value for m in model.requests[0].messages] == ["user", "assistant", "user"]
    await session.close()


async def test_a_whole_answer_has_no_rest(stage):
    assert not stage.session.continue_answer()
    await stage.ask("Why tea?", COMPLETE)
    assert not stage.session.continue_answer()


async def test_thinking_alone_is_nothing_to_go_on_from(stage):
    await stage.ask("Why tea?", ScriptedAnswer((THINKING, DROPPED)))
    assert not stage.session.continue_answer()


async def test_a_request_for_the_rest_cannot_be_edited_and_its_answer_can_be_asked_again(stage):
    await stage.ask("Why tea?", ScriptedAnswer((TEXT, DROPPED)))
    stage.model.then(REST, REST)
    stage.session.continue_answer()
    await stage.settled()
    request, rest = stage.session.messages[2:]
    assert not stage.session.edit(request.id, "x")
    assert stage.session.retry(rest.id)
    await stage.settled()
    assert stage.session.messages[2] == request
    assert len(stage.session.branches.versions(rest.id).ids) == 2
