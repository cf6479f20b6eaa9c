"""Drafts: kept while work goes on, merged by small changes, never lost to a second page."""

from __future__ import annotations

from tests.web.application import Api, House, box
from tests.web.shared import api, house

__all__ = ["api", "house"]


def begun(api: Api, task: int, *items: dict, seq: int = 1) -> dict:
    answer = api(
        "POST", f"/api/tasks/{task}/drafts", json={"result": list(items), "client": "page", "seq": seq}
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def patched(api: Api, draft: dict, *ops: dict, seq: int, revision: int | None = None, client: str = "page"):
    body = {"revision": revision or draft["revision"], "client": client, "seq": seq, "ops": list(ops)}
    return api("PATCH", f"/api/drafts/{draft['id']}", json=body)


def set_(item: dict) -> dict:
    return {"op": "set", "key": f"{item['id']}/{item['from_name']}/{item['type']}", "value": item}


def test_changes_build_the_draft(api: Api) -> None:
    draft = begun(api, api.task(api.project()), box())
    second = patched(api, draft, set_(box("Bus", "r2")), set_(box("Car", "r1", x=50)), seq=2).json
    assert second["revision"] == 2
    assert [item["id"] for item in second["result"]] == ["r1", "r2"]
    assert second["result"][0]["value"]["x"] == 50
    keys = [set_(item)["key"] for item in reversed(second["result"])]
    third = patched(api, second, {"op": "order", "keys": keys}, {"op": "remove", "key": keys[1]}, seq=3).json
    assert [item["id"] for item in third["result"]] == ["r2"]


def test_a_change_sent_twice_counts_once(api: Api) -> None:
    draft = begun(api, api.task(api.project()))
    once = patched(api, draft, set_(box()), seq=2)
    again = patched(api, draft, set_(box()), seq=2)
    assert (once.json["revision"], again.json["revision"], again.status_code) == (2, 2, 200)


def test_beginning_twice_begins_one(api: Api) -> None:
    task = api.task(api.project())
    assert begun(api, task)["id"] == begun(api, task)["id"]
    assert len(api("GET", f"/api/tasks/{task}/drafts").json) == 1


def test_another_revision_is_a_conflict_that_shows_what_is_stored(api: Api) -> None:
    draft = begun(api, api.task(api.project()))
    patched(api, draft, set_(box()), seq=2)
    answer = patched(api, draft, set_(box("Bus")), seq=1, client="other page")
    assert (answer.status_code, answer.json["code"]) == (409, "draft-conflict")
    assert answer.json["params"]["revision"] == 2
    assert answer.json["draft"]["result"] == [box()]


def test_a_malformed_operation_changes_nothing(api: Api) -> None:
    draft = begun(api, api.task(api.project()), box())
    answer = patched(api, draft, set_(box("Bus")), {"op": "explode"}, seq=2)
    assert (answer.status_code, list(answer.json["validation_errors"])) == (400, ["ops.1"])
    assert api("GET", f"/api/drafts/{draft['id']}").json["result"] == [box()]


def test_label_studios_clients_send_drafts_whole(api: Api) -> None:
    draft = begun(api, api.task(api.project()))
    answer = api("PATCH", f"/api/drafts/{draft['id']}/", json={"result": [box()], "lead_time": 4})
    assert (answer.json["result"], answer.json["lead_time"]) == ([box()], 4)


def test_submitting_ends_the_draft_and_keeps_its_time(api: Api) -> None:
    task = api.task(api.project())
    draft = begun(api, task, box())
    api("PATCH", f"/api/drafts/{draft['id']}", json={"lead_time": 4})
    saved = api.annotate(task, box(), lead_time=2, draft_id=draft["id"])
    assert saved["lead_time"] == 6
    assert saved["draft_created_at"] is not None
    assert api("GET", f"/api/drafts/{draft['id']}").status_code == 404
    assert api("GET", f"/api/tasks/{task}").json["draft_exists"] is False


def test_a_refused_answer_leaves_the_draft(api: Api) -> None:
    task = api.task(api.project())
    draft = begun(api, task, box())
    assert api("POST", f"/api/tasks/{task}/annotations", json={"result": [box(width="x")]}).status_code == 400
    assert api("GET", f"/api/drafts/{draft['id']}").json["result"] == [box()]


def test_a_draft_is_its_authors_alone(house: House, api: Api) -> None:
    task = api.task(api.project())
    draft = begun(api, task, box())
    colleague = house.api("colleague@example.org")
    for method in ("GET", "PATCH", "DELETE"):
        assert colleague(method, f"/api/drafts/{draft['id']}", json={}).status_code == 404
    assert colleague("GET", f"/api/tasks/{task}/drafts").json == []
    assert colleague("GET", f"/api/tasks/{task}").json["drafts"] == []
