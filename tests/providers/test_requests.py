"""What goes out, read back from a real socket."""

import json

import pytest

from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import Message, Role
from tests.providers.conftest import ask, chunk, details, events, head, hear, user

ANSWER = (head(), events(chunk(details("hm")), chunk({"content": "Hello 😀"}, finish="stop")))


async def body_of(server, model, request):
    server.reply(*ANSWER)
    assert (await hear(model, request)).error is None
    return server.requests[-1].json


async def test_the_smallest_request(server, make_model):
    assert await body_of(server, make_model(), ask("Hi")) == {
        "model": "MiniMax-M2",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_split": True,
    }
    assert server.requests[-1].method == "POST"
    assert server.requests[-1].path == "/v1/chat/completions"


async def test_reasoning_split_is_a_switch_of_the_connection(server, make_model):
    body = await body_of(server, make_model(reasoning_split=False), ask())
    assert "reasoning_split" not in body
    assert "extra_body" not in body


@pytest.mark.parametrize(
    ("is_minimax", "name"), [(True, "max_completion_tokens"), (False, "max_tokens")]
)
async def test_parameters_are_sent_as_set_under_the_servers_names(
    server, make_model, is_minimax, name
):
    request = ask(temperature=0.25, top_p=0.5, max_tokens=77, system_prompt="Be kind.")
    body = await body_of(server, make_model(is_minimax=is_minimax, reasoning_split=False), request)
    assert body == {
        "model": "MiniMax-M2",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Hello"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.25,
        "top_p": 0.5,
        name: 77,
    }


async def test_the_second_turn_carries_the_first_as_it_came(server, make_model):
    """Through the database's eyes: what was received is JSON, and comes back from it unchanged."""
    model = make_model()
    server.reply(*ANSWER)
    first = await hear(model)
    answer = Message(
        "a", Role.ASSISTANT, first.builder.parts, received=json.loads(json.dumps(first.received))
    )
    request = ChatRequest("MiniMax-M2", (user("Hello"), answer, user("More")), Parameters())
    body = await body_of(server, model, request)
    assert body["messages"] == [
        {"role": "user", "content": "Hello"},
        {
            "role": "assistant",
            "content": "Hello 😀",
            "reasoning_details": details("hm")["reasoning_details"],
        },
        {"role": "user", "content": "More"},
    ]


async def test_one_question_is_one_request_whatever_comes_back(server, make_model):
    model = make_model()
    for status in (408, 409, 429, 500, 503, 529):
        server.reply(head(status, "application/json", X_Should_Retry="true", Retry_After="0"))
        assert (await hear(model)).error is not None
    assert len(server.requests) == 6


async def test_a_path_of_the_base_url_is_kept(server, make_model):
    base_url = server.base_url.replace("/v1", "/proxy/openai/v1")
    await body_of(server, make_model(base_url=base_url), ask())
    assert server.requests[-1].path == "/proxy/openai/v1/chat/completions"
