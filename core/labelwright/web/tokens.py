"""Tokens of scripts: personal access tokens, and the legacy token."""

from __future__ import annotations

from typing import Any

from flask import Response

from labelwright.fields import Moment, Schema, Text
from labelwright.models import PersonalToken
from labelwright.services import tokens
from labelwright.services.permissions import require

from . import answers
from .routing import Routes, caller, context

routes = Routes("tokens", "Tokens")
ROUTES = [routes]


class RefreshToken(Schema):
    refresh = Text(required=True, most=tokens.LONGEST)


class ShownToken(Schema):
    token = Text()
    created_at = Moment()
    expires_at = Moment()


class AccessToken(Schema):
    access = Text()


class LegacyTokenShown(Schema):
    token = Text()
    detail = Text()


@routes.get("/api/token", scope="user", answers={200: ShownToken})
def mine() -> Response:
    """List the caller's personal access tokens.

    Each without its signature: enough to know and to revoke it by, and of no other use.
    """
    return _secret([_shown(kept, kept.shown) for kept in tokens.of(context(), caller())])


@routes.post("/api/token", scope="user", answers={201: ShownToken, 403: "personal tokens are switched off"})
def create() -> Response:
    """Make a personal access token. It is shown this once."""
    token, kept = tokens.create(context(), caller())
    return _secret(_shown(kept, token), 201)


@routes.post("/api/token/refresh", auth="none", scope="public", csrf="exempt", body=RefreshToken,
             answers={200: AccessToken, 401: "the token is no good, or was revoked"})  # fmt: skip
def refresh(body: dict[str, Any]) -> Response:
    """Get an access token, good for minutes, for a personal access token."""
    return _secret({"access": tokens.refresh(context(), body["refresh"])})


@routes.post("/api/token/rotate", auth="none", scope="public", csrf="exempt", body=RefreshToken,
             answers={200: RefreshToken, 401: "the token is no good, or was revoked"})  # fmt: skip
def rotate(body: dict[str, Any]) -> Response:
    """Exchange a personal access token for a new one. The old one ends."""
    return _secret({"refresh": tokens.rotate(context(), body["refresh"])})


@routes.post("/api/token/blacklist", scope="user", body=RefreshToken,
             answers={204: "revoked", 404: "there is no such token, or it was revoked before"})  # fmt: skip
def blacklist(body: dict[str, Any]) -> tuple[None, int]:
    """Revoke one of the caller's personal access tokens, and the access tokens made from it.

    The part that the list shows is enough.
    """
    tokens.revoke(context(), caller(), body["refresh"])
    return None, 204


@routes.get("/api/current-user/token", scope="user", answers={200: LegacyTokenShown})
def legacy() -> Response:
    """Show the caller's legacy token."""
    require(context(), caller(), "users.token.any")
    token = tokens.legacy(context(), caller().user_id)
    return _secret({"token": token, "detail": token})


@routes.post("/api/current-user/reset-token", scope="user", answers={201: LegacyTokenShown})
def reset_legacy() -> Response:
    """Give the caller a new legacy token. The old one ends at once."""
    require(context(), caller(), "users.token.any")
    return _secret({"token": tokens.reset_legacy(context(), caller().user_id)}, 201)


def _shown(kept: PersonalToken, token: str) -> dict[str, Any]:
    return {
        "token": token,
        "created_at": answers.moment(kept.created_at),
        "expires_at": answers.moment(kept.expires_at),
    }


def _secret(value: Any, status: int = 200) -> Response:
    return answers.json(value, status, {"Cache-Control": "no-store"})
