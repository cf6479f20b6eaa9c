"""The organisation: what members see of it, who leaves, and its invitation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright.models import Annotation, Membership, Project, Task, TaskLease, User, now
from labelwright.services import accounts
from tests.web.accounts import PASSWORD, Browser, Site

HOUR = timedelta(hours=1)


@pytest.fixture
def owner(site: Site) -> Browser:
    return site.logged_in("owner@example.com")


@pytest.fixture
def stranger(site: Site, owner: Browser) -> Browser:
    """The owner of organisation 2."""
    accounts.add(site.ctx, "stranger@example.com", PASSWORD, organization="Elsewhere")
    return site.logged_in("stranger@example.com")


def work(site: Site, user_id: int) -> int:
    """A project that the first user made and ``user_id`` labelled in: one annotation and one lease."""
    with site.ctx.database.write() as session:
        project = Project(organization_id=1, created_by_id=1, title="Street")
        session.add(project)
        session.flush()
        task = Task(project_id=project.id, data="{}", inner_id=1)
        session.add(task)
        session.flush()
        session.add(Annotation(task_id=task.id, project_id=project.id, completed_by_id=user_id, result="[]"))
        session.add(
            TaskLease(
                task_id=task.id, user_id=user_id, project_id=project.id, unique_id="u", expires_at=now()
            )
        )
        return project.id


# --- the organisation --------------------------------------------------------------------------------------


def test_members_see_and_change_their_organization(site: Site, owner: Browser) -> None:
    assert [found["id"] for found in owner.get("/api/organizations/").json] == [1]
    shown = owner.get("/api/organizations/1").json
    assert shown["title"] == "Labelwright"
    assert shown["created_by"] == 1
    assert shown["users"] == [1]
    assert "token" not in shown
    changed = owner.patch(
        "/api/organizations/1",
        json={"title": "街景", "contact_info": "us@example.com", "token": "x", "id": 9},
    )
    assert (changed.json["title"], changed.json["contact_info"], changed.json["id"]) == (
        "街景",
        "us@example.com",
        1,
    )
    assert owner.patch("/api/organizations/1", json={"contact_info": "nobody"}).status_code == 400


def test_another_organization_does_not_exist(owner: Browser, stranger: Browser) -> None:
    for method, path, body in (
        ("get", "/api/organizations/2", None),
        ("patch", "/api/organizations/2", {"title": "Ours"}),
        ("get", "/api/organizations/2/memberships", None),
        ("get", "/api/organizations/2/memberships/2/", None),
        ("delete", "/api/organizations/2/memberships/2/", None),
        ("get", "/api/organizations/1/memberships/2/", None),
        ("delete", "/api/organizations/1/memberships/2/", None),
        ("get", "/api/organizations/77", None),
    ):
        answer = getattr(owner, method)(path, **({"json": body} if body else {}))
        assert answer.status_code == 404, path
    assert stranger.get("/api/organizations/2").json["title"] == "Elsewhere"
    assert [found["id"] for found in stranger.get("/api/organizations/").json] == [2]


def test_nobody_joins_another_organization_by_naming_it(owner: Browser, stranger: Browser) -> None:
    owner.patch("/api/users/1/", json={"active_organization": 2, "active_organization_id": 2})
    assert owner.get("/api/current-user/whoami").json["active_organization"] == 1


def test_an_active_organization_without_a_membership_counts_for_nothing(
    site: Site, owner: Browser, stranger: Browser
) -> None:
    with site.ctx.database.write() as session:
        session.get_one(User, 1).active_organization_id = 2
    assert owner.get("/api/organizations/").status_code == 401


# --- members -----------------------------------------------------------------------------------------------


def test_members_come_in_pages_of_twenty(site: Site, owner: Browser) -> None:
    for number in range(24):
        accounts.add(site.ctx, f"m{number:02}@example.com", None)
    first = owner.get("/api/organizations/1/memberships").json
    assert first["count"] == 25
    assert len(first["results"]) == 20
    assert first["next"].endswith("/api/organizations/1/memberships?page=2")
    assert first["previous"] is None
    second = owner.get("/api/organizations/1/memberships/?page=2").json
    assert len(second["results"]) == 5
    assert second["next"] is None
    everybody = owner.get("/api/organizations/1/memberships?page_size=-1").json
    assert len(everybody["results"]) == 25
    assert everybody["next"] is None
    assert len(owner.get("/api/organizations/1/memberships?page_size=7").json["results"]) == 7
    assert owner.get("/api/organizations/1/memberships?page=3").json["detail"] == "Invalid page."


@pytest.mark.parametrize(
    "query", ["page=0", "page=abc", "page=99999999999999999999", "page_size=-2", "page_size=x"]
)
def test_pages_that_are_none_are_refused(somebody: Browser, query: str) -> None:
    assert somebody.get(f"/api/organizations/1/memberships?{query}").status_code in (400, 404)


SEARCHES: dict[str, list[str]] = {
    "ANN": ["ann_@example.com"],
    "müller": ["b%b@example.com"],
    "%": ["b%b@example.com"],
    "_": ["ann_@example.com"],
    "' OR 1=1": [],
    "\\": [],
    "example": ["owner@example.com", "ann_@example.com", "b%b@example.com"],
}


def test_members_are_found_by_name_and_address(site: Site, owner: Browser) -> None:
    site.user("ann_@example.com")
    site.user("b%b@example.com", last_name="müller")
    for search, expected in SEARCHES.items():
        answer = owner.get("/api/organizations/1/memberships", query_string={"search": search}).json
        assert [member["user"]["email"] for member in answer["results"]] == expected, search
        assert answer["count"] == len(expected)


def test_a_members_work_is_shown_when_asked_for(site: Site, owner: Browser) -> None:
    user_id = site.user("member@example.com")
    project = {"id": work(site, user_id), "title": "Street"}
    rows = owner.get("/api/organizations/1/memberships?contributed_to_projects=true").json["results"]
    assert rows[0]["created_projects"] == [project]
    assert rows[0]["contributed_to_projects"] == []
    assert rows[1]["created_projects"] == []
    assert rows[1]["contributed_to_projects"] == rows[1]["user"]["contributed_to_projects"] == [project]
    one = owner.get(f"/api/organizations/1/memberships/{user_id}/?contributed_to_projects=1").json
    assert (
        one["user"],
        one["organization"],
        one["annotations_count"],
        one["contributed_projects_count"],
    ) == (user_id, 1, 1, 1)
    assert one["contributed_to_projects"] == [project]


def test_a_removed_member_is_out_at_once_and_the_work_stays(site: Site, owner: Browser) -> None:
    member = site.logged_in("member@example.com")
    user_id = member.get("/api/current-user/whoami").json["id"]
    owner.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": True})
    legacy = {"Authorization": f"Token {member.get('/api/current-user/token').json['token']}"}
    refresh = member.post("/api/token/").json["token"]
    work(site, user_id)
    assert owner.delete(f"/api/organizations/1/memberships/{user_id}/").status_code == 204
    assert member.get("/api/current-user/whoami").status_code == 401
    assert site.browser().get("/api/current-user/whoami", headers=legacy).status_code == 401
    assert site.browser().post("/api/token/refresh/", json={"refresh": refresh}).status_code == 401
    assert site.browser().log_in("member@example.com").status_code == 200
    assert owner.delete(f"/api/organizations/1/memberships/{user_id}/").status_code == 404
    assert owner.get(f"/api/organizations/1/memberships/{user_id}/").status_code == 404
    assert owner.get(f"/api/users/{user_id}/").status_code == 404
    with site.ctx.database.read() as session:
        assert session.scalars(select(Annotation.completed_by_id)).all() == [user_id]
        assert session.scalars(select(TaskLease.expires_at)).one() <= now()
        assert (
            session.scalars(select(Membership.deleted_at).where(Membership.user_id == user_id)).one()
            is not None
        )


def test_a_removed_member_can_be_brought_back(site: Site, owner: Browser, stranger: Browser) -> None:
    user_id = site.user("member@example.com")
    owner.delete(f"/api/organizations/1/memberships/{user_id}/")
    assert stranger.post("/api/users/", json={"email": "member@example.com"}).status_code == 400
    back = owner.post("/api/users/", json={"email": "Member@example.com"})
    assert (back.status_code, back.json["id"]) == (201, user_id)
    assert site.logged_in("member@example.com").get("/api/current-user/whoami").json["role"] == "member"


def test_only_an_owner_removes_members(site: Site, owner: Browser) -> None:
    member = site.logged_in("member@example.com")
    third = site.user("third@example.com")
    assert member.delete("/api/organizations/1/memberships/1/").status_code == 403
    assert member.delete(f"/api/organizations/1/memberships/{third}/").status_code == 403
    assert owner.delete("/api/organizations/1/memberships/1/").status_code == 405
    assert owner.get("/api/current-user/whoami").status_code == 200


def test_two_owners_who_remove_each_other_leave_one(site: Site, owner: Browser) -> None:
    second = site.user("second@example.com", owner=True)
    other = site.logged_in("second@example.com")
    jobs = [(owner, second), (other, 1)]
    with ThreadPoolExecutor(2) as pool:
        codes = list(
            pool.map(
                lambda job: job[0].delete(f"/api/organizations/1/memberships/{job[1]}/").status_code, jobs
            )
        )
    assert codes.count(204) == 1
    with site.ctx.database.read() as session:
        assert session.scalars(select(Membership.role).where(Membership.deleted_at.is_(None))).all() == [
            "owner"
        ]


def test_a_member_of_two_organizations_goes_on_in_the_other(
    site: Site, owner: Browser, stranger: Browser
) -> None:
    from labelwright.services import organizations

    with site.ctx.database.write() as session:
        user = session.get_one(User, 2)
        organizations.join(session, 1, user)
    assert stranger.get("/api/current-user/whoami").json["active_organization"] == 1
    assert owner.delete("/api/organizations/1/memberships/2/").status_code == 204
    assert stranger.get("/api/current-user/whoami").status_code == 401
    assert (
        site.logged_in("stranger@example.com").get("/api/current-user/whoami").json["active_organization"]
        == 2
    )


def test_a_labeller_sees_people_and_hands_out_no_invitation(site: Site, owner: Browser) -> None:
    labeller = site.logged_in("labeller@example.com")
    with site.ctx.database.write() as session:
        session.execute(update(Membership).where(Membership.user_id == 2).values(role="labeller"))
    assert labeller.get("/api/users/").status_code == 200
    assert labeller.get("/api/organizations/1").status_code == 200
    assert labeller.post("/api/token/").status_code == 201
    for refused in (
        labeller.get("/api/invite"),
        labeller.post("/api/invite/reset-token"),
        labeller.post("/api/users/", json={"email": "x@example.com"}),
        labeller.patch("/api/organizations/1", json={"title": "Mine"}),
        labeller.post("/api/jwt/settings", json={"legacy_api_tokens_enabled": True}),
        labeller.patch("/api/session-policy/", json={"max_session_age": 1}),
    ):
        assert refused.status_code == 403
        assert refused.json["code"] == "permission-denied"


# --- the invitation ----------------------------------------------------------------------------------------


def test_the_invitation_lets_people_in_until_it_is_reset(make_site: Callable[..., Site]) -> None:
    site = make_site(signup_invite_only=True)
    owner = site.logged_in("owner@example.com")
    invite = owner.get("/api/invite").json
    assert invite["invite_url"] == f"http://localhost:8080/user/signup/?token={invite['token']}"
    assert site.browser().sign_up("a@example.com", token=invite["token"]).status_code == 302
    fresh = owner.post("/api/invite/reset-token")
    assert fresh.status_code == 201
    assert fresh.json["token"] != invite["token"]
    assert site.browser().sign_up("b@example.com", token=invite["token"]).status_code == 403
    assert site.browser().sign_up("b@example.com", token=fresh.json["token"]).status_code == 302


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}])
def test_the_invitation_names_the_configured_host_whatever_the_request_says(
    make_site: Callable[..., Site], headers: dict[str, Any]
) -> None:
    site = make_site(host="http://label.example.org/app")
    owner = site.logged_in("owner@example.com")
    owner.client.set_cookie(
        "sessionid", owner.client.get_cookie("sessionid", path="/app").value, domain="evil.example"
    )  # type: ignore[union-attr]
    answer = owner.get("/api/invite", headers=headers)
    assert answer.status_code == 200
    assert answer.json["invite_url"].startswith("http://label.example.org/app/user/signup/?token=")


# --- how long log-ins last ---------------------------------------------------------------------------------


def test_the_session_policy_is_label_studios_and_can_be_changed(owner: Browser) -> None:
    policy = owner.get("/api/session-policy/").json
    assert (policy["max_session_age"], policy["max_time_between_activity"]) == (11520, 4320)
    assert policy.keys() == {"max_session_age", "max_time_between_activity", "created_at", "updated_at"}
    changed = owner.patch("/api/session-policy/", json={"max_time_between_activity": 30}).json
    assert (changed["max_session_age"], changed["max_time_between_activity"]) == (11520, 30)
    assert changed["updated_at"] > policy["updated_at"]


@pytest.mark.parametrize("value", [0, -5, "x", None, 10**9, True])
def test_a_policy_of_no_time_is_refused(somebody: Browser, value: Any) -> None:
    answer = somebody.patch("/api/session-policy/", json={"max_session_age": value})
    assert answer.status_code == 400
    assert list(answer.json["validation_errors"]) == ["max_session_age"]
