"""Below a path and behind a proxy: every address that leaves the server carries the path, whatever the proxy does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.web.application import BOXES, OWNER, Api, House, opened_house

pytestmark = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def below(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application of all tests of this file, at a path of a host, behind proxies of one network."""
    environ = {
        "LABELWRIGHT_HOST": "https://example.org/label",
        "LABELWRIGHT_TRUSTED_PROXIES": "10.0.0.0/8",
    }
    with opened_house(tmp_path_factory.mktemp("below"), shared_url, environ) as house:
        yield house


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
