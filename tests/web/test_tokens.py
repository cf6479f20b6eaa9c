"""Tokens: legacy and personal, and what is tried with them."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from labelwright.models import LegacyToken, Membership, Organization, PersonalToken, User, now
from labelwright.web import identity
from tests.web.accounts import ON_SQLITE, Browser, Site, statements_of

WHOAMI = "/api/current-user/whoami"


def ask(site: Site, authorization: str | None, path: str = WHOAMI, **headers: str) -> TestResponse:
    given = {"Authorization": authorization} if authorization is not None else {}
    return site.browser().get(path, headers=given | headers)


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def personal(browser: Browser) -> str:
    answer = browser.post("/api/token/")
    assert answer.status_code == 201
    return str(answer.json["token"])


def access_of(site: Site, token: str) -> str:
    answer = site.browser().post("/api/token/refresh/", json={"refresh": token})
    assert answer.status_code == 200, answer.text
    return str(answer.json["access"])


@pytest.fixture
def owner(site: Site) -> Browser:
    return site.logged_in("owner@example.com")


@pytest.fixture
def legacy(site: Site, owner: Browser) -> str:
    """The owner's legacy token, in an organisation that lets it work."""
    owner.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": True})
    return str(owner.get("/api/current-user/token").json["token"])


# --- who asks ----------------------------------------------------------------------------------------------


@ON_SQLITE
def test_without_credentials_the_answer_says_so(site: Site) -> None:
    answer = ask(site, None)
    assert answer.status_code == 401
    assert answer.json["detail"] == "Authentication credentials were not provided."
    assert answer.headers["WWW-Authenticate"] == "Token"


@ON_SQLITE
@pytest.mark.parametrize("word", ["Token", "token", "TOKEN", "tOkEn"])
def test_a_legacy_token_works_whatever_the_letters_of_its_word(site: Site, legacy: str, word: str) -> None:
    assert ask(site, f"{word} {legacy}").json["email"] == "owner@example.com"


@ON_SQLITE
def test_the_key_header_is_read_as_a_legacy_token_and_comes_first(site: Site, legacy: str) -> None:
    assert ask(site, None, **{"X-Api-Key": legacy}).status_code == 200
    assert ask(site, "Token nonsense", **{"X-Api-Key": legacy}).status_code == 200
    assert ask(site, f"Token {legacy}", **{"X-Api-Key": "nonsense"}).status_code == 401


GARBAGE = (
    "Token", "Token ", "Bearer", "Bearer ", "Token x y z", "Bearer a.b.c", "Bearer ..", "Bearer .", "nonsense",
    "Basic YTpi", "Digest username=x", "Token " + "f" * 40, "Token " + "x" * 6000, "Bearer " + "x" * 6000,
    "Bearer " + "a." * 3000,
    "Token \xff\xfe\xe9", "Bearer \xff.\xfe.\xe9", "\xff", "Token ' OR 1=1 --", "Token \x01", "Negotiate " + "A" * 4000,
    "Bearer " + base64.urlsafe_b64encode(b"[" * 2900).decode() + ".e30.x",
    "Bearer " + base64.urlsafe_b64encode(b'{"alg":"HS256","crit":["b64"],"b64":false}').decode().rstrip("=") + ".e30.x",
)  # fmt: skip


@pytest.mark.parametrize("header", GARBAGE)
def test_garbage_is_an_invalid_token(shared_site: Site, header: str) -> None:
    answer = ask(shared_site, header)
    assert answer.status_code == 401
    assert answer.json["detail"] == "Invalid token."


@ON_SQLITE
def test_a_proxys_own_scheme_leaves_the_cookie_to_decide(owner: Browser) -> None:
    assert owner.get(WHOAMI, headers={"Authorization": "Basic YTpi"}).status_code == 200


