"""Outgoing requests: what is reached, what is refused, how long and how large it may get."""

from __future__ import annotations

import datetime
import gzip
import io
import logging
import socket
import ssl
import threading
import time
import zlib
from contextlib import contextmanager

import pytest

from labelwright.config import load
from labelwright.doors.networks import Rules
from labelwright.doors.outbound import Outbound, check_headers
from labelwright.errors import InvalidInput

RESERVED = "URL resolves to a reserved network address"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """A real socket that says what it is told to, and remembers what it was asked."""

    def __init__(self, reply, tls=None):
        self.reply = reply
        self.requests = []
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._accepting = threading.Thread(target=self._serve, daemon=True)
        self._accepting.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        try:
            with (
                connection
                if self._tls is None
                else self._tls.wrap_socket(connection, server_side=True) as stream
            ):
                asked = b""
                while b"\r\n\r\n" not in asked:
                    piece = stream.recv(65536)
                    if not piece:
                        return
                    asked += piece
                self.requests.append(asked)
                reply = self.reply(asked) if callable(self.reply) else self.reply
                for piece in [reply] if isinstance(reply, bytes) else reply:
                    stream.sendall(piece)
        except OSError:
            pass

    def close(self):
        """A thread that still waited at the number of this socket would answer for the next one that gets it."""
        if self._accepting.is_alive():
            self._socket.shutdown(socket.SHUT_RDWR)
            self._accepting.join()
        self._socket.close()


@contextmanager
def serving(reply, tls=None):
    server = Server(reply, tls)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def outbound(tmp_path):
    def make(**settings):
        return Outbound(load(tmp_path, {}, settings))

    return make


@pytest.fixture
def names(monkeypatch):
    """Names of our own: ``names["files.example"] = ["127.0.0.1"]``, or a function that is called each time."""
    table = {}
    real = socket.getaddrinfo

    def look_up(host, port, *args, **options):
        if host not in table:
            return real(host, port, *args, **options)
        answers = table[host]() if callable(table[host]) else table[host]
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port))
            for a in answers
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


def fetch(client, url, **options):
    into = io.BytesIO()
    return client.fetch(url, into=into, **options), into.getvalue()


def silence(_):
    time.sleep(5)
    yield b""


def refusal(client, url, **options):
    with pytest.raises(InvalidInput) as caught:
        fetch(client, url, **options)
    return caught.value


# --- what is reached


def test_a_file_is_downloaded_with_its_name_and_type(outbound):
    with serving(HELLO) as server:
        client = outbound(outbound_import=["127.0.0.1"])
        fetched, content = fetch(client, f"http://127.0.0.1:{server.port}/a/my%20data.csv?x=1")
    assert content == b"hello"
    assert (fetched.size, fetched.content_type, fetched.filename) == (5, "text/csv", "my data.csv")
    assert fetched.final_url == f"http://127.0.0.1:{server.port}/a/my%20data.csv?x=1"


def test_the_name_stays_in_the_host_header(outbound, names):
    names["files.example"] = ["127.0.0.1"]
    with serving(HELLO) as server:
        fetch(outbound(outbound_import=["files.example"]), f"http://files.example:{server.port}/x")
    assert f"Host: files.example:{server.port}\r\n".encode() in server.requests[0]


def test_a_redirect_is_followed_and_names_the_file(outbound):
    def reply(asked):
        if b"GET /start" in asked:
            return b"HTTP/1.1 302 Found\r\nLocation: /other/end.json\r\nContent-Length: 0\r\n\r\n"
        return HELLO

    with serving(reply) as server:
        fetched, content = fetch(
            outbound(outbound_import=["127.0.0.0/8"]), f"http://127.0.0.1:{server.port}/start"
        )
    assert (content, fetched.filename) == (b"hello", "end.json")


