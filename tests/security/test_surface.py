"""What a server shows of itself: to strangers, in its headers, in its log, in its configuration."""

from __future__ import annotations

import re
import secrets
import subprocess

import pytest
import requests

from tests.conftest import StartServer
from tests.services.labelwright import COMMAND, PASSWORD, TOKEN, USERNAME, LiveServer
from tests.web.application import Api, House
from tests.web.shared import api, house

__all__ = ["api", "house"]

BROWSED = [
    "/admin", "/admin/", "/flower", "/.env", "/.git/config", "/labelwright.sqlite3", "/keys.json", "/server.log",
    "/media", "/media/upload/", "/debug", "/console", "/_debug_toolbar", "/django-rq", "/server-status",
    "/phpinfo.php", "/data", "/data/", "/api/admin", "/config/labelwright.toml", "/static/", "/static/../keys.json",
    "/actuator/env",
]  # fmt: skip


@pytest.mark.parametrize("path", BROWSED)
def test_there_is_nothing_to_find_by_guessing(api: Api, house: House, path: str) -> None:
    for answer in (house.app.test_client().get(path), api("GET", path)):
        assert answer.status_code in (302, 401, 403, 404), f"{path}: {answer.status_code}"
        if answer.status_code == 302:
            assert "/user/login" in answer.location


def test_what_is_measured_is_nobodys_business(house: House) -> None:
    answer = house.app.test_client().get("/metrics")
    assert answer.status_code in (200, 404)
    assert answer.data == b""


@pytest.mark.parametrize(
    "path", ["/", "/projects", "/user/login/", "/user/signup/", "/nothing-here", "/user/account"]
)
def test_every_page_has_its_headers(api: Api, house: House, path: str) -> None:
    for answer in (house.app.test_client().get(path), api("GET", path)):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("same-origin", "strict-origin", "no-referrer")
        if answer.mimetype == "text/html" and answer.status_code != 302:
            policy = headers["Content-Security-Policy"]
            for words in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"):
                assert words in policy
            scripts = re.search(r"script-src ([^;]+)", policy)[1]
            assert re.fullmatch(r"'self' 'nonce-[\w-]{20,}'", scripts)
            assert "unsafe" not in policy
            assert headers["Cache-Control"] == "no-store"
            assert not re.search(r"<script(?![^>]*(nonce=|type=\"application/json\"))", answer.text)
            assert not re.search(r"<[^>]+\s(on\w+|style)=", answer.text)


def test_each_page_has_a_nonce_of_its_own(api: Api) -> None:
    policies = {api("GET", "/projects").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_the_log_of_the_server_holds_no_secret(start_server: StartServer, postgres_url: str) -> None:
    """At its most talkative, with everything that could go wrong on the way in."""
    secret = secrets.token_urlsafe(40)
    server: LiveServer = start_server(
        postgres_url.replace("postgres@", "postgres:pg-passw0rd@"),
        settings={"LABELWRIGHT_SECRET_KEY": secret},
        options=("--log-level", "DEBUG"),
    )
    session = requests.Session()
    form = session.get(server.url + "/user/login/").text
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    session.post(
        server.url + "/user/login/",
        data={"email": USERNAME, "password": PASSWORD, "csrfmiddlewaretoken": csrf},
    )
    cookie = session.cookies.get("sessionid") or session.cookies.get("__Host-sessionid")
    assert cookie
    client = server.client()
    personal = client.post("/api/token/").json()["token"]
    access = client.post("/api/token/refresh/", json={"refresh": personal}).json()["access"]
    invite = client.get("/api/invite").json()["token"]
    requests.get(f"{server.url}/user/signup/?token={invite}", timeout=10)
    requests.get(
        f"{server.url}/nothing?token={TOKEN}", headers={"Authorization": f"Bearer {access}"}, timeout=10
    )
    requests.post(
        server.url + "/api/projects", data=b"{", headers={"Authorization": f"Token {TOKEN}"}, timeout=10
    )
    session.post(
        server.url + "/api/current-user/password", json={"current": "wr0ng-passphrase", "password": PASSWORD}
    )
    said = server.log
    for hidden in (
        secret,
        "pg-passw0rd",
        PASSWORD,
        TOKEN,
        cookie,
        csrf,
        personal,
        access,
        "wr0ng-passphrase",
    ):
        assert hidden not in said, f"the log holds {hidden[:12]}..."

    shown = subprocess.run(
        [str(COMMAND), "config", "--data-dir", str(server.data_dir)],
        env=server.environment() | {"LABELWRIGHT_FIRST_USER_TOKEN": TOKEN, "LABELWRIGHT_FIRST_USER_PASSWORD": PASSWORD,
                                    "LABELWRIGHT_FIRST_USER_USERNAME": USERNAME},
        text=True, capture_output=True,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    for hidden in (secret, "pg-passw0rd", PASSWORD, TOKEN):
        assert hidden not in shown.stdout + shown.stderr
