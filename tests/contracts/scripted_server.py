"""The two servers of the model contract: the fake itself, and the demo endpoint on a real socket."""

from collections.abc import Callable, Sequence

from desktop_app.chat.ports import Model
from desktop_app.demo import faults
from desktop_app.demo.events import Event, Say, Think
from desktop_app.demo.rules import WRONG_KEY
from desktop_app.demo.script import End, Reply
from desktop_app.demo.server import DemoServer
from desktop_app.demo.steps import Answer, Wait
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta, UsageDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.usage import Usage
from tests.contracts.model_scripts import Script
from tests.fakes.model import SCRIPTED_CONNECTION, ScriptedAnswer, ScriptedModel, Step

_REFUSALS: dict[ErrorKind, Callable[[], Answer]] = {
    ErrorKind.INVALID_KEY: faults.wrong_key,
    ErrorKind.BALANCE: faults.no_balance,
    ErrorKind.RATE_LIMIT: faults.rate_limited,
    ErrorKind.SERVER: faults.server_error,
    ErrorKind.OVERLOADED: faults.overloaded,
}
_BREAKS = {ErrorKind.CUT_OFF: End.NO_FINISH, ErrorKind.CONNECTION_LOST: End.FIN}


def failure(kind: ErrorKind) -> ChatError:
    """A failure of the scripted connection."""
    return ChatError(ErrorRecord(kind, host=SCRIPTED_CONNECTION.host))


class FakeModelServer:
    """Makes ``ScriptedModel``."""

    def __init__(self) -> None:
        self.model = ScriptedModel()

    def make_model(self, *scripts: Script, models: Sequence[str] | ErrorKind = ()) -> Model:
        self.model.then(*map(scripted_answer, scripts))
        self.model.models = failure(models) if isinstance(models, ErrorKind) else tuple(models)
        return self.model

    @property
    def request_count(self) -> int:
        return len(self.model.requests) + len(self.model.bodies)

    async def left(self, count: int) -> None:
        await self.model.left.arrived(count)


def scripted_answer(script: Script) -> ScriptedAnswer:
    """``script`` for the fake."""
    steps: list[Step] = [(ThinkingDelta(text),) for text in script.thinking]
    if script.pause is not None:
        steps.append(script.pause)
    steps += [(TextDelta(text),) for text in script.text]
    if script.breaks is not None:
        steps.append(failure(script.breaks))
    else:
        usage = () if script.usage is None else (UsageDelta(script.usage),)
        steps.append((FinishDelta(script.finish), *usage))
    before = (
        *(() if script.before is None else (script.before,)),
        *(() if script.refusal is None else (failure(script.refusal),)),
    )
    return ScriptedAnswer(steps, before)


class DemoModelServer:
    """Scripts ``server``, which runs, for the models that ``create`` makes.

    Args:
        server: The endpoint.
        create: Returns a model for a connection and a key.
    """

    def __init__(self, server: DemoServer, create: Callable[[Connection, str], Model]) -> None:
        self._server = server
        self._create = create

    def make_model(self, *scripts: Script, models: Sequence[str] | ErrorKind = ()) -> Model:
        self._server.enqueue(*map(wire_answer, scripts))
        if isinstance(models, ErrorKind):
            assert models is ErrorKind.INVALID_KEY
            self._server.enqueue_models(WRONG_KEY)
        else:
            self._server._models = tuple((name, 1_761_530_400) for name in models)
        connection = Connection(
            "demo", "Demo", self._server.base_url, ConnectionSource.DEMO, needs_key=False
        )
        return self._create(connection, "sk-contract")

    @property
    def request_count(self) -> int:
        return self._server.posts.total

    async def left(self, count: int) -> None:
        await self._server.disconnected.arrived(count)


def wire_answer(script: Script) -> Answer:
    """``script`` for the demo endpoint."""
    if script.refusal is not None:
        return _REFUSALS[script.refusal]()
    events: list[Event] = [Think(text) for text in script.thinking]
    if script.pause is not None:
        events.append(Wait(script.pause))
    events += [Say(text) for text in script.text]
    return Reply(
        events,
        end=End.CLEAN if script.breaks is None else _BREAKS[script.breaks],
        finish_reason=script.finish,
        usage=None if script.usage is None else _wire_usage(script.usage),
        before=() if script.before is None else (Wait(script.before),),
    )


def _wire_usage(usage: Usage) -> dict[str, object]:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.total,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }
