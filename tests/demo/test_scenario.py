"""What a person without a key meets: good answers, tools, memory, and honesty about being a demo."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from desktop_app.demo import scenario, tool_use
from desktop_app.demo.pacing import AT_ONCE, LIFELIKE
from desktop_app.demo.server import DemoServer
from desktop_app.paths import resource
from tests.demo.wire_client import WireClient, raw_request, read_all

HAN = re.compile(r"[\u4e00-\u9fff]")
ALL_STARTERS = tuple(dict.fromkeys(scenario.STARTERS + scenario.STARTERS_IN_CHINESE))


def ask(client, *said, **options):
    """A conversation in which every answer goes back as it came; the last response."""
    messages = []
    for text in said:
        messages.append({"role": "user", "content": text})
        response = client.stream(messages, **options)
        messages.append(
            {
                "role": "assistant",
                "content": response.joined("content"),
                "reasoning_details": [{"text": response.joined("reasoning_content")}],
            }
        )
    return response


def tool(name, description="", **properties):
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


@pytest.mark.parametrize("starter", ALL_STARTERS)
def test_starters_have_rich_answers(client, starter):
    response = ask(client, starter)
    answer, thinking = response.joined("content"), response.joined("reasoning_content")
    assert re.search(r"^# ", answer, re.MULTILINE)
    assert re.search(r"^## ", answer, re.MULTILINE)
    assert re.search(r"^\|.*\|\n\|[-:| ]+\|$", answer, re.MULTILINE)
    assert re.search(r"^(- |1\. )", answer, re.MULTILINE)
    assert "\n$$\n" in answer
    assert re.search(r"(?<!\$)\$[^$\n]+\$(?!\$)", answer)
    assert "demo" in answer or "演示" in answer
    assert thinking.count("\n\n") >= 3
    assert response.finish_reasons == ["stop"]
    assert "\\\n" not in re.sub(r"\$\$.*?\$\$", "", answer, flags=re.DOTALL)


@pytest.mark.parametrize("said", ["Tell me about the sea", "讲讲大海吧", *ALL_STARTERS])
def test_tables_have_as_many_cells_in_every_row(client, said):
    answer = ask(client, said).joined("content")
    for table in re.findall(r"(?:^\|.*\|\n)+", answer, re.MULTILINE):
        assert len({row.count("|") for row in table.splitlines()}) == 1


@pytest.mark.parametrize("starters", [scenario.STARTERS, scenario.STARTERS_IN_CHINESE])
def test_the_quicksort_it_shows_sorts(client, starters):
    answer = ask(client, starters[1]).joined("content")
    (code,) = re.findall(r"```python\n(.*?)```", answer, re.DOTALL)
    names = {}
    exec(compile(code, "quicksort", "exec"), names)
    items = [5, 3, 5, 1, 5, 2]
    names["quicksort"](items)
    assert items == [1, 2, 3, 5, 5, 5]


def test_the_window_in_chinese_offers_the_chinese_starters():
    tree = ET.parse(resource("i18n/zh_CN.ts"))
    translations = {
        message.findtext("source"): message.findtext("translation")
        for message in tree.iter("message")
    }
    offered = tuple(translations[starter] for starter in scenario.STARTERS)
    assert offered == scenario.STARTERS_IN_CHINESE


@pytest.mark.parametrize(
    ("said", "title"),
    [
        *zip(
            scenario.STARTERS_IN_CHINESE,
            ("# 杭州周末两日", "# 快速排序为什么快", "# 交错思维"),
            strict=True,
        ),
        ("下个月去杭州玩两天，怎么安排？", "# 杭州周末两日"),
        ("快排的平均复杂度是多少？", "# 快速排序为什么快"),
        ("Quicksort 为什么快？", "# 快速排序为什么快"),
        ("Plan a weekend in Hangzhou, in Chinese please", "# 杭州周末两日"),
        ("Show me long code and a wide table", "# Code and tables"),
        ("来一段长代码", "# 代码与表格"),
        ("Explain 快速排序 in English", "# Why quicksort is fast"),
    ],
)
def test_a_scene_is_told_in_the_language_of_the_question(client, said, title):
    answer = ask(client, said).joined("content")
    assert answer.startswith(title)
    assert ("内置的演示" in answer) is bool(HAN.search(title))
    assert ("built-in demo" in answer) is not bool(HAN.search(title))


@pytest.mark.parametrize("starter", scenario.STARTERS_IN_CHINESE)
def test_a_chinese_question_is_thought_about_in_chinese(client, starter):
    thinking = ask(client, starter).joined("reasoning_content")
    assert len(HAN.findall(thinking)) > 100
    assert re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}", thinking) == []


def test_the_tour_in_chinese_points_to_chinese_questions(client):
    answer = ask(client, "讲讲大海吧").joined("content")
    assert all(f"- **{starter}**" in answer for starter in scenario.STARTERS_IN_CHINESE)


def test_any_chinese_is_answered_in_chinese(client):
    assert "内置演示" in ask(client, "今天天气怎么样").joined("content")


def test_the_quickstarts_greeting_is_answered_shortly(client):
    answer = ask(client, "Hi, how are you?").joined("content")
    assert answer.startswith("Hi there!")
    assert "built-in demo" in answer
    assert len(answer) < 400


def test_anything_gets_a_tour_that_quotes_it(client):
    response = ask(client, "Why is the sky {blue}?\nAnd the sea?")
    answer = response.joined("content")
    assert "> Why is the sky {blue}?\n> And the sea?" in answer
    assert "built-in demo" in answer
    assert "`MiniMax-M2`" in answer
    assert "```python" in answer
    assert "{said}" not in answer + response.joined("reasoning_content")


@pytest.mark.parametrize("question", ["What did I say first?", "我第一句说了什么？"])
def test_memory_comes_from_the_history(client, question):
    response = ask(client, "The tea is green.", "And hot.", question)
    answer = response.joined("content")
    assert "> The tea is green." in answer
    # Five messages, three of them the person's, two answers with their thinking.
    assert re.findall(r"\b\d\b", answer) == ["5", "3", "2"]


def test_a_name_is_found_in_the_history(client):
    assert "**Lena**" in ask(client, "My name is Lena.", "What is my name?").joined("content")
    assert "not told me" in ask(client, "What is my name?").joined("content")


@pytest.mark.parametrize("said", ["Thanks a lot!", "谢谢", "谢谢你！", "continue", "继续"])
def test_small_talk_is_short(client, said):
    assert 0 < len(ask(client, said).joined("content")) < 400


def test_a_long_text_is_as_long_as_asked(client):
    answer = ask(client, "Write a long text in 12 sections").joined("content")
    assert len(re.findall(r"^## ", answer, re.MULTILINE)) == 12
    assert "$x_{7}^2$" in answer


WEATHER = tool("get_weather", "Weather in Hangzhou", city={"type": "string"})
CLOCK = tool("get_time", "The time now", timezone={"type": "string"})


def test_it_thinks_calls_thinks_and_answers(client):
    messages = [{"role": "user", "content": scenario.STARTERS[0]}]
    rounds = []
    for _ in range(5):
        response = client.stream(messages, tools=[WEATHER, CLOCK])
        rounds.append(response)
        parts = [part for delta in response.deltas for part in delta.get("tool_calls", ())]
        if not parts:
            break
        messages.append({"role": "assistant", "content": "", "tool_calls": parts})
        result = f"result of {parts[0]['function']['name']}"
        messages.append({"role": "tool", "tool_call_id": parts[0]["id"], "content": result})
    assert [response.finish_reasons for response in rounds] == [
        ["tool_calls"],
        ["tool_calls"],
        ["stop"],
    ]
    assert all(response.joined("reasoning_content") for response in rounds)
    called = [m["tool_calls"][0]["function"] for m in messages if m.get("tool_calls")]
    assert called[0]["name"] == "get_weather"
    assert json.loads(called[0]["arguments"]) == {"city": "Hangzhou"}
    assert json.loads(called[1]["arguments"]) == {"timezone": "Asia/Shanghai"}
    assert "result of get_weather" in rounds[1].joined("reasoning_content")
    answer = rounds[-1].joined("content")
    assert "result of get_weather" in answer
    assert "result of get_time" in answer
    assert "# A weekend in Hangzhou" in answer
    assert client.stream(messages[:1]).status == 200


def test_small_talk_calls_no_tool(client):
    assert ask(client, "Hi, how are you?", tools=[WEATHER]).finish_reasons == ["stop"]


def test_tools_that_change_things_are_left_alone():
    offered = [tool("write_file"), tool("run_shell"), tool("deleteAll"), {"type": "odd"}, None]
    assert tool_use.plan(offered, "anything", used=()) is None


def test_arguments_fit_the_schema():
    offered = [
        tool(
            "look",
            unit={"enum": ["c", "f"]},
            count={"type": "integer", "minimum": 3},
            deep={"type": "boolean"},
            words={"type": "array"},
            where={"type": "object", "properties": {"path": {}}, "required": ["path"]},
            query={"type": "string"},
            page={"type": "integer", "default": 7},
        )
    ]
    call = tool_use.plan(offered, "Where is the tea?", used=())
    assert call.arguments == {
        "unit": "c",
        "count": 3,
        "deep": False,
        "words": [],
        "where": {"path": "."},
        "query": "Where is the tea?",
        "page": 7,
    }


@pytest.mark.parametrize(("limit", "thinks_only"), [(5, True), (400, False)])
def test_a_token_limit_cuts_the_answer(client, limit, thinks_only):
    response = client.stream(
        [{"role": "user", "content": scenario.STARTERS[0]}], max_completion_tokens=limit
    )
    assert response.finish_reasons == ["length"]
    assert response.joined("reasoning_content")
    assert (response.joined("content") == "") is thinks_only


@pytest.mark.parametrize("code", ["401", "2049", "402", "429", "2056", "500", "529", "1026"])
def test_faults_can_be_shown_on_request(client, code):
    response = client.stream([{"role": "user", "content": f"demo error {code}"}])
    assert response.status >= 400
    assert response.json["error"]["message"].endswith(")")


def test_a_cut_can_be_shown_on_request(server):
    body = {"model": "MiniMax-M2", "messages": [{"role": "user", "content": "demo cut"}]}
    with raw_request(server.port, body | {"stream": True}) as raw:
        seen = read_all(raw)
    assert b"finish_reason" not in seen
    assert not seen.endswith(b"0\r\n\r\n")


def test_pieces_are_coarse_like_the_live_hosts(client):
    pieces = [d["content"] for d in ask(client, "Tell me a story").deltas if d.get("content")]
    assert len(pieces) > 10
    assert all(len(piece) <= 100 for piece in pieces)


def test_pacing_reaches_the_stream(monkeypatch):
    waited = []

    class Counting:
        first = 0.0

        def waits(self):
            while True:
                waited.append(1)
                yield 0.0

    with DemoServer(pacing=Counting()) as server:
        client = WireClient(server.port)
        chunks = len(client.stream().events)
        client.close()
    assert len(waited) == chunks
    assert LIFELIKE.longest < 0.2
    assert AT_ONCE.first == 0


def test_the_endpoint_for_people_is_lifelike_and_forgets():
    server = DemoServer.for_people()
    for _ in range(30):
        server.requests.append(object())
    assert len(server.requests) == 20


def test_the_vendors_quickstart_runs_against_it(server):
    """The two programs of the quickstart page, with the SDK they use."""
    from openai import OpenAI

    with OpenAI(base_url=server.base_url, api_key="sk-test", max_retries=0) as client:
        options = {
            "model": "MiniMax-M2",
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Hi, how are you?"},
            ],
            "extra_body": {"reasoning_split": True},
        }
        message = client.chat.completions.create(**options).choices[0].message
        assert message.reasoning_details[0]["text"]
        assert message.content.startswith("Hi there!")
        stream = client.chat.completions.create(stream=True, **options)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        assert text == message.content
        assert [model.id for model in client.models.list()][-1] == "MiniMax-M2"
    assert [request.field("stream") for request in server.posts] == [None, True]
