"""Every screen in both languages, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.browser import looking
from tests.browser.conftest import BOXES, MOODS, add_picture, make_project, new_address
from tests.browser.pages import Doors
from tests.browser.screens import SCREENS, Screen
from tests.conftest import PATIENCE_MS, RESULTS
from tests.services.labelwright import LiveServer

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
CAR = {"x": 20, "y": 20, "width": 30, "height": 25, "rotation": 0, "rectanglelabels": ["Car"]}


@pytest.fixture(scope="module")
def places(site: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Projects to look at: texts with an answer, pictures with boxes, an empty one, a finished one."""
    http = site.client()
    texts = [{"data": {"text": f"Ann met Bob in Rome, {n} times."}} for n in range(40)]
    said = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}}
    texts[0]["annotations"] = [{"result": [said]}]  # type: ignore[assignment]
    texts[0]["predictions"] = [{"result": [said], "score": 0.9, "model_version": "first"}]  # type: ignore[assignment]
    found = {
        "texts": make_project(site, MOODS, texts, title="Letters", description="Whom they met."),
        "boxes": make_project(site, BOXES, [], title="Streets"),
        "empty": make_project(site, MOODS, [], title="Nothing yet"),
        "done": make_project(site, MOODS, [texts[0]], title="All answered"),
    }
    path = tmp_path_factory.mktemp("pictures") / "street.png"
    Image.effect_mandelbrot((800, 600), (-2.2, -1.4, 0.8, 1.4), 60).convert("RGB").save(path)
    add_picture(site, found["boxes"], path)
    found["text"] = http.get(f"/api/tasks?project={found['texts']}").json()["tasks"][0]["id"]
    found["picture"] = http.get(f"/api/tasks?project={found['boxes']}").json()["tasks"][0]["id"]
    box = {"id": "car", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": CAR}
    box |= {"original_width": 800, "original_height": 600}
    http.post(f"/api/tasks/{found['picture']}/annotations", json={"result": [box]}).raise_for_status()
    return found


@pytest.fixture(scope="module")
def visitors(site: LiveServer, browser: Browser, places: dict[str, int]) -> dict[str, Page]:
    """Somebody who is logged in and somebody who is not, for each language."""
    address = new_address()
    found = {}
    for language in ("en", "zh"):
        for who in ("inside", "outside"):
            context = browser.new_context(viewport=WIDE, locale="en-US", reduced_motion="reduce")
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            if who == "inside":
                doors = Doors(page, site.url)
                doors.sign_up(address) if language == "en" else doors.log_in(address)
            context.add_cookies([{"name": "labelwright_locale", "value": language, "url": site.url}])
            found[f"{who}-{language}"] = page
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_fit_to_be_seen(
    site: LiveServer, visitors: dict[str, Page], places: dict[str, int], screen: Screen, language: str
) -> None:
    """For everybody (axe-core), in their language, in the dark, on a telephone; screenshots are left to look at."""
    page = visitors[f"{'outside' if screen.is_open else 'inside'}-{language}"]
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if is_bad(message, screen):
            complaints.append(f"console: {message.text}")

    page.on("console", listen)

    def note(error: Error) -> None:
        complaints.append(f"uncaught: {error}")

    page.on("pageerror", note)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(site.url + screen.path.format(**places))
    expect(page.locator(screen.ready).first).to_be_visible()
    if screen.steps:
        screen.steps(page)
    settle(page)
    shoot(page, f"{screen.name}-{language}-light")
    # What axe-core looks at (roles, names, order, colours) is the same in every language; words are not.
    if language == "en":
        complaints += looking.axe_complaints(page)
    else:
        complaints += [f"in English: {text}" for text in looking.english_words(page)]
    page.emulate_media(color_scheme="dark")
    settle(page)
    shoot(page, f"{screen.name}-{language}-dark")
    if language == "en":
        complaints += [f"dark {text}" for text in looking.axe_complaints(page, only=("color-contrast",))]
    page.set_viewport_size(NARROW)
    settle(page)
    shoot(page, f"{screen.name}-{language}-narrow")
    complaints += [f"too wide: {text}" for text in looking.too_wide(page)]
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", note)
    assert not complaints, "\n".join(complaints)


def is_bad(message: ConsoleMessage, screen: Screen) -> bool:
    return message.type == "error" and not (screen.is_missing and "404" in message.text)


def settle(page: Page) -> None:
    """Two frames, and no skeleton left."""
    expect(page.locator(".lw-skeleton:visible")).to_have_count(0)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shoot(page: Page, name: str) -> None:
    folder: Path = RESULTS / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
