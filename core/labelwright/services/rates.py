"""Slowing down those who guess: tries of one key, counted in the database, so that every process counts alike."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.errors import TooManyRequests
from labelwright.models import RateWindow, now

from .context import Context


def key_of(what: str, address: str, account: str = "") -> str:
    """The key of one address's tries, on one account where one is named; it holds neither.

    An IPv6 address counts with its /64 network: whoever has one has them all.
    """
    return f"{what}:{hashlib.sha256(f'{_network(address)} {account}'.encode('utf-8', 'replace')).hexdigest()}"


def count(ctx: Context, key: str, *, free: int) -> None:
    """Count a try before it is made, so that parallel ones count too.

    After ``free`` tries each next one has to wait, twice as long each time, up to ``rate.max_delay_s``; tries are
    forgotten when there was none for ``rate.window_s``.

    :raises TooManyRequests: while the wait lasts; such a try is not counted.
    """
    settings = ctx.settings
    if not settings.rate_enabled:
        return
    moment = now()
    with ctx.database.write() as session:
        row = _locked(session, key)
        if row.blocked_until is not None and row.blocked_until > moment:
            wait_s = (row.blocked_until - moment).total_seconds()
            raise TooManyRequests(
                "Too many attempts. Wait, then try again.",
                retry_after_s=wait_s,
                params={"seconds": int(wait_s) + 1},
            )
        if moment - row.started_at > timedelta(seconds=settings.rate_window_s):
            row.tries = 0
        row.tries += 1
        row.started_at = moment
        delay_s = delay_after(row.tries, free, settings.rate_max_delay_s)
        row.blocked_until = moment + timedelta(seconds=delay_s) if delay_s else None


def forget(ctx: Context, key: str) -> None:
    """Begin anew: the right password was given."""
    with ctx.database.write() as session:
        session.execute(delete(RateWindow).where(RateWindow.key == key))


def delay_after(tries: int, free: int, max_delay_s: float) -> float:
    """Seconds to wait after so many tries: nothing, then 1, 2, 4 ... up to the longest."""
    if tries < free:
        return 0
    return float(min(2 ** min(tries - free, 30), max_delay_s))


def _locked(session: Session, key: str) -> RateWindow:
    """The key's row, made if there is none, and held until the transaction ends."""
    wanted = select(RateWindow).where(RateWindow.key == key).with_for_update()
    row = session.scalar(wanted)
    if row is not None:
        return row
    session.execute(delete(RateWindow).where(RateWindow.started_at < now() - timedelta(days=1)))
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(RateWindow)
    session.execute(insert.values(key=key, tries=0, started_at=now()).on_conflict_do_nothing())
    return session.scalars(wanted).one()


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))
