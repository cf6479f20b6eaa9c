"""The command line, as people use it: real processes, their words, their status."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labelwright.cli import COMMANDS
from labelwright.cli.start import has_display, with_free_port
from labelwright.config import load
from labelwright.errors import ConfigurationError
from tests.services import warm
from tests.services.labelwright import COMMAND, LiveServer
from tests.services.processes import Program, free_port

PASSWORD = "Tr0mbone-lake"


@pytest.fixture
def labelwright(tmp_path):
    """Run a command with an environment and a data folder of its own, in a process that has imported already."""
    (tmp_path / "here").mkdir()
    clean = LiveServer(tmp_path / "unused").environment()

    def run(*words, data_dir=tmp_path / "data", timeout=60, stdin="", **variables):
        return warm.run(
            [str(COMMAND), *words],
            env={**clean, "BASE_DATA_DIR": str(data_dir), **variables},
            cwd=tmp_path / "here",
            typed=stdin,
            timeout=timeout,
        )

    return run


@pytest.fixture(scope="module")
def untouched_data_dir(tmp_path_factory):
    """For all commands that change nothing: its tables are made once."""
    return tmp_path_factory.mktemp("untouched")


def assert_refused(done, *words):
    """One sentence on stderr, status 2, no traceback."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("labelwright: ")
    for word in words:
        assert word in last


# --- what it says about itself


def test_help_names_every_command():
    done = subprocess.run([str(COMMAND), "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert all(re.search(rf"^  {re.escape(name)} ", done.stdout, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(labelwright, name):
    done = labelwright(name, "--help")
    assert done.returncode == 0
    assert "Usage: labelwright" in done.stdout


def test_nothing_heavy_is_imported_for_help():
    code = (
        "import sys; from labelwright.cli import labelwright\n"
        "try: labelwright(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'sqlalchemy', 'celery', 'lxml', 'PIL', 'cryptography', 'alembic'}\n"
        "print('heavy:', *heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_version_is_json_with_all_parts(labelwright):
    told = json.loads(labelwright("version").stdout)
    assert told["labelwright"] == json.loads(labelwright("--version").stdout)["labelwright"]
    assert "labelwright-tag-image" in told["plugins"]


def test_an_unknown_command_is_told(labelwright):
    done = labelwright("strat")
    assert done.returncode == 2
    assert "No such command 'strat'" in done.stderr


def test_config_prints_values_and_where_they_came_from(labelwright, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/labelwright.toml").write_text("[upload]\nmax_files = 7\n")
    done = labelwright("config", "--port", "9001", LABEL_STUDIO_LOG_LEVEL="ERROR", SECRET_KEY="hush" * 12)
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert done.returncode == 0
    assert re.search(r"9001 +argument$", lines["port"])
    assert re.search(r"7 +.*labelwright\.toml$", lines["upload.max_files"])
    assert re.search(r"ERROR +environment variable LABEL_STUDIO_LOG_LEVEL$", lines["log.level"])
    assert re.search(r"8 +default$", lines["password.min_length"])
    assert "hush" not in done.stdout + done.stderr


def test_config_as_json(labelwright):
    told = json.loads(labelwright("config", "--json").stdout)
    assert told["port"] == {"value": "8080", "origin": "default"}


def test_config_warns_of_variables_that_mean_nothing(labelwright):
    done = labelwright("config", LABEL_STUDIO_PROT="1")
    assert done.returncode == 0
    assert (
        "LABEL_STUDIO_PROT is no setting, and has no effect; did you mean LABEL_STUDIO_PORT?" in done.stderr
    )


def test_plugins_are_listed(labelwright):
    done = labelwright("plugins")
    assert re.search(r"^tag_image +\S+ +loaded", done.stdout, re.MULTILINE)
    rows = json.loads(labelwright("plugins", "--json", LABELWRIGHT_DISABLED_PLUGINS="tag_image").stdout)
    assert next(row["state"] for row in rows if row["name"] == "tag_image") == "disabled"


# --- what it refuses


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"LABEL_STUDIO_PORT": "eighty"}, ["port must be", "LABEL_STUDIO_PORT"]),
        ({"LABELWRIGHT_UPLOAD_MAX_FILES": "0"}, ["upload.max_files", "1 or more"]),
        ({"LABEL_STUDIO_HOST": "label.example.org"}, ["host must be", "https://"]),
        ({"LABELWRIGHT_CONFIG": "/no/such/file.toml"}, ["/no/such/file.toml"]),
        ({"SECRET_KEY": "short"}, ["secret_key", "32"]),
        ({"SECRET_KEY": "changeme" * 5}, ["secret_key can be guessed"]),
        ({"LABELWRIGHT_PROCESSES": "2"}, ["processes must be 1 with SQLite"]),
    ],
)
def test_a_wrong_setting_stops_the_start(labelwright, variables, words):
    assert_refused(labelwright("start", "--no-browser", "--port", "0", **variables), *words)


