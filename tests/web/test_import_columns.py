"""Columns that get other names on the way in, and what was wrong with items as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from labelwright.services.imports import reports
from tests.web.application import SENTIMENT, Api, House
from tests.web.shared import api, house
from tests.web.test_imports import refusal, tasks_of, work

__all__ = ["api", "house"]


def send(
    api: Api, project: int, name: str, content: bytes, columns: Any = None, **headers: str
) -> TestResponse:
    query = {"columns": columns if isinstance(columns, str) else json.dumps(columns)} if columns else {}
    form = {"file": (io.BytesIO(content), name)}
    return api("POST", f"/api/projects/{project}/import", query_string=query, data=form, headers=headers)


def errors_of(api: Api, project: int, import_id: int) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The list of errors, as a table and as lines of JSON."""
    path = f"/api/projects/{project}/imports/{import_id}/errors"
    table, lines = api("GET", path), api("GET", f"{path}?format=lines")
    assert table.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"), newline="")))
    return rows, [json.loads(line) for line in lines.text.splitlines()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "body,note,n\n名,x,1.50\n".encode()),
        ("a.json", b'[{"data": {"body": "\\u540d", "note": "x", "n": 1.50}}]'),
        ("a.jsonl", '{"body": "名", "note": "x", "n": 1.50}\n'.encode()),
        ("a.csv", "body,note,n\n名,x,1.50\n".encode("gb18030")),
    ],
)
def test_columns_get_the_names_that_the_configuration_reads(api: Api, name: str, content: bytes) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, name, content, {"body": "text", "note": ""})
    assert (answer.status_code, answer.json["data_columns"]) == (201, ["n", "text"]), answer.text
    assert [task["data"] for task in tasks_of(api, project)] == [{"text": "名", "n": 1.5}]


def test_a_job_knows_the_names_too(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    job = send(api, project, "a.csv", b"body\none\n", {"body": "text"}, Prefer="respond-async").json
    work(house, job["id"])
    assert [task["data"] for task in tasks_of(api, project)] == [{"text": "one"}]


@pytest.mark.parametrize("columns", ["[", '["text"]', '{"body": 3}', '{"a": "text", "b": "text"}'])
def test_names_that_are_none_are_refused_by_their_field(api: Api, columns: str) -> None:
    answer = send(api, api.project(SENTIMENT), "a.csv", b"body\none\n", columns)
    assert (answer.status_code, list(answer.json["validation_errors"])) == (400, ["columns"])


def test_a_name_that_another_column_has_is_refused_with_its_item(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, "a.csv", b"body,text\none,two\n", {"body": "text"})
    assert 'Error at item 0: two columns are called "text"' in refusal(answer)
    assert tasks_of(api, project) == []


def test_what_is_wrong_with_items_is_a_file(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    items = [{"text": "good"}, *({"no": number} for number in range(300)), {"data": 5}]
    job = send(api, project, "a.json", json.dumps(items).encode(), Prefer="respond-async").json
    work(house, job["id"])
    assert api("GET", f"/api/jobs/{job['id']}").json["state"] == "failed"
    rows, lines = errors_of(api, project, job["import"])
    assert len(rows) == len(lines) == 301, "more than an answer shows"
    assert rows[0] == {"item": "2", "field": "data.text", "reason": lines[0]["reason"]}
    assert (lines[-1]["item"], lines[-1]["field"]) == (302, "data")
    assert '"text"' in rows[0]["reason"]
    assert tasks_of(api, project) == []


def test_a_file_that_cannot_be_read_has_one_error_with_its_line(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    job = send(api, project, "a.csv", b"text\none\ntwo,three\n", Prefer="respond-async").json
    work(house, job["id"])
    (row,), _ = errors_of(api, project, job["import"])
    assert (row["item"], row["field"]) == ("", "line 3")
    assert "more cells" in row["reason"]


def test_cells_of_the_list_of_errors_are_no_formulas() -> None:
    error = {"item": 1, "field": "=1+1", "reason": "@SUM(1)"}
    table = b"".join(reports.written([error], "table")).decode("utf-8-sig")
    assert table.splitlines() == ["item,field,reason", "1,'=1+1,'@SUM(1)"]


def test_the_list_of_errors_is_nobody_elses(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    job = send(api, project, "a.csv", b"no\none\n", Prefer="respond-async").json
    stranger = house.api("stranger@example.org", organization="Another")
    path = f"/api/projects/{project}/imports/{job['import']}/errors"
    assert stranger("GET", path).status_code == 404
    assert api("GET", f"/api/projects/{project}/imports/99999999/errors").status_code == 404


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("text\n名\n".encode() + "text\n名前\n".encode("utf-16-le"), "line"),
        (b"text\n" + "é ".encode("latin-1") * 3 + b"\n", "line 2"),
        (b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n", "1000000 cells"),
        (b"text,text\none,two\n", ""),
    ],
    ids=["another encoding in the middle", "latin-1", "a million columns", "a name twice"],
)
def test_odd_tables_are_refused_with_the_place_or_read(api: Api, content: bytes, place: str) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, "a.csv", content)
    if not place:
        assert [task["data"] for task in tasks_of(api, project)] == [{"text": "one", "text.1": "two"}]
        return
    assert place in refusal(answer)
    assert tasks_of(api, project) == []
