"""Tokens of scripts: the legacy token, and personal access tokens, which are signed refresh tokens.

A personal access token is a JSON web token of 200 years; scripts exchange it for access tokens of five minutes. Both
are signed; of the first the identity is stored, so that it can be revoked, and with it every access token made from it.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from datetime import timedelta
from typing import Any

import jwt
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotAllowed, NotAuthenticated, NotFound
from labelwright.models import LegacyToken, Organization, PersonalToken, User, now

from .callers import caller_of, digest, known, note_activity
from .context import Caller, Context
from .permissions import require

INVALID = "Invalid token."
BAD_REFRESH = "Token is invalid"
BLACKLISTED = "Token is blacklisted"
NOT_THERE = "Token is invalid or already blacklisted."
LONGEST = 4096
LONGEST_ID = 64

_BY_LEGACY = (
    known(Organization.legacy_api_tokens_enabled)
    .join(LegacyToken, LegacyToken.user_id == User.id)
    .where(LegacyToken.digest == bindparam("digest"))
)
_BY_PERSONAL = (
    known(Organization.api_tokens_enabled, PersonalToken.revoked_at, PersonalToken.expires_at)
    .join(PersonalToken, PersonalToken.user_id == User.id)
    .where(PersonalToken.jti == bindparam("jti"), PersonalToken.expires_at > bindparam("moment"))
)


# --- legacy tokens ------------------------------------------------------------------------------------------


def find_legacy(ctx: Context, token: str) -> Caller:
    """Whose legacy token it is.

    :raises NotAuthenticated: if it is nobody's, or the organisation does not want legacy tokens.
    """
    row = ctx.database.first(_BY_LEGACY, {"digest": digest(token)})
    if row is None:
        raise NotAuthenticated(INVALID, code="invalid-token")
    if not row.legacy_api_tokens_enabled:
        raise NotAuthenticated(
            "Legacy tokens are switched off in this organization. Use a personal access token, or have legacy tokens "
            "switched on in the organization's settings.",
            code="legacy-tokens-disabled",
        )
    note_activity(ctx, row.id, row.last_activity)
    return caller_of(row, "token")


def legacy(ctx: Context, user_id: int) -> str:
    """A user's legacy token, to be shown to them."""
    with ctx.database.read() as session:
        kept = session.get(LegacyToken, user_id)
    return ctx.keys.decrypt(kept.secret) if kept else reset_legacy(ctx, user_id)


def reset_legacy(ctx: Context, user_id: int) -> str:
    """Give a user a new legacy token; the old one ends at once."""
    with ctx.database.write() as session:
        return give_legacy(session, ctx, user_id)


def give_legacy(session: Session, ctx: Context, user_id: int, token: str | None = None) -> str:
    """Give a user a legacy token in place of the one there was.

    :param token: the token; a random one if not given.
    """
    token = token or secrets.token_hex(20)
    session.merge(
        LegacyToken(user_id=user_id, digest=digest(token), secret=ctx.keys.encrypt(token), created_at=now())
    )
    session.flush()
    return token


# --- personal access tokens ---------------------------------------------------------------------------------


def create(ctx: Context, caller: Caller) -> tuple[str, PersonalToken]:
    """Make a personal access token; it is shown this once.

    :raises NotAllowed: if the organisation does not want them, or the caller may have none.
    """
    require(ctx, caller, "users.token.any")
    with ctx.database.write() as session:
        return _made(session, ctx, caller)


def of(ctx: Context, caller: Caller) -> list[PersonalToken]:
    """The caller's tokens that still work, oldest first. None can be used as it is shown: it lacks its signature."""
    with ctx.database.read() as session:
        wanted = (
            select(PersonalToken)
            .where(
                PersonalToken.user_id == caller.user_id,
                PersonalToken.revoked_at.is_(None),
                PersonalToken.expires_at > now(),
            )
            .order_by(PersonalToken.id)
        )
        return list(session.scalars(wanted))


def refresh(ctx: Context, token: str) -> str:
    """An access token for a personal access token.

    :raises NotAuthenticated: if the token is no good, revoked, its owner is gone, or personal tokens are switched off.
    """
    claims = _claims(ctx, token, "refresh")
    row = None if claims is None else _row(ctx, claims["jti"], claims["user_id"])
    if claims is None or row is None:
        raise NotAuthenticated(BAD_REFRESH, code="invalid-token")
    if row.revoked_at is not None:
        raise NotAuthenticated(BLACKLISTED, code="token-revoked")
    if not row.api_tokens_enabled:
        raise _switched_off()
    lifetime = timedelta(seconds=ctx.settings.tokens_access_lifetime_s)
    return _signed(ctx, "access", row.id, secrets.token_hex(16), lifetime, personal=claims["jti"])


