"""People: what they see and change of each other, their keys and pictures."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select

from labelwright.models import Membership, User
from labelwright.services import accounts, avatars
from labelwright.web.users import initials
from tests.web.accounts import PASSWORD, Browser, Site

FIELDS = {
    "id", "first_name", "last_name", "username", "email", "last_activity", "custom_hotkeys", "avatar", "initials",
    "phone",    "active_organization", "active_organization_meta", "allow_newsletters", "date_joined",
}  # fmt: skip


@pytest.fixture
def owner(site: Site) -> Browser:
    site.user("owner@example.com", first_name="Ann", last_name="Owner")
    return site.logged_in("owner@example.com")


@pytest.fixture
def stranger(site: Site) -> Browser:
    """Somebody of another organisation."""
    accounts.add(site.ctx, "stranger@example.com", PASSWORD, organization="Elsewhere")
    return site.logged_in("stranger@example.com")


def my_id(browser: Browser) -> int:
    return int(browser.get("/api/current-user/whoami").json["id"])


# --- what is shown -----------------------------------------------------------------------------------------


def test_whoami_says_who_and_what_they_may(owner: Browser) -> None:
    answer = owner.get("/api/current-user/whoami").json
    assert answer.keys() - FIELDS == {"permissions", "role", "locale"}
    assert answer["email"] == "owner@example.com"
    assert answer["initials"] == "AO"
    assert answer["active_organization_meta"] == {"title": "Labelwright", "email": "owner@example.com"}
    assert "projects.create" in answer["permissions"]


def test_a_user_has_label_studios_fields_and_no_secret(site: Site, owner: Browser) -> None:
    site.user("second@example.com")
    listed = owner.get("/api/users/")
    assert [user.keys() for user in listed.json] == [FIELDS, FIELDS]
    with site.ctx.database.read() as session:
        hashes = session.scalars(select(User.password_hash)).all()
    for text in (listed.text, owner.get("/api/users/1/").text, owner.get("/api/organizations/1").text,
                 owner.get("/api/organizations/1/memberships?contributed_to_projects=1").text):  # fmt: skip
        assert "argon2" not in text
        assert not any(hashed in text for hashed in hashes)
        assert owner.get("/api/current-user/token").json["token"] not in text
        assert owner.get("/api/invite").json["token"] not in text


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("Ann", "Owner", "AO"), ("Ann", "", "An"), ("", "Owner", "Ow"), ("", "", "se")],
)
def test_initials_stand_for_people_without_a_picture(first: str, last: str, expected: str) -> None:
    assert initials(first, last, "second@example.com") == expected


def test_another_organizations_people_do_not_exist(site: Site, owner: Browser, stranger: Browser) -> None:
    other = my_id(stranger)
    assert [user["email"] for user in owner.get("/api/users/").json] == ["owner@example.com"]
    assert owner.get(f"/api/users/{other}/").status_code == 404
    assert owner.get(f"/api/users/{other}/").json["detail"] == "No User matches the given query."
    assert owner.patch(f"/api/users/{other}/", json={"first_name": "x"}).status_code == 404
    assert owner.delete(f"/api/users/{other}/").status_code == 404
    assert owner.post(f"/api/users/{other}/avatar/", data={"avatar": (picture(), "a.png")}).status_code == 404
    assert stranger.get("/api/current-user/whoami").json["first_name"] == ""


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "-1", "abc", "1.5", "%00"])
def test_ids_that_are_none_are_not_found(somebody: Browser, number: str) -> None:
    assert somebody.get(f"/api/users/{number}/").status_code == 404


# --- what is changed ---------------------------------------------------------------------------------------


def test_people_change_their_own_profile(owner: Browser) -> None:
    change = {
        "first_name": "Änn",
        "last_name": "所有者",
        "phone": "+41 1",
        "username": "ann",
        "allow_newsletters": True,
    }
    answer = owner.patch("/api/users/1/", json=change)
    assert answer.status_code == 200
    assert {name: owner.get("/api/users/1/").json[name] for name in change} == change


def test_a_profile_takes_a_form_too(owner: Browser) -> None:
    assert (
        owner.patch("/api/users/1/", data={"first_name": "Form", "allow_newsletters": "false"}).json[
            "first_name"
        ]
        == "Form"
    )


FORBIDDEN: dict[str, Any] = {
    "id": 77, "is_superuser": True, "is_active": False, "is_staff": True, "password": "a new password",
    "password_hash": "x", "date_joined": "2001-01-01T00:00:00Z", "last_activity": "2001-01-01T00:00:00Z",
    "active_organization": 2, "role": "owner", "avatar": "../../etc/passwd", "email_key": "x@example.com",
    "permissions": [], "organization": 2,
}  # fmt: skip


def test_nobody_raises_themselves_by_a_field_of_their_profile(
    site: Site, owner: Browser, stranger: Browser
) -> None:
    member = site.logged_in("member@example.com")
    user_id = my_id(member)
    with site.ctx.database.read() as session:
        before = vars(session.get_one(User, user_id)).copy()
    assert (
        member.patch(f"/api/users/{user_id}/", json=FORBIDDEN | {"first_name": "Max"}).json["first_name"]
        == "Max"
    )
    with site.ctx.database.read() as session:
        after = vars(session.get_one(User, user_id)).copy()
        roles = session.scalars(select(Membership.role).where(Membership.user_id == user_id)).all()
    changed = {name for name in before if before[name] != after[name]} - {
        "_sa_instance_state",
        "last_activity",
    }
    assert changed == {"first_name"}
    assert after["last_activity"].year > 2001
    assert roles == ["member"]


def test_nobody_changes_anybody_else(site: Site, owner: Browser) -> None:
    user_id = site.user("second@example.com")
    assert owner.patch(f"/api/users/{user_id}/", json={"first_name": "x"}).status_code == 403
    assert owner.patch(f"/api/users/{user_id}/", json={"custom_hotkeys": {}}).status_code == 403
    assert owner.patch(f"/api/users/{user_id}/", json={"email": "x@example.com"}).status_code == 403
    assert (
        owner.post(f"/api/users/{user_id}/avatar/", data={"avatar": (picture(), "a.png")}).status_code == 403
    )
    assert owner.delete(f"/api/users/{user_id}/avatar/").status_code == 403


def test_the_address_of_an_account_stays(owner: Browser) -> None:
    assert owner.patch("/api/users/1/", json={"email": "other@example.com"}).status_code == 405
    assert (
        owner.patch("/api/users/1/", json={"email": "Owner@example.com", "first_name": "x"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("field", "value"), [("first_name", "x" * 257), ("phone", ["a"]), ("allow_newsletters", "maybe"),
                         ("locale", "xx"), ("first_name", None)],
)  # fmt: skip
def test_what_does_not_fit_is_named(somebody: Browser, field: str, value: Any) -> None:
    answer = somebody.patch("/api/users/1/", json={field: value})
    assert answer.status_code == 400
    assert list(answer.json["validation_errors"]) == [field]


def test_a_member_makes_an_account_for_somebody(site: Site, owner: Browser) -> None:
    answer = owner.post(
        "/api/users/", json={"email": "new@example.com", "first_name": "New", "is_superuser": True}
    )
    assert answer.status_code == 201
    assert answer.json.keys() == FIELDS
    assert answer.json["active_organization"] == 1
    assert site.browser().log_in("new@example.com", "").status_code == 200
    again = owner.post("/api/users/", json={"email": "NEW@example.com"})
    assert again.json["validation_errors"] == {"email": ["User with this email already exists"]}
    assert owner.post("/api/users/", json={}).status_code == 400
    assert owner.post("/api/users/", json={"email": "a@b\r\nX: y"}).status_code == 400


def test_only_an_owner_removes_people_and_never_themselves(site: Site, owner: Browser) -> None:
    member = site.logged_in("member@example.com")
    assert member.delete("/api/users/1/").status_code == 403
    assert owner.delete("/api/users/1/").status_code == 403
    assert owner.delete(f"/api/users/{my_id(member)}/").status_code == 204
    assert member.get("/api/current-user/whoami").status_code == 401


# --- keys --------------------------------------------------------------------------------------------------


def test_people_have_keys_of_their_own(owner: Browser) -> None:
    keys = {
        "annotation:submit": {"key": "ctrl+enter", "active": True},
        "regions:delete": {"key": None, "active": False},
    }
    assert owner.patch("/api/current-user/hotkeys/", json={"custom_hotkeys": keys}).json == {
        "custom_hotkeys": keys
    }
    assert owner.get("/api/current-user/hotkeys/").json == {"custom_hotkeys": keys}
    assert owner.get("/api/current-user/whoami").json["custom_hotkeys"] == keys
    assert owner.patch("/api/current-user/hotkeys/", json={"custom_hotkeys": {}}).json == {
        "custom_hotkeys": {}
    }


@pytest.mark.parametrize(
    "keys",
    [
        [], "x", 7, {"nothing": {"key": "a"}}, {"a:b": "x"}, {"a:b": {}}, {"a:b": {"key": "x" * 51}},
        {"a:b": {"key": 7}}, {"a:b": {"key": ""}}, {"a:b": {"key": "a", "active": "yes"}},
        {"a:b": {"key": "Alt+F4"}}, {"a:b": {"key": "a\nb"}},
        {f"a:{number}": {"key": "a"} for number in range(201)}, {"a:" + "b" * 500: {"key": "a"}},
    ],
)  # fmt: skip
def test_keys_that_are_none_are_refused(somebody: Browser, keys: Any) -> None:
    answer = somebody.patch("/api/current-user/hotkeys/", json={"custom_hotkeys": keys})
    assert answer.status_code == 400
    assert "custom_hotkeys" in answer.json["validation_errors"]


# --- pictures ----------------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **options)
    made.seek(0)
    return made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_kept_as_a_png_of_our_own_making(somebody: Browser, kind: str) -> None:
    marked = picture(kind).read() + b"<script>alert(1)</script>"
    answer = somebody.post("/api/users/1/avatar/", data={"avatar": (io.BytesIO(marked), "face.html")})
    assert answer.status_code == 200
    place = somebody.get("/api/users/1/").json["avatar"]
    served = somebody.get(place)
    assert served.mimetype == "image/png"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert b"script" not in served.data
    with Image.open(io.BytesIO(served.data)) as image:
        assert image.size == (256, 171)


def test_nothing_but_the_pixels_of_a_picture_is_kept() -> None:
    told = PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    made = avatars.as_png(picture(icc_profile=b"a profile with <script>", pnginfo=told).read())
    assert b"script" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert image.info == {}


def flood() -> bytes:
    """A PNG of some bytes that says it has 100,000 x 100,000 pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))


