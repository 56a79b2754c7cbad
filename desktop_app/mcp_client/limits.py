"""Times and sizes within which servers are kept. In seconds and bytes."""

from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 4_000_000
"""Of one message."""

EXIT_SECONDS: Final = 2.0
"""How long a server may take to leave after its input was closed, and again after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults are the program's; tests take others.

    Attributes:
        start_seconds: From the start to the list of tools.
        call_seconds: For one answer, begun anew by each progress report.
        longest_call: For one answer, whatever is reported.
        grace: For a process to leave after its input was closed, and again after SIGTERM.
        leave_seconds: For a whole connection to leave before it is broken off.
        restart_delays: Before each restart in a row; when they are used up, it has failed.
        steady_seconds: After so long a run the delays begin anew.
        relist_gap: Between two listings of the tools of one server.
        most_bytes: Of one message.
        questions: Of one server that wait for the person at the same time; more are cancelled.
    """

    start_seconds: float = 10.0
    call_seconds: float = 60.0
    longest_call: float = 1_800.0
    grace: float = EXIT_SECONDS
    leave_seconds: float = 6.5
    restart_delays: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)
    steady_seconds: float = 60.0
    relist_gap: float = 0.5
    most_bytes: int = MOST_BYTES
    questions: int = 3
