"""Odd requests: every declared route, with what no well-meaning client would send. The same ones for the same seed."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from labelwright.web.routing import Route

PATH_IDS = [
    "0", "-1", "1.5", "9" * 19, "9" * 23, "abc", "%00", "%ff%fe", "1%00", "1;2", "1,2", "..", "%2e%2e%2f1",
    "null", "１", "%F0%9F%92%A3", "1%20", "0x1", "1e3", "+1", "b" * 3000,
]  # fmt: skip
WORDS: list[str] = [
    "", " ", "\x00", "a\x00b", "b" * 20_000, "💣" * 300, "\u202eevil", "\ufeff", "\r\nSet-Cookie: a=1",
    "../../etc/passwd", "'; DROP TABLE lw_user; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n%x", "-1",
    "0", "1e400", "NaN", "null", "true", "[1,2", '{"a":', "1,2,,x", "id,-id,password",
    "organization__users__password", "1" * 5000, "٣", "2020-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "file:///etc/passwd", "http://127.0.0.1:1/", "(a+)+$", "\\", "\u2028",
]  # fmt: skip
VALUES: list[str] = [
    "null", "true", "false", "0", "-1", "1.5", "-0.0", "1e308", "1e400", "NaN", "Infinity", "9" * 19, "9" * 30,
    "9" * 5000, '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"a\\u0000b"', '"\\uFFFE"', "[]", "{}", "[null]",
    "[[]]", "[{}]", "[1,\"2\",3.5,null]", '{"a":1,"a":2}', '{"":{"":[]}}',
    '{"__class__":"x","__proto__":{"x":1}}', '[[[[["x"]]]]]', "[" * 150 + "]" * 150, "[" * 5000 + "]" * 5000,
    '{"a":' * 150 + "1" + "}" * 150, '"%s"' % ("x" * 300_000), json.dumps([1] * 5000),
    json.dumps({str(n): n for n in range(2000)}), '[{"id":"a","type":5}]',
    '[{"from_name":[],"to_name":{},"type":null,"value":7}]',
    '[{"id":{},"value":{"choices":"x"},"type":"choices",' '"from_name":"mood","to_name":"text"}]',
    '{"choices":[null]}', '[{"op":"set","key":1,"value":2}]', '[{"op":"order","keys":{}}]', '[{"op":"remove"}]',
    '{"all":true,"excluded":["x",{}]}', '{"all":false,"included":[9e99]}',
    '{"task_filter_options":{"view":"x"}}', '{"only_with_annotations":"maybe","annotations":5}',
    *map(json.dumps, WORDS),
]  # fmt: skip
PART = b"--a\r\nContent-Disposition: form-data"
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""), ("application/json", b"\xff\xfe"), ("application/json", b'"\xed\xa0\x80"'),
    ("application/json", b"\xef\xbb\xbf{}"), ("application/json", "{}".encode("utf-16")),
    ("application/json", b"[]"), ("application/json", b"{" * 100_000),
    ("application/json", b"[" * 100_000 + b"]" * 100_000), ("application/json", b"5"),
    ("application/json", b'"x"'), ("application/json", b"null"), ("application/json", b"{}{}"),
    ("application/json", b'{"a":1e999999999}'), ("application/json", b"9" * 100_000),
    ("application/json; charset=utf-7", b"{}"), ("application/json; charset=nonsense", b"{}"),
    ("application/x-yaml", b"!!python/object/apply:os.system ['id']"),
    ("application/x-python-pickle", b"\x80\x04K\x01."),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=a", b"--a"), ("multipart/form-data; boundary=" + "b" * 300, b"--"),
    ("multipart/form-data; boundary=a", PART + b'; name="f"; filename="\x00.csv"\r\n\r\nx\r\n--a--\r\n'),
    ("multipart/form-data; boundary=a", PART + b'\r\n\r\nx\r\n--a--\r\n'),
    ("multipart/form-data; boundary=a", PART + b'; name="f"; filename="../../a.json"\r\n\r\n[\r\n--a--\r\n'),
    ("application/x-www-form-urlencoded", b"%ff=%00&data=%7B&result=[&ops=5&label_config=%00&title=%ed%a0%80"),
    ("application/x-www-form-urlencoded", b"&" * 50_000), ("text/csv", b"a,b\n\x00,1\n"), ("", b"{}"),
    ("/;=", b"{}"), ("\xff\xfe", b"{}"), ("application/json;;;charset==", b"{}"),
]  # fmt: skip
HEADERS: list[tuple[str, str]] = [
    ("Accept-Language", "x" * 5000), ("Accept-Language", "zh;q=nonsense,,;;"), ("Accept", "\xff"),
    ("Cookie", "a=\xff; ; =b; sessionid"), ("Host", "evil.example"), ("Host", "[::1"), ("Host", "a b"),
    ("X-Forwarded-For", "'"), ("X-Forwarded-Host", "evil.example"), ("Origin", "null"), ("Origin", "http://["),
    ("Referer", "http://[::1"), ("Referer", "\xff"), ("Sec-Fetch-Site", "\x7f"), ("Range", "bytes=-"),
    ("Range", "bytes=9-1,5-,x"), ("Range", "bytes=" + "0-0," * 2000), ("If-None-Match", '"'),
    ("If-Match", "W/"), ("If-Modified-Since", "yesterday"), ("If-Range", "x"),
    ("Prefer", "respond-async, wait=nan"), ("Prefer", "\xff;;"), ("Idempotency-Key", "x" * 5000),
    ("Idempotency-Key", "\xff\x7f"), ("Content-Encoding", "gzip"), ("Content-Encoding", "br"),
    ("Content-Length", "-1"), ("Content-Length", "1e3"), ("Transfer-Encoding", "x"), ("Expect", "100-continue"),
    ("Date", "\xff"), ("Authorization", "Token"), ("Authorization", "Bearer a.b.c"),
    ("Authorization", "Basic =="), ("Authorization", "Token \xff\xfe"), ("X-Api-Key", "\xff"),
    ("X-HTTP-Method-Override", "DELETE"), ("User-Agent", "\xff\x7f" * 3000), ("X-CSRFToken", "\xff"),
]  # fmt: skip


@dataclass
class Odd:
    """One request, as words for Flask's test client."""

    method: str
    path: str
    body: bytes | None = None
    content_type: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        shown = (self.body or b"")[:120].decode("latin-1")
        return f"{self.method} {self.path[:300]} {self.headers!s:.200} {self.content_type} {shown}"


