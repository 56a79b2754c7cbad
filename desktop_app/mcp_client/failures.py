"""What went wrong with a connection, as a kind that the program knows. Loaded late."""

import httpx2
from mcp.shared.exceptions import MCPError
from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT
from pydantic import ValidationError

from desktop_app.domain.errors import ChatError
from desktop_app.domain.mcp_server import ServerProblem
from desktop_app.mcp_client.http_transport import TooLongError
from desktop_app.mcp_client.server_secrets import MissingSecretError
from desktop_app.mcp_client.sign_in import SignInError, SignInNeededError


def failure_of(error: BaseException) -> tuple[ServerProblem, str]:
    """Return the kind and the detail of ``error``, or of the first telling one in a group."""
    told = [_kind(leaf) for leaf in _leaves(error)]
    known = [kind for kind in told if kind[0] is not ServerProblem.PROTOCOL]
    return (known or told)[0]


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _kind(error: BaseException) -> tuple[ServerProblem, str]:
    match error:
        case SignInNeededError():
            return ServerProblem.SIGN_IN_NEEDED, ""
        case SignInError():
            return ServerProblem.SIGN_IN_FAILED, str(error)
        case MissingSecretError():
            return ServerProblem.SECRET_MISSING, str(error)
        case TooLongError():
            return ServerProblem.TOO_LONG, str(error)
        case ChatError():
            # The person's proxy, or their certificates.
            return ServerProblem.UNREACHABLE, str(error)
        case httpx2.HTTPStatusError():
            code = error.response.status_code
            is_elsewhere = 300 <= code < 400
            problem = ServerProblem.REDIRECTED if is_elsewhere else ServerProblem.REFUSED
            return problem, f"HTTP {code}"
        case httpx2.HTTPError():
            return ServerProblem.UNREACHABLE, str(error) or type(error).__name__
        case MCPError() if error.code == CONNECTION_CLOSED:
            return ServerProblem.ENDED, ""
        case MCPError() if error.code == REQUEST_TIMEOUT:
            return ServerProblem.START_TIMED_OUT, ""
        case MCPError():
            return ServerProblem.PROTOCOL, error.message
        case ValidationError():
            places = {".".join(map(str, part["loc"])) for part in error.errors()}
            return ServerProblem.PROTOCOL, ", ".join(sorted(places))[:200]
        case TimeoutError():
            return ServerProblem.START_TIMED_OUT, ""
        case FileNotFoundError():
            return ServerProblem.COMMAND_NOT_FOUND, str(error)
        case OSError():
            return ServerProblem.CANNOT_START, error.strerror or str(error)
    if type(error).__module__.startswith("mcp.client.auth"):
        return ServerProblem.SIGN_IN_FAILED, str(error)
    return ServerProblem.PROTOCOL, f"{type(error).__name__}: {error}"
