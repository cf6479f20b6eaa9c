"""One server for all of these tests; each signs up somebody of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.pages import Doors, Projects
from tests.conftest import OpenPage
from tests.services.labelwright import Client, LiveServer

Enter = Callable[..., tuple[Page, Projects]]

_numbers = itertools.count(1)

MOODS = """<View>
  <Labels name="span" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text" choice="single">
    <Choice value="good" hotkey="g"/><Choice value="bad" hotkey="b"/>
  </Choices>
</View>"""

BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
</View>"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server on SQLite that lets everybody in who signs up, and whose folder ``opened`` may be a storage."""
    folder = tmp_path_factory.mktemp("site")
    settings = {
        "LABELWRIGHT_RATE_SIGNUPS": "10000",
        "LABELWRIGHT_OUTBOUND_IMPORT": "localhost",
        "LABELWRIGHT_OUTBOUND_ML": "127.0.0.0/8",
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(folder / "opened"),
    }
    (folder / "opened").mkdir()
    with LiveServer(folder, settings=settings) as server:
        yield server


@pytest.fixture
def sign_up(site: LiveServer, open_page: OpenPage) -> Enter:
    """A function that opens a page and signs somebody new up in it."""

    def sign_up_one(**options: object) -> tuple[Page, Projects]:
        page = open_page(**options)
        return page, Doors(page, site.url).sign_up(new_address())

    return sign_up_one


@pytest.fixture(scope="session")
def _signed_in(site: LiveServer, browser: Browser) -> StorageState:
    """What a browser keeps of somebody who has signed up."""
    context = browser.new_context(locale="en-US")
    Doors(context.new_page(), site.url).sign_up(new_address())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def enter(site: LiveServer, open_page: OpenPage, _signed_in: StorageState) -> Enter:
    """A function that opens a page of somebody who is logged in already: the story begins later."""

    def enter_as_before(**options: object) -> tuple[Page, Projects]:
        page = open_page(storage_state=_signed_in, **options)
        page.goto(site.url + "/projects")
        return page, Projects(page)

    return enter_as_before


def new_address() -> str:
    return f"person-{next(_numbers)}@example.com"


def make_project(server: LiveServer, config: str, data: Sequence[dict[str, Any]], **more: Any) -> int:
    """What was there before the story begins: a project with tasks."""
    http = server.client()
    made = http.post("/api/projects", json={"title": "Before the story", "label_config": config, **more})
    made.raise_for_status()
    project = int(made.json()["id"])
    if data:
        http.post(f"/api/projects/{project}/import", json=list(data)).raise_for_status()
    return project


def add_picture(server: LiveServer, project: int, path: Path) -> None:
    with path.open("rb") as file:
        server.client().post(
            f"/api/projects/{project}/import", files={"file": (path.name, file)}
        ).raise_for_status()


def tasks_of(http: Client, project: int) -> list[dict[str, Any]]:
    """All tasks with their answers, as an export tells them."""
    return http.get(f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true").json()
