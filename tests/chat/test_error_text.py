"""Every failure has its sentence, and every address that is refused its reason."""

import re

import pytest

from desktop_app.chat.endpoint_text import ENDPOINT_TEXTS
from desktop_app.chat.error_actions import ErrorAction, settings_page
from desktop_app.chat.error_text import ERROR_TEXTS, UNKNOWN_HOST, details, english, fill
from desktop_app.domain.connection import EndpointProblem
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.settings.table import Page

KINDS = pytest.mark.parametrize("kind", list(ErrorKind))
FIXED_IN_SETTINGS = {
    ErrorKind.NO_KEY, ErrorKind.KEYRING_LOCKED, ErrorKind.BAD_ENDPOINT, ErrorKind.INVALID_KEY,
    ErrorKind.MISSING_KEY, ErrorKind.NOT_FOUND, ErrorKind.REFUSED, ErrorKind.HOST_NOT_FOUND,
}  # fmt: skip
SAME_AGAIN_FAILS_AGAIN = {ErrorKind.TOO_LARGE_REQUEST, ErrorKind.SENSITIVE_INPUT}


def test_the_table_is_complete():
    assert set(ERROR_TEXTS) == set(ErrorKind)
    assert set(ENDPOINT_TEXTS) == set(EndpointProblem)


@KINDS
@pytest.mark.parametrize("host", ["api.minimax.io", None, "127.0.0.1:8080"])
def test_english_sentences(kind, host):
    shown = english(ErrorRecord(kind, host=host, detail="{host} %s"))
    assert "{" not in shown
    assert "}" not in shown
    assert "%" not in shown
    assert "  " not in shown
    # Sentences begin with a capital letter, unless with a host, and all end.
    assert re.match(r"[A-Z]" if host is None else r"[A-Z0-9]|api\.", shown)
    assert re.search(r"[.]\Z", shown)
    if "{host}" in ERROR_TEXTS[kind].sentence:
        assert (host or UNKNOWN_HOST).casefold() in shown.casefold()


@KINDS
def test_only_known_placeholders(kind):
    text = ERROR_TEXTS[kind]
    for template in (text.sentence, text.advice):
        assert set(re.findall(r"\{[^}]*\}", template)) <= {"{host}"}
        assert template == template.strip()
        assert template


@KINDS
def test_actions_fit(kind):
    actions = ERROR_TEXTS[kind].actions
    assert len(set(actions)) == len(actions)
    assert ErrorAction.COPY_REPORT not in actions, "the window offers it with every failure"
    if kind in FIXED_IN_SETTINGS:
        assert actions[0] is ErrorAction.OPEN_SETTINGS
    if kind in SAME_AGAIN_FAILS_AGAIN:
        assert ErrorAction.RETRY not in actions
    elif kind is not ErrorKind.STORAGE:
        assert ErrorAction.RETRY in actions
    assert (ErrorAction.OTHER_REGION in actions) == (kind is ErrorKind.INVALID_KEY)
    words = english(ErrorRecord(kind)).casefold()
    if "settings" in words:
        assert ErrorAction.OPEN_SETTINGS in actions
    if re.search(r"\bretry\b", words):
        assert ErrorAction.RETRY in actions


def test_settings_open_where_it_can_be_changed():
    network = {kind for kind in ErrorKind if settings_page(ErrorRecord(kind)) is Page.NETWORK}
    assert {ErrorKind.PROXY_PASSWORD, ErrorKind.CA_FILE, ErrorKind.IDLE_TIMEOUT} <= network
    assert all(ErrorAction.OPEN_SETTINGS in ERROR_TEXTS[kind].actions for kind in network)
    for kind in ErrorKind:
        if "under Network" in ERROR_TEXTS[kind].advice:
            assert kind in network
    assert settings_page(ErrorRecord(ErrorKind.INVALID_KEY)) is Page.CONNECTION


def test_no_two_failures_say_the_same():
    sentences = [text.sentence for text in ERROR_TEXTS.values()]
    assert len(set(sentences)) == len(sentences)


def test_a_translated_sentence_is_filled_too():
    record = ErrorRecord(ErrorKind.REFUSED, host="h:1")
    assert fill("在 {host} 没有响应。", record, "服务器") == "在 h:1 没有响应。"
    assert (
        fill("{host} 没有响应。", ErrorRecord(ErrorKind.REFUSED), "服务器") == "服务器 没有响应。"
    )


def test_a_report_has_every_fact():
    record = ErrorRecord(
        ErrorKind.RATE_LIMIT, "api.minimax.io", 1002, 429, "abc", "slow down\nplease"
    )
    assert details(record) == (
        "error: rate_limit\nhost: api.minimax.io\ncode: 1002\nHTTP status: 429\n"
        "trace id: abc\nslow down\nplease"
    )
    assert details(ErrorRecord(ErrorKind.INTERNAL)) == "error: internal"
    assert "code: 0" in details(ErrorRecord(ErrorKind.SERVER, code=0))


@pytest.mark.parametrize("problem", list(EndpointProblem))
def test_every_refused_address_has_its_reason(problem):
    sentence = ENDPOINT_TEXTS[problem]
    assert re.match(r"[A-Z]|http://", sentence)
    assert sentence.endswith(".")
    assert "{" not in sentence
