"""What is there before the first request."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from labelwright import config
from labelwright.errors import ConfigurationError
from labelwright.models import Membership, Organization, User
from labelwright.services import accounts, bootstrap, credentials, tokens
from tests.web.accounts import ON_SQLITE, PASSWORD, Site, shared_site

__all__ = ["shared_site"]

MakeSite = Callable[..., Site]
TOKEN = "0123456789abcdef0123456789abcdef01234567"

on_sqlite = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
"""As ``ON_SQLITE`` is for ``site``: for what has nothing to do with the kind of the database."""


def test_an_installation_keeps_its_id(site: Site) -> None:
    assert bootstrap.ensure_installation(site.ctx) == bootstrap.ensure_installation(site.ctx)


@ON_SQLITE
def test_nobody_is_made_when_the_settings_name_nobody(site: Site) -> None:
    assert bootstrap.ensure_first_user(site.ctx) is None


def test_the_first_user_owns_the_organization_and_is_made_once(make_site: MakeSite) -> None:
    site = make_site(first_user_username="Admin@Example.com", first_user_password=PASSWORD)
    assert bootstrap.ensure_first_user(site.ctx) == bootstrap.ensure_first_user(site.ctx)
    with site.ctx.database.read() as session:
        assert session.scalars(select(Membership.role)).all() == ["owner"]
        assert session.scalar(select(func.count()).select_from(Organization)) == 1
    assert site.browser().log_in("admin@example.com").status_code == 302


def test_processes_that_start_at_once_make_one_first_user(make_site: MakeSite) -> None:
    site = make_site(
        first_user_username="a@example.com", first_user_password=PASSWORD, first_user_token=TOKEN
    )
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: bootstrap.ensure_first_user(site.ctx), range(4)))
    assert len(set(made)) == 1
    with site.ctx.database.read() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


@on_sqlite
def test_a_user_who_exists_keeps_the_password(make_site: MakeSite) -> None:
    bootstrap.ensure_first_user(
        make_site(first_user_username="a@example.com", first_user_password=PASSWORD).ctx
    )
    site = make_site(first_user_username="a@example.com", first_user_password="another fine phrase")
    bootstrap.ensure_first_user(site.ctx)
    assert site.browser().log_in("a@example.com", PASSWORD).status_code == 302


@on_sqlite
def test_the_given_token_works_and_replaces_the_old_one(make_site: MakeSite) -> None:
    site = make_site(
        first_user_username="a@example.com", first_user_password=PASSWORD, first_user_token=TOKEN
    )
    user_id = bootstrap.ensure_first_user(site.ctx)
    assert user_id is not None
    headers = {"Authorization": f"Token {TOKEN}"}
    assert site.browser().get("/api/current-user/whoami", headers=headers).status_code == 200
    tokens.reset_legacy(site.ctx, user_id)
    assert site.browser().get("/api/current-user/whoami", headers=headers).status_code == 401
    bootstrap.ensure_first_user(site.ctx)
    assert site.browser().get("/api/current-user/whoami", headers=headers).status_code == 200


@on_sqlite
def test_a_user_with_a_token_alone_cannot_log_in(make_site: MakeSite) -> None:
    site = make_site(first_user_username="a@example.com", first_user_token=TOKEN)
    bootstrap.ensure_first_user(site.ctx)
    assert site.browser().log_in("a@example.com", "").status_code == 200
    headers = {"Authorization": f"Token {TOKEN}"}
    assert site.browser().get("/api/current-user/whoami", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"first_user_username": "a@example.com"}, "first_user.password"),
        ({"first_user_username": "a@example.com", "first_user_password": "short"}, "first_user.username"),
        ({"first_user_username": "a@b@c", "first_user_password": PASSWORD}, "first_user.username"),
        ({"first_user_token": TOKEN}, "first_user.username"),
    ],
)
def test_a_first_user_who_cannot_be_made_stops_the_start(
    shared_site: Site, settings: dict[str, str], named: str
) -> None:
    def begin() -> None:
        given = config.load(environ={}, overrides=settings)
        bootstrap.ensure_first_user(replace(shared_site.ctx, settings=given))

    with pytest.raises(ConfigurationError, match=named):
        begin()


@on_sqlite
def test_a_token_of_somebody_else_stops_the_start(make_site: MakeSite) -> None:
    bootstrap.ensure_first_user(make_site(first_user_username="a@example.com", first_user_token=TOKEN).ctx)
    site = make_site(first_user_username="b@example.com", first_user_token=TOKEN)
    with pytest.raises(ConfigurationError, match=r"first_user\.token"):
        bootstrap.ensure_first_user(site.ctx)


@ON_SQLITE
def test_an_administrator_sees_an_account_with_its_token(site: Site) -> None:
    user_id = site.user("a@example.com")
    shown = accounts.describe(site.ctx, "A@Example.com")
    assert (shown["id"], shown["email"], shown["role"]) == (user_id, "a@example.com", "owner")
    assert shown["token"] == tokens.legacy(site.ctx, user_id)
    assert "password" not in str(shown)


@ON_SQLITE
def test_an_account_without_a_password_gets_one(site: Site) -> None:
    accounts.add(site.ctx, "a@example.com", None)
    assert site.browser().log_in("a@example.com").status_code == 200
    credentials.reset_password(site.ctx, "a@example.com", PASSWORD)
    assert site.browser().log_in("a@example.com").status_code == 302


@on_sqlite
def test_an_organization_begins_with_what_the_settings_say(make_site: MakeSite) -> None:
    site = make_site(tokens_legacy=True, session_max_age_s=7200, session_max_idle_s=600)
    site.user("a@example.com")
    with site.ctx.database.read() as session:
        made = session.scalars(select(Organization)).one()
        assert session.scalars(select(User.active_organization_id)).one() == made.id
    assert made.legacy_api_tokens_enabled
    assert (made.max_session_age_minutes, made.max_time_between_activity_minutes) == (120, 10)
