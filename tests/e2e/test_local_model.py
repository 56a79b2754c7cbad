"""A real, very small model answers on this machine."""

from collections.abc import Callable, Iterator

import httpx2
import openai
import pytest

from tests.e2e.conftest import Launch
from tests.e2e.test_chat import quit_by_keyboard, say
from tests.servers import local_model
from tests.servers.desktop_session import DesktopSession
from tests.servers.local_model import LocalModel

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.skipif(
        not local_model.is_installed(),
        reason="the local-model group is not installed (make local-model)",
    ),
]


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    with local_model.serving() as served:
        yield served


def test_the_server_streams_a_chat_completion(model: LocalModel) -> None:
    with (
        httpx2.Client(trust_env=False, timeout=60) as http_client,
        openai.OpenAI(
            base_url=model.base_url, api_key=model.api_key, http_client=http_client
        ) as client,
        client.chat.completions.create(
            model=model.model,
            messages=[{"role": "user", "content": "Say hello."}],
            max_tokens=24,
            temperature=0.2,
            seed=1,
            stream=True,
            stream_options={"include_usage": True},
            extra_body={"reasoning_split": True},
        ) as stream,
    ):
        chunks = list(stream)

    texts = [
        choice.delta.content for chunk in chunks for choice in chunk.choices if choice.delta.content
    ]
    reasons = {choice.finish_reason for chunk in chunks for choice in chunk.choices} - {None}
    usage = chunks[-1].usage
    assert len(texts) > 1
    assert "".join(texts).strip()
    assert reasons <= {"stop", "length"}
    assert len(reasons) == 1
    assert usage is not None
    assert 0 < usage.completion_tokens <= 24


def test_the_server_lists_its_model(model: LocalModel) -> None:
    with httpx2.Client(trust_env=False, timeout=60) as client:
        answer = client.get(
            f"{model.base_url}/models", headers={"Authorization": f"Bearer {model.api_key}"}
        )

    assert [row["id"] for row in answer.json()["data"]] == [model.model]


def test_a_wrong_key_is_refused(model: LocalModel) -> None:
    with httpx2.Client(trust_env=False, timeout=60) as client:
        answer = client.post(
            f"{model.base_url}/chat/completions",
            headers={"Authorization": "Bearer wrong"},
            json={"model": model.model, "messages": [{"role": "user", "content": "Hello"}]},
        )

    assert answer.status_code == 401


@pytest.mark.e2e
def test_a_person_chats_with_it_as_a_custom_endpoint(
    desktop: DesktopSession, launch: Launch, write_settings: Callable[..., None]
) -> None:
    with local_model.serving(keyless=True) as served:
        endpoint = {"id": "local", "name": "Local model", "base_url": served.base_url}
        write_settings(connection="local", default_model=served.model, endpoints=[endpoint])
        with launch(desktop) as app:
            say(app, "Write a long story.")

            def answer() -> str:
                children = app.here("Conversation").children
                return children[1].look().words if len(children) > 1 else ""

            app.wait_until(lambda: len(answer()) > 40, "some words of the answer", timeout=60)
            # So small a model may go on for ever; Stop ends it.
            desktop.key("Escape")
            app.wait_text("Status", equals="stopped")
            question, story = app.find("Conversation").children
            assert question.name.startswith("You")
            assert story.name.startswith("MiniMax")
            assert len(story.look().words) > 40
            assert app.find("Region", "combo box").look().description == "Local model"
            quit_by_keyboard(app)
