"""Build the wheel of each of these folders: ``python scripts/build_wheels.py DESTINATION FOLDER...``.

As ``uv build --wheel --no-build-isolation`` would, one folder after the other; but setuptools, which takes longer to
begin than to build a wheel, begins once.
"""

from __future__ import annotations

import os
import sys
from contextlib import chdir, redirect_stdout
from pathlib import Path

from setuptools import build_meta


def main(destination: str, *folders: str) -> None:
    into = Path(destination).resolve()
    into.mkdir(parents=True, exist_ok=True)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # the names of all files
        for folder in folders:
            with chdir(folder):
                build_meta.build_wheel(str(into))


if __name__ == "__main__":
    main(*sys.argv[1:])
