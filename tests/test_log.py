"""No key gets into the log, wherever in a record it stands."""

import logging
import logging.handlers
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app import log

SECRET = "canary.Key-without+any/known=shape"
SHAPED = [
    "sk-api-canary1234567890",
    "sk-cp-canary_1234-567890abcdef",
    "sk-canary",
    "eyJcanary1234567890.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
]


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch):
    monkeypatch.setattr(log, "_known_secrets", ())


@pytest.fixture
def log_file(tmp_path):
    """The program's logging on a file."""
    levels = {name: logging.getLogger(name).level for name in ("httpx2", "httpx", "openai")}
    log.set_up(tmp_path / "interleave.log")
    yield tmp_path / "interleave.log"
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def logger():
    return logging.getLogger("desktop_app.test")


def content(log_file):
    for handler in logging.getLogger().handlers:
        handler.flush()
    return log_file.read_text(encoding="utf-8")


class TestRedaction:
    def test_a_known_secret_whatever_its_shape(self):
        log.remember_secret(SECRET)
        assert log.redacted(f"key={SECRET};") == "key=[removed];"

    @pytest.mark.parametrize("key", SHAPED)
    @pytest.mark.parametrize(
        "template",
        ["{}", "key: {}", "'{}'", '{{"api_key": "{}"}}', "x={}&y=1", "Bearer {}", "({})"],
    )
    def test_a_key_that_nobody_announced(self, key, template):
        shown = log.redacted(template.format(key))
        assert "canary" not in shown
        assert "[removed]" in shown

    @pytest.mark.parametrize("header", ["Bearer", "bearer", "BEARER"])
    def test_what_stands_in_the_header(self, header):
        shown = log.redacted(f"{{'Authorization': '{header}  any-thing.at_all', 'x': 1}}")
        assert shown == f"{{'Authorization': '{header}  [removed]', 'x': 1}}"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "task-force1234567",
            "the disk-usage of sk-",
            "asyncio",
            "eyJ",
            "risk-adjusted-return",
        ],
    )
    def test_other_words_stay(self, text):
        assert log.redacted(text) == text

    def test_a_secret_that_begins_with_another(self):
        for secret in ("canary", "canary-and-more", "canary-and-more-still"):
            log.remember_secret(secret)
        assert log.redacted("canary-and-more-still canary-and-more") == "[removed] [removed]"

    @pytest.mark.parametrize("secret", ["", "a", "abc"])
    def test_what_is_too_short_to_be_one_is_not_remembered(self, secret):
        log.remember_secret(secret)
        assert log.redacted("abc a") == "abc a"

    def test_a_secret_is_a_text_not_a_pattern(self):
        log.remember_secret("a.c+(x[")
        assert log.redacted("a.c+(x[ abccx") == "[removed] abccx"

    def test_secrets_may_be_learnt_while_others_are_logging(self):
        """Which a set that is walked meanwhile would not survive."""
        failures = []

        def redact():
            try:
                for _ in range(300):
                    log.redacted("some text " * 20)
            except RuntimeError as error:
                failures.append(error)

        threads = [threading.Thread(target=redact) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(300):
            log.remember_secret(f"secret-{number}")
        for thread in threads:
            thread.join(10)
        assert failures == []
        assert log.redacted("secret-299") == "[removed]"

    @given(st.text(), st.text())
    def test_it_is_gone_from_any_text(self, before, after):
        log.remember_secret(SECRET)
        shown = log.redacted(f"{before}{SECRET}{after}")
        assert SECRET not in shown


class TestRecords:
    @pytest.fixture(autouse=True)
    def _remember(self):
        log.remember_secret(SECRET)

    def assert_clean(self, log_file, words):
        text = content(log_file)
        assert "canary" not in text
        assert "[removed]" in text
        assert words in text

    def test_in_the_message(self, log_file):
        logger().warning("asked with " + SECRET)
        self.assert_clean(log_file, "asked with [removed]")

    @pytest.mark.parametrize("key", [SECRET, *SHAPED])
    def test_in_the_arguments(self, log_file, key):
        logger().warning("asked %s with %r", "there", {"key": key})
        self.assert_clean(log_file, "asked there with")

    def test_in_the_traceback_and_its_causes(self, log_file, expect_error_log):
        expect_error_log("it failed")

        def ask(key):
            try:
                raise ValueError(f"bad key {key}")
            except ValueError as error:
                raise RuntimeError(f"Authorization: Bearer {key}x") from error

        try:
            ask(SECRET)
        except RuntimeError:
            logger().exception("it failed")
        self.assert_clean(log_file, "Traceback")
        assert "RuntimeError: Authorization: Bearer [removed]" in content(log_file)

    def test_on_standard_error_too(self, log_file, capsys):
        # The handler that set_up made writes to the stream of that moment.
        console = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
        assert console.formatter is not None
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "with %s", (SECRET,), None)
        assert console.format(record).endswith("with [removed]")

    def test_in_the_name_of_the_logger_and_the_stack(self, log_file):
        logging.getLogger(f"desktop_app.{SECRET}").warning("here", stack_info=True)
        self.assert_clean(log_file, "Stack (most recent call last)")


class TestSetUp:
    def test_the_file_gets_what_is_worth_knowing(self, log_file):
        logger().debug("too much")
        logger().info("a fact")
        logging.getLogger("httpx2").info("POST https://host/path")
        logging.getLogger("openai").warning("something odd")
        text = content(log_file)
        assert "too much" not in text
        assert "INFO desktop_app.test: a fact" in text
        assert "POST" not in text
        assert "something odd" in text

    def test_standard_error_gets_warnings_or_everything(self, log_file, capsys):
        def levels():
            return [
                h.level for h in logging.getLogger().handlers if type(h) is logging.StreamHandler
            ]

        assert levels() == [logging.WARNING]
        log.set_up(log_file, verbose=True)
        assert levels() == [logging.INFO]

    def test_setting_up_again_doubles_nothing(self, log_file):
        log.set_up(log_file)
        log.set_up(log_file)
        assert len(logging.getLogger().handlers) == 2
        logger().warning("once")
        assert content(log_file).count("once") == 1

    def test_the_file_does_not_grow_without_end(self, log_file):
        (handler,) = [
            h
            for h in logging.getLogger().handlers
            if isinstance(h, logging.handlers.RotatingFileHandler)
        ]
        assert 0 < handler.maxBytes <= 10_000_000
        assert handler.backupCount >= 1

    def test_a_place_that_takes_no_file_is_said_and_no_reason_to_stop(self, log_file, capsys):
        log.remember_secret("canary")
        log.set_up(log_file.parent / "none" / "canary.log")
        logger().warning("still here")
        shown = capsys.readouterr().err
        assert "WARNING desktop_app.log: no log file" in shown
        assert "canary" not in shown
        assert "still here" in shown

    def test_without_a_file(self, log_file, capsys):
        log.set_up(None)
        logger().warning("still here")
        assert "still here" in capsys.readouterr().err
