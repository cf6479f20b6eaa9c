"""Headers that every answer carries."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' https: data: blob:; "
    "media-src 'self' https: data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "frame-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
"""For users' files: nothing in them runs, whatever they are."""


def nonce() -> str:
    """This page's nonce: in the policy, and on the scripts that we write."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def register(app: Flask) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
            headers.setdefault("Cache-Control", "no-store")
        elif response.mimetype == "application/json":
            headers.setdefault("Cache-Control", "no-store" if request.method == "GET" else "no-cache")
        headers.pop("Server", None)
        return response