def test_an_unknown_key_in_the_file_stops_every_command(labelwright, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/labelwright.toml").write_text("prot = 1\n")
    for command in ("start", "migrate", "check", "config"):
        assert_refused(
            labelwright(command), "there is no setting 'prot'", "did you mean port?", "labelwright.toml"
        )


def test_a_port_in_use_stops_the_start_before_anything_is_made(labelwright, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = labelwright("start", "--port", str(port), "--internal-host", "127.0.0.1", "--no-browser")
    assert_refused(done, f"Port {port} is in use by another program", "--port")
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_stops_the_start(labelwright):
    assert_refused(labelwright("start", "--internal-host", "192.0.2.1", "--port", "0"), "192.0.2.1")


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_used_stops_the_start(labelwright, tmp_path, place):
    (tmp_path / "file").write_text("not a folder")
    done = labelwright("start", "--port", "0", data_dir=tmp_path / place)
    assert_refused(done, str(tmp_path / place), "--data-dir", "BASE_DATA_DIR")


def test_a_database_that_does_not_answer_stops_the_start(labelwright):
    url = f"postgresql://label:hush@127.0.0.1:{free_port()}/label"
    done = labelwright("start", "--port", "0", DATABASE_URL=url)
    assert_refused(done, "cannot be reached", "127.0.0.1")
    assert "hush" not in done.stderr


def test_a_database_that_refuses_the_password_stops_the_start(labelwright, postgres_url):
    url = re.sub("://[^@]*@", "://nobody:hush@", postgres_url)
    done = labelwright("migrate", DATABASE_URL=url)
    assert_refused(done, "cannot be reached")
    assert "hush" not in done.stderr


def test_a_missing_database_is_made(labelwright, postgres_url):
    done = labelwright("migrate", DATABASE_URL=postgres_url + "_new")
    assert done.returncode == 0, done.stderr
    assert "applied core:" in done.stdout


def test_another_program_s_database_is_left_as_it_is(labelwright, tmp_path):
    path = tmp_path / "theirs.sqlite3"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE django_migrations (id integer)")
    before = path.read_bytes()
    assert_refused(labelwright("start", "--port", "0", "-db", str(path)), "Label Studio", str(path))
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_as_it_is(labelwright, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("dear diary " * 1000)
    assert_refused(labelwright("migrate", "-db", str(path)), "not an SQLite database")
    assert path.read_text() == "dear diary " * 1000


def test_https_is_a_proxy_s_business(labelwright):
    done = labelwright("start", "--cert", "x.pem", "--key", "y.pem")
    assert done.returncode == 2
    assert "proxy" in done.stderr


def test_a_worker_needs_redis(labelwright):
    assert_refused(labelwright("worker"), "redis.url", "REDIS_LOCATION")


# --- the server


def started(labelwright_words, tmp_path, *, is_warm=False, **variables):
    """A server as a process, and the file of its words; unless it is warm, it imports what it needs itself."""
    log = tmp_path / "log"
    environment = LiveServer(tmp_path / "unused").environment()
    return Program(
        [str(COMMAND), *labelwright_words],
        log=log,
        env=environment | {"BASE_DATA_DIR": str(tmp_path / "data")} | variables,
        cwd=tmp_path,
        is_warm=is_warm,
    )


def says(program, words):
    return lambda: words in program.log.read_text("utf-8", "replace")


def test_the_server_says_where_it_is_and_stops_when_told(labelwright, tmp_path):
    port = free_port()
    words = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with started(words, tmp_path) as server:
        server.wait_until(says(server, "is ready at"), timeout_s=60)
        server.wait_until(says(server, "plugins "), timeout_s=5)
        told = server.log.read_text()
        assert f"http://localhost:{port}" in told
        assert str(tmp_path / "data") in told
        assert "SQLite" in told
        second = labelwright("start", "--no-browser", "--port", "0")
        assert_refused(second, "Another Labelwright server", str(tmp_path / "data"))
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0
    assert "Traceback" not in server.log.read_text()


def test_without_a_command_the_server_starts(tmp_path):
    port = free_port()
    words = ["--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with started(words, tmp_path, is_warm=True) as server:
        server.wait_until(says(server, f"is ready at http://localhost:{port}"), timeout_s=60)
        assert str(tmp_path / "data") in server.log.read_text()
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_options_before_the_command_count_unless_it_has_its_own(labelwright):
    done = labelwright("--port", "9001", "--host", "https://a.example", "config", "--port", "9002", "--json")
    told = json.loads(done.stdout)
    assert (told["port"]["value"], told["host"]["value"]) == ("9002", "https://a.example")


def test_a_zero_is_a_value(labelwright):
    told = json.loads(labelwright("config", "--port", "0", "--json").stdout)
    assert told["port"] == {"value": "0", "origin": "argument"}


def test_several_processes_serve_one_postgresql(tmp_path, postgres_url):
    import requests

    from labelwright.doors.keys import new_encryption_key, new_secret_key

    port = free_port()
    variables = {
        "DATABASE_URL": postgres_url,
        "LABELWRIGHT_PROCESSES": "2",
        "LABELWRIGHT_SECRET_KEY": new_secret_key(),
        "LABELWRIGHT_ENCRYPTION_KEYS": new_encryption_key(),
    }
    words = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with started(words, tmp_path, is_warm=True, **variables) as server:
        server.wait_until(says(server, "is ready at"), timeout_s=60)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                assert requests.get(f"http://127.0.0.1:{port}/health", timeout=5).json() == {"status": "UP"}
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) == 2
        os.kill(int(children[0]), signal.SIGKILL)
        for _ in range(5):
            assert requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=40) == 0


# --- ports


def test_without_a_choice_the_next_free_port_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(tmp_path, {}, {"internal_host": "127.0.0.1"})
    first = with_free_port(settings).port
    with socket.create_server(("127.0.0.1", first)):
        assert with_free_port(settings).port > first


def test_port_zero_is_known_before_links_are_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = with_free_port(load(tmp_path, {}, {"internal_host": "127.0.0.1", "port": 0}))
    assert settings.base_url == f"http://localhost:{settings.port}" != "http://localhost:0"


def test_a_chosen_port_is_not_changed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = load(tmp_path, {"PORT": str(other.getsockname()[1])}, {"internal_host": "127.0.0.1"})
        with pytest.raises(ConfigurationError, match="in use"):
            with_free_port(settings)


@pytest.mark.parametrize(
    ("variables", "shows"), [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True)]
)
def test_the_browser_is_opened_only_where_it_can_be_seen(monkeypatch, variables, shows):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert has_display() is shows


# --- accounts and upkeep


def test_an_account_is_made_shown_locked_and_given_a_new_password(labelwright):
    made = labelwright("user", "create", "--username", "Ann@example.org", "--password", PASSWORD, "--owner")
    assert made.returncode == 0, made.stderr
    shown = json.loads(labelwright("user", "--username", "ann@example.org").stdout)
    assert shown["email"].lower() == "ann@example.org"
    assert re.fullmatch(r"[0-9a-f]{40}", shown["token"])
    assert labelwright("user", "lock", "--username", "ann@example.org").returncode == 0
    assert json.loads(labelwright("user", "--username", "ann@example.org").stdout)["is_active"] is False
    done = labelwright("reset_password", "--username", "ann@example.org", "--password", PASSWORD + "2")
    assert done.returncode == 0
    assert PASSWORD not in done.stdout + done.stderr


def test_a_password_is_asked_for_and_not_shown(labelwright):
    done = labelwright("user", "create", "--username", "b@example.org", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["user", "--username", "nobody@example.org"], "nobody@example.org"),
        (
            ["reset_password", "--username", "nobody@example.org", "--password", PASSWORD],
            "nobody@example.org",
        ),
        (["user", "create", "--username", "c@example.org", "--password", "short"], "8-128"),
        (["user", "create", "--username", "c@example.org", "--password", "password"], "too common"),
        (["export", "99", "JSON", "--export-path", "."], "No Project"),
    ],
)
def test_what_cannot_be_done_is_said(labelwright, untouched_data_dir, words, sentence):
    assert_refused(labelwright(*words, data_dir=untouched_data_dir), sentence)