@ON_SQLITE
def test_a_proxys_own_scheme_does_not_keep_visitors_from_the_log_in_page(site: Site) -> None:
    answer = site.browser().get("/projects", headers={"Authorization": "Basic YTpi"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/user/login/?next=/projects"


def test_a_page_of_a_bad_token_is_an_error_page(shared_site: Site) -> None:
    for path, status in (("/projects", 401), ("/no-such-page", 404), ("/user/login/", 200)):
        answer = ask(shared_site, "Token nonsense", path)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")


@ON_SQLITE
def test_a_bad_token_is_not_mended_by_a_good_cookie(owner: Browser) -> None:
    assert owner.get(WHOAMI, headers={"Authorization": "Token " + "f" * 40}).status_code == 401


@ON_SQLITE
def test_tokens_are_not_read_from_the_address(site: Site, legacy: str) -> None:
    for name in ("token", "api_key", "access_token", "Authorization"):
        assert ask(site, None, f"{WHOAMI}?{name}={legacy}").status_code == 401


def test_each_kind_of_token_has_its_own_word(site: Site, owner: Browser, legacy: str) -> None:
    token = personal(owner)
    access = access_of(site, token)
    assert ask(site, f"Bearer {access}").status_code == 200
    for wrong in (f"Bearer {legacy}", f"Bearer {token}", f"Token {access}", f"Token {token}"):
        assert ask(site, wrong).status_code == 401


def test_a_token_finds_its_caller_by_one_query(site: Site, owner: Browser, legacy: str) -> None:
    access = access_of(site, personal(owner))
    for header in (f"Token {legacy}", f"Bearer {access}"):
        request = site.app.test_request_context("/", headers={"Authorization": header})
        with statements_of(site) as statements, request:
            caller = identity.find(site.ctx)
        assert caller is not None
        assert caller.email == "owner@example.com"
        assert len([statement for statement in statements if "lw_" in statement]) == 1


# --- legacy tokens -----------------------------------------------------------------------------------------


def test_legacy_tokens_are_off_until_somebody_switches_them_on(site: Site, owner: Browser) -> None:
    token = owner.get("/api/current-user/token").json["token"]
    refused = ask(site, f"Token {token}")
    assert refused.status_code == 401
    assert refused.json["code"] == "legacy-tokens-disabled"
    assert "switched off" in refused.json["detail"]
    assert owner.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": True}).status_code == 200
    assert ask(site, f"Token {token}").status_code == 200


def test_a_reset_legacy_token_ends_at_once(site: Site, owner: Browser, legacy: str) -> None:
    answer = owner.post("/api/current-user/reset-token/")
    assert answer.status_code == 201
    fresh = answer.json["token"]
    assert len(fresh) == 40
    assert ask(site, f"Token {legacy}").status_code == 401
    assert ask(site, f"Token {fresh}").status_code == 200
    assert owner.get("/api/current-user/token").json["token"] == fresh


def test_the_database_does_not_hold_legacy_tokens_in_the_open(site: Site, legacy: str) -> None:
    with site.ctx.database.read() as session:
        kept = session.scalars(select(LegacyToken)).one()
    assert legacy not in (kept.digest, kept.secret)
    assert ask(site, f"Token {kept.digest}").status_code == 401


def test_members_who_left_and_accounts_switched_off_are_out_at_once(
    site: Site, owner: Browser, legacy: str
) -> None:
    access = access_of(site, personal(owner))
    for change in (update(User).values(is_active=False), update(Membership).values(deleted_at=now())):
        with site.ctx.database.write() as session:
            session.execute(change)
        assert ask(site, f"Token {legacy}").status_code == 401
        assert ask(site, f"Bearer {access}").status_code == 401
        assert owner.get(WHOAMI).status_code == 401
        with site.ctx.database.write() as session:
            session.execute(update(User).values(is_active=True))


# --- personal access tokens --------------------------------------------------------------------------------


def test_a_personal_token_is_a_refresh_token_of_two_hundred_years(owner: Browser) -> None:
    token = personal(owner)
    claims = claims_of(token)
    assert claims["token_type"] == "refresh"
    assert claims["user_id"] == "1"
    assert isinstance(claims["jti"], str)
    assert 199 < (claims["exp"] - claims["iat"]) / 31_557_600 < 201


def test_an_access_token_lives_for_five_minutes(site: Site, owner: Browser) -> None:
    claims = claims_of(access_of(site, personal(owner)))
    assert claims["token_type"] == "access"
    assert claims["exp"] - claims["iat"] == 300
    assert claims["user_id"] == "1"


def test_the_list_shows_no_signature(site: Site, owner: Browser) -> None:
    token = personal(owner)
    answer = owner.get("/api/token/")
    assert [kept["token"] for kept in answer.json] == [token.rpartition(".")[0]]
    assert token.rpartition(".")[2] not in answer.text
    assert site.logged_in("other@example.com").get("/api/token/").json == []


def test_a_revoked_token_and_what_was_made_from_it_end_at_once(site: Site, owner: Browser) -> None:
    token, other = personal(owner), personal(owner)
    access = access_of(site, token)
    assert owner.post("/api/token/blacklist/", json={"refresh": token}).status_code == 204
    assert ask(site, f"Bearer {access}").status_code == 401
    refused = site.browser().post("/api/token/refresh/", json={"refresh": token})
    assert refused.status_code == 401
    assert refused.json["detail"] == "Token is blacklisted"
    assert owner.post("/api/token/rotate/", json={"refresh": token}).status_code == 400
    assert owner.post("/api/token/blacklist/", json={"refresh": token}).status_code == 404
    assert [kept["token"] for kept in owner.get("/api/token/").json] == [other.rpartition(".")[0]]


def test_what_the_list_shows_is_enough_to_revoke_and_for_nothing_else(site: Site, owner: Browser) -> None:
    token = personal(owner)
    shown = owner.get("/api/token/").json[0]["token"]
    for body in ({"refresh": shown}, {"refresh": shown + "."}, {"refresh": shown + ".AAAA"}):
        assert site.browser().post("/api/token/refresh/", json=body).status_code == 401
        assert site.browser().post("/api/token/rotate/", json=body).status_code == 400
    assert owner.post("/api/token/blacklist/", json={"refresh": shown}).status_code == 204
    assert site.browser().post("/api/token/refresh/", json={"refresh": token}).status_code == 401


def test_nobody_revokes_anothers_token(site: Site, owner: Browser) -> None:
    token = personal(owner)
    other = site.logged_in("other@example.com")
    assert other.post("/api/token/blacklist/", json={"refresh": token}).status_code == 404
    assert access_of(site, token)


def test_rotating_gives_a_new_token_and_ends_the_old_one(site: Site, owner: Browser) -> None:
    token = personal(owner)
    answer = site.browser().post("/api/token/rotate/", json={"refresh": token})
    assert answer.status_code == 200
    assert access_of(site, answer.json["refresh"])
    assert site.browser().post("/api/token/refresh/", json={"refresh": token}).status_code == 401
    assert site.browser().post("/api/token/rotate/", json={"refresh": token}).status_code == 400


def test_of_two_rotations_at_once_one_wins(site: Site, owner: Browser) -> None:
    from concurrent.futures import ThreadPoolExecutor

    token = personal(owner)

    def rotate(_: int) -> int:
        return site.browser().post("/api/token/rotate/", json={"refresh": token}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(rotate, range(4))) == [200, 400, 400, 400]


def forged(token: str, key: str | None, algorithm: str, **claims: Any) -> str:
    return jwt.encode(claims_of(token) | claims, key, algorithm=algorithm)


@ON_SQLITE
def test_forged_and_altered_tokens_are_refused(site: Site, owner: Browser) -> None:
    token = personal(owner)
    access = access_of(site, token)
    header, payload, signature = access.split(".")
    other = (
        base64.urlsafe_b64encode(json.dumps(claims_of(access) | {"user_id": "2"}).encode())
        .decode()
        .rstrip("=")
    )
    tried = [
        forged(access, None, "none"),
        forged(access, "secret" * 6, "HS256"),
        forged(access, "$(fefwefwef13;LFK{P!)@#*!)kdsjfWF2l+i5e3t(8a1n", "HS256"),
        forged(access, site.ctx.keys.signing_key, "HS256"),
        forged(access, site.ctx.keys.derive("tokens"), "HS512"),
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.{signature[:-2]}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        forged(access, site.ctx.keys.derive("tokens"), "HS256", exp=int(time.time()) - 1),
        forged(access, site.ctx.keys.derive("tokens"), "HS256", user_id="2"),
        forged(access, site.ctx.keys.derive("tokens"), "HS256", personal="0" * 32),
        forged(access, site.ctx.keys.derive("tokens"), "HS256", personal=None),
        forged(access, site.ctx.keys.derive("tokens"), "HS256", personal=7),
        forged(access, site.ctx.keys.derive("tokens"), "HS256", token_type="refresh"),
    ]
    for attempt in tried:
        assert ask(site, f"Bearer {attempt}").status_code == 401
        assert site.browser().post("/api/token/refresh/", json={"refresh": attempt}).status_code == 401
    assert ask(site, f"Bearer {access}").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"refresh": ""}, {"refresh": None}, {"refresh": []}, {"refresh": "x" * 5000}]
)
def test_a_body_without_a_token_is_a_bad_request(
    shared_site: Site, somebody: Browser, body: dict[str, Any]
) -> None:
    for path in ("/api/token/refresh/", "/api/token/rotate/", "/api/token/blacklist/"):
        answer = somebody.post(path, json=body)
        assert answer.status_code == 400
        assert "refresh" in answer.json["validation_errors"]


