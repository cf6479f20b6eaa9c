"""What an author does, in an environment of wheels: begin each kind of plugin; follow the tutorial word for word."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from labelwright import scaffold
from tests.services.wheels import ROOT, WheelEnvironment, build, build_wheel, make_wheel_environment

TUTORIAL = ROOT / "docs/plugins/tutorial.md"
STEP = re.compile(r"(?:<!-- (?P<note>[^>]*) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
PYTEST = ("pytest", "iniconfig", "pygments")
"""What a test run needs and a server does not."""
BEGIN_EACH = """
import sys
from labelwright.cli import labelwright
_, into, *kinds = sys.argv
for kind in kinds:
    labelwright(["plugin", "new", kind, f"begun_{kind}", "--into", into], standalone_mode=False)
"""
"""The command for each kind, in one process."""


@pytest.fixture(scope="module")
def environment(wheels: list[Path], tmp_path_factory: pytest.TempPathFactory) -> WheelEnvironment:
    made = make_wheel_environment(tmp_path_factory.mktemp("author") / "environment", wheels)
    lock = (ROOT / "requirements/test.lock").read_text("utf-8")
    made.install(*re.findall(rf"^(?:{'|'.join(PYTEST)})==[\w.]+", lock, re.MULTILINE))
    return made


def test_each_kind_that_is_begun_passes_its_own_tests(environment: WheelEnvironment, tmp_path: Path) -> None:
    begun = environment.run("python", "-c", BEGIN_EACH, tmp_path, *scaffold.KINDS)
    assert begun.returncode == 0, begun.stderr
    folders = [tmp_path / f"{kind}_begun_{kind}" for kind in scaffold.KINDS]
    build(tmp_path / "wheels", *folders)
    environment.install(*(tmp_path / "wheels").glob("*.whl"))
    done = environment.run("pytest", "-p", "labelwright.testing", *(folder / "tests" for folder in folders))
    assert done.returncode == 0, done.stdout
    checked = environment.run("labelwright", "plugin", "check", *folders)
    assert checked.stdout == "All is well.\n", checked.stderr


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder."""

    environment: WheelEnvironment
    folder: Path

    def do(self, line: str) -> str:
        program, *words = shlex.split(line)
        if (program, words[0]) == ("pip", "install"):  # of what lies here; nothing is fetched
            into = self.folder.parent / "wheels"
            build_wheel(self.folder / words[1], into)
            self.environment.install(*into.glob("*.whl"))
            return ""
        command = [str(self.environment.bin / program), *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout


def test_the_tutorial_works_word_for_word(environment: WheelEnvironment, tmp_path: Path) -> None:
    reader = Reader(environment, tmp_path / "home")
    reader.folder.mkdir()
    said = ""
    for step in STEP.finditer(TUTORIAL.read_text("utf-8")):
        note = step["note"] or ""
        if note == "not run":
            continue
        if note.startswith("file: "):
            path = reader.folder / note.removeprefix("file: ")
            assert path.exists(), f"{path} was to be replaced"
            path.write_text(step["text"], "utf-8")
            continue
        assert step["language"] == "console", f"nobody would know what to do with:\n{step['text']}"
        for line in step["text"].splitlines():
            if line.startswith("$ "):
                said = reader.do(line.removeprefix("$ "))
            else:
                assert line in said
    assert "passed" in said
    written = [
        reader.folder / "tag_mood/labelwright_tag_mood" / name for name in ("__init__.py", "static/mood.js")
    ]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in written) <= 60
    shutil.rmtree(reader.folder)
