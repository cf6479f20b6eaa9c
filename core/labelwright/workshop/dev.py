"""``labelwright plugin dev``: a server with one plugin from its sources, begun again whenever its code changes.

This process only watches. The server is another one, so that each start imports the plugin afresh, and a plugin that
ends its process ends nothing else.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from labelwright import manifest, serving
from labelwright.cli.start import has_display
from labelwright.workshop.sources import Sources, find

LOOK_EVERY_S = 0.4
STOP_S = 15
IGNORED = {"__pycache__", ".git", ".venv", "node_modules", "build", "dist", "tests", "static", "locale"}
"""Folders whose changes begin no new server: the server itself looks into the last two."""

LET_THROUGH = ("LABELWRIGHT_PLUGIN_", "LABELWRIGHT_OUTBOUND_")
"""Variables that the server is given: a plugin's own settings, and whom it may call. The rest of somebody's
environment (a database, a data folder) is of another server."""

Stamp = Mapping[Path, int]


def serve(
    path: Path, scratch: Path, port: int | None, say: Callable[[str], None], *, opens_browser: bool = True
) -> int:
    """Serve until SIGINT or SIGTERM.

    :param scratch: holds the data.
    :param port: ``None`` chooses a free one.
    :returns: the exit code.
    :raises NoPlugin: if there is no plugin in ``path``.
    :raises PortInUse: if another program has the port.
    """
    sources = find(path)
    port = free_port(port)
    key = secrets.token_urlsafe(16)
    door = f"http://localhost:{port}/workshop/in?key={key}"
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # SIGINT too: who begins it in the background leaves it ignored
        signal.signal(number, _interrupt)
    server = _begin(sources, scratch, port, key)
    say(f"{sources.plugin} is at {door}\nThe data is in {scratch}. Ctrl+C ends it.")
    if opens_browser and has_display():
        threading.Thread(target=_open_when_there, args=(port, door), daemon=True).start()
    seen, is_told = stamp(sources.folder), False
    try:
        while True:
            time.sleep(LOOK_EVERY_S)
            changed = stamp(sources.folder)
            if changed != seen:
                while (settled := stamp(sources.folder)) != changed:  # an editor may write several
                    changed = settled
                    time.sleep(LOOK_EVERY_S)
                say(f"{_first_change(seen, changed, sources.folder)} has changed: beginning again")
                seen, is_told = changed, False
                _end(server)
                server = _begin(_found_again(sources), scratch, port, key)
            elif server.poll() is not None and not is_told:
                say(f"the server ended with {server.returncode}; it begins again when a file changes")
                is_told = True
    except KeyboardInterrupt:
        return 0
    finally:
        _end(server)


def free_port(wanted: int | None) -> int:
    """:raises PortInUse: if another program has the one that is wanted."""
    for port in [wanted] if wanted else range(8080, 8180):
        try:
            with serving.listen("127.0.0.1", port):
                return port
        except serving.PortInUse:
            if wanted:
                raise
    raise serving.PortInUse("All ports from 8080 to 8179 are in use. Choose another one with --port.")


def _open_when_there(port: int, door: str) -> None:
    import webbrowser

    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            webbrowser.open(door)
            return
        time.sleep(0.2)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _found_again(sources: Sources) -> Sources:
    """As the files say it now; half-written ones leave it as it was."""
    try:
        return find(sources.folder)
    except ValueError:
        return sources


def _begin(sources: Sources, scratch: Path, port: int, key: str) -> subprocess.Popen[bytes]:
    site = scratch / "site"
    sources.write_metadata(site)
    path = os.pathsep.join(filter(None, (str(site), str(sources.root), os.environ.get("PYTHONPATH"))))
    given = {
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",  # two saves within a second would run the first one's bytecode
        "LABELWRIGHT_WORKSHOP_KEY": key,
    }
    environment = {k: v for k, v in os.environ.items() if _goes_through(k)} | given
    command = [sys.executable, "-m", "labelwright.workshop.served", sources.plugin, sources.package]
    return subprocess.Popen([*command, str(scratch / "data"), str(port)], env=environment)


def _goes_through(variable: str) -> bool:
    return not variable.startswith("LABELWRIGHT_") or variable.startswith(LET_THROUGH)


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(STOP_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def stamp(folder: Path) -> Stamp:
    """When each file that the plugin's code consists of was last written."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in IGNORED and not name.endswith(".egg-info")]
        for name in names:
            if name == manifest.FILE_NAME or not name.endswith((".py", ".cfg", ".toml", ".json")):
                continue
            path = Path(place, name)
            try:
                found[path] = path.stat().st_mtime_ns
            except FileNotFoundError:  # an editor was just writing it
                continue
    return found


def _first_change(before: Stamp, after: Stamp, folder: Path) -> str:
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return str(changed[0].relative_to(folder))
