"""The screens as a person meets them: each method is something that somebody does or looks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.surfaces import Picture, Text
from tests.real_data import images as real_images

PASSWORD = "seven brass lanterns"


class Doors:
    """Sign-up and log-in."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base

    def sign_up(self, email: str, password: str = PASSWORD) -> Projects:
        """From the address alone: the first visitor is asked to sign up at once, later ones to log in."""
        self.page.goto(self.base + "/")
        link = self.page.get_by_role("link", name="Sign up")
        expect(link.or_(self.page.get_by_role("heading", name="Create your account"))).to_be_visible()
        if link.is_visible():
            link.click()
        return self._enter(email, password, "Sign up")

    def log_in(self, email: str, password: str = PASSWORD) -> Projects:
        self.page.goto(self.base + "/user/login/")
        return self._enter(email, password, "Log in")

    def _enter(self, email: str, password: str, button: str) -> Projects:
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name=button).click()
        expect(self.page.get_by_role("button", name=re.compile("^You:"))).to_be_visible()
        return Projects(self.page)


class Projects:
    """The list of projects."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def create(self) -> CreateProject:
        self.page.get_by_role("main").get_by_role("link", name=re.compile("Create a project")).first.click()
        expect(self.page.get_by_label("Name", exact=True)).to_be_visible()
        return CreateProject(self.page)

    def tasks(self) -> Tasks:
        """The table of the project that is open."""
        return Tasks(self.page)


class FilePicker:
    """The place where files are dropped or chosen, and the list of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.files = page.get_by_role("region", name="Files")

    def choose(self, paths: Sequence[Path]) -> None:
        """Press the button and pick files in the system's own window."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files([str(path) for path in paths])
        expect(self.files).to_contain_text(re.compile(r"\d+ files?"))

    def drop(self, paths: Sequence[Path]) -> None:
        """Drag files from the desktop over the page and let them go."""
        drop_files(self.page, self.page.get_by_text("Drop files or folders here"), paths)
        expect(self.files).to_be_visible()

    def row(self, name: str) -> Locator:
        return self.files.get_by_role("listitem").filter(has_text=name)


class CreateProject:
    """A new project: name and data, then the interface."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.files = FilePicker(page)
        self.preview = page.get_by_role("region", name="Preview").last
        self.problems = page.get_by_role("region", name="Problems")

    def name(self, title: str) -> None:
        self.page.get_by_label("Name", exact=True).fill(title)

    def go_to_interface(self) -> None:
        self.page.get_by_role("button", name=re.compile("Labelling interface")).click()

    def choose_template(self, title: str) -> None:
        self.page.get_by_role("option", name=re.compile(f"^{re.escape(title)}")).dblclick()
        expect(self.code).to_be_visible()

    def write_myself(self) -> None:
        self.page.get_by_role("button", name="Write it myself").click()
        expect(self.code).to_be_visible()

    @property
    def code(self) -> Locator:
        return self.page.get_by_role("textbox", name="Labelling configuration as XML")

    def paste_code(self, config: str) -> None:
        """Replace what is in the editor by a configuration that was copied elsewhere."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", config)
        self.code.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Control+v")

    def see_valid(self) -> None:
        expect(self.page.get_by_text("Valid", exact=True)).to_be_visible()

    def try_a_box(self, shown: real_images.Picture) -> None:
        """Label in the preview: it is the real page in small, and keeps nothing."""
        picture = Picture(self.page, shown.width, shown.height, self.preview).wait()
        self.preview.get_by_role("group", name=re.compile("^Labels of")).get_by_role("button").first.click()
        box = shown.boxes[0]
        before = picture.look(box)
        picture.drag(box.x, box.y, box.x + box.width, box.y + box.height)
        expect(self.page.get_by_role("alert")).to_have_count(0)
        assert picture.look(box) != before, "nothing was drawn"

    def create(self, *, timeout_s: float = 60) -> Tasks:
        self.page.get_by_role("button", name="Create the project").click()
        expect(self.page.get_by_role("link", name="Label all tasks")).to_be_visible(timeout=timeout_s * 1000)
        return Tasks(self.page)


class Tasks:
    """The table of a project's tasks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.table = page.get_by_role("grid")

    def see_count(self, count: int) -> None:
        words = f"{count:,} task" if count == 1 else f"{count:,} tasks"
        expect(self.page.get_by_role("grid", name=words, exact=True)).to_be_visible(timeout=30_000)

    def label_all(self) -> Labelling:
        self.page.get_by_role("link", name="Label all tasks").click()
        return Labelling(self.page).wait()

    def open_row(self, number: int) -> Labelling:
        """Open the task in this row, counted from one."""
        self.table.locator(f'[role=row][aria-rowindex="{number + 1}"]').click()
        return Labelling(self.page).wait()

    def import_data(self) -> FilePicker:
        self.page.get_by_role("button", name=re.compile("^Import")).first.click()
        expect(self.page.get_by_role("dialog")).to_be_visible()
        return FilePicker(self.page)

    def export(self, title: str, *, everything: bool = False) -> Path:
        """Download what was labelled in the format of this title."""
        self.page.get_by_role("button", name=re.compile("^Export")).click()
        dialog = self.page.get_by_role("dialog", name="Export")
        dialog.locator("label", has=self.page.get_by_text(title, exact=True)).get_by_role("radio").check()
        if everything:
            dialog.get_by_role("switch", name="Tasks without annotations too").check()
        with self.page.expect_download() as download:
            dialog.get_by_role("button", name="Download").click()
        expect(dialog).to_be_hidden()
        return Path(download.value.path())


