"""The log, without what must not stand in it."""

from __future__ import annotations

import io
import json
import logging

import pytest

from labelwright.doors import logs

LEAKS = [
    ("Authorization: Token 0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2lnbmF0dXJl", "eyJ1c2VyIjoxfQ"),
    ("Authorization: Basic YW5uOmh1c2gtaHVzaA==", "YW5uOmh1c2g"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2ln was refused", "eyJhbGci"),
    ("Cookie: a=1; sessionid=hush; theme=dark", "hush"),
    ("headers {'Set-Cookie': '__Host-sessionid=hush; HttpOnly'}", "hush"),
    ("login email=a@x.example&password=hush%21&next=/", "hush"),
    ('{"email": "a@x.example", "password": "hu sh", "b": 1}', "hu sh"),
    ("{'aws_secret_access_key': 'hush'}", "hush"),
    ("secret_key=hush", "hush"),
    ("LABELWRIGHT_ENCRYPTION_KEYS=hush=", "hush"),
    ("GET /api/x?token=hush&page=1", "hush"),
    ("GET https://b.example/a?X-Amz-Signature=hush&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/1", "hush"),
    ("key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("cannot connect to postgresql+psycopg2://label:hush@db:5432/label", "hush"),
    ("redis://:hush@redis:6379/1 refused", "hush"),
    ("stored lw1:0a1b2c3d:gAAAAABhush_x-=", "hush"),
    ("user_token: hush", "hush"),
    ("X-Api-Key: hush", "hush"),
    ("csrfmiddlewaretoken=hush", "hush"),
]


@pytest.mark.parametrize(("text", "secret"), LEAKS)
def test_secrets_are_left_out(text, secret):
    assert secret not in logs.without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/projects/1/tasks?page=2 200 in 12 ms",
        "plugin 'tag_image' failed in register_tags: no module named 'x'",
        "bearer of bad news: the basic questions remain",
        "3 tokens were made",
        "0a1b2c3d-cat.jpg",
        "listening on http://localhost:8080/label",
    ],
)
def test_other_words_stay(text):
    assert logs.without_secrets(text) == text


@pytest.fixture
def log(request):
    """A logger of our own, and what it wrote."""
    out = io.StringIO()
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    logs.begin("INFO", as_json=getattr(request, "param", False), stream=out)
    yield logging.getLogger("labelwright.test"), out
    root.handlers[:] = kept
    root.setLevel(level)


def test_arguments_and_tracebacks_are_filtered_too(log):
    logger, out = log
    logger.info("sent %s", {"password": "hush"})
    try:
        raise ValueError("password='hush'")
    except ValueError:
        logger.exception("failed")
    assert "hush" not in out.getvalue()
    assert "ValueError" in out.getvalue()


def test_a_message_cannot_pretend_to_be_another_line(log):
    logger, out = log
    logger.info("name %s", "x\n2026-01-01 00:00:00 CRITICAL root: forged\r\x1b[2J\u2028y")
    assert [line for line in out.getvalue().splitlines() if not line.startswith("    ")].__len__() == 1
    assert "\x1b" not in out.getvalue()
    assert "\r" not in out.getvalue()


@pytest.mark.parametrize("log", [True], indirect=True)
def test_json_lines_are_one_object_each(log):
    logger, out = log
    logger.warning("中文 token=%s\nsecond", "hush")
    try:
        raise ValueError("x")
    except ValueError:
        logger.exception("failed")
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["level"], first["logger"]) == ("WARNING", "labelwright.test")
    assert first["message"].startswith("中文")
    assert "ValueError" in second["traceback"]