@pytest.mark.parametrize(
    "text", ["x", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.", "e30.W10.", "e30.eyJqdGkiOjF9.x"]
)
def test_what_is_no_token_is_refused(shared_site: Site, somebody: Browser, text: str) -> None:
    assert shared_site.browser().post("/api/token/refresh/", json={"refresh": text}).status_code == 401
    assert shared_site.browser().post("/api/token/rotate/", json={"refresh": text}).status_code == 400
    assert somebody.post("/api/token/blacklist/", json={"refresh": text}).status_code == 404


def test_the_organization_can_do_without_personal_tokens(site: Site, owner: Browser) -> None:
    token = personal(owner)
    access = access_of(site, token)
    owner.post("/api/jwt/settings", json={"api_tokens_enabled": False})
    assert ask(site, f"Bearer {access}").status_code == 401
    assert site.browser().post("/api/token/refresh/", json={"refresh": token}).status_code == 401
    assert owner.post("/api/token/").status_code == 403
    owner.post("/api/jwt/settings", json={"api_tokens_enabled": True})
    assert ask(site, f"Bearer {access}").status_code == 200


def test_a_token_ends_with_its_row(site: Site, owner: Browser) -> None:
    token = personal(owner)
    access = access_of(site, token)
    with site.ctx.database.write() as session:
        session.execute(update(PersonalToken).values(expires_at=now()))
    assert ask(site, f"Bearer {access}").status_code == 401
    assert site.browser().post("/api/token/refresh/", json={"refresh": token}).status_code == 401


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_another_servers_key_opens_nothing(make_site: Any) -> None:
    site = make_site()
    access = access_of(site, personal(site.logged_in("owner@example.com")))
    other = make_site(secret_key="another-key-" + "0123456789abcdef" * 2)
    assert ask(other, f"Bearer {access}").status_code == 401


# --- what is said ------------------------------------------------------------------------------------------


@ON_SQLITE
def test_secrets_are_not_cached(owner: Browser) -> None:
    answers = [
        owner.get(WHOAMI), owner.get("/api/token/"), owner.post("/api/token/"), owner.get("/api/current-user/token"),
        owner.post("/api/current-user/reset-token/"), owner.get("/api/invite"), owner.post("/api/invite/reset-token"),
    ]  # fmt: skip
    token = answers[2].json["token"]
    answers.append(owner.post("/api/token/refresh/", json={"refresh": token}))
    answers.append(owner.post("/api/token/rotate/", json={"refresh": token}))
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_the_organization_keeps_its_own_token_settings(site: Site, owner: Browser) -> None:
    assert owner.get("/api/jwt/settings").json == {
        "api_tokens_enabled": True,
        "legacy_api_tokens_enabled": False,
    }
    changed = owner.post("/api/jwt/settings", data={"legacy_api_tokens_enabled": "true"})
    assert changed.json == {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True}
    with site.ctx.database.read() as session:
        assert session.scalars(select(Organization.legacy_api_tokens_enabled)).all() == [True]
