"""An environment as production has it: wheels and their locked dependencies, no source tree in sight."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv*", "node_modules", "__pycache__", "*.egg-info", "build", "dist", ".*_cache", "test-results"
)


class WheelEnvironment:
    """A virtual environment that holds wheels only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"

    @property
    def labelwright(self) -> Path:
        """The installed command."""
        return self.bin / "labelwright"

    @property
    def site_packages(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages"))

    def install(self, *what: str | Path) -> None:
        """Install wheels or folders with a ``setup.cfg``; dependencies must be there already."""
        self._uv("pip", "install", "--no-deps", *map(str, what))

    def uninstall(self, *names: str) -> None:
        self._uv("pip", "uninstall", *names)

    def run(self, *command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        """Run a program of this environment; never raises, look at ``returncode``."""
        words = [str(self.bin / command[0]), *map(str, command[1:])]
        return subprocess.run(words, capture_output=True, text=True, cwd=self.folder, **options)  # type: ignore[call-overload]

    def _uv(self, *words: str) -> None:
        run_uv(*words, "--quiet", "--python", str(self.bin / "python"))


def build_wheels(destination: Path) -> list[Path]:
    """Build the core and every plugin as `make dist` does, from a copy of the tree."""
    with _only_one(destination):
        if not destination.exists():
            source = destination.with_suffix(".source")
            shutil.copytree(ROOT, source, ignore=LEFT_BEHIND, symlinks=True)
            plugins = sorted(path.parent for path in source.glob("plugins/*/setup.cfg"))
            build(destination.with_suffix(".part"), source, *plugins)
            destination.with_suffix(".part").rename(destination)
    return sorted(destination.glob("*.whl"))


def build(destination: Path, *folders: Path) -> None:
    """Build distributions where nothing is installed but setuptools, which often looks through all that is."""
    environment = WheelEnvironment(destination.with_suffix(".builder"))
    run_uv("venv", "--quiet", "--python", sys.executable, str(environment.folder))
    environment.install("-r", ROOT / "requirements/build.lock")
    done = environment.run("python", ROOT / "scripts/build_wheels.py", destination, *folders)
    if done.returncode != 0:
        raise RuntimeError(f"the wheels could not be built:\n{done.stderr}")


def build_wheel(folder: Path, destination: Path) -> None:
    """Build one distribution with the setuptools of this environment."""
    run_uv(
        *("build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable),
        *("--out-dir", str(destination), str(folder)),
    )


def make_wheel_environment(folder: Path, wheels: Sequence[Path]) -> WheelEnvironment:
    """Make an environment with the locked dependencies and these wheels.

    It is a copy, by hard links, of one that all workers of a run share: what is installed, and compiled, is so once.
    """
    original = wheels[0].parent.with_name("environment")
    with _only_one(original):
        if not original.exists():
            part = original.with_suffix(".part")
            _install(part, wheels)
            part.rename(original)
    shutil.copytree(original, folder, copy_function=os.link, symlinks=True)
    return WheelEnvironment(folder)


def _install(folder: Path, wheels: Sequence[Path]) -> None:
    run_uv("venv", "--quiet", "--relocatable", "--python", sys.executable, str(folder))
    environment = WheelEnvironment(folder)
    environment.install("-r", ROOT / "requirements/runtime.lock")
    environment.install(*wheels)
    with TemporaryDirectory() as data:  # its first use compiles what a server imports
        done = environment.run("labelwright", "check", "--data-dir", data)
    if done.returncode != 0:
        raise RuntimeError(f"the wheels do not work:\n{done.stderr}")


def run_uv(*words: str) -> None:
    done = subprocess.run([str(UV), *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"uv {' '.join(words)} failed:\n{done.stderr}")


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Several workers of one run share what the first of them makes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
