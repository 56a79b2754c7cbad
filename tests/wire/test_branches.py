"""What goes out after a move between branches, and for the rest of an answer: to the byte."""

import asyncio

from desktop_app.chat.continuation import CONTINUE_REQUEST
from desktop_app.chat.session import ChatSession
from desktop_app.demo.events import Call, Think
from desktop_app.demo.pacing import coarse
from desktop_app.demo.script import End, Reply
from desktop_app.domain.message import Message, MessageState
from tests.wire.chain import PATIENCE, Chain


def reply(text: str, **options: object) -> Reply:
    return Reply([Think(f"Thinking of {text} 茶 “quoted”. "), text], pieces=coarse, **options)


async def settled(chain: Chain) -> Message:
    async with asyncio.timeout(PATIENCE):
        await chain.session.settled()
    return chain.session.messages[-1]


async def ask(chain: Chain, question: str, text: str) -> None:
    chain.server.enqueue(reply(text))
    assert (await chain.ask(question)).state is MessageState.COMPLETE


def chain_sent(chain: Chain, number: int) -> bytes:
    """The messages of the request ``number`` as they stood in its body, without the closing ``]``."""
    body = chain.server.posts[number].body
    start = body.index(b'"messages":[')
    depth, inside, escaped = 0, False, False
    for place in range(start, len(body)):
        byte = body[place : place + 1]
        if inside:
            inside = escaped or byte != b'"'
            escaped = byte == b"\\" and not escaped
        elif byte == b'"':
            inside = True
        elif byte in b"[{":
            depth += 1
        elif byte in b"]}":
            depth -= 1
            if depth == 0:
                return body[start:place]
    raise AssertionError("the messages of the request do not end")


async def test_after_a_move_the_shown_chain_goes_out_byte_for_byte(chain: Chain):
    session = chain.session
    await ask(chain, "one", "1")
    await ask(chain, "two", "2")
    await ask(chain, "three", "3")
    first = [message.id for message in session.messages]
    chain.server.enqueue(reply("2!"))
    assert session.edit(first[2], "two, please")
    await settled(chain)
    await ask(chain, "four", "4")
    # In the first branch "1", "2" and what led to them go back, and nothing of the second.
    assert session.show_branch(first[2])
    await settled(chain)
    await ask(chain, "five", "5")
    sent = chain_sent(chain, 5)
    assert sent.startswith(chain_sent(chain, 2))
    assert b"two, please" not in sent
    assert b"four" not in sent
    contents = [message["content"] for message in chain.server.posts[5].json["messages"]]
    assert contents == ["one", "1", "two", "2", "three", "3", "five"]
    # And in the second the other way round.
    second = next(i for i in session.branches.versions(first[2]).ids if i != first[2])
    assert session.show_branch(second)
    await settled(chain)
    await ask(chain, "six", "6")
    sent = chain_sent(chain, 6)
    assert sent.startswith(chain_sent(chain, 4))
    contents = [message["content"] for message in chain.server.posts[6].json["messages"]]
    assert contents == ["one", "1", "two, please", "2!", "four", "4", "six"]


async def test_a_branch_that_was_read_from_the_file_goes_out_byte_for_byte(chain: Chain):
    await ask(chain, "one", "1")
    await ask(chain, "two", "2")
    ids = [message.id for message in chain.session.messages]
    chain.server.enqueue(reply("1!"))
    assert chain.session.retry(ids[1])
    await settled(chain)
    conversation = chain.session.conversation
    branch = await chain.store.load_branch(conversation.id)
    outline = await chain.store.load_outline(conversation.id)
    chain.session = ChatSession(conversation, branch, chain.store, chain._source, outline=outline)
    assert [message.text for message in chain.session.messages] == ["one", "1!"]
    assert chain.session.show_branch(ids[1])
    await settled(chain)
    await ask(chain, "three", "3")
    assert chain_sent(chain, 3).startswith(chain_sent(chain, 1))
    contents = [message["content"] for message in chain.server.posts[3].json["messages"]]
    assert contents == ["one", "1", "two", "2", "three"]


async def test_the_rest_of_an_answer_is_asked_for_with_what_came(chain: Chain):
    half_a_call = Call("search", '{"query": ')
    chain.server.enqueue(
        Reply([Think("Hm. 茶"), "The word is", half_a_call], end=End.FIN), reply(" Hello.")
    )
    partial = await chain.ask("Which word?")
    assert partial.can_continue
    assert partial.tool_calls
    assert chain.session.continue_answer()
    rest = await settled(chain)
    assert (rest.state, rest.text) == (MessageState.COMPLETE, " Hello.")
    sent = chain.server.posts[1].json["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"] == "The word is"
    assert [detail["text"] for detail in sent[1]["reasoning_details"]] == ["Hm. 茶"]
    # Its call never came to its end, so nothing answers it, and a server would refuse it.
    assert "tool_calls" not in sent[1]
    assert sent[2]["content"] == CONTINUE_REQUEST
    # From then on both halves belong to the conversation.
    await ask(chain, "Thanks", "Bye")
    later = chain.server.posts[2].json["messages"]
    assert later[:3] == sent
    assert [message["content"] for message in later[3:]] == [" Hello.", "Thanks"]
