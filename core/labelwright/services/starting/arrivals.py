"""A way in for whoever started the server on this machine: a link that works once, for a few minutes.

Its code is 256 random bits of which only the digest is stored; it is used up by the first who comes with it.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

import orjson
from sqlalchemy import select

from labelwright.models import StoredSetting, User, now
from labelwright.services.callers import digest
from labelwright.services.context import Context

KEY = "arrival"
LIFE = timedelta(minutes=10)


def invite(ctx: Context, user_id: int) -> str:
    """Make a code for somebody; the one before is worth nothing from now on."""
    code = secrets.token_urlsafe(32)
    fact = {"digest": digest(code), "user": user_id, "until": (now() + LIFE).timestamp()}
    with ctx.database.write() as session:
        session.merge(StoredSetting(key=KEY, value=orjson.dumps(fact).decode()))
    return code


def redeem(ctx: Context, code: str) -> int | None:
    """Whose code it is; it is used up. ``None`` of any other, which uses nothing up."""
    with ctx.database.write() as session:
        row = session.get(StoredSetting, KEY, with_for_update=True)
        if row is None:
            return None
        fact = orjson.loads(row.value)
        if not hmac.compare_digest(fact["digest"], digest(code)):
            return None
        session.delete(row)
        if fact["until"] < now().timestamp():
            return None
        return session.scalar(select(User.id).where(User.id == fact["user"], User.is_active.is_(True)))
