"""A private nginx that runs the configuration we give to administrators (config/nginx/)."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.services.processes import Program, find_program, free_port

CONFIGURATIONS = Path(__file__).parents[2] / "config/nginx"


@contextmanager
def running_nginx(name: str, server_port: int) -> Iterator[str]:
    """Start nginx in front of our server.

    :param name: a file of ``config/nginx``: one with a ``server`` block, or locations to be put in one.
    :param server_port: where our server listens on 127.0.0.1.
    :returns: the address of nginx, without a path.
    """
    folder = Path(tempfile.mkdtemp(prefix="labelwright-nginx-"))
    port = free_port()
    text = (CONFIGURATIONS / name).read_text("utf-8")
    text = text.replace("app:8080", f"127.0.0.1:{server_port}").replace(
        "127.0.0.1:8080", f"127.0.0.1:{server_port}"
    )
    if "\nserver {" in text:
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    else:
        text = f"server {{ listen 127.0.0.1:{port};\n{text}\n}}"
    (folder / "nginx.conf").write_text(_around(folder, text), "utf-8")
    command = [find_program("nginx", Path("/usr/sbin")), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    try:
        with Program(command, log=folder / "log", gentle=signal.SIGQUIT) as program:
            address = f"http://127.0.0.1:{port}"
            program.wait_until(lambda: _answers(address))
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _around(folder: Path, servers: str) -> str:
    places = "".join(
        f"    {kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off;\nuser root;\nworker_processes 1;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{places}{servers}\n}}\n"
    )


def _answers(address: str) -> bool:
    try:
        requests.get(address, timeout=5)
    except requests.RequestException:
        return False
    return True
