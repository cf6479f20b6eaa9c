"""A third party's tag: pip-installed beside our wheels, used, broken in each way, taken away, put back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.conftest import make_project, new_address
from tests.browser.pages import Doors, Labelling, Tasks
from tests.conftest import OpenPage
from tests.services.labelwright import LiveServer
from tests.services.wheels import ROOT, WheelEnvironment, build_wheel, make_wheel_environment

STARS = ROOT / "examples" / "labelwright-stars"
CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Stars name="rating" toName="text" hint="How good is it?"/>
  <Choices name="mood" toName="text"><Choice value="good" hotkey="g"/><Choice value="bad" hotkey="b"/></Choices>
</View>"""
TEXTS = [{"text": f"Review number {n}"} for n in range(8)]


@dataclass
class House:
    """An environment of wheels, a data folder that goes from server to server, and what was rated in it."""

    environment: WheelEnvironment
    data_dir: Path
    stars: Path
    project: int = 0
    person: StorageState | None = None
    """What a browser keeps of who has rated: logged in, on each of the servers."""
    exported: bytes = b""

    @contextmanager
    def server(self) -> Iterator[LiveServer]:
        command = (str(self.environment.labelwright), "start")
        with LiveServer(self.data_dir, command=command) as running:
            yield running

    @contextmanager
    def changed(self, name: str, old: str, new: str) -> Iterator[None]:
        """For as long as the block lasts, a file of Stars is another where it is installed."""
        path = self.environment.site_packages / "labelwright_stars" / name
        text = path.read_text()
        assert old in text
        try:
            write_anew(path, text.replace(old, new, 1))
            yield
        finally:
            write_anew(path, text)

    @contextmanager
    def first_answer_kept(self, server: LiveServer) -> Iterator[None]:
        """After the block, the first answer is again what it was before."""
        [answer] = json.loads(self.exported)[0]["annotations"]
        try:
            yield
        finally:
            path = f"/api/annotations/{answer['id']}"
            server.client().patch(path, json={"result": answer["result"]}).raise_for_status()

    def open(self, open_page: OpenPage, server: LiveServer) -> Tasks:
        page = open_page(storage_state=self.person)
        page.goto(f"{server.url}/projects/{self.project}/data")
        return Tasks(page)


def write_anew(path: Path, text: str) -> None:
    """Into a file of its own: what is installed is a link to what other environments have as well."""
    path.unlink()
    path.write_text(text)


@pytest.fixture(scope="module")
def house(wheels: list[Path], browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two reviews got their stars, one by a key and one by a click."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(STARS, folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
    build_wheel(folder / "source", folder / "wheel")
    [stars] = (folder / "wheel").glob("*.whl")
    made = House(make_wheel_environment(folder / "environment", wheels), folder / "data", stars)
    made.environment.install(stars)
    with made.server() as server:
        made.project = make_project(server, CONFIG, TEXTS)
        page = browser.new_context(locale="en-US").new_page()
        Doors(page, server.url).sign_up(new_address())
        page.goto(f"{server.url}/projects/{made.project}/label")
        labelling = Labelling(page).wait()
        rating = page.get_by_role("radiogroup", name="How good is it?")
        labelling.press("4")
        expect(rating.get_by_role("radio", name="4 stars")).to_be_checked()
        labelling.press("g")
        labelling.submit()
        rating.get_by_role("radio", name="2 stars").click()
        expect(rating.get_by_role("radio", name="2 stars")).to_be_checked()
        labelling.submit()
        made.exported = labelling.to_tasks().export("JSON").read_bytes()
        made.person = page.context.storage_state()
        page.context.close()
    return made


@pytest.fixture(scope="module")
def last_server(house: House) -> Iterator[LiveServer]:
    """For the last tests of this file, in which Stars is installed as its author ships it."""
    with house.server() as server:
        yield server


def test_its_answers_are_exported(house: House) -> None:
    items = [task["annotations"][0]["result"] for task in json.loads(house.exported)]
    given = [item["value"]["stars"] for result in items for item in result if item["type"] == "stars"]
    assert given == [4, 2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "from labelwright", "raise RuntimeError('on purpose')\nfrom labelwright", id="at import"
        ),
        pytest.param("return [Stars]", "raise RuntimeError('on purpose')", id="in a hook"),
    ],
)
def test_broken_in_python_it_is_named_and_the_rest_works(
    house: House, open_page: OpenPage, old: str, new: str
) -> None:
    with house.changed("__init__.py", old, new), house.server() as server:
        tasks = house.open(open_page, server)
        assert answers(tasks.export("JSON").read_bytes()) == answers(house.exported)
        see_first_answer(tasks)
        card = card_of_stars(tasks.page, server)
        expect(card).to_contain_text("Failed")
        expect(card).to_contain_text("RuntimeError")


