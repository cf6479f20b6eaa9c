"""Who asks, and whether the request is theirs: tokens, the session's cookie, other sites' pages, the forms' token."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, abort, g, redirect, request
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user

from labelwright.config import Settings
from labelwright.errors import NotAllowed, NotAuthenticated
from labelwright.services import rates, sessions, tokens
from labelwright.services.context import Caller, Context

from .routing import Route, context

LONGEST_CREDENTIALS = 4096
"""Characters of an ``Authorization`` header; the longest token that we make has 300."""
NO_PAGES = ("/api/", "/data/", "/tasks/")
FORM_BYTES = 64 * 1024
"""Of a form that anybody may send."""
FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
FORM_TOKEN_AGE_S = 365 * 86400


def find(ctx: Context) -> Caller | None:
    """Who asks; ``None`` for a visitor. The token counts before the cookie; the query string is not looked at.

    A scheme that is not ours (a proxy's ``Basic``) leaves the cookie to decide; on a page its sender is a visitor.

    :raises NotAuthenticated: if a token was sent that is not, or no longer, good.
    """
    key = request.headers.get("X-Api-Key")
    scheme, _, credentials = (
        (f"Token {key}" if key else request.headers.get("Authorization", "")).strip().partition(" ")
    )
    if scheme:
        credentials = credentials.strip()
        if len(credentials) > LONGEST_CREDENTIALS:
            raise NotAuthenticated(tokens.INVALID, code="invalid-token")
        if scheme.lower() == "token":
            return tokens.find_legacy(ctx, credentials)
        if scheme.lower() == "bearer":
            return tokens.find_access(ctx, credentials)
    caller = session_caller(ctx)
    if scheme and caller is None and request.path.startswith(NO_PAGES):
        raise NotAuthenticated(tokens.INVALID, code="invalid-token")
    return caller


def session_caller(ctx: Context) -> Caller | None:
    """Whose browser it is."""
    cookie = session_cookie(ctx.settings)
    return sessions.find(ctx, cookie) if cookie else None


def session_cookie(settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings, "sessionid"), "")


# --- other sites' pages -------------------------------------------------------------------------------------


def refuse_cross_site(ctx: Context, route: Route) -> None:
    """Refuse what another site's page makes a browser send.

    A form of ours must bring its token. Elsewhere a cookie alone proves little: the browser says where the request
    comes from, and it must be us. Scripts with a token of their own, and those that say nothing, are let through.

    :raises NotAllowed: for the API.
    :raises HTTPException: a page with status 403, for forms.
    """
    if route.csrf == "form":
        request.max_content_length = FORM_BYTES
        if comes_from_elsewhere(ctx.settings) or not has_form_token(ctx.settings):
            abort(_csrf_page())
        return
    caller: Caller | None = g.get("caller")
    if caller is not None and caller.auth == "session" and comes_from_elsewhere(ctx.settings):
        raise NotAllowed(
            "This request came from another site's page. If that site is yours, name it in csrf.trusted_origins.",
            code="cross-site",
        )


def comes_from_elsewhere(settings: Settings) -> bool:
    """Whether the browser says that another site's page sent this."""
    origin = request.headers.get("Origin")
    if origin is not None and _is_trusted(settings, origin):
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return not _is_own(settings, origin)
    referrer = request.headers.get("Referer")
    if referrer:
        return not (_is_own(settings, referrer) or _is_trusted(settings, _origin(referrer)))
    return False


def _is_own(settings: Settings, url: str) -> bool:
    """Whether an address is this server's: as it was asked, or as the settings name it."""
    place = _place(url)
    return place is not None and place in (
        _place(f"{request.scheme}://{request.host}"),
        _place(settings.base_url),
    )


def _is_trusted(settings: Settings, origin: str) -> bool:
    return origin.lower() in settings.csrf_trusted_origins


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _place(url: str) -> tuple[str, int] | None:
    """Host and port. The scheme is left out: a proxy that ends TLS may not be one that we trust to say so."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        return parts.hostname, parts.port if parts.port not in (None, 443) else 80
    except ValueError:
        return None


# --- the forms' token ---------------------------------------------------------------------------------------


def form_token() -> str:
    """The token that forms of this page must send back; the answer sets it as a cookie if it is new."""
    if "form_token" not in g:
        sent = request.cookies.get(cookie_name(context().settings, "csrftoken"), "")
        if FORM_TOKEN.fullmatch(sent):
            return sent
        g.form_token = secrets.token_urlsafe(32)
    return str(g.form_token)


def has_form_token(settings: Settings) -> bool:
    """Whether the form, or the header beside it, says what the cookie says."""
    kept = request.cookies.get(cookie_name(settings, "csrftoken"), "")
    sent = request.headers.get("X-CSRFToken") or request.form.get("csrfmiddlewaretoken", "")
    return FORM_TOKEN.fullmatch(kept) is not None and hmac.compare_digest(
        kept.encode(), sent.encode("utf-8", "replace")
    )


def _csrf_page() -> Response:
    from .pages import error_page

    return error_page(
        403, "CSRF verification failed. Load the page again and send the form once more.", "csrf"
    )


# --- counting -----------------------------------------------------------------------------------------------


def count(ctx: Context, rate_class: str) -> None:
    """Count a call from this address.

    :param rate_class: a setting below ``rate``, which says how many are free: ``signups``.
    :raises TooManyRequests: when there were too many.
    """
    rates.count(ctx, rates.key_of(rate_class, address()), free=ctx.settings[f"rate.{rate_class}"] + 1)


def address() -> str:
    """Where the request comes from, as far as we trust what proxies say."""
    return request.remote_addr or "unknown"


# --- logging in and out -------------------------------------------------------------------------------------


class SignedIn(UserMixin):
    """What flask-login's ``current_user`` is."""

    def __init__(self, user_id: int, caller: Caller | None = None) -> None:
        self.id = user_id
        self.caller = caller


def install(app: Flask) -> None:
    """Make ``flask_login.current_user`` and ``login_required`` work.

    Flask's own session lasts one request and is no cookie, so nothing that a browser sends is ever unpacked; what lasts
    is a row of ours.
    """
    app.session_interface = _OneRequest()
    app.config["REMEMBER_COOKIE_NAME"] = (
        ";"  # no cookie can have this name: flask-login looks for one on each request
    )
    logins = LoginManager()
    logins.session_protection = None
    logins.request_loader(_signed_in)
    logins.unauthorized_handler(lambda: redirect(login_url(_this_page())))
    logins.init_app(
        app, add_context_processor=False
    )  # no page of ours asks who it is for by a query of its own
    app.after_request(_keep_form_token)


class _Session(dict[str, Any], SessionMixin):
    pass


class _OneRequest(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> _Session:
        return _Session()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        return None


def _signed_in(_request: Request) -> SignedIn | None:
    """Who a page is for. A token that is not good is nobody's here: even the page that says so asks this."""
    try:
        caller: Caller | None = g.caller if "caller" in g else find(context())
    except NotAuthenticated:
        return None
    return SignedIn(caller.user_id, caller) if caller else None


def sign_in(ctx: Context, response: Response, user_id: int, *, keep: bool = True) -> Response:
    """Begin a session in this browser, under a new id; the one that it had ends."""
    settings = ctx.settings
    value = sessions.begin(
        ctx, user_id, user_agent=request.user_agent.string, keep=keep, instead_of=session_cookie(settings)
    )
    login_user(SignedIn(user_id))
    _set_cookie(
        settings,
        response,
        "sessionid",
        value,
        sessions.cookie_age(ctx, user_id).total_seconds() if keep else None,
    )
    g.form_token = secrets.token_urlsafe(32)
    return response


def sign_out(ctx: Context, response: Response) -> Response:
    """End this browser's session, here and in the browser."""
    settings = ctx.settings
    cookie = session_cookie(settings)
    if cookie:
        sessions.end(ctx, cookie)
    logout_user()
    _set_cookie(settings, response, "sessionid", "", 0)
    return response


def login_url(place: str = "") -> str:
    """The address of the log-in page.

    :param place: where to go afterwards: path and query, without the sub-path.
    """
    return f"{request.script_root}/user/login/" + (f"?next={quote(place, safe='/')}" if place else "")


def _this_page() -> str:
    return request.full_path if request.query_string else request.path


def cookie_name(settings: Settings, name: str) -> str:
    """A cookie's name as the browser knows it. ``__Host-`` binds it to this host, over https, at the root."""
    return f"__Host-{name}" if settings.sends_secure_cookies and not settings.base_path else name


def _set_cookie(settings: Settings, response: Response, name: str, value: str, age_s: float | None) -> None:
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=None if age_s is None else int(age_s),
        path=settings.base_path or "/",
        secure=settings.sends_secure_cookies,
        httponly=True,
        samesite=settings.session_cookie_samesite,
    )


def _keep_form_token(response: Response) -> Response:
    if "form_token" in g:
        _set_cookie(context().settings, response, "csrftoken", g.form_token, FORM_TOKEN_AGE_S)
    return response