def test_tables_are_migrated_apart_from_the_start(labelwright, database_url):
    done = labelwright("migrate", "--check", DATABASE_URL=database_url)
    assert (done.returncode, done.stdout) == (1, "to be migrated: core, quality, webhooks\n"), done.stderr
    applied = labelwright("migrate", DATABASE_URL=database_url).stdout
    assert [line.partition(":")[0] for line in applied.splitlines()] == [
        "applied core",
        "applied quality",
        "applied webhooks",
    ]
    assert labelwright("migrate", DATABASE_URL=database_url).stdout == "the tables are of this version\n"
    assert labelwright("migrate", "--check", DATABASE_URL=database_url).returncode == 0


def test_check_proves_the_counters_and_mends_them(labelwright, tmp_path):
    assert (
        labelwright("user", "create", "--username", "a@example.org", "--password", PASSWORD).returncode == 0
    )
    done = labelwright("check")
    assert (done.returncode, done.stdout) == (0, "all counters are right\n")
    database = sqlite3.connect(tmp_path / "data/labelwright.sqlite3")
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert "lw_project" in tables


def test_rotating_keys_keeps_what_was_encrypted(labelwright, tmp_path):
    labelwright("user", "create", "--username", "a@example.org", "--password", PASSWORD)
    before = json.loads(labelwright("user", "--username", "a@example.org").stdout)["token"]
    stored = secrets_in(tmp_path)
    done = labelwright("rotate-keys")
    assert (done.returncode, done.stdout.split()[0]) == (0, "1"), done.stderr
    assert secrets_in(tmp_path) != stored
    assert json.loads(labelwright("user", "--username", "a@example.org").stdout)["token"] == before
    kept = json.loads((tmp_path / "data/keys.json").read_text())["encryption_keys"]
    assert len(kept) == 2


