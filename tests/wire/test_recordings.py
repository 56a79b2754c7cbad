"""Streams as they were recorded from real servers, through the whole chain, where they are at hand.

The recordings are other people's and stay outside the project.
"""

from pathlib import Path

import pytest

from desktop_app.demo.framing import EVENT_STREAM, Framing
from desktop_app.demo.http_answers import Http
from desktop_app.domain.errors import ErrorKind
from desktop_app.ui.conversation.entries import chain_entries, message_entries
from tests.wire.chain import Chain

FOLDER = Path(__file__).parents[3] / "shared" / "recorded"
STREAMS = sorted(FOLDER.glob("*.sse.txt")) + sorted(FOLDER.glob("native_*streaming*.txt"))
ENDINGS = {ErrorKind.CUT_OFF, ErrorKind.LENGTH, ErrorKind.LENGTH_IN_THINKING}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the recordings are no part of the project and not on this machine"
)


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.name)
async def test_a_recording_is_seen_stored_and_sent_back(chain: Chain, path: Path, framing: Framing):
    body = path.read_bytes()  # noqa: ASYNC240 (before anything runs)
    chain.server.enqueue(
        Http(body=body, content_type=EVENT_STREAM, framing=framing, split_every=311)
    )
    answer = await chain.ask()
    # An excerpt has no end.
    assert answer.error is None or answer.error.kind in ENDINGS
    shown = "".join(entry.text for entry in (*message_entries(answer), *chain_entries([answer])))
    assert shown
    assert "think>" not in answer.text + answer.thinking
    chain.look_at_the_painting(answer, kept=False)
    assert await chain.reopened() == chain.session.messages
    messages = (await chain.next_request())["messages"]
    sent_back = [message for message in messages if message["role"] == "assistant"]
    goes_back = bool(answer.text.strip() or (answer.error is None and answer.tool_calls))
    assert len(sent_back) == goes_back
    assert all(answer.text.strip() in message["content"] for message in sent_back)
    assert chain.server.posts.total == 2
