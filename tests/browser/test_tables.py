"""A table whose columns are called otherwise comes in, its errors can be taken home, and answers go out for Excel."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import MOODS, make_project, tasks_of
from tests.browser.pages import Tasks
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]


def test_a_table_comes_in_by_its_columns_and_goes_out_for_excel(
    site: LiveServer, seat: Page, tmp_path: Path
) -> None:
    project = make_project(site, MOODS, [{"text": "before"}])
    (tmp_path / "other.csv").write_text("id,the words,note\n1,名前 and more,x\n2,two words,y\n", "utf-8")
    (tmp_path / "lacking.json").write_text('[{"text": "one"}, {"no": 1}, {"no": 2}]', "utf-8")
    seat.goto(f"{site.url}/projects/{project}/data")
    files = Tasks(seat).import_data()
    files.choose([tmp_path / "other.csv", tmp_path / "lacking.json"])
    column = seat.get_by_label("“text” is the column")
    expect(column).to_have_value("the words")
    column.select_option("note")
    column.select_option("the words")
    seat.get_by_role("button", name="Import 2 files").click()
    expect(files.row("other.csv")).to_contain_text("2 tasks")
    with seat.expect_download() as errors:
        files.row("lacking.json").get_by_role("link", name="All errors of this file").click()
    with open(errors.value.path(), encoding="utf-8-sig", newline="") as table:
        assert [row["item"] for row in csv.DictReader(table)] == ["2", "3"]
    texts = [task["data"]["text"] for task in tasks_of(site.client(), project)]
    assert texts == ["before", "名前 and more", "two words"]
    seat.get_by_role("dialog").get_by_role("button", name="Close").last.click()

    seat.get_by_role("button", name="Export").click()
    dialog = seat.get_by_role("dialog", name="Export")
    dialog.locator("label", has=seat.get_by_text("CSV", exact=True)).get_by_role("radio").check()
    dialog.get_by_role("switch", name="For Excel").check()
    dialog.get_by_role("switch", name="Tasks without annotations too").check()
    with seat.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
