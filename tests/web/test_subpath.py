"""Below a path and behind a proxy: every address that leaves the server carries the path, whatever the proxy does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import config
from labelwright.app import create_app
from labelwright.services import bootstrap
from tests.web.application import BOXES, OWNER, Api, House


@pytest.fixture
def below(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    overrides = {"database_url": migrated_sqlite_url, "tokens_legacy": True, **OWNER}
    overrides |= {"host": "https://example.org/label", "trusted_proxies": ["10.0.0.0/8"]}
    house = House(create_app(config.load(tmp_path / "data", environ={}, overrides=overrides)))
    bootstrap.ensure_installation(house.ctx)
    bootstrap.ensure_first_user(house.ctx)
    yield house
    house.ctx.database.close()


@pytest.fixture
def migrated_sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    import shutil

    path = tmp_path / "copy.sqlite3"
    shutil.copy(migrated_sqlite_file, path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize("prefix", ["/label", ""], ids=["kept by the proxy", "taken off by the proxy"])
def test_pages_assets_and_api_work(below: House, prefix: str) -> None:
    client = below.app.test_client()
    to_login = client.get(f"{prefix}/projects/")
    assert to_login.headers["Location"].startswith("/label/user/login")
    form = client.get(f"{prefix}/user/login/").text
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', form)
    assert addresses
    assert all(address.startswith("/label/") for address in addresses), addresses
    assert client.get(f"{prefix}/api/version").status_code == 200


def test_the_browser_is_told_the_path(below: House) -> None:
    client = below.app.test_client()
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"',
        client.get("/label/user/login/", base_url="https://example.org").text,
    )
    assert token
    form = {
        "email": OWNER["first_user_username"],
        "password": OWNER["first_user_password"],
        "csrfmiddlewaretoken": token[1],
    }
    answer = client.post("/label/user/login/", data=form, base_url="https://example.org")
    assert answer.headers["Location"] == "/label/"
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("sessionid="))
    assert "Path=/label" in session
    assert "Secure" in session
    page = client.get("/label/", base_url="https://example.org").text
    assert '"base": "/label"' in page
    assert '"/label/static/' in page
    assert not re.search(r'(?:href|src)="/(?!label/)', page)


def test_links_in_answers_carry_host_and_path(below: House) -> None:
    api = Api(below.app.test_client(), OWNER["first_user_token"])
    api.project(BOXES), api.project(BOXES)
    page = api("GET", "/label/api/projects/?page_size=1", base_url="https://example.org").json
    assert page["next"] == "https://example.org/label/api/projects?page_size=1&page=2"
    modules = [info["module"] for info in api("GET", "/label/api/tags").json if info["module"]]
    assert modules
    assert all(module.startswith("/label/plugins/") for module in modules)


@pytest.mark.parametrize(("peer", "is_believed"), [("10.1.2.3", True), ("203.0.113.9", False)])
def test_forwarded_headers_are_believed_from_named_proxies_alone(
    below: House, peer: str, is_believed: bool
) -> None:
    api = Api(below.app.test_client(), OWNER["first_user_token"])
    api.project(BOXES), api.project(BOXES)
    answer = api(
        "GET", "/label/api/projects/?page_size=1", base_url="http://inside:8080",
        headers={"X-Forwarded-Host": "example.org", "X-Forwarded-Proto": "https"},
        environ_base={"REMOTE_ADDR": peer},
    )  # fmt: skip
    assert answer.json["next"].startswith("https://example.org/" if is_believed else "http://inside:8080/")
