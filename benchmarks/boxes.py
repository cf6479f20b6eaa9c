"""Many boxes on one picture, in a real Chromium: opening, panning, zooming, drawing; and the bytes of script for it.

The picture has 3840 x 2160 pixels; boxes are spread over all of it. Opening lasts from the navigation (warm cache)
until the list of boxes is there and two frames were painted after it. A gesture's frame is the time between two
animation frames; its script is what the page's main thread needed for it, as the browser's own counters say.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from benchmarks.figures import Figure, middle, slowest
from benchmarks.target import Target
from tests.services.chromium import running_chromium
from tests.services.labelwright import PASSWORD, USERNAME, Client

LABEL_CONFIG = """<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image">
<Label value="Car" background="#ff0000"/><Label value="Bus" background="#00c000"/></RectangleLabels></View>"""
WIDTH, HEIGHT = 3840, 2160
OPEN_TARGETS = {0: 0.6, 500: 0.6, 2000: 1.2, 10000: 2.5}
"""Seconds, of ``design/performance``: boxes to the longest time to open."""
TRIES = 5
WATCH_FRAMES = """() => {
  window.framesTaken = [];
  let last;
  const tick = (now) => {
    if (!window.framesTaken) return;
    if (last) window.framesTaken.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
TAKE_FRAMES = "() => { const taken = window.framesTaken; window.framesTaken = null; return taken; }"


def measure(target: Target, counts: tuple[int, ...] = (0, 500, 2000, 10000)) -> Iterator[Figure]:
    """Make a project with one picture for each count, and look at each in the browser."""
    client = target.client()
    made = client.post("/api/projects/", json={"title": "Many boxes", "label_config": LABEL_CONFIG})
    project = int(made.json()["id"])
    tasks = {count: make_task(client, project, count) for count in counts}
    with running_chromium() as browser:
        page = browser.new_context(viewport={"width": 1600, "height": 900}).new_page()
        sizes = count_scripts(page)
        log_in(page, target)
        page.goto(f"{target.url}/projects")
        page.wait_for_load_state("networkidle")
        yield Figure("script of the first page, gzip", sum(sizes) / 1000, "kB", at_most=150)
        for count, task in tasks.items():
            yield from look(page, f"{target.url}/projects/{project}/data?task={task}", count)
        yield Figure("script with the labelling page and its tags, gzip", sum(sizes) / 1000, "kB")


def log_in(page: Page, target: Target) -> None:
    page.goto(f"{target.url}/user/login/")
    page.get_by_label("E-mail").fill(USERNAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{target.url}/**")
    page.wait_for_load_state("networkidle")


def look(page: Page, url: str, count: int) -> Iterator[Figure]:
    opened = [opening(page, url, count) for _ in range(TRIES)]
    yield Figure(f"open a picture with {count:,} boxes", middle(opened), "s", at_most=OPEN_TARGETS.get(count))
    if not count:
        return
    surface = page.locator("canvas").first.bounding_box()
    assert surface is not None
    centre = (surface["x"] + surface["width"] / 2, surface["y"] + surface["height"] / 2)
    for name, gesture in (("pan", pan), ("zoom", zoom), ("draw", draw)):
        frames, script_ms = timed(page, centre, gesture)
        yield Figure(f"{name} over {count:,} boxes, a frame", middle(frames), "ms")
        yield Figure(f"{name} over {count:,} boxes, slowest frame of 20", slowest(frames), "ms")
        yield Figure(
            f"{name} over {count:,} boxes, script a frame",
            script_ms,
            "ms",
            at_most=4 if name != "draw" else None,
        )


def opening(page: Page, url: str, count: int) -> float:
    """Seconds until the boxes are there."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(url)
    page.locator("canvas").first.wait_for()
    if count:
        page.get_by_role("grid", name="Regions").get_by_role("row").first.wait_for()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - began


def timed(page: Page, centre: tuple[float, float], gesture: Any) -> tuple[list[float], float]:
    """The milliseconds between frames while a gesture runs, and those of script in one."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = script_seconds(session)
    page.evaluate(WATCH_FRAMES)
    gesture(page, *centre)
    frames: list[float] = page.evaluate(TAKE_FRAMES)
    script = script_seconds(session) - before
    session.detach()
    return frames, script * 1000 / max(1, len(frames))


def script_seconds(session: Any) -> float:
    metrics = {
        metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]
    }
    return float(metrics["ScriptDuration"])


def pan(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    for step in range(60):
        page.mouse.move(x + 3 * (step % 30), y + 2 * (step % 30))
    page.mouse.up(button="middle")


def zoom(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for step in range(40):
        page.mouse.wheel(0, -40 if step < 20 else 40)
    page.keyboard.up("Control")


def draw(page: Page, x: float, y: float) -> None:
    page.keyboard.press("1")
    page.mouse.move(x - 60, y - 60)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x - 60 + 2 * step, y - 60 + 2 * step)
    page.mouse.up()
    page.keyboard.press("Control+z")


def count_scripts(page: Page) -> list[int]:
    """The compressed bytes of each script, as they arrive."""
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    scripts: set[str] = set()

    def response(event: dict[str, Any]) -> None:
        if event["response"]["mimeType"] == "text/javascript" and not event["response"].get("fromDiskCache"):
            scripts.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in scripts:
            sizes.append(int(event["encodedDataLength"]))

    session.on("Network.responseReceived", response)
    session.on("Network.loadingFinished", finished)
    return sizes


def make_task(client: Client, project: int, count: int) -> int:
    """A picture of its own with so many boxes, annotated by the first user."""
    noise = Image.effect_noise((WIDTH // 4, HEIGHT // 4), 40).resize((WIDTH, HEIGHT)).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=70)
    upload = {"file": (f"boxes-{count}.jpg", file.getvalue(), "image/jpeg")}
    answer = client.post(f"/api/projects/{project}/import?return_task_ids=1", files=upload)
    task = int(answer.json()["task_ids"][0])
    if count:
        client.post(f"/api/tasks/{task}/annotations/", json={"result": boxes(count)}).raise_for_status()
    return task


def boxes(count: int) -> list[dict[str, Any]]:
    chance = random.Random(count)
    return [
        {
            "id": f"r{place}",
            "from_name": "box",
            "to_name": "image",
            "type": "rectanglelabels",
            "original_width": WIDTH,
            "original_height": HEIGHT,
            "image_rotation": 0,
            "value": {
                "x": chance.random() * 97,
                "y": chance.random() * 97,
                "width": 1 + chance.random() * 2,
                "height": 1 + chance.random() * 2,
                "rotation": 0,
                "rectanglelabels": [chance.choice(["Car", "Bus"])],
            },
        }
        for place in range(count)
    ]