def secrets_in(folder):
    database = sqlite3.connect(folder / "data/labelwright.sqlite3")
    return database.execute("SELECT secret FROM lw_legacy_token").fetchall()


def test_a_data_folder_that_we_make_is_ours_alone(labelwright, tmp_path):
    labelwright("migrate")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_keys_can_be_printed_for_a_configuration(labelwright, tmp_path):
    done = labelwright("rotate-keys", "--print")
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert not (tmp_path / "data").exists()
    made = labelwright("user", "create", "--username", "a@example.org", "--password", PASSWORD, **variables)
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "data/keys.json").exists()


def test_given_keys_are_rotated_by_putting_a_new_one_in_front(labelwright):
    first = dict(line.split("=", 1) for line in labelwright("rotate-keys", "--print").stdout.splitlines())
    second = dict(line.split("=", 1) for line in labelwright("rotate-keys", "--print").stdout.splitlines())
    labelwright("user", "create", "--username", "a@example.org", "--password", PASSWORD, **first)
    before = json.loads(labelwright("user", "--username", "a@example.org", **first).stdout)["token"]
    name = "LABELWRIGHT_ENCRYPTION_KEYS"
    both = first | {name: f"{second[name]},{first[name]}"}
    assert labelwright("rotate-keys", **both).stdout.startswith("1 stored secrets")
    after = json.loads(
        labelwright("user", "--username", "a@example.org", **(first | {name: second[name]})).stdout
    )
    assert after["token"] == before
