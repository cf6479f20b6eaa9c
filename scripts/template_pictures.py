"""Take the gallery's pictures of the templates from the real labelling page, labelled by keys as the tests do it.

    python -m scripts.template_pictures [NAME...]

Each in English and Chinese, light and dark, into ui/public/templates of the plugin that it comes from.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from labelwright import plugins
from labelwright.registry import Registry
from labelwright.templates import Template
from tests.browser.by_keys import SCREEN, Hand
from tests.browser.pages import Doors
from tests.browser.template_steps import IN_CHINESE, STEPS
from tests.services.labelwright import LiveServer

PLUGINS = Path(__file__).parents[1] / "plugins"
SIZE = (480, 288)
QUALITY = 72
CUT_PX = 8
"""Of the page's own edge."""


def main(names: Sequence[str]) -> None:
    registry = Registry(plugins.load())
    wanted = {name: registry.templates[name] for name in names or STEPS}
    with TemporaryDirectory() as folder, LiveServer(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for language in ("en", "zh"):
            page = seat(browser, server, language)
            for name, template in wanted.items():
                plugin = registry.owner("register_templates", name)
                words = {} if language == "en" else {**IN_CHINESE, **registry.ui()[plugin].get(language, {})}
                open_task(page, server, template, language)
                for step in STEPS[name]:
                    step(Hand(page, words))
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")
                page.evaluate("document.activeElement?.blur()")
                expect(page.locator(".lw-lab-notice")).to_have_count(0)
                for theme in ("light", "dark"):
                    keep(page, PLUGINS / plugin / "ui/public/templates", name, language, theme)
                print(language, name, flush=True)
        browser.close()


def seat(browser: Browser, server: LiveServer, language: str) -> Page:
    """A page of somebody who is logged in and sees nothing but the work."""
    context = browser.new_context(
        viewport=SCREEN,
        locale="en-US",
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    page = context.new_page()
    Doors(page, server.url).log_in(server.username, server.password)
    context.add_cookies([{"name": "labelwright_locale", "value": language, "url": server.url}])
    return page


def open_task(page: Page, server: LiveServer, template: Template, language: str) -> None:
    http = server.client()
    row = next(
        row
        for row in http.get(f"/api/templates/?lang={language}").json()["templates"]
        if row["name"] == template.name
    )
    samples = http.get(f"/api/templates/{template.name}/samples?lang={language}").json()
    project = http.post(
        "/api/projects", json={"title": template.title, "label_config": row["config"]}
    ).json()["id"]
    http.post(f"/api/projects/{project}/import", json=samples[:1]).raise_for_status()
    page.goto(f"{server.url}/projects/{project}/label")
    expect(page.locator("[data-object]").first).to_be_visible()
    expect(page.locator("[data-object]:not([data-state=ready])")).to_have_count(0)


def keep(page: Page, folder: Path, name: str, language: str, theme: str) -> None:
    """Shoot the labelling area: its upper left part, in the proportions of a card."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(120)
    area = page.locator(".lw-lab-main").bounding_box()
    assert area is not None
    width = area["width"] - 2 * CUT_PX
    height = width * SIZE[1] / SIZE[0]
    clip = {"x": area["x"] + CUT_PX, "y": area["y"] + CUT_PX, "width": width, "height": height}
    shot = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
    folder.mkdir(parents=True, exist_ok=True)
    parts = [name, "" if language == "en" else ".zh", "" if theme == "light" else ".dark", ".webp"]
    shot.resize(SIZE, Image.Resampling.LANCZOS).save(folder / "".join(parts), quality=QUALITY, method=6)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if re.fullmatch("[a-z-]+", name)])
