"""The program's main job from outside: a real process, a real keyboard, words read from the screen."""

import pytest

from desktop_app.demo import faults
from desktop_app.demo.script import Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from tests.e2e.conftest import Launch
from tests.e2e.driver import Application
from tests.servers.desktop_session import DesktopSession

pytestmark = pytest.mark.e2e


def say(app: Application, text: str) -> None:
    """Type a message on the keyboard and send it with Enter."""
    app.find("Message").focus()
    app.desktop.type(text)
    app.wait_text("Message", equals=text)
    app.desktop.key("Return")


def quit_by_keyboard(app: Application) -> None:
    app.desktop.key("ctrl+q")
    assert app.wait_ended() == 0


def test_a_conversation_with_the_demo_from_the_first_start_to_the_next(
    desktop: DesktopSession, launch: Launch
) -> None:
    with launch(desktop, "--demo") as app:
        app.wait_text("Status", equals="ready")
        app.wait_until(lambda: "focused" in app.find("Message").look().states, "the focus")
        desktop.type("Hello, my name is Ada")
        desktop.key("Return")
        app.wait_text("Conversation", contains="Hello, my name is Ada")
        app.wait_text("Thinking", "list", contains="A friendly opening.")
        answer = app.wait_text("Conversation", contains="How are you today?")
        app.wait_text("Status", equals="ready")
        assert "A friendly opening." not in answer
        assert "How are you today?" not in app.find("Thinking", "list").whole_text
        assert app.find("Message").text == ""

        say(app, "Please write a long text in 300 sections")
        app.wait_text("Conversation", contains="A long text in 300 sections")
        app.wait_text("Status", contains="writing")
        desktop.key("Escape")
        app.wait_text("Status", equals="stopped")
        stopped = app.find("Conversation").whole_text
        assert "A long text in 300 sections" in stopped

        say(app, "What is my name?")
        app.wait_text("Conversation", contains="Ada", lacks="Section 300")
        app.wait_text("Status", equals="ready")
        before = app.find("Conversation").whole_text
        assert "A long text in 300 sections" in before
        quit_by_keyboard(app)

    with launch(desktop, "--demo") as app:
        app.wait_text("Conversation", contains="Hello, my name is Ada")
        app.wait_until(
            lambda: app.find("Conversation").whole_text == before, "the conversation as it was left"
        )
        app.wait_text("Conversations", contains="Hello, my name is Ada")
        say(app, "Who am I?")
        app.wait_until(
            lambda: app.find("Conversation").children[-1].text.count("Ada"), "an answer with memory"
        )
        app.wait_text("Status", equals="ready")
        quit_by_keyboard(app)


