"""What authors of plugins test with does what it says."""

from __future__ import annotations

import importlib
import io
import json
import zipfile

import pytest

from labelwright.api import (
    Attribute,
    Exporter,
    ExportFile,
    Importer,
    InvalidRegion,
    InvalidTask,
    MediaUnavailable,
    Number,
    Tag,
)
from labelwright.testing import (  # noqa: F401 - fixtures
    app,
    check_exporter,
    check_importer,
    check_tag,
    client,
    data_folder,
    make_registry,
    signed_in,
)
from tests.core.plugin_site import STARS, plugin_site

TASKS = [
    {"id": 1, "data": {"text": "一"}, "annotations": []},
    {"id": 2, "data": {"text": "two"}, "annotations": []},
]


class Stars(Tag):
    """Rate with stars."""

    name = "Stars"
    result_type = "stars"
    value = {"stars": Number(minimum=1, sample=3)}


def test_a_good_tag_passes_and_gives_its_sample():
    assert check_tag(Stars) == {"stars": 3}


def test_a_value_that_the_tag_refuses_is_refused():
    with pytest.raises(InvalidRegion) as refusal:
        check_tag(Stars, {"stars": 0})
    assert refusal.value.field == "stars"


def test_a_tag_without_help_is_told():
    silent = type("Stars", (Stars,), {"__doc__": "Rate.", "attributes": {"max": Attribute(default=5)}})
    with pytest.raises(AssertionError, match="attribute max of Stars has no help"):
        check_tag(silent)


class Lines(Exporter):
    name = "LINES"

    def write(self, rows, out, context):
        for row in rows:
            out.write(row.raw + b"\n")


class Folder(Exporter):
    name = "FOLDER"

    def files(self, rows, context):
        for row in rows:
            try:
                with context.open_media(row["data"]["text"]) as file:
                    yield ExportFile(f"{row['id']}.txt", file.read())
            except MediaUnavailable:
                context.warn("{id} has no file", id=row["id"])
        yield ExportFile("empty.txt", iter([b"a", b"b"]))


def test_an_exporter_of_one_file_streams_rows_as_they_are():
    lines = check_exporter(Lines, TASKS).splitlines()
    assert [json.loads(line) for line in lines] == TASKS


def test_an_exporter_of_several_files_gives_a_zip_and_leaves_out_what_is_gone():
    with zipfile.ZipFile(io.BytesIO(check_exporter(Folder, TASKS, media={"two": b"2"}))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "2.txt": b"2",
            "empty.txt": b"ab",
        }


@pytest.mark.parametrize("names", [["../a"], ["/a"], ["a", "a"]])
def test_names_that_no_zip_should_have_are_told(names):
    class Odd(Exporter):
        name = "ODD"

        def files(self, rows, context):
            for name in names:
                yield ExportFile(name, b"")

    with pytest.raises(AssertionError):
        check_exporter(Odd, [])


class Words(Importer):
    name = "words"
    suffixes = (".words",)

    def read(self, stream, context):
        for number, line in enumerate(stream, 1):
            if b"\0" in line:
                raise InvalidTask("no text", field=f"line {number}")
            yield b'{"text": ' + json.dumps(line.decode().strip()).encode() + b"}"


def test_an_importer_gives_its_tasks_parsed():
    assert check_importer(Words, "一\ntwo".encode()) == [{"text": "一"}, {"text": "two"}]


def test_what_an_importer_refuses_is_raised_with_its_place():
    with pytest.raises(InvalidTask) as refusal:
        check_importer(Words, b"one\n\0")
    assert refusal.value.field == "line 2"


def test_a_registry_holds_just_the_plugins_named(tmp_path):
    with plugin_site(tmp_path) as site:
        package = site.install("tag_stars", STARS)
        registry = make_registry(importlib.import_module(package))
    assert list(registry.tags) == ["Stars"]
    assert list(make_registry().tags) == []


def test_an_application_starts_with_every_installed_plugin(client):  # noqa: F811
    answer = client.get("/api/version")
    assert answer.status_code == 200


def test_a_member_is_signed_in_and_told_why_a_request_failed(signed_in):  # noqa: F811
    with pytest.raises(AssertionError, match="answered with 400: .*invalid-label-config"):
        signed_in.project("<Unknown name='a'")
    project = signed_in.project('<View><Text name="text" value="$text"/></View>', [{"text": "one"}])
    assert [task["data"] for task in signed_in.tasks(project)] == [{"text": "one"}]
    assert signed_in.import_file(project, "more.json", b'[{"text": "two"}]')["task_count"] == 1
    exported = json.loads(signed_in.export(project, "JSON", download_all_tasks=True))
    assert [task["data"]["text"] for task in exported] == ["one", "two"]


def test_applications_share_nothing(signed_in):  # noqa: F811
    assert signed_in.get("/api/projects/")["count"] == 0
