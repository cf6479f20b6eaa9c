"""Scripts of other sites."""

from __future__ import annotations

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from labelwright.config import load
from labelwright.doors.cors import Cors, is_configured

MINE = "https://app.example.org"


@pytest.fixture
def ask(tmp_path):
    def make(origin, method="GET", headers=(), **settings):
        wsgi = Cors(Response("ok", headers={"X-Own": "1"}), load(tmp_path, {}, settings))
        return Client(wsgi).open("/api/projects", method=method, headers={"Origin": origin, **dict(headers)})

    return make


def test_nobody_is_let_in_by_default(tmp_path):
    assert not is_configured(load(tmp_path, {}))


def test_a_listed_origin_is_named(ask):
    answer = ask(MINE, cors_origins=[MINE])
    assert answer.headers["Access-Control-Allow-Origin"] == MINE
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["X-Own"] == "1"


@pytest.mark.parametrize(
    "settings", [{"cors_origins": [MINE]}, {"cors_allow_all": True}], ids=["listed", "all"]
)
def test_cookies_are_never_shared(ask, settings):
    assert "Access-Control-Allow-Credentials" not in ask(MINE, **settings).headers


@pytest.mark.parametrize(
    "origin",
    [
        *(
            "https://evil.example",
            "http://app.example.org",
            "https://app.example.org.evil.example",
            "null",
            "*",
        ),
        *("https://app.example.org:8443", "https://APP.example.org", "https://x.app.example.org", "x" * 5000),
    ],
)
def test_other_origins_are_not_named(ask, origin):
    answer = ask(origin, cors_origins=[MINE], cors_origin_patterns=[r"https://[a-z]+\.team\.example"])
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.data == b"ok"


def test_a_pattern_is_for_the_whole_origin(ask):
    settings = {"cors_origin_patterns": [r"https://[a-z]+\.team\.example"]}
    assert ask("https://ann.team.example", **settings).headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in ask("https://ann.team.example.evil.org", **settings).headers


def test_a_list_takes_the_place_of_all(ask):
    assert ask("https://x.example", cors_allow_all=True).headers["Access-Control-Allow-Origin"] == "*"
    answer = ask("https://x.example", cors_allow_all=True, cors_origins=[MINE])
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_browsers_are_answered_beforehand(ask):
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}
    answer = ask(MINE, "OPTIONS", asked, cors_origins=[MINE])
    assert answer.status_code == 204
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    refused = ask("https://evil.example", "OPTIONS", asked, cors_origins=[MINE])
    assert not [name for name, _ in refused.headers if name.startswith("Access-Control-")]
