"""The HTTP server itself, asked by hand: what no well-behaved client would send."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest

TOKEN = b"Authorization: Token " + b"x" * 40 + b"\r\n"
JSON = b"Content-Type: application/json\r\n"


def ask(server, request, *, wait_s=10):
    """The first line and the head of an answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait_s) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = connection.recv(65536)
            if not piece:
                break
            answer += piece
    head = answer.partition(b"\r\n\r\n")[0]
    return int(head.split()[1]), head.lower()


def get(path, *headers):
    return b"\r\n".join(
        [b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers, b"", b""]
    )


@pytest.mark.parametrize(
    "request_bytes",
    [
        get(b"/health").replace(b"GET", b"TRACE"),
        get(b"/health").replace(b"GET", b"FOO"),
        get(b"/api/projects").replace(b"GET", b"CONNECT"),
        get(b"/" + b"a" * 100_000),
        get(b"/health?" + b"a" * 100_000),
        get(b"/health", b"X: " + b"a" * 100_000),
        get(b"/health", b"X-Broken"),
        get(b"/health", b"Content-Length: -1"),
        get(b"/health", b"Content-Length: 1", b"Content-Length: 2"),
        get(b"/health", b"Content-Length: one"),
        get(b"/health", b"Transfer-Encoding: gzip"),
        get(b"/%ff%fe"),
        get(b"/%00"),
        get(b"/%0d%0aSet-Cookie:%20x=1"),
        get(b"/static/%2e%2e/%2e%2e/config/table.py"),
        get(b"/static/..%2f..%2fapp.py"),
        get(b"/static/../../app.py"),
        get(b"//evil.example/%2e%2e"),
        get(b"/.env"),
        get(b"/labelwright.sqlite3"),
        get(b"/keys.json"),
        get(b"/admin/"),
        get(b"/flower/"),
        get(b"/api/projects/100000000000000000000000"),
        get(b"/api/projects", TOKEN.strip() + b"\xff" * 6000),
        get(b"/api/projects", b"Authorization: Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoiMSJ9."),
        get(b"/api/projects", b"Cookie: sessionid=" + b"\x80\x04K\x01."),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
    ],
    ids=lambda request_bytes: request_bytes[:40].decode("latin-1").encode("unicode_escape").decode(),
)
def test_what_is_malformed_is_refused_and_never_a_fault(shared_server, request_bytes):
    status, head = ask(shared_server, request_bytes)
    assert 400 <= status < 500 or status == 501
    assert b"\r\nset-cookie: x" not in head
    assert b"traceback" not in head
    assert "Traceback" not in shared_server.log


@pytest.mark.parametrize("path", [b"/user/login/?next=/%0d%0aSet-Cookie:%20x=1", b"/?%0d%0aX-New:%201"])
def test_no_header_can_be_made_by_an_address(shared_server, path):
    _, head = ask(shared_server, get(path))
    assert b"\r\nset-cookie: x" not in head
    assert b"\r\nx-new" not in head


def test_many_headers_are_no_fault(shared_server):
    status, _ = ask(shared_server, get(b"/health", *(b"X%d: 1" % number for number in range(300))))
    assert status < 500


def test_the_server_does_not_name_itself(shared_server):
    _, head = ask(shared_server, get(b"/health"))
    assert b"\r\nserver:" not in head
    assert b"waitress" not in head
    assert b"python" not in head


@pytest.mark.parametrize("path", [b"/api/projects", b"/api/projects/1/import", b"/user/login/"])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(shared_server, path):
    start = time.monotonic()
    request = (
        b"POST "
        + path
        + b" HTTP/1.1\r\nHost: localhost\r\n"
        + TOKEN
        + JSON
        + b"Content-Length: 10000000000\r\n\r\n{"
    )
    status, _ = ask(shared_server, request)
    assert status == 413
    assert time.monotonic() - start < 5


def test_bodies_that_never_come_hold_nobody_up(shared_server):
    half = (
        b"POST /api/projects HTTP/1.1\r\nHost: localhost\r\n"
        + TOKEN
        + JSON
        + b"Content-Length: 1000\r\n\r\n{"
    )
    with ExitStack() as held:
        for _ in range(100):
            connection = held.enter_context(
                socket.create_connection(("127.0.0.1", shared_server.port), timeout=10)
            )
            connection.sendall(half)
        start = time.monotonic()
        assert ask(shared_server, get(b"/health"))[0] == 200
        assert time.monotonic() - start < 5


def test_half_a_request_line_holds_nobody_up(shared_server):
    with ExitStack() as held:
        for _ in range(100):
            connection = held.enter_context(
                socket.create_connection(("127.0.0.1", shared_server.port), timeout=10)
            )
            connection.sendall(b"GET /hea")
        assert ask(shared_server, get(b"/health"))[0] == 200