def requests(
    routes: Sequence[Route], ids: dict[str, str], chance: random.Random, number: int
) -> Iterator[Odd]:
    """So many odd requests.

    :param ids: parameters of paths to what there really is, so that most requests come as far as possible.
    """
    for turn in range(number):
        route = routes[turn % len(routes)]
        yield _one(route, ids, chance)


def _one(route: Route, ids: dict[str, str], chance: random.Random) -> Odd:
    odd = Odd(route.method, _path(route, ids, chance) + _query(route, chance))
    if route.method in ("POST", "PUT", "PATCH", "DELETE"):
        _give_body(odd, route, ids, chance)
    if chance.random() < 0.25:
        odd.headers.append(chance.choice(HEADERS))
    return odd


def _path(route: Route, ids: dict[str, str], chance: random.Random) -> str:
    pieces = []
    for piece in route.rule.split("/"):
        if piece.startswith("<"):
            name = piece.strip("<>").rpartition(":")[2]
            piece = chance.choice(PATH_IDS) if chance.random() < 0.15 else ids.get(name, "1")
        pieces.append(quote(piece, safe="%.,;+"))
    return "/".join(pieces)


def _query(route: Route, chance: random.Random) -> str:
    names = [(f.data_key or n) for n, f in route.query._declared_fields.items()] if route.query else []
    given: list[tuple[str, str]] = []
    for name in names:
        if chance.random() < 0.4:
            given.append((chance.choice([name, name + "[]"]), chance.choice(WORDS)[:4000]))
    if chance.random() < 0.1:
        given.append((chance.choice(["lang", "token", "page", "x[]", "\x00"]), chance.choice(WORDS)[:4000]))
    raw = chance.choice(["&%ff=%ff", "&a=%zz", "&&=;"]) if chance.random() < 0.1 else ""
    return "?" + urlencode(given) + raw if given or raw else ""


def _give_body(odd: Odd, route: Route, ids: dict[str, str], chance: random.Random) -> None:
    way = chance.random()
    names = [(f.data_key or n) for n, f in route.body._declared_fields.items()] if route.body else []
    if way < 0.15:
        odd.content_type, odd.body = chance.choice(BODIES)
    elif way < 0.25 and names:
        odd.content_type = "application/x-www-form-urlencoded"
        odd.body = urlencode({name: chance.choice(WORDS) for name in names}).encode()
    elif way < 0.3:
        odd.content_type = "multipart/form-data; boundary=frontier"
        odd.body = _upload(chance)
    else:
        odd.content_type, odd.body = "application/json", _json(names, ids, chance)


def _json(names: Sequence[str], ids: dict[str, str], chance: random.Random) -> bytes:
    if not names:
        return chance.choice(VALUES).encode()
    members = []
    for name in names:
        way = chance.random()
        if way < 0.35:
            members.append(f"{json.dumps(name)}:{GOOD.get(name) or ids.get(name, '1')}")
        elif way < 0.7:
            members.append(f"{json.dumps(name)}:{chance.choice(VALUES)}")
    text = "{" + ",".join(members) + "}"
    return (f"[{text}]" if chance.random() < 0.1 else text).encode()


GOOD = {
    "result": "[]", "data": '{"text":"x"}', "title": '"A title"', "label_config": '"<View/>"', "ops": "[]",
    "lead_time": "1.5", "client": '"00000000-0000-4000-8000-000000000000"', "unique_id": "null",
    "export_type": '"JSON"', "meta": "{}", "selectedItems": '{"all":false,"included":[]}',
    "max_session_age": "1440", "max_time_between_activity": "1440", "email": '"a@example.org"',
    "refresh": '"a.b.c"', "api_tokens_enabled": "true", "legacy_api_tokens_enabled": "true",
    "custom_hotkeys": "{}", "tag": '"Stars"', "message": '"x"', "stack": '"x"', "url": '"x"',
}  # fmt: skip


CONTENTS = [
    b"", b"\x00" * 10, b"\xff\xfe\x00", b"a,b\n1", b"[1,2", b'[{"data":{}}]', b"\x89PNG\r\n\x1a\n", b"," * 30_000,
    b'"' * 999,
]  # fmt: skip


def _upload(chance: random.Random) -> bytes:
    name = chance.choice(
        ["a.csv", "a.json", "a.txt", "a.png", "a.svg", "a.php", ".json", "a", "\x00.csv", "b" * 500 + ".tsv"]
    )
    content = chance.choice(CONTENTS)
    out = io.BytesIO()
    out.write(b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="')
    out.write(name.encode() + b'"\r\nContent-Type: text/csv\r\n\r\n' + content + b"\r\n--frontier--\r\n")
    return out.getvalue()
