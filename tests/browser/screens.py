"""Every screen and state of the application, and how a person comes to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page, expect

Steps = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """``path`` is filled with the projects of the tour; ``steps`` leads from there to the state that is meant."""

    name: str
    path: str
    ready: str
    """A selector of what shows that it is there."""
    steps: Steps | None = None
    is_open: bool = False
    """Whether it is shown to people who are not logged in."""
    is_missing: bool = False
    """Whether the browser notes that something was asked for and is not there: a page, a next task."""


def click(selector: str, then: str) -> Steps:
    def act(page: Page) -> None:
        page.locator(selector).first.click()
        expect(page.locator(then).first).to_be_visible()

    return act


def both(*steps: Steps) -> Steps:
    def act(page: Page) -> None:
        for step in steps:
            step(page)

    return act


def press_until(keys: str, then: str) -> Steps:
    def act(page: Page) -> None:
        page.keyboard.press(keys)
        expect(page.locator(then).first).to_be_visible()

    return act


def broken_configuration(page: Page) -> None:
    page.locator(".step").nth(1).click()
    page.locator(".gallery-head .lw-button").click()
    page.locator(".cm-content").click()
    page.keyboard.type("<Choices name='c' toName='nothing'/>")
    expect(page.locator(".problem--error").first).to_be_visible()


def template(page: Page) -> None:
    page.locator(".step").nth(1).click()
    page.locator(".template").first.dblclick()
    expect(
        page.locator(".preview-stage [data-object][data-state=ready], .preview-stage .lw-text").first
    ).to_be_visible()


def visual_editor(page: Page) -> None:
    """The forms of a configuration; the next visitor finds the code again."""
    page.get_by_role("region").locator(".interface-head .lw-segments button").nth(1).click()
    page.locator(".outline-row").last.click()
    expect(page.locator(".label-row").first).to_be_visible()
    page.evaluate("localStorage.removeItem('labelwright.interface-mode')")


def taken_key(page: Page) -> None:
    page.locator("[data-action='annotation:submit'] .shortcut-keys").click()
    page.keyboard.press("Alt+s")
    expect(page.locator(".shortcut-question")).to_be_visible()


READY_PICTURE = ".lab [data-object][data-state=ready]"
READY_TEXT = ".lab .lw-text"

SCREENS: Sequence[Screen] = (
    Screen("log-in", "/user/login/", "form", is_open=True),
    Screen("sign-up", "/user/signup/", "form", is_open=True),
    Screen("no-such-page", "/nothing/here", "h1", is_missing=True),
    Screen("projects", "/projects", ".projects-row"),
    Screen("projects-none-found", "/projects?search=zzzz", ".lw-empty"),
    Screen("create-data", "/projects/create", ".drop"),
    Screen(
        "create-templates",
        "/projects/create",
        ".drop",
        click(".step >> nth=1", ".gallery-preview .lw-lab-main"),
    ),
    Screen("create-editor", "/projects/create", ".drop", template),
    Screen("create-problems", "/projects/create", ".drop", broken_configuration),
    Screen("tasks", "/projects/{texts}/data", ".tasks-row[id]"),
    Screen("tasks-pictures", "/projects/{boxes}/data", ".tasks-row[id]"),
    Screen("tasks-none", "/projects/{empty}/data", ".drop"),
    Screen(
        "tasks-chosen",
        "/projects/{texts}/data",
        ".tasks-row[id]",
        both(press_until("Tab", ".tasks-row[id]"), click(".tasks-row[id] input", ".tasks-chosen")),
    ),
    Screen(
        "tasks-filters",
        "/projects/{texts}/data",
        ".tasks-row[id]",
        both(
            click(".tasks-tools .lw-button[aria-haspopup=dialog]", ".tasks-filters"),
            click(".tasks-filters .lw-button", ".tasks-filter"),
        ),
    ),
    Screen("settings-agreement", "/projects/{texts}/settings/agreement", ".plugin-page .app-panel"),
    Screen("settings-models", "/projects/{texts}/settings/ml", ".app-panel"),
    Screen("settings-storage", "/projects/{texts}/settings/storage", ".app-panel"),
    Screen("settings-webhooks", "/projects/{texts}/settings/webhooks", ".plugin-page .app-panel"),
    Screen(
        "settings-webhook",
        "/projects/{texts}/settings/webhooks",
        ".plugin-page .app-panel",
        click(".plugin-page .lw-button--primary", ".plugin-page form"),
    ),
    Screen("import", "/projects/{texts}/data", ".tasks-row[id]", press_until("i", "dialog[open] .drop")),
    Screen("export", "/projects/{texts}/data", ".tasks-row[id]", press_until("e", "dialog[open] .format")),
    Screen("label-text", "/projects/{texts}/data?task={text}", READY_TEXT),
    Screen("label-picture", "/projects/{boxes}/data?task={picture}", READY_PICTURE),
    Screen(
        "label-region",
        "/projects/{boxes}/data?task={picture}",
        READY_PICTURE,
        both(
            click(".lw-lab-tabs button", ".lw-outliner"),
            click(".lab-tab >> nth=1", ".lw-region"),
            click(".lw-region", ".lw-details-numbers"),
        ),
    ),
    Screen("label-stream", "/projects/{texts}/label", READY_TEXT),
    Screen(
        "label-history",
        "/projects/{texts}/data?task={text}",
        READY_TEXT,
        click(".lw-lab-tabs button >> nth=1", ".lw-history"),
    ),
    Screen(
        "label-task",
        "/projects/{texts}/data?task={text}",
        READY_TEXT,
        click(".lw-lab-tabs button >> nth=2", ".lab-about"),
    ),
    Screen("nothing-left", "/projects/{done}/label", ".lw-empty", is_missing=True),
    Screen("settings-general", "/projects/{texts}/settings/general", "main form, main .lw-field"),
    Screen("settings-interface", "/projects/{texts}/settings/labeling", ".cm-content"),
    Screen("settings-visual", "/projects/{texts}/settings/labeling", ".cm-content", visual_editor),
    Screen(
        "settings-visual-add",
        "/projects/{texts}/settings/labeling",
        ".cm-content",
        both(visual_editor, click(".visual-tools .lw-button", ".add-tag-option")),
    ),
    Screen("settings-annotation", "/projects/{texts}/settings/annotation", "main .lw-field, main .lw-switch"),
    Screen("settings-danger", "/projects/{texts}/settings/danger-zone", "main .lw-button"),
    Screen("members", "/organization", "main h1"),
    Screen("account", "/user/account", "main .lw-field"),
    Screen("account-keys", "/user/account/hotkeys", ".shortcut", taken_key),
    Screen("jobs", "/jobs", "main h1"),
    Screen("plugins", "/plugins", ".plugin"),
    Screen("playground", "/playground?tag=Choices", ".playground-stage .lw-lab-main"),
    Screen(
        "playground-result",
        "/playground?tag=Choices",
        ".playground-stage .lw-lab-main",
        click(".playground-code .lw-segments button:nth-child(2)", ".playground-code .lw-empty"),
    ),
    Screen("palette", "/projects", ".projects-row", press_until("Control+k", "dialog[open]")),
    Screen("keys", "/projects/{boxes}/data?task={picture}", READY_PICTURE, press_until("?", "dialog[open]")),
    Screen("user-menu", "/projects", ".projects-row", click(".app-user", "[role=menu]:popover-open")),
)