def test_thinking_and_answer_are_shown_the_moment_they_arrive(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    before, thought, half = Gate(), Gate(), Gate()
    server.enqueue(
        Reply(
            [
                Wait(before),
                Think("I weigh six against nine."),
                Wait(thought),
                Say("The answer "),
                Wait(half),
                Say("is 42."),
            ]
        )
    )
    with launch(desktop, environment=to_server) as app:
        say(app, "What is it?")
        before.reached.wait()
        app.wait_text("Status", contains="waiting for the first token")
        before.open()
        app.wait_text("Thinking", "list", contains="I weigh six against nine.")
        app.wait_text("Status", contains="thinking")
        assert "six against nine" not in app.find("Conversation").whole_text
        thought.open()
        app.wait_text("Conversation", contains="The answer")
        app.wait_text("Status", contains="writing")
        assert "is 42." not in app.find("Conversation").whole_text
        half.open()
        app.wait_text("Conversation", contains="The answer is 42.")
        app.wait_text("Status", equals="ready")
        assert "six against nine" not in app.find("Conversation").whole_text
        assert "answer" not in app.find("Thinking", "list").whole_text
        quit_by_keyboard(app)


@pytest.mark.parametrize("way", ["button", "key"])
def test_stop_closes_the_connection_at_once_and_keeps_what_came(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str], way: str
) -> None:
    gate = Gate()
    server.enqueue(Reply([Think("Slowly."), Say("The first half"), Wait(gate), Say(", and more")]))
    server.enqueue(Reply([Say("Once more.")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Count to ten")
        app.wait_text("Conversation", contains="The first half")
        if way == "button":
            app.find("Stop", "push button").press()
        else:
            desktop.key("Escape")
        server.disconnected.wait_for(1)
        app.wait_text("Status", equals="stopped")
        gate.open()
        say(app, "Go on")
        text = app.wait_text("Conversation", contains="Once more.")
        app.wait_text("Status", equals="ready")
        assert "The first half" in text
        assert ", and more" not in text
        quit_by_keyboard(app)
    sent = server.posts[-1].field("messages")
    assert [message["role"] for message in sent[-3:]] == ["user", "assistant", "user"]
    assert sent[-2]["content"] == "The first half"


def test_stop_before_the_first_token(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("Too late")], before=[Wait(gate)]), Reply([Say("In time")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Are you there?")
        gate.reached.wait()
        desktop.key("Escape")
        server.disconnected.wait_for(1)
        app.wait_text("Status", equals="stopped")
        say(app, "And now?")
        app.wait_text("Conversation", contains="In time", lacks="Too late")
        quit_by_keyboard(app)


def test_leaving_in_the_middle_of_an_answer_keeps_it(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    gate = Gate()
    server.enqueue(Reply([Think("Hm."), Say("As far as it came"), Wait(gate), Say(".")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Tell me")
        app.wait_text("Conversation", contains="As far as it came")
        quit_by_keyboard(app)
    server.disconnected.wait_for(1)
    with launch(desktop, environment=to_server) as app:
        app.wait_text("Conversation", contains="As far as it came")
        app.wait_text("Thinking", "list", contains="Hm.")
        quit_by_keyboard(app)


def test_the_thinking_goes_back_with_the_answer_after_a_restart_too(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    server.enqueue(
        Reply([Think("First I count. "), Think("Then I add."), Say("Six "), Say("and nine.")]),
        Reply([Say("Fifteen.")]),
    )
    with launch(desktop, environment=to_server) as app:
        say(app, "Which numbers?")
        app.wait_text("Conversation", contains="Six and nine.")
        app.wait_text("Status", equals="ready")
        quit_by_keyboard(app)
    with launch(desktop, environment=to_server) as app:
        say(app, "And their sum?")
        app.wait_text("Conversation", contains="Fifteen.")
        app.wait_text("Status", equals="ready")
        quit_by_keyboard(app)
    asked, answered, asked_again = server.posts[1].field("messages")
    assert asked == {"role": "user", "content": "Which numbers?"}
    assert asked_again == {"role": "user", "content": "And their sum?"}
    assert (answered["role"], answered["content"]) == ("assistant", "Six and nine.")
    (detail,) = answered["reasoning_details"]
    assert detail["text"] == "First I count. Then I add."


def test_a_new_conversation_begins_empty_and_the_old_one_is_a_press_away(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    server.enqueue(Reply([Say("Apples.")]), Reply([Say("Pears.")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Name a fruit")
        app.wait_text("Conversation", contains="Apples.")
        app.wait_text("Status", equals="ready")
        desktop.key("ctrl+n")
        app.wait_until(lambda: not app.here("Conversation").children, "an empty conversation")
        say(app, "Name another fruit")
        app.wait_text("Conversation", contains="Pears.", lacks="Apples.")
        app.wait_text("Status", equals="ready")
        conversations = [child.name for child in app.find("Conversations").children]
        assert [name for name in conversations if "fruit" in name] == [
            "Name another fruit",
            "Name a fruit",
        ]
        app.find("Name a fruit", "list item").click()
        app.wait_text("Conversation", contains="Apples.", lacks="Pears.")
        quit_by_keyboard(app)
    assert len(server.posts[1].field("messages")) == 1


def test_an_error_stands_where_it_happened_and_retry_works(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    server.enqueue(faults.wrong_key(), Reply([Say("Now it works.")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Hello")
        app.wait_text("Conversation", contains="does not accept this API key")
        app.wait_text("Status", contains="error")
        error = app.find("Conversation").children[-1]
        assert error.name.startswith("Error")
        app.find("Retry", "push button").press()
        text = app.wait_text("Conversation", contains="Now it works.")
        app.wait_text("Status", equals="ready")
        assert text.count("Hello") == 1
        quit_by_keyboard(app)
    assert len(server.posts) == 2
    assert server.posts[0].field("messages") == server.posts[1].field("messages")


def test_a_chinese_desktop_is_spoken_to_in_chinese(
    chinese_desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    server.enqueue(Reply([Think("用户在打招呼。"), Say("你好！很高兴见到你。")]))
    with launch(chinese_desktop, environment=to_server) as app:
        app.find("消息").set_text("你好，请介绍一下你自己")
        app.find("发送", "push button").press()
        app.wait_text("对话", contains="你好！很高兴见到你。")
        app.wait_text("思考过程", "list", contains="用户在打招呼。")
        app.wait_text("对话列表", contains="你好，请介绍一下你自己")
        quit_by_keyboard(app)
