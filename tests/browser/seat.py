"""One page for many stories: what the browser has loaded stays loaded, as for somebody who works all day.

Files whose stories sit here say ``pytest_plugins = ["tests.browser.seat"]``. Each story brings a project of its own;
one that needs another person, or a browser that knows nothing yet, opens a page of its own (``enter``, ``sign_up``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, StorageState, ViewportSize

from tests.browser.conftest import make_project
from tests.browser.desk import OpenTask
from tests.browser.pages import Labelling
from tests.conftest import PATIENCE_MS, keep_screenshots, note_if_refused
from tests.services.labelwright import LiveServer


@pytest.fixture(scope="module")
def seat_size() -> ViewportSize:
    """How large the page is; a file may say it otherwise."""
    return {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def _seat_of_run(site: LiveServer, browser: Browser, _signed_in: StorageState) -> Iterator[Page]:
    with browser.new_context(locale="en-US", reduced_motion="reduce", storage_state=_signed_in) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(site.url + "/projects")
        yield page


@pytest.fixture(scope="module")
def _seat_of_file(_seat_of_run: Page, seat_size: ViewportSize) -> Page:
    _seat_of_run.set_viewport_size(seat_size)
    return _seat_of_run


@pytest.fixture
def seat(site: LiveServer, _seat_of_file: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, at whatever screen the story before has left it; it complains as those of ``open_page`` do."""
    page = _seat_of_file
    complaints: list[str] = []

    def note_error(error: Error) -> None:
        complaints.append(f"uncaught: {error}")

    def note_refusal(message: ConsoleMessage) -> None:
        note_if_refused(message, complaints)

    page.on("pageerror", note_error)
    page.on("console", note_refusal)
    yield page
    page.remove_listener("pageerror", note_error)
    page.remove_listener("console", note_refusal)
    if getattr(request.node, "failed", False):
        keep_screenshots(request.node.name, [page])
        page.goto(site.url + "/projects")
    page.evaluate("localStorage.clear()")
    if request.node.get_closest_marker("browser_errors") is None:
        assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def open_task(site: LiveServer, seat: Page) -> OpenTask:
    """A function that opens the one task of a new project on the labelling page."""

    def open_one(config: str, data: dict[str, Any]) -> tuple[Page, Labelling, int]:
        project = make_project(site, config, [data])
        seat.goto(f"{site.url}/projects/{project}/label")
        return seat, Labelling(seat).wait(), project

    return open_one
