"""Bulk actions over HTTP: what they change, what they answer, and how they are taken back. Counters stay exact."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright import api as plugin_api
from labelwright.actions import Action, ActionContext, ActionResult
from labelwright.errors import InvalidInput
from labelwright.jobs import embedded
from labelwright.models import Membership, User
from labelwright.services.bulk import runs, working
from labelwright.services.check import check
from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]

ACTIONS = "/api/dm/actions"
GUIDE = Path(__file__).parents[2] / "docs/plugins/actions.md"


def prediction(choice: str = "Good", version: str = "v1", score: float = 0.5) -> dict[str, Any]:
    return {"model_version": version, "score": score, "result": [mood(choice)]}


def act(api: Api, project: int, action: str, ids: list[int] | None = None, **params: Any) -> Any:
    chosen = {} if ids is None else {"selectedItems": {"all": False, "included": ids}}
    return api("POST", f"{ACTIONS}?id={action}&project={project}", json=chosen | params)


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


def shown(api: Api, project: int) -> list[dict[str, Any]]:
    return list(api("GET", f"/api/tasks?project={project}&fields=all").json["tasks"])


def last_run(api: Api, project: int) -> dict[str, Any]:
    return dict(api("GET", f"{ACTIONS}/runs?project={project}").json[0])


def undo(api: Api, project: int) -> Any:
    return api("POST", f"{ACTIONS}/runs/{last_run(api, project)['id']}/undo")


@pytest.fixture(scope="module", autouse=True)
def exact(house: House) -> Any:
    """After all tests, every number that is kept of their projects is what the rows say."""
    yield
    assert [str(difference) for difference in check(house.ctx)] == []


@pytest.fixture
def project(api: Api) -> int:
    return api.project(SENTIMENT)


def test_the_menu_is_label_studios(api: Api, project: int) -> None:
    listed = api("GET", f"{ACTIONS}?project={project}").json
    assert [(row["id"], row["order"]) for row in listed] == [
        ("retrieve_tasks_predictions", 90),
        ("predictions_to_annotations", 91),
        ("remove_duplicates", 95),
        ("delete_tasks", 100),
        ("delete_tasks_annotations", 101),
        ("delete_tasks_predictions", 102),
    ]
    by_id = {row["id"]: row for row in listed}
    assert by_id["delete_tasks"]["dialog"] == {
        "text": "You are going to delete the selected tasks. Please confirm your action.",
        "type": "confirm",
    }
    assert by_id["remove_duplicates"]["permission"] == ["projects.change", "tasks.delete"]
    assert by_id["predictions_to_annotations"]["dialog"]["form"] is None
    assert [row["id"] for row in listed if not row["undo"]] == [
        "retrieve_tasks_predictions",
        "delete_tasks",
        "delete_tasks_annotations",
        "delete_tasks_predictions",
    ]


def test_forms_know_the_project(api: Api, project: int) -> None:
    api.tasks(
        project,
        {"data": {"text": "a"}, "predictions": [prediction(version="v2"), prediction(version="v1")]},
        {"data": {"text": "b"}, "annotations": [{"result": [mood()]}]},
    )

    def form(action: str) -> Any:
        return api("GET", f"{ACTIONS}/{action}/form?project={project}").json

    assert form("predictions_to_annotations") == [{"columnCount": 1, "fields": [
        {"type": "select", "name": "model_version", "label": "Choose predictions", "options": ["v1", "v2"],
         "value": "v1"}]}]  # fmt: skip
    (people,) = form("delete_tasks_annotations")[0]["fields"]
    assert people["options"][0]["label"] == "owner@example.org"
    names = [field["name"] for field in form("rename_labels")[0]["fields"]]
    assert names == ["control_tag", "old_label_name", "new_label_name"]
    assert form("rename_labels")[0]["fields"][1]["options"] == ["Good", "Bad"]
    assert form("delete_tasks") == []


def test_requests_that_name_no_action_or_project(api: Api, house: House, project: int) -> None:
    assert api("POST", f"{ACTIONS}?project={project}", json={}).status_code == 422
    unknown = act(api, project, "explode")
    assert (unknown.status_code, unknown.json["code"]) == (400, "unknown-action")
    assert "delete_tasks" in unknown.json["validation_errors"]["id"][0]
    assert api("POST", f"{ACTIONS}?id=delete_tasks", json={}).status_code == 404
    task = api.task(project, text="a")
    stranger = house.api(f"stranger{project}@example.org", organization="Another")
    for answer in (
        act(stranger, project, "delete_tasks"),
        stranger("GET", f"{ACTIONS}?project={project}"),
        stranger("GET", f"{ACTIONS}/runs?project={project}"),
        stranger("GET", f"{ACTIONS}/delete_tasks/form?project={project}"),
    ):
        assert answer.status_code == 404
    other = api.project(SENTIMENT)
    assert done(act(api, other, "delete_tasks", [task]))["processed_items"] == 0
    assert api("GET", f"/api/tasks/{task}").status_code == 200


def test_deleting_tasks_clears_tabs_when_none_is_left(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"text": str(n)} for n in range(3)))
    assert done(act(api, project, "delete_tasks", ids[:1])) == {
        "processed_items": 1, "reload": False, "detail": "Deleted 1 tasks",
    }  # fmt: skip
    assert done(act(api, project, "delete_tasks", []))["processed_items"] == 0
    assert done(act(api, project, "delete_tasks")) == {
        "processed_items": 2, "reload": True, "detail": "Deleted 2 tasks",
    }  # fmt: skip
    refused = undo(api, project)
    assert (refused.status_code, refused.json["code"]) == (409, "undo-none")


def test_deleting_answers(api: Api, house: House, project: int) -> None:
    ids = api.tasks(project,
        *({"data": {"text": str(n)}, "annotations": [{"result": [mood()], "lead_time": 3}],
           "predictions": [prediction()]} for n in range(3)),
    )  # fmt: skip
    api("POST", f"/api/tasks/{ids[0]}/drafts/", json={"result": [mood("Bad")]})
    owner = shown(api, project)[0]["annotations"][0]["completed_by"]
    assert (
        done(act(api, project, "delete_tasks_annotations", ids[:1], annotator=owner + 99))["processed_items"]
        == 0
    )
    assert done(act(api, project, "delete_tasks_annotations", ids[:1], annotator=str(owner))) == {
        "processed_items": 1, "detail": "Deleted 1 annotations",
    }  # fmt: skip
    wrong = act(api, project, "delete_tasks_annotations", annotator="zz")
    assert (wrong.status_code, list(wrong.json["validation_errors"])) == (400, ["annotator"])
    assert done(act(api, project, "delete_tasks_predictions", ids[1:])) == {
        "processed_items": 2, "detail": "Deleted 2 predictions",
    }  # fmt: skip
    first, second, _ = shown(api, project)
    assert (first["is_labeled"], first["total_annotations"], first["draft_exists"]) == (False, 0, False)
    assert (first["total_predictions"], second["total_predictions"], second["is_labeled"]) == (1, 0, True)
    assert done(act(api, project, "delete_tasks_annotations"))["processed_items"] == 2


def test_predictions_become_annotations_once(api: Api, project: int) -> None:
    both = [prediction(version="v1"), prediction(version="v2")]
    ids = api.tasks(project, *({"data": {"text": str(n)}, "predictions": both} for n in range(3)))
    assert done(act(api, project, "predictions_to_annotations", ids[:2], model_version="v1")) == {
        "detail": "Created 2 annotations"
    }
    made = shown(api, project)[0]
    (annotation,) = made["annotations"]
    assert annotation["result"] == [mood()]
    assert annotation["parent_prediction"] == made["predictions"][0]["id"]
    assert (made["is_labeled"], annotation["ground_truth"], annotation["was_cancelled"]) == (
        True,
        False,
        False,
    )
    assert done(act(api, project, "predictions_to_annotations"))["detail"] == "Created 4 annotations"
    assert done(act(api, project, "predictions_to_annotations"))["detail"] == "Created 0 annotations"
    assert last_run(api, project)["state"] == "done"


def test_created_annotations_go_again_unless_somebody_has_worked_on_them(api: Api, project: int) -> None:
    api.tasks(project, *({"data": {"text": str(n)}, "predictions": [prediction()]} for n in range(3)))
    done(act(api, project, "predictions_to_annotations"))
    assert done(undo(api, project))["processed_items"] == 3
    assert [task["annotations"] for task in shown(api, project)] == [[], [], []]
    again = undo(api, project)
    assert (again.status_code, again.json["code"]) == (409, "undo-used")
    done(act(api, project, "predictions_to_annotations"))
    changed = shown(api, project)[1]["annotations"][0]["id"]
    api("PATCH", f"/api/annotations/{changed}/", json={"result": [mood("Bad")]})
    refused = undo(api, project)
    assert (refused.status_code, refused.json["code"]) == (409, "undo-newer-work")
    assert refused.json["params"]["ids"] == [changed]
    assert all(task["annotations"] for task in shown(api, project))


def test_an_annotation_is_copied_to_other_tasks(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"text": str(n)} for n in range(3)))
    source = api.annotate(ids[0], mood("Bad"))["id"]
    assert done(act(api, project, "propagate_annotations", source_annotation_id=str(source)))["detail"] == (
        "Created 2 annotations"
    )
    copies = [task["annotations"][0] for task in shown(api, project)][1:]
    assert [(copy["result"], copy["parent_annotation"]) for copy in copies] == [([mood("Bad")], source)] * 2
    done(undo(api, project))
    assert [len(task["annotations"]) for task in shown(api, project)] == [1, 0, 0]
    for wrong in (None, "x", 0, 10**30, 999_999_999):
        refused = act(api, project, "propagate_annotations", source_annotation_id=wrong)
        assert (refused.status_code, list(refused.json["validation_errors"])) == (
            400,
            ["source_annotation_id"],
        )


def test_a_label_gets_another_name_everywhere(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"text": str(n)} for n in range(3)))
    for task, choice in zip(ids, ("Good", "Bad", "Good"), strict=True):
        api.annotate(task, mood(choice))
    names = {"control_tag": "mood", "old_label_name": "Good", "new_label_name": "Fine"}
    assert done(act(api, project, "rename_labels", [ids[1]], **names)) == {"detail": "Updated 2 labels in 2"}
    chosen = [task["annotations"][0]["result"][0]["value"]["choices"] for task in shown(api, project)]
    assert chosen == [["Fine"], ["Bad"], ["Fine"]]
    assert api("GET", f"/api/projects/{project}/summary").json["created_labels"]["mood"] == {
        "Fine": 2,
        "Bad": 1,
    }
    done(undo(api, project))
    assert shown(api, project)[0]["annotations"][0]["result"] == [mood("Good")]
    wrong = act(api, project, "rename_labels", **names | {"control_tag": "nope"})
    assert wrong.json["validation_errors"] == {
        "non_field_errors": ["Wrong old label name, it is not from labeling config: Good"]
    }
    assert act(api, project, "rename_labels").status_code == 400


def test_a_field_is_written_and_taken_back(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"text": f"t{n}"} for n in range(4)))

    def write(kind: str, value: Any, name: str = "f", ids: list[int] | None = ids[:3]) -> Any:
        return act(api, project, "add_data_field", ids, value_name=name, value_type=kind, value=value)

    def values(name: str = "f") -> list[Any]:
        return [task["data"].get(name, "none") for task in shown(api, project)]

    assert done(write("String", "hello")) == {"detail": "Updated 3 tasks"}
    assert values() == ["hello", "hello", "hello", "none"]
    done(write("Number", "12"))
    assert values() == [12.0, 12.0, 12.0, "none"]
    done(write("Expression", "range(5)"))
    assert values() == [5, 6, 7, "none"]
    done(undo(api, project))
    assert values() == [12.0, 12.0, 12.0, "none"]
    done(write("Expression", "sample()", ids=None))
    assert sorted(values()) == [0, 1, 2, 3]
    done(write("Expression", "random(3, 3)"))
    assert values()[:3] == [3, 3, 3]
    done(write("Expression", "choices(['a', 'b'], [1, 0])"))
    assert values()[:3] == ["a", "a", "a"]
    done(write("Expression", 'replace("t", "zz")', "text", None))
    assert values("text") == ["zz0", "zz1", "zz2", "zz3"]
    api("PATCH", f"/api/tasks/{ids[2]}/", json={"data": {"text": "newer"}})
    refused = undo(api, project)
    assert (refused.status_code, refused.json["params"]["ids"]) == (409, [ids[2]])
    assert values("text") == ["zz0", "zz1", "newer", "zz3"]


def test_a_field_that_the_configuration_would_refuse_is_refused(api: Api, project: int) -> None:
    api.task(project, text="a")
    named = {"value_name": "f", "value_type": "Expression"}
    for wrong in (
        "1+1", "__import__('os')", "range(1,2)", "random(2,1)", "sample(3)", "choices([])", "range(start=1)",
        "choices([1],[0])", "replace(1,2)", "().__class__", "range(" * 500, "random(0.5,1)",
    ):  # fmt: skip
        refused = act(api, project, "add_data_field", value=wrong, **named)
        assert (refused.status_code, list(refused.json["validation_errors"])) == (400, ["value"]), wrong
    for wrong in ({"value_name": ""}, {"value_type": "Bogus"}, {"value": None}):
        body = {"value_name": "f", "value_type": "String", "value": "x"} | wrong
        assert list(act(api, project, "add_data_field", **body).json["validation_errors"]) == list(wrong)
    assert (
        act(api, project, "add_data_field", value_name="f", value_type="Number", value="nan").status_code
        == 400
    )
    assert shown(api, project)[0]["data"] == {"text": "a"}


def test_labels_are_summed_up_in_the_data(api: Api, project: int) -> None:
    task, bare = api.tasks(project,
        {"data": {"text": "a"}, "annotations": [{"result": [mood(choice)]} for choice in ("Good", "Bad", "Good")],
         "predictions": [prediction("Bad")]},
        {"data": {"text": "b"}},
    )  # fmt: skip
    assert (
        done(act(api, project, "cache_labels", control_tag="ALL", with_counters="Yes", source="Annotations"))
        == {}
    )
    done(act(api, project, "cache_labels", control_tag="mood", with_counters="No", source="Predictions"))
    data = [row["data"] for row in shown(api, project)]
    assert data[0] == {"text": "a", "cache_all": "Bad: 1, Good: 2", "cache_predictions_mood": "Bad"}
    assert data[1] == {"text": "b", "cache_all": "", "cache_predictions_mood": ""}
    done(undo(api, project))
    assert "cache_predictions_mood" not in shown(api, project)[0]["data"]


def test_duplicates_are_merged_and_come_back(api: Api, project: int) -> None:
    ids = api.tasks(project,
        {"data": {"text": "a", "n": 1}, "predictions": [prediction()]},
        {"data": {"n": 1, "text": "a"}, "annotations": [{"result": [mood("Bad")]}], "predictions": [prediction("Bad")]},
        {"data": {"text": "b"}},
        {"data": {"text": "a", "n": 1}, "annotations": [{"result": [mood()]}]},
    )  # fmt: skip
    api("POST", f"/api/tasks/{ids[3]}/drafts/", json={"result": [mood("Bad")]})
    before = shown(api, project)
    assert done(act(api, project, "remove_duplicates"))["processed_items"] == 2
    kept, other = shown(api, project)
    assert (kept["id"], other["id"], len(kept["annotations"]), len(kept["predictions"])) == (
        ids[0],
        ids[2],
        2,
        1,
    )
    assert kept["draft_exists"]
    done(undo(api, project))
    after = shown(api, project)
    assert [task["id"] for task in after] == ids
    for name in ("data", "total_annotations", "total_predictions", "is_labeled", "draft_exists", "inner_id"):
        assert [task[name] for task in after] == [task[name] for task in before]


def test_the_next_task_is_one_of_the_chosen(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"text": str(n)} for n in range(3)))
    given = done(act(api, project, "next_task", ids[1:]))
    assert (given["id"], given["data"]) == (ids[1], {"text": "1"})
    api.annotate(ids[1], mood())
    assert done(act(api, project, "next_task", ids[1:]))["id"] == ids[2]
    nothing = act(api, project, "next_task", ids[1:2])
    assert (nothing.status_code, nothing.json["code"]) == (404, "no-more-tasks")
    assert api("GET", f"{ACTIONS}/runs?project={project}").json == []


# --- large selections


class Stamp(Action):
    """Writes a field batch by batch, and stumbles over the second batch as it is told to."""

    id = "stamp"
    title = "Stamp"
    can_be_undone = True
    stumbles: list[BaseException] = []

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        for place, batch in enumerate(context.batches()):
            if place == 1 and self.stumbles:
                raise self.stumbles.pop()
            stamped = {task: {**data, "n": data.get("n", 0) + 1} for task, data in batch.data().items()}
            context.tally["tasks"] += batch.change_data(stamped)
        return ActionResult(context.tally["tasks"])


@pytest.fixture
def small_batches(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = house.ctx.registry
    monkeypatch.setattr(working, "BLOCK", 2)
    monkeypatch.setattr(registry, "actions", {**registry.actions, Stamp.id: Stamp()})
    monkeypatch.setattr(registry, "settings_for", lambda *_: {})


@pytest.fixture
def worker(house: House) -> Iterator[None]:
    with embedded.worker(house.ctx):
        yield


def setting(house: House, monkeypatch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    monkeypatch.setitem(house.ctx.settings.__dict__["_values"], name, value)


def stamps(api: Api, project: int) -> list[Any]:
    return [task["data"].get("n") for task in shown(api, project)]


def in_job(api: Api, path: str, **body: Any) -> dict[str, Any]:
    answer = api("POST", path, json=body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + 30
    while time.monotonic() < end:
        job = dict(api("GET", f"/api/jobs/{answer.json['id']}").json)
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job did not end: {job}")


@pytest.mark.usefixtures("small_batches", "worker")
def test_a_job_does_it_and_goes_on_where_it_was_broken_off(api: Api, project: int) -> None:
    ids = api.tasks(project, *({"data": {"text": str(n)}} for n in range(5)))
    Stamp.stumbles = [ZeroDivisionError("the worker dies")]
    job = in_job(
        api, f"{ACTIONS}?id=stamp&project={project}", selectedItems={"all": True, "excluded": [ids[1]]}
    )
    assert (job["state"], job["result"]) == ("done", {"processed_items": 4})
    assert stamps(api, project) == [1, None, 1, 1, 1]
    assert last_run(api, project)["state"] == "done"
    assert (
        in_job(api, f"{ACTIONS}/runs/{last_run(api, project)['id']}/undo")["result"]["processed_items"] == 4
    )
    assert stamps(api, project) == [None] * 5
    assert last_run(api, project)["state"] == "undone"


@pytest.mark.usefixtures("small_batches")
def test_what_a_refused_action_has_done_is_taken_back(api: Api, project: int) -> None:
    api.tasks(project, *({"data": {"text": str(n)}} for n in range(5)))
    Stamp.stumbles = [InvalidInput("That will not do.")]
    assert act(api, project, "stamp").json["detail"] == "That will not do."
    assert stamps(api, project) == [None] * 5
    run = last_run(api, project)
    assert (run["state"], run["error"], run["can_undo"]) == ("failed", "That will not do.", False)


@pytest.mark.usefixtures("small_batches")
def test_every_action_is_right_over_several_batches(api: Api, project: int) -> None:
    bodies = [
        {"data": {"text": str(n % 2)}, "predictions": [prediction()], "annotations": [{"result": [mood()]}]}
        for n in range(5)
    ]
    ids = api.tasks(project, *bodies)
    assert done(act(api, project, "predictions_to_annotations"))["detail"] == "Created 5 annotations"
    names = {"control_tag": "mood", "old_label_name": "Good", "new_label_name": "Fine"}
    assert done(act(api, project, "rename_labels", **names))["detail"] == "Updated 10 labels in 10"
    done(undo(api, project))
    assert done(act(api, project, "remove_duplicates"))["processed_items"] == 3
    assert [len(task["annotations"]) for task in shown(api, project)] == [6, 4]
    done(undo(api, project))
    assert [task["id"] for task in shown(api, project)] == ids
    assert done(act(api, project, "delete_tasks_predictions"))["processed_items"] == 5
    assert done(act(api, project, "delete_tasks_annotations"))["processed_items"] == 10
    assert done(act(api, project, "delete_tasks"))["processed_items"] == 5


def test_more_tasks_than_a_request_may_take_need_a_job(
    house: House, api: Api, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(house, monkeypatch, "actions.most_inline", 2)
    ids = api.tasks(project, *({"text": str(n)} for n in range(3)))
    refused = act(api, project, "delete_tasks")
    assert (refused.status_code, refused.json["params"]) == (413, {"limit": 2})
    assert "respond-async" in refused.json["detail"]
    assert done(act(api, project, "delete_tasks", ids[:2]))["processed_items"] == 2


def test_what_is_kept_to_undo_is_bounded_in_size_and_age(
    house: House, api: Api, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.task(project, text="a")
    field = {"value_name": "f", "value_type": "String", "value": "x"}
    done(act(api, project, "add_data_field", **field))
    setting(house, monkeypatch, "actions.undo_lifetime_s", 0)
    runs.clear_up(house.ctx)
    assert undo(api, project).json["code"] == "undo-expired"
    setting(house, monkeypatch, "actions.undo_max_bytes", 1)
    done(act(api, project, "add_data_field", **field | {"value": "y"}))
    refused = undo(api, project)
    assert (refused.status_code, refused.json["code"]) == (409, "undo-too-large")
    assert shown(api, project)[0]["data"]["f"] == "y"


def test_a_labeller_may_not_act_in_bulk(house: House, api: Api, project: int) -> None:
    task = api.task(project, text="a")
    email = f"labeller{project}@example.org"
    labeller = house.api(email)
    with house.ctx.database.write() as session:
        user = session.scalar(select(User.id).where(User.email == email))
        session.execute(update(Membership).where(Membership.user_id == user).values(role="labeller"))
    assert act(labeller, project, "delete_tasks", [task]).status_code == 403
    assert labeller("GET", f"{ACTIONS}?project={project}").json == []


def test_the_example_of_the_guide_works(
    house: House, api: Api, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    names = {name: getattr(plugin_api, name) for name in plugin_api.__all__}
    exec(code, names)
    (example,) = names["register_actions"]()
    registry = house.ctx.registry
    monkeypatch.setattr(registry, "actions", {example.id: example()})
    monkeypatch.setattr(registry, "settings_for", lambda *_: {})
    monkeypatch.setattr(registry, "owner", lambda *_: "example")
    api.annotate(api.task(project, text="a"), mood())
    assert [row["id"] for row in api("GET", f"{ACTIONS}?project={project}").json] == ["mark_reviewed"]
    (field,) = api("GET", f"{ACTIONS}/mark_reviewed/form?project={project}").json[0]["fields"]
    assert field["options"] == ["owner@example.org"]
    marked = done(act(api, project, "mark_reviewed", reviewer="owner@example.org"))
    assert marked == {"processed_items": 1, "detail": "Marked 1 tasks"}
    assert shown(api, project)[0]["data"]["reviewed_by"] == "owner@example.org"
    assert act(api, project, "mark_reviewed").status_code == 400
