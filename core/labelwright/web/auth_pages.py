"""The pages that let people in and out. Plain forms: they work without scripts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, redirect, render_template, request

from labelwright.doors import passwords
from labelwright.errors import InvalidFields, InvalidInput, NotAllowed, TooManyRequests
from labelwright.fields import Schema, Text
from labelwright.services import accounts, credentials
from labelwright.services.starting import arrivals

from . import i18n, identity
from .headers import nonce
from .pages import error_page, static_url
from .routing import Routes, context

routes = Routes("auth_pages", "Authentication")
ROUTES = [routes]

NOT_IN_PATH = re.compile(r"[\x00-\x20\\\x7f-\xa0\u2028\u2029]")


class Arrival(Schema):
    next = Text(blank=True, load_default="")
    token = Text(blank=True, load_default=None)


@routes.get(
    "/user/login",
    auth="none",
    scope="public",
    query=Arrival,
    answers={200: "the log-in page", 302: "already logged in"},
)
def login_form(query: dict[str, Any]) -> Response:
    """Show the log-in page."""
    if identity.session_caller(context()) is not None:
        return _go(query["next"])
    return _login_page(next=query["next"])


@routes.post(
    "/user/login",
    auth="none",
    scope="public",
    csrf="form",
    answers={
        200: "the page again, with what is wrong",
        302: "logged in",
        403: "no token of the form",
        429: "too many tries",
    },
)
def login() -> Response:
    """Log in with ``email`` and ``password``.

    ``persist_session`` keeps the session when the browser is closed; ``next`` is where to go, a path on this server.
    """
    ctx = context()
    email, password, onward = (request.form.get(name, "") for name in ("email", "password", "next"))
    onward = onward or request.args.get("next", "")
    keep = request.form.get("persist_session", "") in ("on", "true", "1", "True")
    try:
        user_id = credentials.log_in(ctx, email, password, identity.address())
    except TooManyRequests as error:
        seconds = max(1, round(error.retry_after_s))
        words = i18n.gettext("Too many attempts. Try again in {seconds} seconds.", seconds=seconds)
        page = _login_page(next=onward, email=email, errors=[words], keep=keep, status=429)
        page.headers["Retry-After"] = str(seconds)
        return page
    except InvalidInput as error:
        return _login_page(next=onward, email=email, errors=[i18n.gettext(error.message)], keep=keep)
    return identity.sign_in(ctx, _go(onward), user_id, keep=keep)


@routes.get(
    "/user/arrive/<code>",
    auth="none",
    scope="public",
    query=Arrival,
    answers={302: "logged in, or to the log-in page"},
)
def arrive(code: str, query: dict[str, Any]) -> Response:
    """Log in with the link that ``labelwright start PATH`` makes for who typed it. It works once, for ten minutes."""
    ctx = context()
    user_id = arrivals.redeem(ctx, code)
    if user_id is None:
        return redirect(f"{request.script_root}/user/login/?next={quote(query['next'])}")  # type: ignore[return-value]
    return identity.sign_in(ctx, _go(query["next"]), user_id)


@routes.get(
    "/user/signup",
    auth="none",
    scope="public",
    query=Arrival,
    answers={
        200: "the sign-up page",
        302: "already logged in",
        403: "the server is closed, or the invitation is wrong",
    },
)
def signup_form(query: dict[str, Any]) -> Response:
    """Show the sign-up page. ``token`` is that of an invitation link."""
    ctx = context()
    if identity.session_caller(ctx) is not None:
        return _go(query["next"])
    try:
        accounts.may_sign_up(ctx, query["token"])
    except NotAllowed as error:
        return error_page(403, i18n.gettext(error.message), error.code)
    return _signup_page(next=query["next"], token=query["token"])


@routes.post(
    "/user/signup",
    auth="none",
    scope="public",
    csrf="form",
    answers={
        200: "the page again, with what is wrong",
        302: "signed up and logged in",
        403: "not invited",
        429: "too many",
    },
)
def signup() -> Response:
    """Sign up with ``email`` and ``password``, and be logged in. The first account owns the organization."""
    ctx = context()
    form = request.form
    email, onward = form.get("email", ""), form.get("next", "") or request.args.get("next", "")
    token = form.get("token") or request.args.get("token")
    profile = {
        name: re.sub(r"[\x00-\x1f\x7f]", "", form.get(name, ""))[:256].strip()
        for name in ("first_name", "last_name")
    }
    newsletters = form.get("allow_newsletters")
    if newsletters is not None:
        profile["allow_newsletters"] = newsletters in ("on", "true", "1", "True")  # type: ignore[assignment]
    try:
        identity.count(ctx, "signups")
        user_id = accounts.sign_up(
            ctx, email, form.get("password", ""), invite=token, locale=i18n.locale(), **profile
        )
    except TooManyRequests as error:
        seconds = max(1, round(error.retry_after_s))
        words = i18n.gettext("Too many attempts. Try again in {seconds} seconds.", seconds=seconds)
        page = _signup_page(next=onward, token=token, email=email, errors=[words], status=429)
        page.headers["Retry-After"] = str(seconds)
        return page
    except NotAllowed as error:
        return error_page(403, i18n.gettext(error.message), error.code)
    except InvalidFields as error:
        said = {name: [_field_words(error, words) for words in found] for name, found in error.fields.items()}
        return _signup_page(next=onward, token=token, email=email, field_errors=said)
    return identity.sign_in(ctx, _go(onward), user_id)


@routes.get("/logout", auth="none", scope="public", answers={302: "logged out"})
def logout_by_link() -> Response:
    """Log out. Another site's link does not."""
    ctx = context()
    if identity.session_caller(ctx) is None:
        return redirect(identity.login_url("/logout"))  # type: ignore[return-value]
    if identity.comes_from_elsewhere(ctx.settings):
        return _go("/")
    return identity.sign_out(ctx, _farewell())