def find_access(ctx: Context, token: str) -> Caller:
    """Whose access token it is.

    :raises NotAuthenticated: if it is none, it has run out, or the token that it was made from was revoked.
    """
    claims = _claims(ctx, token, "access")
    personal = claims.get("personal") if claims else None
    if claims is None or not isinstance(personal, str) or len(personal) > LONGEST_ID:
        raise NotAuthenticated(INVALID, code="invalid-token")
    row = _row(ctx, personal, claims["user_id"])
    if row is None or row.revoked_at is not None:
        raise NotAuthenticated(INVALID, code="invalid-token")
    if not row.api_tokens_enabled:
        raise _switched_off()
    note_activity(ctx, row.id, row.last_activity)
    return caller_of(row, "bearer")


def revoke(ctx: Context, caller: Caller, token: str) -> None:
    """Revoke one of the caller's tokens.

    :param token: the token, or the part of it that :func:`of` shows.
    :raises NotFound: if it is no token at all, not the caller's, or was revoked before.
    """
    token_id = _id_of(token)
    with ctx.database.write() as session:
        if not _revoked(session, caller, token_id):
            raise NotFound(NOT_THERE, code="token-not-found")


def rotate(ctx: Context, token: str) -> str:
    """Exchange a token for a new one of the same owner; the old one ends.

    :raises InvalidFields: if it is no good, or was revoked.
    """
    claims = _claims(ctx, token, "refresh")
    row = None if claims is None else _row(ctx, claims["jti"], claims["user_id"])
    if claims is None or row is None:
        raise _bad_to_rotate()
    caller = caller_of(row, "bearer")
    with ctx.database.write() as session:
        if not _revoked(session, caller, claims["jti"]):
            raise _bad_to_rotate()
        return _made(session, ctx, caller)[0]


def _bad_to_rotate() -> InvalidFields:
    return InvalidFields({"non_field_errors": ["Invalid refresh token"]}, code="invalid-token")


def _made(session: Session, ctx: Context, caller: Caller) -> tuple[str, PersonalToken]:
    organization = session.get_one(Organization, caller.organization_id)
    if not organization.api_tokens_enabled:
        raise NotAllowed(
            "Personal access tokens are switched off in this organization.", code="personal-tokens-disabled"
        )
    lifetime = timedelta(days=organization.api_token_ttl_days)
    token_id = secrets.token_hex(16)
    token = _signed(ctx, "refresh", caller.user_id, token_id, lifetime)
    kept = PersonalToken(
        user_id=caller.user_id,
        jti=token_id,
        shown=token.rpartition(".")[0],
        created_at=now(),
        expires_at=now() + lifetime,
    )
    session.add(kept)
    session.flush()
    return token, kept


def _revoked(session: Session, caller: Caller, token_id: str) -> bool:
    """Revoke a token; false if there was nothing to revoke."""
    done = session.execute(
        update(PersonalToken)
        .where(
            PersonalToken.jti == token_id,
            PersonalToken.user_id == caller.user_id,
            PersonalToken.revoked_at.is_(None),
        )
        .values(revoked_at=now())
        .returning(PersonalToken.id),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


def _row(ctx: Context, token_id: str, user_id: str) -> Row[Any] | None:
    row = ctx.database.first(_BY_PERSONAL, {"jti": token_id, "moment": now()})
    return row if row is not None and str(row.id) == user_id else None


def _signed(ctx: Context, kind: str, user_id: int, token_id: str, lifetime: timedelta, **more: str) -> str:
    moment = now()
    claims = {
        "token_type": kind,
        "exp": moment + lifetime,
        "iat": moment,
        "jti": token_id,
        "user_id": str(user_id),
        **more,
    }
    return jwt.encode(claims, ctx.keys.derive("tokens"), algorithm="HS256")


def _claims(ctx: Context, token: str, kind: str) -> dict[str, Any] | None:
    """What a token says, if we signed it, it has not run out and is of this kind."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            ctx.keys.derive("tokens"),
            algorithms=["HS256"],
            options={"require": ["exp", "iat", "jti", "user_id", "token_type"], "verify_sub": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None
    return claims if claims["token_type"] == kind else None


def _id_of(token: str) -> str:
    """The identity in a token whose signature may be missing; it opens nothing, and belongs to its owner alone."""
    parts = token.split(".")
    try:
        if len(parts) not in (2, 3) or len(token) > LONGEST:
            raise ValueError
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        token_id = claims["jti"]
        if not isinstance(token_id, str) or not token_id.isalnum() or len(token_id) > LONGEST_ID:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise NotFound(NOT_THERE, code="token-not-found") from None
    return token_id


def _switched_off() -> NotAuthenticated:
    return NotAuthenticated(
        "Personal access tokens are switched off in this organization.", code="personal-tokens-disabled"
    )
