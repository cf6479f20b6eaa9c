"""``labelwright import`` and ``labelwright export``, beside a running server and by asking one."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright import cli
from tests.services import warm
from tests.services.labelwright import COMMAND, LiveServer
from tests.services.postgres import Postgres

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="good"/></Choices></View>"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    url = None
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.create_database())
    with LiveServer(tmp_path_factory.mktemp("server"), url) as running:
        yield running


@pytest.fixture
def project(server: LiveServer) -> int:
    made = server.client().post("/api/projects", json={"title": "Texts", "label_config": CONFIG})
    return int(made.json()["id"])


@pytest.fixture(params=["database", "server"])
def run(
    request: pytest.FixtureRequest, server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """The command, on the database itself or by the server's address.

    What asks a server does so in this process: the official client takes seconds to import.
    """

    def on_the_database(*words: Any) -> subprocess.CompletedProcess[str]:
        command = [str(COMMAND), *map(str, words), "--data-dir", str(server.data_dir)]
        return warm.run(command, env=server.environment(), cwd=tmp_path, timeout=120)

    def by_the_server(*words: Any) -> subprocess.CompletedProcess[str]:
        capture: pytest.CaptureFixture[str] = request.getfixturevalue("capfd")
        monkeypatch.chdir(tmp_path)
        command = [*map(str, words), "--url", server.url, "--token", server.token]
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
        said = capture.readouterr()
        return subprocess.CompletedProcess(command, ended.value.code, said.out, said.err)  # type: ignore[arg-type]

    return on_the_database if request.param == "database" else by_the_server


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_installed_command_asks_a_server(server: LiveServer, project: int, tmp_path: Path) -> None:
    """As a process of its own, which the other tests here that ask a server are not."""
    (tmp_path / "a.csv").write_text("text\none\n", "utf-8")
    where = ["--url", server.url, "--token", server.token]
    done = warm.run(
        [str(COMMAND), "import", str(project), "a.csv", *where], env=server.environment(), cwd=tmp_path
    )
    assert (done.returncode, json.loads(done.stdout)["task_count"]) == (0, 1), done.stderr


def test_what_is_imported_comes_out_again(run: Run, server: LiveServer, project: int, tmp_path: Path) -> None:
    table, lines = tmp_path / "a.csv", tmp_path / "b.jsonl"
    table.write_text("body,note\n" + "".join(f"名 {n},x\n" for n in range(2500)), "utf-8")
    lines.write_text(json.dumps({"data": {"text": "last"}, "annotations": [{"result": []}]}), "utf-8")
    done = run("import", project, table, "--column", "body=text", "--column", "note=")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["task_count"] == 2500
    assert json.loads(done.stdout)["data_columns"] == ["text"]
    assert run("import", project, lines).returncode == 0

    out = tmp_path / "out.csv"
    done = run("export", project, "--format", "CSV", "--out", out, "--all-tasks", "--option", "bom=1")
    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert (len(rows), rows[0]["text"], rows[-1]["text"]) == (2501, "名 0", "last")
    assert "note" not in rows[0]
    assert len(json.loads(run("export", project, "--out", "-").stdout)) == 1, (
        "answered tasks alone, to stdout"
    )
    counted = server.client().get(f"/api/projects/{project}").json()
    assert (counted["task_number"], counted["total_annotations_number"]) == (2501, 1)


def test_bad_items_are_told_and_written_to_a_file(
    run: Run, server: LiveServer, project: int, tmp_path: Path
) -> None:
    bad, report = tmp_path / "bad.json", tmp_path / "errors.csv"
    items: list[dict[str, Any]] = [{"text": "good"}, {"no": 1}, {"text": "good"}, {"data": 3}]
    bad.write_text(json.dumps(items), "utf-8")
    done = run("import", project, bad, "--errors", report)
    assert done.returncode == 1
    assert "item 2" in done.stderr
    assert "nothing was imported" in done.stderr
    assert "Traceback" not in done.stderr
    rows = list(csv.DictReader(io.StringIO(report.read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["item"], row["field"]) for row in rows] == [("2", "data.text"), ("4", "data")]
    assert all(row["reason"] for row in rows)
    assert server.client().get(f"/api/projects/{project}").json()["task_number"] == 0


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "{project}", "--format", "NO"], "valid choice"),
        (["export", "{project}", "CSV", "--out", "no/such/folder/x.csv"], "cannot be written"),
        (["import", "999999", "{file}"], "No Project"),
        (["import", "{project}", "{file}", "--column", "text"], "NAME=VALUE"),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(
    run: Run, project: int, tmp_path: Path, words: list[str], says: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text\none\n", "utf-8")
    done = run(*[word.format(project=project, file=file) for word in words])
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]
