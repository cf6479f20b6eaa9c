"""The pages of the browser application, and its files.

Every page is the same document: an import map, one script, and a JSON block with what the script needs to
begin. What a page shows, it asks of the API.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, g, redirect, render_template, request, send_file

from labelwright import __version__
from labelwright.errors import NotFound
from labelwright.services import accounts
from labelwright.services.context import Caller

from . import i18n, identity, users
from .headers import nonce
from .routing import Routes, context

pages = Routes("pages", "Pages")
ROUTES = [pages]
STATIC = Path(__file__).resolve().parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = ("text/", "application/json", "image/svg+xml")
LEAST_COMPRESSED = 1000
"""Bytes; a smaller file fits into a packet anyway."""
PAGES = (
    "/", "/projects", "/projects/create", "/projects/<int:project>", "/projects/<int:project>/data",
    "/projects/<int:project>/label", "/projects/<int:project>/settings", "/projects/<int:project>/settings/<sub>",
    "/user/account", "/user/account/<sub>", "/organization", "/people", "/jobs", "/plugins", "/playground",
)  # fmt: skip
TYPES = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json",
    ".map": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".wasm": "application/wasm",
}  # fmt: skip
"""Said by us, since systems differ in what they think a module script is."""


@pages.get(*PAGES, auth="optional", scope="public", hidden=True)
def application(**_place: Any) -> Response:
    """A page of the browser application."""
    caller: Caller | None = g.caller
    if caller is None:
        slash = "/" if request.environ.get("labelwright.slash") else ""
        place = request.path + slash if request.path != "/" else ""
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        if not place and not context().settings.signup_invite_only and accounts.is_first(context()):
            return redirect(f"{request.script_root}/user/signup/")  # type: ignore[return-value]
        return redirect(identity.login_url(place + query if place else ""))  # type: ignore[return-value]
    return Response(document(caller), mimetype="text/html")


@pages.get("/static/<path:name>", auth="none", scope="public", hidden=True)
def static(name: str) -> Response:
    """A file of the browser application. Its name holds a hash of its content."""
    return _file(STATIC, name)


@pages.get("/plugins/<plugin>/<digest>/<path:name>", auth="none", scope="public", hidden=True)
def plugin_asset(plugin: str, digest: str, name: str) -> Response:
    """A file of a plugin. The address holds a hash of all of the plugin's files."""
    registry = context().registry
    path = registry.asset(plugin, name)
    response = _sent(path)
    response.headers["Cache-Control"] = FOR_EVER if digest == registry.asset_hash(plugin) else "no-cache"
    return response


def document(caller: Caller | None) -> str:
    """The document of every page."""
    ctx = context()
    settings = ctx.settings
    boot = {
        "base": request.script_root,
        "locale": i18n.locale(caller),
        "user": users.current(ctx, caller) if caller else None,
        "version": __version__,
        "csrf": identity.form_token(),
        "nonce": nonce(),
        "features": {"signup": not settings.signup_invite_only},
        "limits": {"upload_bytes": settings.upload_max_bytes, "upload_files": settings.upload_max_files},
        "keymap": settings.editor_keymap,
    }
    return render_template(
        "page.html", boot=in_script(boot), importmap=in_script(import_map(request.script_root)), entry=entry(),
        nonce=nonce(), locale=i18n.locale(caller), theme=i18n.theme(), base=request.script_root,
    )  # fmt: skip


def in_script(value: Any) -> str:
    """JSON that is safe inside a ``<script>``: no ``<``, ``>``, ``&`` or line separators as they are."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def import_map(base: str) -> dict[str, Any]:
    """Where the shared packages are, for the application and for plugins' modules alike."""
    names = _built("importmap.json")
    imports = names.get("imports", names)
    return {
        "imports": {
            name: f"{base}/static/{path.removeprefix('/static/').removeprefix('./')}"
            for name, path in imports.items()
        }
    }


def entry() -> dict[str, Any]:
    """The application's own files: ``js``, ``css``, ``theme``, ``preload``."""
    return _built("entry.json")


def static_url(name: str) -> str:
    """The address of a file of the browser application; ``theme.css`` is the one that the build named so."""
    if name == "theme.css":
        name = entry().get("theme", name)
    return f"{request.script_root}/static/{name}"


def error_page(status: int, message: str, code: str) -> Response:
    """An error as a page. It works without the application's script."""
    try:
        text = render_template(
            "error.html", status=status, message=message, code=code, nonce=nonce(), locale=i18n.locale(None),
            theme=i18n.theme(), static=static_url, _=i18n.gettext, base=request.script_root,
        )  # fmt: skip
    except NotFound:
        text = message
    return Response(text, status=status, mimetype="text/html")


def _built(name: str) -> dict[str, Any]:
    path = STATIC / name
    return _parsed(path, path.stat().st_mtime_ns if path.exists() else 0)


@cache
def _parsed(path: Path, _version: int) -> dict[str, Any]:
    if not path.exists():
        current_app.logger.warning(
            "the browser application is not built: %s is missing; run `make ui`", path.name
        )
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _file(root: Path, name: str) -> Response:
    if "\x00" in name:
        raise NotFound("Not found.")
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise NotFound("Not found.")
    response = _sent(path)
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _sent(path: Path) -> Response:
    """A file, compressed where the browser takes it and it pays."""
    kind = _type(path)
    size = path.stat().st_size
    if not kind.startswith(COMPRESSED) or size < LEAST_COMPRESSED or "gzip" not in request.accept_encodings:
        return send_file(path, mimetype=kind)
    response = Response(_gzipped(path, path.stat().st_mtime_ns), mimetype=kind)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@lru_cache(maxsize=512)
def _gzipped(path: Path, _version: int) -> bytes:
    """Compressed once: a browser asks for a file once, but many browsers ask."""
    return gzip.compress(path.read_bytes(), 9)


def _type(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
