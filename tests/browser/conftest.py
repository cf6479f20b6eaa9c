"""One server for all of these tests; each signs up somebody of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.pages import Doors, Projects
from tests.conftest import OpenPage
from tests.services.labelwright import LiveServer

SignUp = Callable[..., tuple[Page, Projects]]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server on SQLite that lets everybody in who signs up."""
    settings = {"LABELWRIGHT_RATE_SIGNUPS": "10000"}
    with LiveServer(tmp_path_factory.mktemp("site"), settings=settings) as server:
        yield server


@pytest.fixture
def sign_up(site: LiveServer, open_page: OpenPage) -> SignUp:
    """A function that opens a page and signs somebody new up in it."""

    def sign_up_one(**options: object) -> tuple[Page, Projects]:
        page = open_page(**options)
        return page, Doors(page, site.url).sign_up(new_address())

    return sign_up_one


def new_address() -> str:
    return f"person-{next(_numbers)}@example.com"
