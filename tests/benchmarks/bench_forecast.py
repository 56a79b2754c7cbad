"""What it costs to say, and to choose, what a request holds: ``python -m tests.benchmarks.bench_forecast``.

Processor time of the thread, the median of five runs, and ratios within one run.
"""

import json
import statistics
import time
from collections.abc import Callable

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.token_estimate import estimate
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import Message, Role, Text, Thought
from desktop_app.providers.openai_chat.request import arguments, explain

SERVER = Connection("s", "S", "https://api.minimax.io/v1", ConnectionSource.REGION)
ANSWER = "Because of the leaves, the water and the time. " * 12
THINKING = "The person asks about tea; I should be brief. " * 6


def conversation(count: int) -> tuple[Message, ...]:
    """So many messages, questions and answers with thinking as they were received."""
    details = [{"type": "reasoning.text", "text": THINKING}]
    body = {"role": "assistant", "content": ANSWER, "reasoning_details": details}
    received = {"dialect": "minimax", "message": body}
    found = []
    for number in range(count // 2):
        found.append(Message(f"q{number}", Role.USER, (Text(f"Why, for the {number}th time?"),)))
        parts = (Thought(THINKING), Text(ANSWER))
        found.append(Message(f"a{number}", Role.ASSISTANT, parts, received=received))
    return tuple(found)


def cost(work: Callable[[], object]) -> float:
    """Milliseconds of processor time that ``work`` takes, the median of five."""
    times = []
    for _ in range(5):
        begun = time.thread_time()
        work()
        times.append((time.thread_time() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    took = {}
    for count in (1_000, 10_000):
        request = ChatRequest("MiniMax-M2", conversation(count), Parameters())
        forecaster = Forecaster(explain)
        begun = time.thread_time()
        forecaster.forecast(request, SERVER)
        first = (time.thread_time() - begun) * 1000
        took[count] = cost(lambda: forecaster.forecast(request, SERVER))  # noqa: B023
        body = cost(lambda: json.dumps(arguments(request, SERVER)))  # noqa: B023
        print(
            f"{count:6} messages: first forecast {first:6.1f} ms, next {took[count]:6.1f} ms,"
            f" {took[count] / body:.2f} of writing the body"
        )
    print(f"ten times the messages cost {took[10_000] / took[1_000]:.1f} times as much")
    text = ANSWER * 2_000
    spent = cost(lambda: estimate(text))
    print(
        f"estimating {len(text) / 1e6:.1f} MB: {spent:.1f} ms, {len(text) / spent / 1e3:.0f} MB/s"
    )


if __name__ == "__main__":
    main()
