"""The sentence for every failure: what happened, what to do, and which actions fit.

Free of Qt, so that ``--ask`` on a machine without a display says the same as the window. The window
translates the sentences; placeholders are filled after that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from desktop_app.catalog.regions import region_of_host
from desktop_app.chat.error_actions import ErrorAction
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What is said of one kind of failure; both sentences are translatable templates."""

    sentence: str
    advice: str
    actions: tuple[ErrorAction, ...]


_NONE: Final = ()
_RETRY: Final = (ErrorAction.RETRY,)
_SETTINGS: Final = (ErrorAction.OPEN_SETTINGS, ErrorAction.RETRY)
_OF_REGIONS: Final = (ErrorAction.ASK_OTHER_REGION, ErrorAction.OTHER_REGION)
_REGION: Final = (ErrorAction.OPEN_SETTINGS, *_OF_REGIONS, ErrorAction.RETRY)

ERROR_TEXTS: Final[Mapping[ErrorKind, ErrorText]] = MappingProxyType(
    {
        ErrorKind.NO_KEY: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "There is no API key for {host} yet."),
            QT_TRANSLATE_NOOP("Errors", "Enter one in the settings, or try the demo."),
            _SETTINGS,
        ),
        ErrorKind.KEYRING_LOCKED: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The system keyring is locked, so the API key or password for {host} cannot be read.",
            ),
            QT_TRANSLATE_NOOP(
                "Errors", "Unlock it and retry, or enter it in the settings for this run."
            ),
            _SETTINGS,
        ),
        ErrorKind.BAD_ENDPOINT: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The address of this connection cannot be used."),
            QT_TRANSLATE_NOOP("Errors", "Correct it in the settings."),
            _SETTINGS,
        ),
        ErrorKind.BAD_PROXY: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The address of the proxy cannot be used."),
            QT_TRANSLATE_NOOP("Errors", "Correct it in the settings under Network."),
            _SETTINGS,
        ),
        ErrorKind.CA_FILE: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The file with your own certificates cannot be used."),
            QT_TRANSLATE_NOOP("Errors", "Correct it in the settings under Network."),
            _SETTINGS,
        ),
        ErrorKind.TOO_LARGE_REQUEST: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "This conversation is too large to send."),
            QT_TRANSLATE_NOOP("Errors", "Begin a new conversation, or shorten the last message."),
            _NONE,
        ),
        ErrorKind.WINDOW_FULL: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "This is too long for the model, so nothing was sent."),
            QT_TRANSLATE_NOOP("Errors", "Shorten it, unpin messages, or choose another model."),
            _RETRY,
        ),
        ErrorKind.REFUSED: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "Nothing answers at {host}."),
            QT_TRANSLATE_NOOP(
                "Errors",
                "Check that the server runs and that the address in the settings is right.",
            ),
            _SETTINGS,
        ),
        ErrorKind.HOST_NOT_FOUND: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The host {host} cannot be found."),
            QT_TRANSLATE_NOOP(
                "Errors", "Check the network connection and the address in the settings."
            ),
            _SETTINGS,
        ),
        ErrorKind.CONNECT_TIMEOUT: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} did not take the connection in time."),
            QT_TRANSLATE_NOOP("Errors", "Check the network, a proxy or a firewall, then retry."),
            _SETTINGS,
        ),
        ErrorKind.TLS: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "The identity of {host} cannot be verified, so nothing was sent."
            ),
            QT_TRANSLATE_NOOP(
                "Errors",
                "Check this computer’s date, a proxy that inspects traffic, and the address in the settings.",
            ),
            _SETTINGS,
        ),
        ErrorKind.TLS_EXPIRED: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "The certificate of {host} is not valid today, so nothing was sent."
            ),
            QT_TRANSLATE_NOOP(
                "Errors",
                "Check this computer’s date; if it is right, tell whoever runs the server.",
            ),
            _SETTINGS,
        ),
        ErrorKind.TLS_OTHER_HOST: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "The certificate of {host} belongs to another host, so nothing was sent."
            ),
            QT_TRANSLATE_NOOP("Errors", "Check the address in the settings."),
            _SETTINGS,
        ),
        ErrorKind.TLS_UNKNOWN_ISSUER: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The certificate of {host} was issued by nobody whom this computer trusts, so nothing was sent.",
            ),
            QT_TRANSLATE_NOOP(
                "Errors",
                "If your own server or your company’s proxy issued it, name the file with its certificates in the settings under Network.",
            ),
            _SETTINGS,
        ),
        ErrorKind.NOT_TLS: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} does not speak HTTPS."),
            QT_TRANSLATE_NOOP("Errors", "Check the address and the port in the settings."),
            _SETTINGS,
        ),
        ErrorKind.PROXY: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The proxy did not let the request through."),
            QT_TRANSLATE_NOOP(
                "Errors", "The details say what it answered; its rules may not allow this address."
            ),
            _SETTINGS,
        ),
        ErrorKind.PROXY_PASSWORD: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The proxy {host} wants another user name or password."),
            QT_TRANSLATE_NOOP(
                "Errors",
                "Enter them in the settings under Network; for the system’s proxy, where that one is set.",
            ),
            _SETTINGS,
        ),
        ErrorKind.PROXY_UNREACHABLE: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The proxy {host} cannot be reached."),
            QT_TRANSLATE_NOOP(
                "Errors", "Check its address and port, or choose another proxy in the settings."
            ),
            _SETTINGS,
        ),
        ErrorKind.CONNECTION_LOST: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The connection to {host} was lost."),
            QT_TRANSLATE_NOOP(
                "Errors", "What has arrived is kept. Retry when the network is back."
            ),
            _RETRY,
        ),
        ErrorKind.FIRST_BYTE_TIMEOUT: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "{host} took the request but did not begin to answer in time."
            ),
            QT_TRANSLATE_NOOP("Errors", "Retry; a long wait can be allowed in the settings."),
            _SETTINGS,
        ),
        ErrorKind.IDLE_TIMEOUT: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} stopped sending in the middle of the answer."),
            QT_TRANSLATE_NOOP(
                "Errors",
                "What has arrived is kept. Retry, or allow a longer silence in the settings.",
            ),
            _SETTINGS,
        ),
        ErrorKind.SLEPT: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The answer was interrupted by this computer’s sleep."),
            QT_TRANSLATE_NOOP("Errors", "What has arrived is kept. Retry to ask again."),
            _RETRY,
        ),
        ErrorKind.REDIRECT: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors",
                "{host} sent the request on to another address, which was not followed, so the key stays where it belongs.",
            ),
            QT_TRANSLATE_NOOP("Errors", "Check the address in the settings."),
            _SETTINGS,
        ),
        ErrorKind.INVALID_KEY: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} does not accept this API key."),
            QT_TRANSLATE_NOOP("Errors", "Check the key in the settings."),
            _REGION,
        ),
        ErrorKind.MISSING_KEY: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} did not find an API key in the request."),
            QT_TRANSLATE_NOOP("Errors", "Enter the key again in the settings."),
            _SETTINGS,
        ),
        ErrorKind.FORBIDDEN: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} does not allow this request."),
            QT_TRANSLATE_NOOP(
                "Errors", "Check what this key may do, and whether a firewall stands in between."
            ),
            _SETTINGS,
        ),
        ErrorKind.BALANCE: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The account’s balance is used up."),
            QT_TRANSLATE_NOOP("Errors", "Top it up on the service’s page, then retry."),
            _RETRY,
        ),
        ErrorKind.RATE_LIMIT: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "Too many requests at the moment."),
            QT_TRANSLATE_NOOP("Errors", "Wait a little, then retry."),
            _RETRY,
        ),
        ErrorKind.PLAN_EXHAUSTED: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The plan’s quota is used up."),
            QT_TRANSLATE_NOOP(
                "Errors", "Wait until it is renewed, or change the plan on the service’s page."
            ),
            _RETRY,
        ),
        ErrorKind.PLAN_LACKS_MODEL: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The plan does not include this model."),
            QT_TRANSLATE_NOOP("Errors", "Choose another model above, then retry."),
            _RETRY,
        ),
        ErrorKind.SENSITIVE_INPUT: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "The service refused the message because of its content rules."
            ),
            QT_TRANSLATE_NOOP("Errors", "Change the message and send it again."),
            _NONE,
        ),
        ErrorKind.SENSITIVE_OUTPUT: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "The service ended the answer because of its content rules."
            ),
            QT_TRANSLATE_NOOP("Errors", "What has arrived is kept. Ask differently, or retry."),
            _RETRY,
        ),
        ErrorKind.BAD_REQUEST: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} did not accept the request."),
            QT_TRANSLATE_NOOP("Errors", "The details say what it objects to."),
            _SETTINGS,
        ),
        ErrorKind.UNKNOWN_MODEL: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} does not know this model."),
            QT_TRANSLATE_NOOP("Errors", "Choose another model above, then retry."),
            _RETRY,
        ),
        ErrorKind.CONTEXT_TOO_LONG: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The conversation is longer than this model can take."),
            QT_TRANSLATE_NOOP(
                "Errors", "Begin a new conversation, or choose a model with a larger window."
            ),
            _RETRY,
        ),
        ErrorKind.NOT_FOUND: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} has nothing at this address."),
            QT_TRANSLATE_NOOP(
                "Errors", "Check the address in the settings; it usually ends in /v1."
            ),
            _SETTINGS,
        ),
        ErrorKind.SERVER: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} had an internal error."),
            QT_TRANSLATE_NOOP("Errors", "This is not your fault. Retry in a moment."),
            _RETRY,
        ),
        ErrorKind.OVERLOADED: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} is overloaded."),
            QT_TRANSLATE_NOOP("Errors", "Retry in a moment."),
            _RETRY,
        ),
        ErrorKind.EMPTY_ANSWER: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "{host} sent an empty answer."),
            QT_TRANSLATE_NOOP("Errors", "Retry."),
            _RETRY,
        ),
        ErrorKind.WEB_PAGE: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "A web page answered instead of the service."),
            QT_TRANSLATE_NOOP(
                "Errors",
                "A Wi-Fi sign-in page or a proxy may stand in between; the address in the settings may be wrong.",
            ),
            _SETTINGS,
        ),
        ErrorKind.BAD_DATA: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "{host} sent something that is not in the expected format."
            ),
            QT_TRANSLATE_NOOP(
                "Errors", "What has arrived is kept. Retry; the details help when it happens again."
            ),
            _RETRY,
        ),
        ErrorKind.TOO_LARGE_ANSWER: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors", "{host} sent more than this program takes, so the connection was closed."
            ),
            QT_TRANSLATE_NOOP("Errors", "What has arrived is kept."),
            _RETRY,
        ),
        ErrorKind.CUT_OFF: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The answer broke off before it was finished."),
            QT_TRANSLATE_NOOP("Errors", "What has arrived is kept."),
            _RETRY,
        ),
        ErrorKind.LENGTH: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The answer reached the length limit."),
            QT_TRANSLATE_NOOP(
                "Errors", "Allow more tokens in this conversation’s parameters, then retry."
            ),
            _RETRY,
        ),
        ErrorKind.LENGTH_IN_THINKING: ErrorText(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The length limit was reached while the model was still thinking, so there is no answer.",
            ),
            QT_TRANSLATE_NOOP(
                "Errors", "Allow more tokens in this conversation’s parameters, then retry."
            ),
            _RETRY,
        ),
        ErrorKind.STORAGE: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "The conversation cannot be stored."),
            QT_TRANSLATE_NOOP(
                "Errors",
                "It stays on the screen for now. Free some space, or check the data folder.",
            ),
            _NONE,
        ),
        ErrorKind.INTERNAL: ErrorText(
            QT_TRANSLATE_NOOP("Errors", "Something went wrong inside the program."),
            QT_TRANSLATE_NOOP(
                "Errors", "What has arrived is kept. Please send a report with the details."
            ),
            _RETRY,
        ),
    }
)

