"""Counting tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from labelwright.errors import TooManyRequests
from labelwright.models import RateWindow, now
from labelwright.services import rates
from tests.web.accounts import Site


def tried(site: Site, key: str, free: int = 3) -> bool:
    try:
        rates.count(site.ctx, key, free=free)
    except TooManyRequests:
        return False
    return True


@pytest.mark.parametrize(
    ("tries", "delay"), [(1, 0), (9, 0), (10, 1), (11, 2), (14, 16), (19, 512), (20, 900), (999, 900)]
)
def test_each_try_over_the_free_ones_doubles_the_wait(tries: int, delay: float) -> None:
    assert rates.delay_after(tries, 10, 900) == delay


@pytest.mark.usefixtures("still_clock")
def test_the_free_tries_pass_and_the_next_one_waits(site: Site) -> None:
    assert [tried(site, "k") for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.usefixtures("still_clock")
def test_a_refused_try_does_not_lengthen_the_wait(site: Site) -> None:
    waits = []
    for _ in range(6):
        try:
            rates.count(site.ctx, "k", free=3)
        except TooManyRequests as error:
            waits.append(error.retry_after_s)
    assert waits == [1, 1, 1]


@pytest.mark.usefixtures("still_clock")
def test_old_tries_are_forgotten(site: Site) -> None:
    for _ in range(4):
        tried(site, "k")
    with site.ctx.database.write() as session:
        session.execute(update(RateWindow).values(started_at=now() - timedelta(hours=1), blocked_until=None))
    assert [tried(site, "k") for _ in range(4)] == [True, True, True, False]


@pytest.mark.usefixtures("still_clock")
def test_keys_do_not_disturb_each_other_and_hold_no_address(site: Site) -> None:
    keys = [
        rates.key_of("login", "192.0.2.1", "a@example.com"),
        rates.key_of("login", "192.0.2.2", "a@example.com"),
    ]
    assert [tried(site, keys[0]) for _ in range(4)][-1] is False
    assert tried(site, keys[1])
    with site.ctx.database.read() as session:
        assert all(
            "192.0.2" not in key and "example" not in key for key in session.scalars(select(RateWindow.key))
        )


def test_an_ipv6_network_counts_as_one_address() -> None:
    assert rates.key_of("login", "2001:db8::1") == rates.key_of("login", "2001:db8::ffff:1")
    assert rates.key_of("login", "2001:db8::1") != rates.key_of("login", "2001:db8:0:1::1")
    assert rates.key_of("login", "::ffff:192.0.2.1") == rates.key_of("login", "192.0.2.1")
    assert rates.key_of("login", "fe80::1%eth0") == rates.key_of("login", "fe80::1")


@pytest.mark.usefixtures("still_clock")
def test_tries_at_once_are_all_counted(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: tried(site, "k", 4), range(16)))
    assert sum(passed) == 4


def test_what_is_a_day_old_is_swept(site: Site) -> None:
    tried(site, "old")
    with site.ctx.database.write() as session:
        session.execute(update(RateWindow).values(started_at=now() - timedelta(days=2)))
    tried(site, "new")
    with site.ctx.database.read() as session:
        assert session.scalars(select(RateWindow.key)).all() == ["new"]
