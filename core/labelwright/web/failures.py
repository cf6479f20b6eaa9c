"""What goes wrong, answered: JSON of Label Studio's shape under the API, a page elsewhere; no traceback by default."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from labelwright.errors import LabelwrightError, TooManyRequests, Unavailable

from . import answers
from .pages import error_page
from .routing import context

log = logging.getLogger(__name__)

API_PREFIXES = ("/api/", "/data/", "/tasks/", "/plugins/", "/static/", "/docs/", "/swagger")
STORED_FILES = ("/resolve", "/presign")
"""Ends of addresses that pictures and recordings are asked for at, below a project's pages."""


def register(app: Flask) -> None:
    """Answer every error that leaves a route."""
    app.register_error_handler(LabelwrightError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _mistake)


def _refused(error: LabelwrightError) -> Response:
    if error.status >= 500:
        log.warning("%s %s: %s", request.method, request.path, error.message)
    if not _speaks_json():
        return error_page(error.status, error.message, error.code)
    response = answers.json(answers.problem(error), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Token"
    if isinstance(error, TooManyRequests | Unavailable):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, NotFound) or not _speaks_json():
        return error_page(
            status, error.description or error.name, "not-found" if status == 404 else "http-error"
        )
    detail, code = error.description or error.name, "http-error"
    if isinstance(error, MethodNotAllowed):
        detail, code = f'Method "{request.method}" not allowed.', "method-not-allowed"
    if isinstance(error, RequestEntityTooLarge):
        detail, code = "The request is larger than this server accepts.", "too-large"
    response = answers.json(answers.problem_body(status, detail, code), status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _mistake(error: Exception) -> Response:
    """A plugin's, which is then named, or ours: logged in full, answered without its insides."""
    if (failed := context().registry.blame(error)) is not None:
        return _refused(failed)
    log.exception("%s %s failed", request.method, request.path)
    if not _speaks_json():
        return error_page(500, "Something went wrong on the server.", "server-error")
    body: dict[str, Any] = answers.problem_body(500, "Something went wrong on the server.", "server-error")
    if context().settings.debug_modal_exceptions:
        body["exc_info"] = "".join(traceback.format_exception(error))
    return answers.json(body, 500)


def _speaks_json() -> bool:
    if request.path.endswith(STORED_FILES):
        return True
    return request.path.startswith(API_PREFIXES) or request.path in (
        "/api",
        "/docs/api",
        "/version",
        "/health",
    )