class Labelling:
    """The page where the work is done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.get_by_role("heading", name=re.compile(r"^Task #"))
        self.regions = page.get_by_role("grid", name="Regions").get_by_role("row")
        self.done = page.get_by_role("heading", name="Nothing is left to label")
        self.kept = page.get_by_role("status").filter(has_text=re.compile("Draft saved|Kept in this browser"))

    def wait(self) -> Labelling:
        """Until the first task is shown."""
        expect(self.heading).to_be_visible()
        return self

    @property
    def task(self) -> int:
        """The number of the task on screen."""
        return int((self.heading.text_content() or "").replace("Task #", "").replace(",", ""))

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def submit(self) -> None:
        """Submit by keys, and wait until another task (or the end of them) is on screen."""
        self._leave("Control+Enter")

    def skip(self) -> None:
        self._leave("Control+Space")

    def _leave(self, keys: str) -> None:
        before = self.task
        self.press(keys)
        self.wait_for_another(before)

    def wait_for_another(self, before: int) -> None:
        """Until another task is on screen, or nothing is left."""
        another = self.heading.filter(has_not_text=re.compile(rf"#({before}|{before:,})$"))
        expect(another.or_(self.done)).to_be_visible()

    @property
    def is_at_work(self) -> bool:
        return not self.done.is_visible()

    def update(self) -> None:
        self.page.get_by_role("button", name="Update").click()

    def tab(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("tablist", name="Answers to this task").get_by_role("tab", name=name)

    def show_task_panel(self) -> None:
        """What is known of the task, beside the work."""
        self.page.get_by_role("complementary", name="Side panel").get_by_role("tab", name="Task").click()

    def data(self, field: str) -> str:
        """What the task's panel says of a field."""
        fact = self.page.get_by_role("tabpanel", name="Task").locator(
            "div", has=self.page.get_by_text(field, exact=True)
        )
        return fact.locator("dd").text_content() or ""

    def picture(self, width: int, height: int) -> Picture:
        """The picture of this size, once it is loaded."""
        return Picture(self.page, width, height).wait()

    def text(self, name: str = "text") -> Text:
        return Text(self.page, name).wait()

    def label(self, name: str) -> Locator:
        """The button of a label."""
        return self.page.get_by_role("group", name=re.compile("^Labels of")).get_by_role(
            "button", name=re.compile(rf"^{re.escape(name)}\b")
        )

    def to_tasks(self) -> Tasks:
        self.page.get_by_role("navigation", name="This project").get_by_role("link", name="Tasks").click()
        expect(self.page.get_by_role("link", name="Label all tasks")).to_be_visible()
        return Tasks(self.page)


def drop_files(page: Page, onto: Locator, paths: Sequence[Path]) -> None:
    """What the browser sees when somebody drags files in from outside: its own protocol says so."""
    place = onto.bounding_box()
    assert place is not None
    dragged = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    protocol = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        protocol.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": place["x"] + place["width"] / 2,
                "y": place["y"] + place["height"] / 2,
                "data": dragged,
            },
        )
    protocol.detach()
