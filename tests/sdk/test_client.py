"""Our client against a live server: what the official one does, and streams, jobs and plugins besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import client as our_client
from labelwright.client import ApiError, Job, Labelwright
from tests.services.labelwright import LiveServer

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="good"/></Choices></View>"""
CHOICE = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}}


@pytest.fixture(scope="module")
def client(shared_server: LiveServer) -> Labelwright:
    return Labelwright(base_url=shared_server.url, api_key=shared_server.token)


@pytest.fixture
def project(client: Labelwright) -> int:
    return int(client.projects.create(title="By our client", label_config=CONFIG).id)


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """Three thousand tasks, every tenth of them answered."""
    items = [
        {"data": {"text": f"名 {n}"}, "annotations": [{"result": [CHOICE]}] if n % 10 == 0 else []}
        for n in range(3000)
    ]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(items), "utf-8")
    return path


def test_it_is_the_official_client(client: Labelwright, project: int) -> None:
    assert client.projects.get(id=project).title == "By our client"
    assert project in [one.id for one in client.projects.list()]


def test_plugins_are_listed(client: Labelwright) -> None:
    plugins = client.plugins.list()
    assert plugins
    assert all(plugin.version for plugin in plugins)
    assert len({plugin.raw["state"] for plugin in plugins}) == 1


def test_a_file_comes_in_and_goes_out_task_by_task(client: Labelwright, project: int, tasks: Path) -> None:
    imported = client.projects.import_file(project, tasks, idempotency_key="once")
    assert isinstance(imported, dict)
    assert (imported["task_count"], imported["annotation_count"]) == (3000, 300)
    again = client.projects.import_file(project, tasks, idempotency_key="once")
    assert isinstance(again, dict)
    assert again["task_count"] == 3000
    stream = client.projects.export_stream(project, download_all_tasks=True)
    first = next(stream)
    assert (first["data"]["text"], sum(1 for _ in stream)) == ("名 0", 2999)
    assert sum(1 for _ in client.projects.export_stream(project)) == 300
    [record] = client.projects.export_stream(project, "JSON_MIN", ids=[first["id"]])
    assert record["mood"] == "good"


def test_a_job_is_watched_to_its_end(client: Labelwright, project: int, tasks: Path) -> None:
    job = client.projects.import_file(project, tasks, respond_async=True)
    assert isinstance(job, Job)
    assert job.id in [one.id for one in client.jobs.list(project)]
    done = client.jobs.wait(job.id, timeout_s=60)
    assert (done.state, done.progress, done.result["task_count"]) == ("done", 1.0, 3000)
    assert client.jobs.cancel(job.id).state == "done"
    assert client.jobs.get(job.id).has_ended


def test_a_failed_job_says_why(client: Labelwright, project: int, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('[{"data": {"nothing": 1}}]', "utf-8")
    job = client.projects.import_file(project, path, respond_async=True)
    assert isinstance(job, Job)
    with pytest.raises(our_client.JobFailed, match="failed") as failed:
        client.jobs.wait(job.id, timeout_s=60)
    assert failed.value.job.error


def test_refusals_are_the_official_clients(client: Labelwright, project: int, tmp_path: Path) -> None:
    (tmp_path / "x.exe").write_text("x", "utf-8")
    with pytest.raises(ApiError) as refused:
        client.projects.import_file(project, tmp_path / "x.exe")
    assert refused.value.status_code == 400
    with pytest.raises(ApiError) as missing:
        next(client.projects.export_stream(987654))
    assert missing.value.status_code == 404
    with pytest.raises(ApiError):
        client.jobs.get(987654)


def pieces(text: str, size: int) -> Iterator[bytes]:
    data = text.encode()
    return (data[begin : begin + size] for begin in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("text", ['[{"a": "名]"},\n {"b": [1, {"c": "}{"}]}]', "[]", "[\n\n]"])
def test_pieces_may_be_cut_anywhere(text: str, size: int) -> None:
    assert list(our_client._objects(pieces(text, size))) == json.loads(text)


def test_an_export_that_breaks_off_is_no_end() -> None:
    found = our_client._objects(pieces('[{"a": 1}, {"b": ', 4))
    assert next(found) == {"a": 1}
    with pytest.raises(EOFError):
        next(found)
