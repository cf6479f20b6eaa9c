"""Logging in, signing up and out by the forms; what other sites' pages and guessers try."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import pytest
from sqlalchemy import select, update

from labelwright.models import LoginSession, Organization, RateWindow, User, now
from labelwright.web.auth_pages import own_path
from tests.web.accounts import ON_SQLITE, PASSWORD, Site

MakeSite = Callable[..., Site]

FOREIGN = (
    "https://evil.example/",
    "http:evil.example",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "https:///evil.example",
    "evil.example",
    "/\u00a0/evil.example",
    "http://localhost@evil.example/",
)


# --- signing up --------------------------------------------------------------------------------------------


def test_the_first_one_who_signs_up_owns_the_organization_and_others_join_it(site: Site) -> None:
    first, second = site.browser(), site.browser()
    assert first.sign_up("first@example.com").headers["Location"] == "/"
    assert second.sign_up("second@example.com").status_code == 302
    one, two = (browser.get("/api/current-user/whoami").json for browser in (first, second))
    assert (one["role"], two["role"]) == ("owner", "member")
    assert one["active_organization"] == two["active_organization"]


def test_the_first_visitor_is_asked_to_sign_up_and_later_ones_to_log_in(site: Site) -> None:
    visitor = site.browser()
    assert visitor.get("/").headers["Location"] == "/user/signup/"
    assert "The first account owns this server." in visitor.get("/user/signup/").text
    site.logged_in("first@example.com")
    assert visitor.get("/").headers["Location"] == "/user/login/"
    assert "The first account" not in visitor.get("/user/signup/").text


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "password", "iloveyou"], ids=["short", "huge", "common", "common too"]
)
def test_a_bad_password_brings_the_form_back_and_makes_nobody(shared_site: Site, password: str) -> None:
    answer = shared_site.browser().sign_up("a@example.com", password)
    assert answer.status_code == 200
    assert 'name="csrfmiddlewaretoken"' in answer.text
    assert shared_site.browser().log_in("a@example.com", password).status_code == 200


def test_a_password_of_128_characters_is_accepted_whole(site: Site) -> None:
    password = "correct horse " * 9 + "ab"
    assert len(password) == 128
    assert site.browser().sign_up("a@example.com", password).status_code == 302
    assert site.browser().log_in("a@example.com", password).status_code == 302
    assert site.browser().log_in("a@example.com", password[:-1]).status_code == 200


def test_an_address_in_other_letters_is_the_same_account(site: Site) -> None:
    assert site.browser().sign_up("Some.One@Example.com").status_code == 302
    answer = site.browser().sign_up("some.one@EXAMPLE.com")
    assert answer.status_code == 200
    assert "User with this email already exists" in answer.text


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b@c", "a@example.com\r\nBcc: b@example.com", "a@example.com\nX: y", "a b@example.com",
     "<a@example.com>", "a@example.com\x00", "\u200ba@example.com", "a" * 250 + "@example.com", "a@-x.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(shared_site: Site, email: str) -> None:
    answer = shared_site.browser().sign_up(email)
    assert answer.status_code == 200
    with shared_site.ctx.database.read() as session:
        assert session.scalars(select(User.email)).all() == ["owner@example.com"]


def test_a_closed_server_lets_in_by_invitation_only(make_site: MakeSite) -> None:
    site = make_site(signup_invite_only=True)
    assert site.browser().get("/user/signup/").status_code == 403
    assert site.browser().get("/user/signup/?token=").status_code == 403
    assert site.browser().get("/user/signup/?token=wrong").status_code == 403
    assert site.browser().sign_up("a@example.com").status_code == 403
    assert site.browser().sign_up("a@example.com", token="wrong").status_code == 403
    token = site.logged_in("owner@example.com").get("/api/invite").json["token"]
    assert site.browser().get(f"/user/signup/?token={token}").status_code == 200
    assert site.browser().sign_up("b@example.com", token=token).status_code == 302


def test_a_wrong_invitation_is_refused_on_an_open_server_too(site: Site) -> None:
    site.user("owner@example.com")
    assert site.browser().sign_up("a@example.com", token="wrong").status_code == 403


def test_organizations_of_their_own_do_not_see_each_other(make_site: MakeSite) -> None:
    site = make_site(signup_own_organization=True)
    ann, bob = site.browser(), site.browser()
    ann.sign_up("ann@example.com")
    bob.sign_up("bob@example.com")
    assert [user["email"] for user in ann.get("/api/users/").json] == ["ann@example.com"]
    assert bob.get("/api/current-user/whoami").json["role"] == "owner"


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("still_clock")
def test_many_sign_ups_from_one_address_have_to_wait(make_site: MakeSite) -> None:
    site = make_site(rate_signups=3)
    answers = [site.browser().sign_up(f"u{number}@example.com").status_code for number in range(5)]
    assert answers[:3] == [302, 302, 302]
    assert answers[4] == 429


# --- logging in --------------------------------------------------------------------------------------------


@ON_SQLITE
def test_logging_in_goes_where_the_visitor_wanted_to_go(site: Site) -> None:
    site.user("a@example.com")
    assert (
        site.browser().log_in("A@example.com", next="/projects/7/data?tab=2").headers["Location"]
        == "/projects/7/data?tab=2"
    )
    assert site.browser().log_in("a@example.com").headers["Location"] == "/"


@pytest.mark.parametrize("place", FOREIGN)
def test_logging_in_never_leads_to_another_server(shared_site: Site, place: str) -> None:
    assert shared_site.browser().log_in("owner@example.com", next=place).headers["Location"] == "/"
    browser = shared_site.logged_in("owner@example.com")
    assert browser.get("/user/login/", query_string={"next": place}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "place", ["/", "/projects/", "/projects/1/data?task=3&tab=4", "/%2f/evil.example", "/a?b=//c"]
)
def test_a_path_of_ours_is_kept(place: str) -> None:
    assert own_path(place) == place


def test_an_unknown_address_and_a_wrong_password_get_the_same_words(site: Site) -> None:
    site.user("known@example.com")
    texts = [
        site.browser().log_in(email, "wrong wrong").text
        for email in ("known@example.com", "other@example.com")
    ]
    known, other = (text.replace("known@", "@").replace("other@", "@").split("<form")[0] for text in texts)
    assert known == other
    assert "The e-mail or the password is wrong." in texts[0]


def test_an_unknown_address_takes_as_long_as_a_wrong_password(shared_site: Site) -> None:
    browser = shared_site.browser()
    token = browser.csrf()

    def seconds(email: str) -> float:
        began = time.perf_counter()
        browser.post(
            "/user/login/", data={"email": email, "password": "wrong wrong", "csrfmiddlewaretoken": token}
        )
        return time.perf_counter() - began

    seconds("warm@example.com")
    times = [(seconds("owner@example.com"), seconds("other@example.com")) for _ in range(9)]
    known, other = median(t[0] for t in times), median(t[1] for t in times)
    assert 0.5 < known / other < 2


@pytest.mark.usefixtures("still_clock")
def test_guessing_is_slowed_down_for_the_account_from_that_address(site: Site) -> None:
    site.user("a@example.com")
    browser = site.browser()
    answers = [browser.log_in("a@example.com", f"guess number {number}") for number in range(25)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert {answer.status_code for answer in answers[10:]} == {429}
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert browser.log_in("a@example.com", PASSWORD).status_code == 429


def test_a_guesser_locks_nobody_out(site: Site) -> None:
    site.user("a@example.com")
    for number in range(12):
        site.browser().log_in("a@example.com", f"guess number {number}")
    elsewhere = site.browser()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert elsewhere.log_in("a@example.com", PASSWORD).status_code == 302


def test_each_further_guess_waits_twice_as_long_and_the_right_password_ends_it(site: Site) -> None:
    site.user("a@example.com")
    browser = site.browser()
    for number in range(10):
        browser.log_in("a@example.com", f"guess number {number}")
    waits = []
    for _ in range(3):
        with site.ctx.database.write() as session:
            row = session.scalars(select(RateWindow)).one()
            waits.append(round((row.blocked_until - row.started_at).total_seconds()))  # type: ignore[operator]
            row.blocked_until = now()
        browser.log_in("a@example.com", "guess again")
    assert waits == [1, 2, 4]
    with site.ctx.database.write() as session:
        session.execute(update(RateWindow).values(blocked_until=None))
    assert browser.log_in("a@example.com", PASSWORD).status_code == 302
    with site.ctx.database.read() as session:
        assert session.scalars(select(RateWindow)).all() == []


def test_a_hash_of_label_studio_opens_the_door_once_and_is_renewed(site: Site) -> None:
    import base64
    import hashlib

    user_id = site.user("a@example.com")
    digest = base64.b64encode(hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1_000)).decode()
    with site.ctx.database.write() as session:
        session.get_one(User, user_id).password_hash = f"pbkdf2_sha256$1000$salt${digest}"
    assert site.browser().log_in("a@example.com").status_code == 302
    with site.ctx.database.read() as session:
        assert session.get_one(User, user_id).password_hash.startswith("$argon2id$")
    assert site.browser().log_in("a@example.com").status_code == 302


def test_a_switched_off_account_does_not_get_in(site: Site) -> None:
    user_id = site.user("a@example.com")
    with site.ctx.database.write() as session:
        session.get_one(User, user_id).is_active = False
    answer = site.browser().log_in("a@example.com")
    assert answer.status_code == 200
    assert "switched off" in answer.text


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize(
    "value", ["\x00", "\ud83d".encode("utf-8", "replace").decode(), "x" * 50_000, "' OR 1=1 --", "%s{}"]
)
def test_odd_input_is_a_failed_log_in_and_nothing_worse(shared_site: Site, field: str, value: str) -> None:
    browser = shared_site.browser()
    form = {
        "email": "a@example.com",
        "password": "wrong wrong",
        "csrfmiddlewaretoken": browser.csrf(),
        field: value,
    }
    assert browser.post("/user/login/", data=form).status_code == 200


@ON_SQLITE
def test_a_form_larger_than_any_log_in_is_refused(site: Site) -> None:
    browser = site.browser()
    form = {"email": "a", "password": "x" * 200_000, "csrfmiddlewaretoken": browser.csrf()}
    assert browser.post("/user/login/", data=form).status_code == 413


# --- the forms' token --------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("page", ["/user/login/", "/user/signup/"])
def test_a_form_without_its_token_is_refused_by_a_page(site: Site, page: str) -> None:
    site.user("a@example.com")
    browser = site.browser()
    form = {"email": "a@example.com", "password": PASSWORD}
    for tried in (form, form | {"csrfmiddlewaretoken": "x" * 43}, form | {"csrfmiddlewaretoken": ""}):
        answer = browser.post(page, data=tried)
        assert answer.status_code == 403
        assert answer.mimetype == "text/html"
        assert "CSRF verification failed" in answer.text
        browser.csrf()


@ON_SQLITE
def test_the_token_may_come_in_the_header(site: Site) -> None:
    site.user("a@example.com")
    browser = site.browser()
    headers = {"X-CSRFToken": browser.csrf()}
    form = {"email": "a@example.com", "password": PASSWORD}
    assert browser.post("/user/login/", data=form, headers=headers).status_code == 302


@ON_SQLITE
def test_a_token_of_another_visitor_is_refused(site: Site) -> None:
    site.user("a@example.com")
    browser, attacker = site.browser(), site.browser()
    browser.csrf()
    form = {"email": "a@example.com", "password": PASSWORD, "csrfmiddlewaretoken": attacker.csrf()}
    assert browser.post("/user/login/", data=form).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_page_cannot_log_its_visitor_in(shared_site: Site, headers: dict[str, str]) -> None:
    browser = shared_site.browser()
    form = {"email": "owner@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.csrf()}
    assert browser.post("/user/login/", data=form, headers=headers).status_code == 403


# --- pages -------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_the_pages_speak_the_visitors_language(site: Site) -> None:
    english, chinese = site.browser(), site.browser()
    assert "Log in" in english.get("/user/login/").text
    assert "登录" in chinese.get("/user/login/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).text
    english.client.set_cookie("labelwright_locale", "zh")
    assert "登录" in english.get("/user/login/", headers={"Accept-Language": "en"}).text


@ON_SQLITE
def test_a_language_that_was_chosen_is_kept(site: Site) -> None:
    browser = site.browser()
    assert "登录" in browser.get("/user/login/?lang=zh").text
    assert "创建账户" in browser.get("/user/signup/?lang=nonsense").text
    assert "登录" in browser.log_in("a@example.com", "wrong wrong").text


@ON_SQLITE
def test_the_pages_are_not_cached_and_escape_what_they_repeat(site: Site) -> None:
    answer = site.browser().log_in('"><script>alert(1)</script>@x', "wrong wrong", next='/"><script>')
    assert "<script>alert" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_logging_out_leads_to_the_log_in_page(site: Site) -> None:
    assert site.browser().get("/logout").headers["Location"] == "/user/login/?next=/logout"
    for method in ("get", "post"):
        browser = site.logged_in("a@example.com")
        assert getattr(browser, method)("/logout").headers["Location"] == "/user/login/"
        assert browser.get("/api/current-user/whoami").status_code == 401


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_the_administrator_says_where_logging_out_leads(make_site: MakeSite) -> None:
    site = make_site(session_logout_url="https://www.example.org/bye")
    assert site.logged_in("a@example.com").get("/logout").headers["Location"] == "https://www.example.org/bye"


def test_two_first_users_at_once_share_one_organization(site: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: site.browser().sign_up(f"u{n}@example.com").status_code, range(4)))
    assert answers == [302] * 4
    with site.ctx.database.read() as session:
        assert len(session.scalars(select(Organization)).all()) == 1
        assert len(session.scalars(select(LoginSession)).all()) == 4
