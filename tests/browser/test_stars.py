"""A third party's tag: pip-installed beside our wheels, used, broken in each way, taken away, put back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

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

Change = Callable[[Path], None]


@dataclass
class House:
    """An environment of wheels, a data folder that goes from server to server, and what was rated in it."""

    environment: WheelEnvironment
    data_dir: Path
    stars: Path
    project: int = 0
    address: str = ""
    exported: bytes = b""

    @contextmanager
    def server(self) -> Iterator[LiveServer]:
        command = (str(self.environment.labelwright), "start")
        with LiveServer(self.data_dir, command=command) as running:
            yield running

    def build(self, folder: Path, change: Change | None = None) -> Path:
        """The wheel of Stars, as it is or after a change of its sources."""
        shutil.copytree(STARS, folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
        if change:
            change(folder / "source" / "labelwright_stars")
        build_wheel(folder / "source", folder / "wheel")
        return next((folder / "wheel").glob("*.whl"))

    def exchange(self, wheel: Path) -> None:
        self.environment.uninstall("labelwright-stars")
        self.environment.install(wheel)

    def open(self, page: Page, server: LiveServer) -> Tasks:
        Doors(page, server.url).log_in(self.address)
        page.goto(f"{server.url}/projects/{self.project}/data")
        return Tasks(page)


@pytest.fixture(scope="module")
def house(wheels: list[Path], browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two reviews got their stars, one by a key and one by a click."""
    folder = tmp_path_factory.mktemp("house")
    environment = make_wheel_environment(folder / "environment", wheels)
    made = House(environment, folder / "data", folder)
    made.stars = made.build(folder / "stars")
    environment.install(made.stars)
    made.address = new_address()
    with made.server() as server:
        made.project = make_project(server, CONFIG, TEXTS)
        page = browser.new_context(locale="en-US").new_page()
        Doors(page, server.url).sign_up(made.address)
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
        page.context.close()
    return made


@pytest.fixture
def put_back(house: House) -> Iterator[None]:
    """After the test, Stars is installed as its author shipped it."""
    yield
    house.exchange(house.stars)


def test_its_answers_are_exported(house: House) -> None:
    items = [task["annotations"][0]["result"] for task in json.loads(house.exported)]
    given = [item["value"]["stars"] for result in items for item in result if item["type"] == "stars"]
    assert given == [4, 2]


def in_file(name: str, old: str, new: str) -> Change:
    def change(package: Path) -> None:
        path = package / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


IN_PYTHON = [
    pytest.param(
        in_file("__init__.py", "from labelwright", "raise RuntimeError('on purpose')\nfrom labelwright"),
        id="at import",
    ),
    pytest.param(
        in_file("__init__.py", "return [Stars]", "raise RuntimeError('on purpose')"), id="in a hook"
    ),
]
IN_BROWSER = [
    pytest.param(
        in_file("static/stars.js", "const rules", "throw new Error('on purpose');\nconst rules"),
        id="when it is loaded",
    ),
    pytest.param(
        in_file("static/stars.js", "ctx.css(rules);", "throw new Error('on purpose');"),
        id="when it is set up",
    ),
    pytest.param(
        in_file("static/stars.js", "view: () => html`", "view: () => null.broken + html`"),
        id="when it is drawn",
    ),
]


@pytest.mark.parametrize("change", IN_PYTHON)
@pytest.mark.usefixtures("put_back")
def test_broken_in_python_it_is_named_and_the_rest_works(
    house: House, open_page: OpenPage, tmp_path: Path, change: Change
) -> None:
    house.exchange(house.build(tmp_path / "broken", change))
    page = open_page()
    with house.server() as server:
        tasks = house.open(page, server)
        see_first_answer(tasks)
        page.goto(f"{server.url}/plugins")
        card = page.get_by_role("article").filter(has_text="tag_stars")
        expect(card).to_contain_text("Failed")
        expect(card).to_contain_text("RuntimeError")
        page.goto(f"{server.url}/projects/{house.project}/data")
        assert answers(tasks.export("JSON").read_bytes()) == answers(house.exported)


@pytest.mark.parametrize("change", IN_BROWSER)
@pytest.mark.usefixtures("put_back")
def test_broken_in_the_browser_a_card_stands_in_its_place(
    house: House, open_page: OpenPage, tmp_path: Path, change: Change
) -> None:
    house.exchange(house.build(tmp_path / "broken", change))
    page = open_page()
    with house.server() as server:
        labelling = house.open(page, server).open_row(1)
        card = page.get_by_role("alert").filter(has_text="Stars cannot be shown")
        expect(card).to_contain_text("tag_stars")
        expect(page.get_by_role("checkbox", name="good")).to_be_checked()
        labelling.press("b")
        labelling.update()
        expect(page.get_by_role("button", name="Update")).not_to_have_attribute("data-busy", "true")
        tasks = labelling.to_tasks()
        [first, _] = json.loads(tasks.export("JSON").read_text())
        said = {item["type"]: item["value"] for item in first["annotations"][0]["result"]}
        assert said == {"stars": {"stars": 4}, "choices": {"choices": ["bad"]}}
        tasks.open_row(1).press("g")
        labelling.update()
        expect(page.get_by_role("button", name="Update")).not_to_have_attribute("data-busy", "true")
        page.goto(f"{server.url}/plugins")
        report = page.get_by_role("article").filter(has_text="tag_stars")
        expect(report).to_contain_text(re.compile(r"It failed \d+ times? in a browser"))


def test_taken_away_its_answers_stay_and_put_back_all_is_as_before(house: House, open_page: OpenPage) -> None:
    house.environment.uninstall("labelwright-stars")
    try:
        with house.server() as server:
            tasks = house.open(open_page(), server)
            assert answers(tasks.export("JSON").read_bytes()) == answers(house.exported)
            see_first_answer(tasks)
    finally:
        house.environment.install(house.stars)
    page = open_page()
    with house.server() as server:
        house.open(page, server).open_row(1)
        rating = page.get_by_role("radiogroup", name="How good is it?")
        expect(rating.get_by_role("radio", name="4 stars")).to_be_checked()


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