OTHER_REGION_ADVICE: Final = QT_TRANSLATE_NOOP(
    "Errors", "A key belongs to one region: it may be one of the other region’s."
)

UNKNOWN_HOST: Final = QT_TRANSLATE_NOOP("Errors", "the server")


def fill(template: str, record: ErrorRecord, unknown_host: str = UNKNOWN_HOST) -> str:
    """Put what ``record`` knows into a sentence, translated or not."""
    host = record.host or unknown_host
    if not record.host and template.startswith("{host}"):
        host = host[:1].upper() + host[1:]
    return template.replace("{host}", host)


def actions(record: ErrorRecord) -> tuple[ErrorAction, ...]:
    """Return what fits this failure; another region is offered for a region's own host alone."""
    wanted = ERROR_TEXTS[record.kind].actions
    if region_of_host(record.host) is not None:
        return wanted
    return tuple(action for action in wanted if action not in _OF_REGIONS)


def advices(record: ErrorRecord) -> tuple[str, ...]:
    """Return the sentences on what to do, as templates."""
    advice = ERROR_TEXTS[record.kind].advice
    if ErrorAction.OTHER_REGION in actions(record):
        return (advice, OTHER_REGION_ADVICE)
    return (advice,)


def english(record: ErrorRecord) -> str:
    """Return the sentence and the advice in English, as ``--ask`` prints them."""
    templates = (ERROR_TEXTS[record.kind].sentence, *advices(record))
    return " ".join(fill(template, record) for template in templates)


def details(record: ErrorRecord) -> str:
    """Return what a report needs, a fact a line: kind, numbers, trace, and the server's words."""
    facts = (
        ("error", record.kind.value),
        ("host", record.host),
        ("code", record.code),
        ("HTTP status", record.status),
        ("trace id", record.trace_id),
    )
    lines = [f"{name}: {value}" for name, value in facts if value not in {None, ""}]
    return "\n".join([*lines, record.detail] if record.detail else lines)