def test_taken_away_its_answers_stay(house: House, open_page: OpenPage) -> None:
    house.environment.uninstall("labelwright-stars")
    try:
        with house.server() as server:
            tasks = house.open(open_page, server)
            assert answers(tasks.export("JSON").read_bytes()) == answers(house.exported)
            see_first_answer(tasks)
    finally:
        house.environment.install(house.stars)


def test_put_back_all_is_as_before(house: House, last_server: LiveServer, open_page: OpenPage) -> None:
    page = house.open(open_page, last_server).open_row(1).page
    rating = page.get_by_role("radiogroup", name="How good is it?")
    expect(rating.get_by_role("radio", name="4 stars")).to_be_checked()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "const rules", "throw new Error('not loaded');\nconst rules", "not loaded", id="when it is loaded"
        ),
        pytest.param(
            "ctx.css(rules);", "throw new Error('not set up');", "not set up", id="when it is set up"
        ),
        pytest.param("view: () => html`", "view: () => null.drawn + html`", "'drawn'", id="when it is drawn"),
    ],
)
def test_broken_in_the_browser_a_card_stands_in_its_place(
    house: House, last_server: LiveServer, open_page: OpenPage, old: str, new: str, said: str
) -> None:
    with house.changed("static/stars.js", old, new), house.first_answer_kept(last_server):
        labelling = house.open(open_page, last_server).open_row(1)
        page = labelling.page
        card = page.get_by_role("alert").filter(has_text="Stars cannot be shown")
        expect(card).to_contain_text("tag_stars")
        expect(page.get_by_role("checkbox", name="good")).to_be_checked()
        labelling.press("b")
        labelling.update()
        expect(page.get_by_role("button", name="Update")).not_to_have_attribute("data-busy", "true")
        [first, _] = json.loads(labelling.to_tasks().export("JSON").read_text())
        kept = {item["type"]: item["value"] for item in first["annotations"][0]["result"]}
        assert kept == {"stars": {"stars": 4}, "choices": {"choices": ["bad"]}}
        report = card_of_stars(page, last_server)
        expect(report).to_contain_text(re.compile(r"It failed \d+ times? in a browser"))
        plugins = {plugin["name"]: plugin for plugin in last_server.client().get("/api/plugins").json()}
        assert said in plugins["tag_stars"]["browser_reports"][-1]["message"]


def card_of_stars(page: Page, server: LiveServer) -> Locator:
    """What the page of plugins says of it."""
    page.goto(f"{server.url}/plugins")
    return page.get_by_role("article").filter(has_text="tag_stars")


def see_first_answer(tasks: Tasks) -> None:
    """The generic viewer shows what no tag knows, and the other tags work."""
    page = tasks.page
    labelling = tasks.open_row(1)
    expect(page.get_by_text("No plugin knows the tag Stars")).to_be_visible()
    expect(page.get_by_role("checkbox", name="good")).to_be_checked()
    row = labelling.regions.filter(has_text="Unknown: stars")
    row.click()
    expect(page.get_by_role("tabpanel", name="Regions")).to_contain_text('"stars": 4')
    labelling.to_tasks()


def answers(exported: bytes) -> list[bytes]:
    """The results as they are written, letter by letter."""
    found = re.findall(rb'"result":\s*(\[.*?\])\s*,\s*"', exported, re.DOTALL)
    assert len(found) == len(json.loads(exported))
    return found
