"""What goes wrong is said where the person is looking."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MOODS, Enter, make_project, tasks_of
from tests.browser.pages import CreateProject, Tasks
from tests.browser.surfaces import Text
from tests.services.labelwright import LiveServer


@pytest.fixture
def editor(enter: Enter) -> CreateProject:
    """The page to create a project on, with an empty editor open."""
    _, projects = enter()
    create = projects.create()
    create.name("Broken")
    create.go_to_interface()
    create.write_myself()
    return create


@pytest.mark.parametrize(
    ("config", "line", "words"),
    [
        pytest.param(
            "<View>\n  <Text name='t' value='$t'>\n</View>",
            3,
            "<Text> of line 2 is closed by </View>",
            id="a tag that is not closed",
        ),
        pytest.param(
            "<View>\n  <Text name='txt' value='$t'/>\n"
            "  <Choices name='c' toName='text'><Choice value='a'/></Choices>\n</View>",
            3,
            "txt",
            id="a toName that names nothing, with what could be meant",
        ),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_at_its_line(
    editor: CreateProject, config: str, line: int, words: str
) -> None:
    editor.paste_code(config)
    problem = editor.problems.get_by_role("button")
    expect(problem).to_contain_text(f"Line {line}")
    expect(problem).to_contain_text(words)
    expect(editor.page.get_by_role("button", name="Create the project")).to_be_disabled()


def test_an_unknown_tag_is_a_warning_and_no_obstacle(editor: CreateProject) -> None:
    editor.paste_code("<View>\n  <Text name='text' value='$text'/>\n  <Sparkle/>\n</View>")
    unknown = editor.problems.get_by_role("button").filter(has_text="Sparkle")
    expect(unknown).to_contain_text("Line 3")
    editor.page.get_by_role("button", name="Create the project").click()
    expect(editor.page.get_by_role("heading", name="Tasks of Broken")).to_be_attached()


def test_a_project_without_a_name_is_asked_for_one(enter: Enter) -> None:
    page, projects = enter()
    create = projects.create()
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_text("Give the project a name.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    create.name("ab")
    expect(page.get_by_text("At least 3 characters.")).to_be_visible()


FILES = [
    pytest.param("tasks.json", b'[{"text": "one"}, {"text": ', "JSON", id="a file that is no JSON"),
    pytest.param("ragged.csv", b"text,mood\none,good\ntwo,bad,sad\n", "Line 3", id="a ragged CSV"),
    pytest.param("nothing.json", b"", "empty", id="an empty file"),
    pytest.param(
        "lacking.json", b'[{"text": "one"}, {"words": "two"}]', "Item 2", id="an item without the field"
    ),
    pytest.param("latin.txt", b"caf\xe9 \x81\x8d", "encoding", id="an unknown encoding"),
    pytest.param("program.exe", b"MZ\x00", ".exe", id="a type that is not taken"),
    pytest.param("fake.png", b"no picture at all", "no image", id="a picture that is none"),
]


@pytest.mark.parametrize(("name", "content", "words"), FILES)
def test_a_file_that_cannot_be_read_says_so_beside_its_name(
    site: LiveServer, enter: Enter, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    project = make_project(site, MOODS, [{"text": "What was there before"}])
    page, projects = enter()
    page.goto(f"{site.url}/projects/{project}/data")
    (tmp_path / name).write_bytes(content)
    files = projects.tasks().import_data()
    files.choose([tmp_path / name])
    page.get_by_role("button", name="Import 1 file").click()
    expect(files.row(name)).to_contain_text("Not imported")
    expect(files.row(name)).to_contain_text(words)
    assert len(tasks_of(site.client(), project)) == 1


def test_a_file_of_a_new_project_is_refused_and_the_rest_goes_on(enter: Enter, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('[{"text": "one"}, {"text": "two"}]')
    (tmp_path / "lacking.json").write_text('[{"words": "one"}]')
    page, projects = enter()
    create = projects.create()
    create.name("Half good")
    create.files.choose([tmp_path / "good.json", tmp_path / "lacking.json"])
    create.go_to_interface()
    create.write_myself()
    create.paste_code(MOODS)
    create.see_valid()
    page.get_by_role("button", name="Create the project").click()
    expect(create.files.row("good.json")).to_contain_text("2 tasks")
    expect(create.files.row("lacking.json")).to_contain_text("Item 1")
    page.get_by_role("link", name="Open the project").click()
    Tasks(page).see_count(2)


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
def test_a_tag_that_cannot_be_fetched_for_now_is_asked_for_again(site: LiveServer, enter: Enter) -> None:
    """While the server is away no plugin is blamed; a button tries again, and the page comes."""
    project = make_project(site, MOODS, [{"text": "Ann met Bob."}])
    page, _ = enter()
    page.context.route("**/plugins/tag_text/**", lambda route: route.abort())
    page.goto(f"{site.url}/projects/{project}/label")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    expect(page.locator("[data-failed-tag]")).to_have_count(0)
    page.context.unroute("**/plugins/tag_text/**")
    alert.get_by_role("button", name="Try again").click()
    Text(page, "text").wait()
    expect(page.locator("[data-failed-tag]")).to_have_count(0)
