"""The session of a browser: its cookie, its end, and other sites' use of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask_login import current_user, login_required
from sqlalchemy import select, update

from labelwright.models import LoginSession, User, now
from labelwright.services import accounts, credentials
from tests.web.accounts import ON_SQLITE, PASSWORD, Browser, Site, statements_of

MakeSite = Callable[..., Site]
WHOAMI = "/api/current-user/whoami"


def cookie(browser: Browser, name: str = "sessionid") -> str:
    found = browser.client.get_cookie(name, path="/")
    return found.value if found else ""


def with_cookie(site: Site, value: str) -> Browser:
    browser = site.browser()
    browser.client.set_cookie("sessionid", value)
    return browser


def aged(site: Site, **columns: timedelta) -> None:
    with site.ctx.database.write() as session:
        session.execute(update(LoginSession).values({name: now() - age for name, age in columns.items()}))


# --- the cookie --------------------------------------------------------------------------------------------


def test_a_visitor_has_no_session(site: Site) -> None:
    browser = site.browser()
    browser.get("/user/login/")
    assert cookie(browser) == ""
    assert cookie(browser, "csrftoken")
    with site.ctx.database.read() as session:
        assert session.scalars(select(LoginSession)).all() == []


@ON_SQLITE
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    site.user("a@example.com")
    header = next(
        c for c in site.browser().log_in("a@example.com").headers.getlist("Set-Cookie") if "sessionid" in c
    )
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Secure" not in header
    assert "Domain" not in header


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_on_https_the_cookies_are_bound_to_the_host(make_site: MakeSite) -> None:
    site = make_site(host="https://label.example.org")
    site.user("a@example.com")
    browser = site.browser()
    page = browser.client.get("/user/login/", base_url="https://label.example.org")
    assert page.headers["Set-Cookie"].startswith("__Host-csrftoken=")
    token = page.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    form = {"email": "a@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = browser.client.post("/user/login/", data=form, base_url="https://label.example.org")
    assert answer.status_code == 302
    for header in answer.headers.getlist("Set-Cookie"):
        assert header.startswith("__Host-")
        assert "Secure" in header
        assert "HttpOnly" in header
    assert browser.client.get(WHOAMI, base_url="https://label.example.org").status_code == 200


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_below_a_path_the_cookies_are_of_that_path(make_site: MakeSite) -> None:
    site = make_site(host="http://example.org/label")
    site.user("a@example.com")
    browser = site.browser()
    answer = browser.log_in("a@example.com", next="/projects/")
    assert answer.headers["Location"] == "/label/projects/"
    assert all("Path=/label" in header for header in answer.headers.getlist("Set-Cookie"))
    assert browser.get(WHOAMI).status_code == 200
    assert browser.get("/logout").headers["Location"] == "/label/user/login/"


@ON_SQLITE
def test_without_a_wish_to_stay_the_cookie_ends_with_the_browser(site: Site) -> None:
    site.user("a@example.com")
    brief = [
        c for c in site.browser().log_in("a@example.com").headers.getlist("Set-Cookie") if "sessionid" in c
    ]
    kept = [
        c
        for c in site.browser().log_in("a@example.com", persist_session="on").headers.getlist("Set-Cookie")
        if "sessionid" in c
    ]
    assert "Max-Age" not in brief[0]
    assert f"Max-Age={11520 * 60}" in kept[0]


def test_the_database_does_not_hold_what_opens_a_session(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    with site.ctx.database.read() as session:
        stored = session.scalars(select(LoginSession)).one()
    assert cookie(browser) not in (stored.digest, stored.user_agent)
    assert with_cookie(site, stored.digest).get(WHOAMI).status_code == 401


@pytest.mark.parametrize(
    "value",
    ["", "x", "x" * 43, "x" * 3000, "\xff\xfe", "gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAVlY2hvIJSFlFKULg==",
     "eyJfdXNlcl9pZCI6MX0.aSJvAA.c2lnbmF0dXJl", "1", "' OR '1'='1"],
)  # fmt: skip
def test_a_made_up_cookie_is_nobody(shared_site: Site, value: str) -> None:
    for name in ("sessionid", "session", "remember_token"):
        browser = shared_site.browser()
        browser.client.set_cookie(name, value)
        assert browser.get(WHOAMI).status_code == 401


def test_a_tampered_cookie_is_nobody(site: Site) -> None:
    value = cookie(site.logged_in("a@example.com"))
    assert with_cookie(site, value[:-1] + ("A" if value[-1] != "A" else "B")).get(WHOAMI).status_code == 401
    assert with_cookie(site, value).get(WHOAMI).status_code == 200


# --- its beginning and end ---------------------------------------------------------------------------------


def test_logging_in_again_makes_a_new_id_and_ends_the_old_one(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    old = cookie(browser)
    token = cookie(browser, "csrftoken")
    form = {"email": "a@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/user/login/", data=form).status_code == 302
    assert cookie(browser) != old
    assert cookie(browser, "csrftoken") != token
    assert with_cookie(site, old).get(WHOAMI).status_code == 401


def test_an_id_that_was_planted_before_is_not_taken_over(site: Site) -> None:
    site.user("a@example.com")
    victim = with_cookie(site, "A" * 43)
    assert victim.log_in("a@example.com").status_code == 302
    assert with_cookie(site, "A" * 43).get(WHOAMI).status_code == 401


def test_a_copy_of_the_cookie_is_worthless_after_logging_out(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    copy = with_cookie(site, cookie(browser))
    assert copy.get(WHOAMI).status_code == 200
    browser.post("/logout")
    assert copy.get(WHOAMI).status_code == 401
    with site.ctx.database.read() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_a_new_password_ends_the_other_sessions(site: Site) -> None:
    here, there = site.logged_in("a@example.com"), site.logged_in("a@example.com")
    other = site.logged_in("b@example.com")
    change = {"current": PASSWORD, "password": "another fine phrase"}
    assert here.post("/api/current-user/password", json=change).status_code == 204
    assert [browser.get(WHOAMI).status_code for browser in (here, there, other)] == [200, 401, 200]
    assert site.browser().log_in("a@example.com", PASSWORD).status_code == 200
    assert site.browser().log_in("a@example.com", "another fine phrase").status_code == 302


def test_a_new_password_needs_the_old_one_and_must_be_a_good_one(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    wrong = browser.post(
        "/api/current-user/password", json={"current": "wrong", "password": "another fine phrase"}
    )
    assert wrong.json["validation_errors"] == {"current": ["The password is wrong."]}
    short = browser.post("/api/current-user/password", json={"current": PASSWORD, "password": "short"})
    assert "password" in short.json["validation_errors"]


def test_an_administrators_reset_ends_all_sessions(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    credentials.reset_password(site.ctx, "A@example.com", "another fine phrase")
    assert browser.get(WHOAMI).status_code == 401


def test_switching_an_account_off_ends_its_sessions(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    accounts.set_active(site.ctx, "a@example.com", False)
    assert browser.get(WHOAMI).status_code == 401
    accounts.set_active(site.ctx, "a@example.com", True)
    assert browser.get(WHOAMI).status_code == 401


def test_a_user_switched_off_in_the_database_is_out_at_once(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    with site.ctx.database.write() as session:
        session.execute(update(User).values(is_active=False))
    assert browser.get(WHOAMI).status_code == 401


def test_a_session_ends_when_it_was_idle_too_long(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    aged(site, last_used_at=timedelta(minutes=4319))
    assert browser.get(WHOAMI).status_code == 200
    aged(site, last_used_at=timedelta(minutes=4321))
    assert browser.get(WHOAMI).status_code == 401


def test_a_session_ends_after_its_longest_time_however_busy(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    aged(site, created_at=timedelta(minutes=11519))
    assert browser.get(WHOAMI).status_code == 200
    aged(site, created_at=timedelta(minutes=11521))
    assert browser.get(WHOAMI).status_code == 401


def test_the_organizations_policy_decides_and_at_once(site: Site) -> None:
    site.user("owner@example.com")
    browser = site.logged_in("owner@example.com")
    aged(site, created_at=timedelta(minutes=90))
    assert browser.patch("/api/session-policy/", json={"max_session_age": 120}).json["max_session_age"] == 120
    assert browser.get(WHOAMI).status_code == 200
    browser.patch("/api/session-policy/", json={"max_session_age": 60})
    assert browser.get(WHOAMI).status_code == 401


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_an_administrators_limit_is_the_longest(make_site: MakeSite) -> None:
    site = make_site(session_max_age_s=3600)
    browser = site.logged_in("owner@example.com")
    assert browser.get("/api/session-policy/").json["max_session_age"] == 60
    refused = browser.patch("/api/session-policy/", json={"max_session_age": 61})
    assert refused.status_code == 400
    assert "session.max_age_s" in refused.json["validation_errors"]["max_session_age"][0]


def test_use_is_noted_once_a_minute(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    aged(site, last_used_at=timedelta(seconds=50))
    with statements_of(site) as writes:
        browser.get(WHOAMI)
    assert not [statement for statement in writes if statement.startswith("UPDATE")]
    aged(site, last_used_at=timedelta(seconds=70))
    with statements_of(site) as writes:
        browser.get(WHOAMI)
        browser.get(WHOAMI)
    assert len([statement for statement in writes if statement.startswith("UPDATE lw_session")]) == 1


def test_a_request_finds_its_caller_by_one_query(site: Site) -> None:
    browser = site.logged_in("a@example.com")
    with statements_of(site) as statements:
        assert browser.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).headers["Location"] == "/"
    assert len([statement for statement in statements if "lw_" in statement]) == 1


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_plugins_find_the_user_where_flask_login_puts_it(make_site: MakeSite) -> None:
    site = make_site()

    @site.app.get("/a-plugins-page")
    @login_required
    def page() -> str:
        return f"user {current_user.id} of {current_user.caller.organization_id}"

    assert site.logged_in("a@example.com").get("/a-plugins-page").text == "user 1 of 1"
    sent_to = site.browser().get("/a-plugins-page?x=1").headers["Location"]
    assert sent_to == "/user/login/?next=/a-plugins-page%3Fx%3D1"


# --- other sites' pages ------------------------------------------------------------------------------------

ELSEWHERE = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://evil.example/localhost/"},
    {"Referer": "http://localhost@evil.example/"},
    {"Referer": "http://[evil"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "Referer": "https://evil.example/"},
)
HERE = (
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Referer": "http://localhost/projects"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://label.example.org"},
    {},
)


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_sites_page_cannot_use_the_cookie(shared_site: Site, headers: dict[str, str]) -> None:
    browser = shared_site.logged_in("owner@example.com")
    for answer in (
        browser.post("/api/token/", headers=headers),
        browser.post("/api/current-user/reset-token/", data={"a": "b"}, headers=headers),
        browser.patch("/api/session-policy/", json={"max_session_age": 1}, headers=headers),
        browser.delete("/api/users/1/avatar/", headers=headers),
        browser.post("/api/invite/reset-token", data="x", content_type="text/plain", headers=headers),
    ):
        assert answer.status_code == 403
        assert answer.json["code"] == "cross-site"
    browser.post("/logout", headers=headers)
    assert browser.get("/logout", headers=headers).headers["Location"] in ("/", "/user/login/")
    assert browser.get(WHOAMI).status_code == 200


@pytest.mark.parametrize("headers", HERE)
def test_our_own_pages_and_scripts_that_say_nothing_can(shared_site: Site, headers: dict[str, str]) -> None:
    assert shared_site.logged_in("owner@example.com").post("/api/token/", headers=headers).status_code == 201


@ON_SQLITE
def test_a_token_needs_no_origin(site: Site) -> None:
    token = site.logged_in("a@example.com").post("/api/token/").json["token"]
    access = site.browser().post("/api/token/refresh/", json={"refresh": token}).json["access"]
    headers = {
        "Authorization": f"Bearer {access}",
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "cross-site",
    }
    assert site.browser().post("/api/token/", headers=headers).status_code == 201


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_origins_that_the_administrator_trusts_may_send(make_site: MakeSite) -> None:
    site = make_site(csrf_trusted_origins=["https://app.example.org"])
    browser = site.logged_in("a@example.com")
    trusted = {"Origin": "https://app.example.org", "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/api/token/", headers=trusted).status_code == 201
    for other in (
        "https://app.example.org.evil.example",
        "http://app.example.org",
        "https://x.app.example.org",
    ):
        assert browser.post("/api/token/", headers={"Origin": other}).status_code == 403


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_the_configured_address_is_our_own_behind_a_proxy(make_site: MakeSite) -> None:
    site = make_site(host="http://label.example.org:8000")
    browser = site.logged_in("a@example.com")
    assert browser.post("/api/token/", headers={"Origin": "http://label.example.org:8000"}).status_code == 201