def test_the_second_address_is_tried_when_the_first_is_silent(outbound, names):
    with serving(HELLO) as server:
        names["files.example"] = ["127.0.0.2", "127.0.0.1"]
        _, content = fetch(
            outbound(outbound_import=["files.example"]), f"http://files.example:{server.port}/"
        )
    assert content == b"hello"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_packed_answer_is_unpacked(outbound, encoding):
    body = (gzip if encoding == "gzip" else zlib).compress(b"hello" * 10_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with serving(head + body) as server:
        fetched, content = fetch(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert content == b"hello" * 10_000
    assert fetched.size == 50_000


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 65536 * 3 + 258])
@pytest.mark.parametrize("sent_at_once", [1, 7, 65536])
def test_a_packed_answer_is_whole_whatever_its_size(outbound, size, sent_at_once):
    packed = gzip.compress(bytes(size))

    def reply(_):
        yield f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
        for at in range(0, len(packed), sent_at_once):
            yield packed[at : at + sent_at_once]

    with serving(reply) as server:
        _, content = fetch(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert content == bytes(size)


def test_a_request_with_a_body_is_sent_and_answered(outbound):
    with serving(b"HTTP/1.1 201 Created\r\nX-Thing: 1\r\nContent-Length: 2\r\n\r\nok") as server:
        client = outbound(outbound_webhook=["127.0.0.1"])
        answer = client.send(
            "POST", f"http://127.0.0.1:{server.port}/h", "webhook", headers={"X-Key": "v"}, body=b'{"a":1}'
        )
    assert (answer.status, answer.headers["x-thing"], answer.body) == (201, "1", b"ok")
    assert b"X-Key: v\r\n" in server.requests[0]
    assert b"Content-Length: 7\r\n" in server.requests[0]


# --- where it may not go

LOOPBACKS = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.255.255.254:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://loop.example:{port}/",
    "http://mapped.example:{port}/",
    "http://mixed.example:{port}/",
]


@pytest.mark.parametrize("url", LOOPBACKS)
def test_loopback_is_refused_however_it_is_spelled_and_no_packet_is_sent(outbound, names, url):
    names["loop.example"] = ["127.0.0.1"]
    names["mapped.example"] = ["::ffff:127.0.0.1"]
    names["mixed.example"] = ["93.184.215.14", "127.0.0.1"]
    with serving(HELLO) as server:
        error = refusal(outbound(), url.format(port=server.port))
        time.sleep(0.01)
        assert server.requests == []
    assert str(error) == RESERVED
    assert error.status == 400
    assert error.params == {"reason": "reserved", "setting": "outbound.import"}


@pytest.mark.parametrize(
    "address",
    [
        *(
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.1.1",
            "192.0.0.1",
        ),
        *(
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
        ),
        *(
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
        ),
        *(
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2002:c0a8:101::1",
            "64:ff9b::10.0.0.1",
            "::ffff:192.168.1.1",
        ),
        *("64:ff9b:1::a00:1", "100::1", "5f00::1", "::ffff:0:10.0.0.1", "4000::1"),
    ],
)
def test_reserved_networks_are_refused(outbound, names, address):
    names["inside.example"] = [address]
    assert str(refusal(outbound(), "http://inside.example/")) == RESERVED


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "172.32.0.1"]
)
def test_the_open_internet_is_allowed(address):
    assert Rules().allow("x.example", 80, address)


METADATA = [
    *("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    *("::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "fd20:ce::254"),
]


