"""What was saved of the one task of a project (fixture ``open_task``), and the same task opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import tasks_of
from tests.browser.pages import Labelling
from tests.services.labelwright import LiveServer

OpenTask = Callable[[str, dict[str, Any]], tuple[Page, Labelling, int]]


def saved(site: LiveServer, project: int) -> list[dict[str, Any]]:
    """The one answer, without the ids that were made."""
    result = tasks_of(site.client(), project)[0]["annotations"][0]["result"]
    return [{key: value for key, value in item.items() if key not in ("id", "origin")} for item in result]


def reopen(site: LiveServer, page: Page, project: int) -> None:
    task = tasks_of(site.client(), project)[0]["id"]
    page.goto(f"{site.url}/projects/{project}/data?task={task}")
    Labelling(page).wait()
