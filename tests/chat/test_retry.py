"""Which failures are worth another request, and after how many seconds."""

import pytest

from desktop_app.chat.retry import RetryPolicy, is_passing
from desktop_app.domain.errors import ErrorKind, ErrorRecord

NOW = 1_800_000_000.0
BUSY = ErrorRecord(ErrorKind.OVERLOADED, code=2064, status=529)


def policy(chance: float = 0.5, **options: object) -> RetryPolicy:
    return RetryPolicy(chance=lambda: chance, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (ErrorKind.RATE_LIMIT, 1002, 429),
        (ErrorKind.RATE_LIMIT, 2045, 429),
        (ErrorKind.RATE_LIMIT, 2062, 429),
        (ErrorKind.RATE_LIMIT, 2062, None),
        (ErrorKind.RATE_LIMIT, None, 429),
        (ErrorKind.OVERLOADED, 2064, 529),
        (ErrorKind.OVERLOADED, 2064, None),
        (ErrorKind.OVERLOADED, None, 503),
        (ErrorKind.SERVER, 1000, 500),
        (ErrorKind.SERVER, 1000, None),
        (ErrorKind.SERVER, 1001, None),
        (ErrorKind.SERVER, None, 502),
        (ErrorKind.SERVER, 1013, 520),
    ],
)
def test_what_passes_by_itself_is_repeated(
    kind: ErrorKind, code: int | None, status: int | None
) -> None:
    error = ErrorRecord(kind, code=code, status=status)
    assert policy().seconds_to_wait(error, 1, NOW) == 1.0


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (ErrorKind.PLAN_EXHAUSTED, 2056, 429),
        (ErrorKind.BALANCE, 1008, 402),
        (ErrorKind.BALANCE, 1008, 500),
        (ErrorKind.BALANCE, 1008, 429),
        (ErrorKind.INVALID_KEY, 2049, 401),
        (ErrorKind.INVALID_KEY, 1004, 401),
        (ErrorKind.BAD_REQUEST, 2013, 400),
        (ErrorKind.UNKNOWN_MODEL, 2013, 400),
        (ErrorKind.SENSITIVE_INPUT, 1026, 500),
        (ErrorKind.RATE_LIMIT, 1039, 429),
        (ErrorKind.RATE_LIMIT, 1041, 429),
        (ErrorKind.SERVER, None, 408),
        (ErrorKind.SERVER, 1024, None),
        (ErrorKind.SERVER, None, None),
        (ErrorKind.CONNECTION_LOST, None, None),
        (ErrorKind.FIRST_BYTE_TIMEOUT, None, None),
        (ErrorKind.IDLE_TIMEOUT, None, None),
        (ErrorKind.CUT_OFF, None, None),
    ],
)
def test_what_does_not_pass_or_may_be_billed_is_shown(
    kind: ErrorKind, code: int | None, status: int | None
) -> None:
    error = ErrorRecord(kind, code=code, status=status, retry_at=NOW + 5)
    assert policy().seconds_to_wait(error, 1, NOW) is None


@pytest.mark.parametrize("kind", ErrorKind)
def test_only_three_kinds_are_ever_repeated(kind: ErrorKind) -> None:
    passing = {ErrorKind.RATE_LIMIT, ErrorKind.OVERLOADED, ErrorKind.SERVER}
    assert is_passing(ErrorRecord(kind, code=None, status=429)) <= (kind in passing)
    assert is_passing(ErrorRecord(kind, code=None, status=500)) <= (kind in passing)


def test_each_wait_is_twice_the_one_before_up_to_a_limit() -> None:
    patient = policy(tries=9)
    waits = [patient.seconds_to_wait(BUSY, attempt, NOW) for attempt in range(1, 10)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, None]


def test_four_requests_at_most() -> None:
    waits = [policy().seconds_to_wait(BUSY, attempt, NOW) for attempt in range(1, 6)]
    assert waits == [1, 2, 4, None, None]


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 3.0), (0.5, 4.0), (1.0, 5.0)])
def test_a_wait_is_spread_around_its_length(chance: float, seconds: float) -> None:
    assert policy(chance).seconds_to_wait(BUSY, 3, NOW) == seconds


def test_the_limit_holds_with_the_spread_too() -> None:
    assert policy(1.0, tries=9).seconds_to_wait(BUSY, 7, NOW) == 30


@pytest.mark.parametrize(
    ("told", "chance", "seconds"),
    [
        (2.0, 0.0, 2.0),
        (2.0, 1.0, 2.5),
        (60.0, 1.0, 61.0),
        (120.0, 0.0, 120.0),
        (120.5, 0.0, None),
        (86_400.0, 0.0, None),
        (-3.0, 0.5, 1.0),
    ],
)
def test_what_the_server_asks_for_is_honoured_up_to_two_minutes(
    told: float, chance: float, seconds: float | None
) -> None:
    error = ErrorRecord(ErrorKind.RATE_LIMIT, status=429, retry_at=NOW + told)
    assert policy(chance).seconds_to_wait(error, 1, NOW) == seconds


def test_the_person_can_switch_it_off_at_any_time() -> None:
    wanted = [False]
    asked = policy(is_wanted=lambda: wanted[0])
    assert asked.seconds_to_wait(BUSY, 1, NOW) is None
    wanted[0] = True
    assert asked.seconds_to_wait(BUSY, 1, NOW) == 1.0