@pytest.mark.parametrize("address", METADATA)
@pytest.mark.parametrize(
    "opened",
    [
        {},
        {"outbound_import": ["0.0.0.0/0", "::/0", "meta.example"]},
        {"outbound_protect": False},
        {"outbound_default_banned": False},
    ],
    ids=["by default", "listed", "unprotected", "nothing banned"],
)
def test_metadata_addresses_are_refused_whatever_the_settings_say(outbound, names, address, opened):
    names["meta.example"] = [address]
    assert str(refusal(outbound(**opened), "http://meta.example/latest/meta-data/")) == RESERVED


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://x.example/",
            "gopher://x.example/",
            "dict://x.example:11211/",
            "data:,x",
        ),
        *(
            "unix:/run/x",
            "jar:http://x!/y",
            "javascript:alert(1)",
            "//x.example/",
            "x.example/file",
            "http+unix://x",
        ),
    ],
)
def test_other_schemes_are_refused(outbound, url):
    error = refusal(outbound(), url)
    assert error.params["reason"] == "scheme"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "http://",
            "http:///x",
            "http://user@x.example/",
            "http://user:pw@x.example/",
            "http://@x.example/",
        ),
        *(
            "http://x.example:0/",
            "http://x.example:99999/",
            "http://x.example:port/",
            "http://[::1",
            "http://x y/",
        ),
        *(
            "http://x.example\\@127.0.0.1/",
            "http://x.example/\r\nHost: y",
            "http://x.example/\x00",
            "http://\t/",
        ),
        *("http://x..example/", "http://" + "a" * 64 + ".example/", "http://x.example/" + "a" * 9000),
        *(
            "http://[fe80::1%25eth0]/",
            "http://127.0.0.1%00.example/",
            "http://x.example/\ud800",
            "http://%31%32/",
        ),
        *("http://-x-/", "http://x/../" * 2000, "http://[::1]x/"),
    ],
)
def test_malformed_urls_are_refused_without_a_fault(outbound, url):
    error = refusal(outbound(), url)
    assert error.status == 400
    assert error.code == "url-refused"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("http://127.0.0.2:{port}/secret", RESERVED),
        ("//127.0.0.2:{port}/secret", RESERVED),
        ("http://[::ffff:127.0.0.2]:{port}/secret", RESERVED),
        ("file:///etc/passwd", "Only http:// and https:// URLs can be used."),
        ("gopher://x/", "Only http:// and https:// URLs can be used."),
    ],
)
def test_each_hop_of_a_redirect_is_checked(outbound, names, status, location, text):
    def reply(asked):
        if b"/secret" in asked:
            return HELLO
        there = location.format(port=server.port)
        return f"HTTP/1.1 {status} X\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode()

    names["files.example"] = ["127.0.0.1"]
    with serving(reply) as server:
        client = outbound(outbound_import=["127.0.0.1"])
        assert str(refusal(client, f"http://files.example:{server.port}/")) == text
        assert len(server.requests) == 1


