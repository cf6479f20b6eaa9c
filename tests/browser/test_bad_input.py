"""What goes wrong is said where the person is looking."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MOODS, make_project, tasks_of
from tests.browser.pages import CreateProject, Projects, Tasks
from tests.browser.surfaces import Text
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]


@pytest.fixture
def editor(site: LiveServer, seat: Page) -> CreateProject:
    """The page to create a project on, with an empty editor open."""
    seat.goto(f"{site.url}/projects/create")
    create = CreateProject(seat)
    create.name("Broken")
    create.go_to_interface()
    create.write_myself()
    return create


NOT_CLOSED = "<View>\n  <Text name='t' value='$t'>\n</View>"
NAMES_NOTHING = """<View>
  <Text name='txt' value='$t'/>
  <Choices name='c' toName='text'><Choice value='a'/></Choices>
</View>"""


def test_a_configuration_that_cannot_work_is_refused_at_its_line(editor: CreateProject) -> None:
    """The second names what could be meant."""
    problem = editor.problems.get_by_role("button")
    for config, words in ((NOT_CLOSED, "<Text> of line 2 is closed by </View>"), (NAMES_NOTHING, "txt")):
        editor.paste_code(config)
        expect(problem).to_contain_text(words)
        expect(problem).to_contain_text("Line 3")
        expect(editor.page.get_by_role("button", name="Create the project")).to_be_disabled()


def test_an_unknown_tag_is_a_warning_and_no_obstacle(editor: CreateProject) -> None:
    editor.paste_code("<View>\n  <Text name='text' value='$text'/>\n  <Sparkle/>\n</View>")
    unknown = editor.problems.get_by_role("button").filter(has_text="Sparkle")
    expect(unknown).to_contain_text("Line 3")
    editor.page.get_by_role("button", name="Create the project").click()
    expect(editor.page.get_by_role("heading", name="Tasks of Broken")).to_be_attached()


def test_a_project_without_a_name_is_asked_for_one(site: LiveServer, seat: Page) -> None:
    seat.goto(f"{site.url}/projects")
    create = Projects(seat).create()
    seat.get_by_role("button", name="Create the project").click()
    expect(seat.get_by_text("Give the project a name.")).to_be_visible()
    expect(seat.get_by_label("Name", exact=True)).to_be_focused()
    create.name("ab")
    expect(seat.get_by_text("At least 3 characters.")).to_be_visible()


UNREADABLE = {
    "tasks.json": (b'[{"text": "one"}, {"text": ', "JSON"),
    "ragged.csv": (b"text,mood\none,good\ntwo,bad,sad\n", "Line 3"),
    "nothing.json": (b"", "empty"),
    "lacking.json": (b'[{"text": "one"}, {"words": "two"}]', "Item 2"),
    "latin.txt": (b"caf\xe9 \x81\x8d", "encoding"),
    "program.exe": (b"MZ\x00", ".exe"),
    "fake.png": (b"no picture at all", "no image"),
}
"""What a file holds, and a word of why it was not imported."""


def test_a_file_that_cannot_be_read_says_so_beside_its_name(
    site: LiveServer, seat: Page, tmp_path: Path
) -> None:
    project = make_project(site, MOODS, [{"text": "What was there before"}])
    seat.goto(f"{site.url}/projects/{project}/data")
    for name, (content, _) in UNREADABLE.items():
        (tmp_path / name).write_bytes(content)
    files = Tasks(seat).import_data()
    files.choose([tmp_path / name for name in UNREADABLE])
    seat.get_by_role("button", name=f"Import {len(UNREADABLE)} files").click()
    for name, (_, words) in UNREADABLE.items():
        expect(files.row(name)).to_contain_text("Not imported")
        expect(files.row(name)).to_contain_text(words)
    assert len(tasks_of(site.client(), project)) == 1


def test_a_file_of_a_new_project_is_refused_and_the_rest_goes_on(
    site: LiveServer, seat: Page, tmp_path: Path
) -> None:
    (tmp_path / "good.json").write_text('[{"text": "one"}, {"text": "two"}]')
    (tmp_path / "lacking.json").write_text('[{"words": "one"}]')
    seat.goto(f"{site.url}/projects/create")
    create = CreateProject(seat)
    create.name("Half good")
    create.files.choose([tmp_path / "good.json", tmp_path / "lacking.json"])
    create.go_to_interface()
    create.write_myself()
    create.paste_code(MOODS)
    create.see_valid()
    seat.get_by_role("button", name="Create the project").click()
    expect(create.files.row("good.json")).to_contain_text("2 tasks")
    expect(create.files.row("lacking.json")).to_contain_text("Item 1")
    seat.get_by_role("link", name="Open the project").click()
    Tasks(seat).see_count(2)


@pytest.mark.browser_errors
def test_a_server_in_trouble_is_named_on_the_step_that_is_open(editor: CreateProject) -> None:
    page = editor.page
    editor.paste_code(MOODS)
    editor.see_valid()
    Text(page, "text").wait()
    page.context.set_offline(True)
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("alert")).to_contain_text("server")
    page.context.set_offline(False)
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", name="Tasks of Broken")).to_be_attached()


@pytest.mark.browser_errors
def test_a_tag_that_cannot_be_fetched_for_now_is_asked_for_again(site: LiveServer, seat: Page) -> None:
    """While the server is away no plugin is blamed; a button tries again, and the page comes."""
    project = make_project(site, MOODS, [{"text": "Ann met Bob."}])
    seat.context.route("**/plugins/tag_text/**", lambda route: route.abort())
    seat.goto(f"{site.url}/projects/{project}/label")
    alert = seat.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    expect(seat.locator("[data-failed-tag]")).to_have_count(0)
    seat.context.unroute("**/plugins/tag_text/**")
    alert.get_by_role("button", name="Try again").click()
    Text(seat, "text").wait()
    expect(seat.locator("[data-failed-tag]")).to_have_count(0)
