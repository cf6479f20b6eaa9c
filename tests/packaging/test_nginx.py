"""The configuration that we give for nginx works as it is, at the root of a domain and below a path."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.conftest import StartServer
from tests.services.labelwright import LiveServer
from tests.services.nginx import running_nginx

BEHIND_A_PROXY = {"LABELWRIGHT_TRUSTED_PROXIES": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def server_below_labels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    settings = BEHIND_A_PROXY | {"LABELWRIGHT_HOST": "http://labels.example.org/labels"}
    with LiveServer(tmp_path_factory.mktemp("server"), settings=settings, health="/labels/health") as server:
        yield server


def links(page: str) -> list[str]:
    """What the page makes the browser fetch or go to on its own server."""
    return [link for link in re.findall(r'(?:href|src|action)="([^"]*)"', page) if link.startswith("/")]


def test_at_the_root_of_a_domain(start_server: StartServer) -> None:
    server = start_server(settings=BEHIND_A_PROXY | {"LABELWRIGHT_HOST": "http://labels.example.org"})
    with running_nginx("labelwright.conf", server.port) as address:
        page = requests.get(f"{address}/user/login/", headers={"Host": "labels.example.org"}, timeout=30)
        assert page.ok
        for link in links(page.text):
            assert requests.get(address + link, headers={"Host": "labels.example.org"}, timeout=30).ok, link
        assert requests.get(f"{address}/nginx_health", timeout=30).text == "healthy\n"


def test_below_a_path_every_link_stays_below_it(server_below_labels: LiveServer) -> None:
    with running_nginx("subpath.conf", server_below_labels.port) as address:
        page = requests.get(
            f"{address}/labels/user/login/", headers={"Host": "labels.example.org"}, timeout=30
        )
        assert page.ok
        assert links(page.text)
        for link in links(page.text):
            assert link.startswith("/labels/"), link
            assert requests.get(address + link, headers={"Host": "labels.example.org"}, timeout=30).ok, link
        away = requests.get(f"{address}/labels/projects", allow_redirects=False, timeout=30)
        assert away.status_code == 302
        assert re.match(r"(http://labels\.example\.org)?/labels/user/login", away.headers["Location"])


def test_the_path_without_its_slash_leads_to_it(server_below_labels: LiveServer) -> None:
    with running_nginx("subpath.conf", server_below_labels.port) as address:
        away = requests.get(f"{address}/labels", allow_redirects=False, timeout=30)
        assert away.headers["Location"] == f"{address}/labels/"


def test_a_proxy_may_also_take_the_path_off(server_below_labels: LiveServer) -> None:
    assert requests.get(f"{server_below_labels.url}/user/login/", timeout=30).ok