def test_redirects_without_end_are_given_up(outbound):
    with serving(b"HTTP/1.1 302 X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n") as server:
        error = refusal(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert error.code == "url-failed"
    assert len(server.requests) == 6


def test_a_name_that_changes_its_address_is_used_as_it_was_checked(outbound, names):
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    asked = []

    def rebinding():
        asked.append(1)
        return next(answers)

    names["files.example"] = rebinding
    with serving(HELLO) as server:
        _, content = fetch(outbound(outbound_import=["127.0.0.1"]), f"http://files.example:{server.port}/")
    assert content == b"hello"
    assert len(asked) == 1


def test_an_open_port_a_closed_one_and_a_silent_one_read_the_same(outbound, names):
    names["out.example"] = ["127.0.0.1"]
    closed = socket.create_server(("127.0.0.1", 0))
    closed_port = closed.getsockname()[1]
    closed.close()
    replies = [
        silence,
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 404 Not Found\r\n\r\nsecret page",
        b"HTTP/1.1 500 X\r\n\r\nsecret",
    ]
    client = outbound(outbound_import=["out.example"])
    errors = [refusal(client, f"http://out.example:{closed_port}/")]
    for reply in replies:
        with serving(reply) as server:
            errors.append(refusal(client, f"http://out.example:{server.port}/", timeout_s=0.4))
            errors.append(refusal(client, f"https://out.example:{server.port}/", timeout_s=0.4))
    errors.append(refusal(client, "http://no-such-host.invalid/"))
    assert {(error.status, error.code, str(error)) for error in errors} == {
        (400, "url-failed", "Nothing could be downloaded from this URL.")
    }


@pytest.mark.parametrize("port_is_open", [True, False])
def test_a_reserved_address_reads_the_same_with_an_open_and_a_closed_port(outbound, port_is_open):
    with serving(HELLO) as server:
        if not port_is_open:
            server.close()
        assert str(refusal(outbound(), f"http://127.0.0.1:{server.port}/")) == RESERVED


# --- what administrators can open


@pytest.mark.parametrize(
    ("places", "host", "address", "allowed"),
    [
        (["minio.internal"], "minio.internal", "10.0.0.5", True),
        (["minio.internal"], "other.internal", "10.0.0.5", False),
        (["minio.internal:9000"], "minio.internal", "10.0.0.5", True),
        (["minio.internal:9001"], "minio.internal", "10.0.0.5", False),
        (["*.internal"], "minio.internal", "10.0.0.5", True),
        (["*.internal"], "internal", "10.0.0.5", False),
        (["*.internal"], "evilinternal", "10.0.0.5", False),
        (["10.0.0.0/24"], "any.example", "10.0.0.5", True),
        (["10.0.0.0/24"], "any.example", "10.0.1.5", False),
        (["10.0.0.5"], "any.example", "::ffff:10.0.0.5", True),
        (["fd00::/8"], "any.example", "fd12::1", True),
        ([], "any.example", "10.0.0.5", False),
    ],
)
def test_places_are_opened_by_host_port_and_network(tmp_path, places, host, address, allowed):
    from labelwright.doors.networks import rules

    settings = load(tmp_path, {}, {"outbound.storage": places})
    assert rules(settings, "storage").allow(host, 9000, address) is allowed
    assert not rules(settings, "import").allow(host, 9000, address)


def test_a_network_that_the_administrator_banned_is_refused_though_it_is_public(outbound, names):
    names["out.example"] = ["8.8.8.8"]
    client = outbound(outbound_banned=["8.8.8.0/24"], outbound_import=["out.example"])
    assert str(refusal(client, "http://out.example/")) == RESERVED


def test_protection_can_be_switched_off(outbound):
    with serving(HELLO) as server:
        _, content = fetch(outbound(outbound_protect=False), f"http://127.0.0.1:{server.port}/")
    assert content == b"hello"


def test_local_ml_backends_can_be_allowed_alone(outbound):
    client = outbound(outbound_ml_block_local=False)
    assert client.check("http://localhost:9090", "ml").port == 9090
    with pytest.raises(InvalidInput, match=RESERVED):
        client.check("http://localhost:9090", "webhook")


def test_a_check_tells_the_addresses_to_connect_to(outbound, names):
    names["minio.example"] = ["10.1.2.3"]
    checked = outbound(outbound_storage=["10.1.0.0/16"]).check("https://minio.example/bucket", "storage")
    assert (checked.host, checked.port, checked.addresses) == ("minio.example", 443, ("10.1.2.3",))


# --- how much and how long


def endless(_):
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b"x" * 65536


def test_an_endless_answer_is_stopped_at_the_limit(outbound):
    with serving(endless) as server:
        error = refusal(
            outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/", max_bytes=1_000_000
        )
    assert (error.code, error.params) == ("url-too-large", {"limit": 1_000_000})


def test_a_large_answer_that_says_so_is_not_read(outbound):
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\nx") as server:
        error = refusal(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert error.code == "url-too-large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_before_it_is_in_memory(outbound, encoding):
    import tracemalloc

    packed = (gzip if encoding == "gzip" else zlib).compress(bytes(100_000_000))
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    )
    with serving(head + packed) as server:
        client = outbound(outbound_import=["127.0.0.1"])
        tracemalloc.start()
        error = refusal(client, f"http://127.0.0.1:{server.port}/", max_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert error.code == "url-too-large"
    assert peak < 20_000_000


def drip_body(_):
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    while True:
        time.sleep(0.05)
        yield b"x"


def drip_headers(_):
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    while True:
        time.sleep(0.05)
        yield b"x"


@pytest.mark.parametrize(
    ("scheme", "reply", "code"),
    [
        ("http", drip_body, "url-too-slow"),
        ("http", drip_headers, "url-failed"),
        ("http", silence, "url-failed"),
        ("https", silence, "url-failed"),
    ],
)
def test_a_slow_answer_is_given_up_in_time(outbound, scheme, reply, code):
    with serving(reply) as server:
        client = outbound(outbound_import=["127.0.0.1"])
        start = time.monotonic()
        error = refusal(client, f"{scheme}://127.0.0.1:{server.port}/", timeout_s=0.5)
    assert 0.4 < time.monotonic() - start < 1.5
    assert (error.code, error.status) == (code, 400)


def test_a_look_up_without_end_is_given_up_in_time(outbound, names):
    names["slow.example"] = lambda: time.sleep(2) or ["127.0.0.1"]
    start = time.monotonic()
    error = refusal(outbound(), "http://slow.example/", timeout_s=0.3)
    assert time.monotonic() - start < 1.5
    assert error.code == "url-failed"


def test_a_cut_answer_is_no_file(outbound):
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") as server:
        error = refusal(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert error.code == "url-failed"


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"\xff\xfe\x00garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_a_broken_answer_is_no_file(outbound, reply):
    with serving(reply) as server:
        error = refusal(outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/")
    assert (error.code, "nope" in str(error)) == ("url-failed", False)


def test_a_full_disk_is_not_the_other_server_s_fault(outbound):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    with serving(HELLO) as server, pytest.raises(OSError, match="No space"):
        outbound(outbound_import=["127.0.0.1"]).fetch(f"http://127.0.0.1:{server.port}/", into=Full())


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for files.example, and the file of its authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "files.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("files.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def test_the_certificate_is_checked_for_the_name_though_the_address_is_pinned(
    outbound, names, certificate, monkeypatch
):
    context, authority = certificate
    seen = []
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    names["files.example"] = ["127.0.0.1"]
    names["other.example"] = ["127.0.0.1"]
    client = outbound(outbound_import=["127.0.0.0/8"])
    with serving(HELLO, context) as server:
        _, content = fetch(client, f"https://files.example:{server.port}/")
        assert refusal(client, f"https://other.example:{server.port}/").code == "url-failed"
    assert content == b"hello"
    assert seen == ["files.example", "other.example"]


def test_an_unknown_authority_is_refused_unless_the_administrator_says_so(outbound, names, certificate):
    names["files.example"] = ["127.0.0.1"]
    opened = {"outbound_import": ["127.0.0.1"]}
    with serving(HELLO, certificate[0]) as server:
        url = f"https://files.example:{server.port}/"
        assert refusal(outbound(**opened), url).code == "url-failed"
        assert fetch(outbound(**opened, outbound_verify_tls=False), url)[1] == b"hello"


# --- headers and logs


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nY: b"},
        {"X\r\nY": "a"},
        {"X": "a\nb"},
        {"": "a"},
        {"X Y": "a"},
        {"X:": "a"},
        {"X": "a\x00"},
        {"X": "中"},
        {"X": 1},
        {"Host": "x"},
        {"content-length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "close"},
        {"Upgrade": "h2c"},
    ],
)
def test_headers_that_change_the_request_are_refused(headers):
    with pytest.raises(InvalidInput) as caught:
        check_headers(headers)
    assert caught.value.code == "header-refused"


def test_the_log_has_the_reason_and_no_secret(outbound, caplog):
    with caplog.at_level(logging.INFO), serving(b"HTTP/1.1 403 X\r\n\r\nremote words") as server:
        refusal(
            outbound(outbound_import=["127.0.0.1"]), f"http://127.0.0.1:{server.port}/x?X-Amz-Signature=hush"
        )
    assert "answered 403" in caplog.text
    assert "hush" not in caplog.text
    assert "remote words" not in caplog.text
