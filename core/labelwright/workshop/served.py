"""The server of ``labelwright plugin dev``: the ordinary application, with a door for its one author and a signal for
the pages in the browser. Nothing of it is in any other server.

A page asks ``/workshop/state`` whether anything has changed, and loads itself again if so. The key of ``/workshop/in``
is new for each ``plugin dev``, and the server listens on this machine alone: nobody else can use the door.
"""

from __future__ import annotations

import hmac
import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from werkzeug.wrappers import Request, Response

from labelwright import authoring, config
from labelwright.app import create_app, serve
from labelwright.assets import Assets
from labelwright.errors import PluginError
from labelwright.plugin import Plugin
from labelwright.services import bootstrap, sessions
from labelwright.web import identity
from labelwright.workshop.dev import LET_THROUGH

AUTHOR = {
    "first_user_username": "author@example.org",
    "first_user_token": "0123456789abcdef0123456789abcdef01234567",
    "internal_host": "127.0.0.1",
}
SCRIPT = b'<script type="module" src="/workshop/follow.js"></script>'
FOLLOW = Path(__file__).with_name("follow.js")


class Workshop:
    """WSGI: what the author's browser needs, around the application."""

    def __init__(self, app: Flask, plugin: str, key: str) -> None:
        self._app, self._inside, self._key = app, app.wsgi_app, key
        self._context = app.extensions["labelwright"]
        self._plugin: Plugin = self._context.registry.plugins[plugin]
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        answer = self._answer(request)
        if answer is None:
            environ.pop("HTTP_ACCEPT_ENCODING", None)
            answer = Response.from_app(self._inside, environ)
            if answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers:
                answer.data = answer.get_data().replace(b"</head>", SCRIPT + b"</head>", 1)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response | None:
        match request.path:
            case "/workshop/in":
                return self._in(request)
            case "/workshop/state":
                return Response(orjson.dumps(self.state()), mimetype="application/json")
            case "/workshop/follow.js":
                return Response(FOLLOW.read_bytes(), mimetype="text/javascript")
        return None

    def _in(self, request: Request) -> Response:
        """Sign the author in, and show the first tag, if the plugin has one."""
        if not hmac.compare_digest(request.args.get("key", ""), self._key):
            return Response("This key is of another run: take the address that the terminal shows.", 403)
        user = bootstrap.ensure_first_user(self._context)
        assert user is not None
        tags = self._plugin.contributions.get("register_tags", ())
        place = f"/playground?tag={tags[0].name}" if tags else "/projects"
        answer = Response(status=302, headers={"Location": place})
        cookie = identity.cookie_name(self._context.settings, "sessionid")
        answer.set_cookie(cookie, sessions.begin(self._context, user), httponly=True, samesite="Lax")
        return answer

    def state(self) -> dict[str, str]:
        """What the plugin's pages were made of, and what is wrong; files that have changed are read again."""
        plugin = self._plugin
        if plugin.folder is not None:
            fresh = Assets(plugin.folder)
            with self._lock:
                if (fresh.hash, fresh.messages) != (plugin.assets.hash, plugin.assets.messages):
                    plugin.assets = fresh
                    self._context.registry.forget_taginfo()
        trouble = "" if plugin.state == "loaded" else f"{plugin.name} is {plugin.state}: {plugin.reason}"
        return {
            "version": f"{os.getpid()} {plugin.assets.hash} {hash(str(plugin.assets.messages))}",
            "trouble": "\n\n".join(filter(None, (trouble, in_short(plugin.traceback, plugin.folder)))),
        }


def in_short(traceback: str, folder: Path | None) -> str:
    """A traceback as the plugin's author needs it: what broke first, then where, from the plugin's first line on."""
    lines = traceback.rstrip().splitlines()
    own = (place for place, line in enumerate(lines) if line.startswith(f'  File "{folder}'))
    first = next(own, None)
    return traceback if first is None else "\n".join([lines[-1], *lines[first:-1]])


def main(plugin: str, package: str, data_dir: str, port: str) -> None:
    try:
        authoring.write_manifest(package, plugin)
    except PluginError as error:
        sys.stderr.write(f"{error}\n")
    key = os.environ.pop("LABELWRIGHT_WORKSHOP_KEY")
    given = {name: value for name, value in os.environ.items() if name.startswith(LET_THROUGH)}
    settings = config.load(Path(data_dir), environ=given, overrides=AUTHOR | {"port": int(port)})
    app = create_app(settings)
    app.wsgi_app = Workshop(app, plugin, key)  # type: ignore[method-assign]
    serve(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
