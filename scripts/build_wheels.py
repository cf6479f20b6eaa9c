"""Build the wheel of each of these folders: ``python -m scripts.build_wheels DESTINATION FOLDER...``.

As ``uv build --wheel --no-build-isolation`` would, one folder after the other; but setuptools, which takes longer to
import than a wheel to build, is imported once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from setuptools import build_meta


def main(destination: str, *folders: str) -> None:
    into = Path(destination).resolve()
    into.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        # In a process of its own: setuptools keeps what it has read of one folder.
        if (pid := os.fork()) == 0:
            os.chdir(folder)
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), 1
            )  # the names of all files; what is wrong goes to stderr
            build_meta.build_wheel(str(into))
            return
        if os.waitpid(pid, 0)[1] != 0:
            sys.exit(f"{folder} could not be built")


if __name__ == "__main__":
    main(*sys.argv[1:])