NO_PICTURES = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "a gif's beginning": b"GIF89a/*<html><script>alert(1)</script>*/",
    "empty": b"",
    "half a picture": picture().read()[:60],
    "pixel flood": flood(),
    "large": b"\x89PNG\r\n\x1a\n" + b"\x00" * 1_100_000,
    "pdf": b"%PDF-1.4\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused(shared_site: Site, somebody: Browser, content: bytes) -> None:
    before = somebody.get("/api/users/1/").json["avatar"], sorted(shared_site.ctx.media.rglob("*.*"))
    answer = somebody.post("/api/users/1/avatar/", data={"avatar": (io.BytesIO(content), "face.png")})
    assert answer.status_code == 400
    assert "avatar" in answer.json["validation_errors"]
    assert (
        somebody.get("/api/users/1/").json["avatar"],
        sorted(shared_site.ctx.media.rglob("*.*")),
    ) == before


def test_without_a_file_there_is_nothing_to_keep(owner: Browser) -> None:
    assert owner.post("/api/users/1/avatar/").status_code == 400
    assert owner.post("/api/users/1/avatar/", json={"avatar": "x"}).status_code == 400


def test_an_old_picture_goes_with_the_new_one(site: Site, owner: Browser) -> None:
    for _ in range(2):
        owner.post("/api/users/1/avatar/", data={"avatar": (picture(), "a.png")})
    place = owner.get("/api/users/1/").json["avatar"]
    assert len(list((site.ctx.media / "avatars").iterdir())) == 1
    assert owner.delete("/api/users/1/avatar/").status_code == 204
    assert owner.get(place).status_code == 404
    assert list((site.ctx.media / "avatars").iterdir()) == []


def test_pictures_are_for_the_organization_only(site: Site, owner: Browser, stranger: Browser) -> None:
    owner.post("/api/users/1/avatar/", data={"avatar": (picture(), "a.png")})
    place = owner.get("/api/users/1/").json["avatar"]
    assert site.logged_in("member@example.com").get(place).status_code == 200
    assert stranger.get(place).status_code == 404
    assert site.browser().get(place).status_code == 401


@pytest.mark.parametrize(
    "name",
    ["../keys.json", "..%2fkeys.json", "%2e%2e/keys.json", "....//keys.json", "/etc/passwd", "%2fetc%2fpasswd", "x.png",
     "..\\keys.json", "keys.json%00.png", "0" * 32 + ".png", "0" * 400, "%ff%fe.png"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(somebody: Browser, name: str) -> None:
    assert somebody.get(f"/data/avatars/{name}").status_code == 404


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_pictures_below_a_path_have_that_path(make_site: Callable[..., Site]) -> None:
    site = make_site(host="http://example.org/label")
    browser = site.logged_in("a@example.com")
    browser.post("/api/users/1/avatar/", data={"avatar": (picture(), "a.png")})
    assert browser.get("/api/users/1/").json["avatar"].startswith("/label/data/avatars/")
