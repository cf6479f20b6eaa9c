"""The log, without what must not stand in it: tokens, cookies, passwords, keys, signed addresses."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from typing import Any, TextIO

HIDDEN = "(hidden)"

SECRETS = (
    # Authorization: Token 0123..., Bearer eyJ..., Basic dXNlcjp...
    (
        re.compile(
            r"(?i)\b(token|bearer|basic)\s+(?=[A-Za-z0-9._~+/=-]*[0-9._~+/=-])[A-Za-z0-9._~+/=-]{12,}"
        ),
        rf"\1 {HIDDEN}",
    ),
    # A JSON web token, wherever it stands.
    (re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?"), HIDDEN),
    # Cookie headers, to the end of the line.
    (re.compile(r"(?i)\b((?:set-)?cookie['\"]?\s*[:=]\s*)[^\r\n]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b((?:__host-)?(?:sessionid|csrftoken|lw_session)=)[^;\s&'\"]+"), rf"\1{HIDDEN}"),
    # password=..., "secret_key": "...", x-api-key: ...
    (
        re.compile(
            r"(?i)([\w.-]*(?:passw(?:or)?d|secret|api[_-]?key|access[_-]?key|account[_-]?key|encryption[_-]?keys?"
            r"|user[_-]?token|csrfmiddlewaretoken|refresh|signature|credential)[\w.-]*['\"]?\s*[:=]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&)}\]]+)"
        ),
        rf"\1{HIDDEN}",
    ),
    # ?token=..., &sig=... of addresses
    (
        re.compile(r"(?i)([?&](?:token|sig|x-amz-security-token|x-goog-signature|invite)=)[^&\s'\"]+"),
        rf"\1{HIDDEN}",
    ),
    # scheme://user:password@host
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^/\s:@]*:)[^@/\s]+@"), rf"\1{HIDDEN}@"),
    # keys of clouds, and legacy tokens
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"\b[0-9a-f]{40}\b"), HIDDEN),
    (re.compile(r"\blw1:[0-9a-f]{8}:[A-Za-z0-9_=-]+"), HIDDEN),
)
LINE_BREAKS = str.maketrans(
    {"\r": "\\r", "\x1b": "\\x1b", "\x00": "\\0", "\x85": "\\x85", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def without_secrets(text: str) -> str:
    """A text as it may stand in a log."""
    for pattern, kept in SECRETS:
        text = pattern.sub(kept, text)
    return text


class PlainLines(logging.Formatter):
    """One message a line, with what is secret left out; a traceback follows, indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # the name is logging's
        return super().formatMessage(record).translate(LINE_BREAKS).replace("\n", "\n    ")

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            told["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def begin(level: str = "WARNING", *, as_json: bool = False, stream: TextIO | None = None) -> None:
    """Send all messages of the program to one place, in one form. Called once, by the command line."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    # Libraries that tell each request, or each byte.
    for chatty in ("httpcore", "botocore", "urllib3", "PIL", "celery.redirected"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