@routes.post(
    "/logout", auth="optional", scope="user", answers={302: "logged out", 403: "another site's page sent it"}
)
def logout() -> Response:
    """Log out."""
    return identity.sign_out(context(), _farewell())


def own_path(text: str) -> str:
    """Where to go after logging in: a path on this server, else ``/``.

    Whatever a browser could take for another host is not a path: a scheme, ``//``, back slashes, control characters
    (which browsers drop before they look).
    """
    if not text.startswith("/") or text.startswith("//") or NOT_IN_PATH.search(text) or len(text) > 2000:
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path.rstrip("/") in ("/logout", "/user/login", "/user/signup"):
        return "/"
    return text


def _go(onward: str) -> Response:
    path, base = own_path(onward), request.script_root
    return redirect(path if base and (path == base or path.startswith(f"{base}/")) else base + path)  # type: ignore[return-value]


def _farewell() -> Response:
    return redirect(context().settings.session_logout_url or identity.login_url())  # type: ignore[return-value]


def _field_words(error: InvalidFields, words: str) -> str:
    """A message in the visitor's language; one with numbers is known by its code."""
    if error.code == "password-length" and words.startswith("Please enter a password"):
        return i18n.gettext("Please enter a password of {min} to {max} characters.", **error.params)
    return i18n.gettext(words)


def _login_page(status: int = 200, *, keep: bool = True, **shown: Any) -> Response:
    return _page("login.html", status, keep=keep, action=f"{request.script_root}/user/login/", **shown)


def _signup_page(status: int = 200, *, token: str | None = None, **shown: Any) -> Response:
    return _page(
        "signup.html", status, token=token or "", action=f"{request.script_root}/user/signup/",
        is_first=accounts.is_first(context()), **shown,
    )  # fmt: skip


def _page(template: str, status: int, *, next: str = "", email: str = "", errors: list[str] | None = None,  # noqa: A002
          field_errors: dict[str, list[str]] | None = None, token: str = "", **shown: Any) -> Response:  # fmt: skip
    settings, base = context().settings, request.script_root
    onward = "" if own_path(next) == "/" else next
    query = f"?next={quote(onward, safe='/')}" if onward else ""
    text = render_template(
        template, _=i18n.gettext, static=static_url, theme=i18n.theme(), locale=i18n.locale(), base=base, nonce=nonce(),
        csrf=identity.form_token(), next=onward, email=email[:254], errors=errors or [],
        field_errors=field_errors or {}, token=token, login_url=f"{base}/user/login/{query}",
        min_length=settings.password_min_length,
        max_length=passwords.LONGEST, signup_url="" if settings.signup_invite_only else f"{base}/user/signup/{query}",
        **shown,
    )  # fmt: skip
    return i18n.keep_choice(Response(text, status=status, mimetype="text/html"))
