"""/api/projects/<id>/agreement, and Label Studio Enterprise's addresses of the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.api import InvalidFields, RequestContext, Routes, fields
from labelwright_quality import figures

routes = Routes("quality", "Agreement")

STATS = "/api/projects/<int:project_id>/stats"
ANALYSIS = "/api/projects/<int:project_id>/analytics/data-quality/agreement-analysis"


class PersonOut(fields.Schema):
    id = fields.Whole()


class ControlOut(fields.Schema):
    name = fields.Text()
    tag = fields.Text()
    agreement = fields.Decimal(allow_none=True)
    pairs = fields.Whole()
    metric = fields.Text(allow_none=True)
    chosen = fields.Text(blank=True)
    params = fields.Mapping()
    weight = fields.Decimal()
    metrics = fields.Many(fields.Mapping())


class ProblemOut(fields.Schema):
    control = fields.Text()
    metric = fields.Text()
    error = fields.Text()


class OverviewOut(fields.Schema):
    agreement = fields.Decimal(allow_none=True)
    tasks = fields.Whole()
    histogram = fields.Many(fields.Whole())
    controls = fields.Many(fields.Part(ControlOut))
    users = fields.Many(fields.Part(PersonOut))
    matrix = fields.Many(fields.Many(fields.Decimal(allow_none=True)))
    common_tasks = fields.Many(fields.Many(fields.Whole()))
    waiting = fields.Whole()
    problems = fields.Many(fields.Part(ProblemOut))


class ChoiceIn(fields.Schema):
    metric = fields.Text(blank=True)
    params = fields.Mapping()


class OverviewIn(fields.Schema):
    controls = fields.Mapping(keys=fields.Text(), values=fields.Part(ChoiceIn))


class JobOut(fields.Schema):
    job = fields.Whole(allow_none=True)


class PairOut(fields.Schema):
    users = fields.Many(fields.Whole())
    agreement = fields.Decimal()
    controls = fields.Mapping()


class TaskOut(fields.Schema):
    task = fields.Whole()
    agreement = fields.Decimal(allow_none=True)
    pairs = fields.Many(fields.Part(PairOut))


class TaskMatrixOut(TaskOut):
    users = fields.Many(fields.Part(PersonOut))
    matrix = fields.Many(fields.Many(fields.Decimal(allow_none=True)))


class LeastQuery(fields.Schema):
    page_size = fields.Whole(least=1, most=100)


class PerLabelQuery(fields.Schema):
    per_label = fields.Flag()


class TotalOut(fields.Schema):
    total_agreement = fields.Anything()


class IaaQuery(fields.Schema):
    per_label = fields.Flag()
    std = fields.Flag()
    task = fields.Text(blank=True)


class IaaOut(fields.Schema):
    IAA = fields.Many(fields.Many(fields.Decimal(allow_none=True)))
    common_tasks = fields.Many(fields.Many(fields.Whole()))
    std = fields.Decimal(allow_none=True)
    users = fields.Many(fields.Part(PersonOut))


class PeopleQuery(fields.Schema):
    ids = fields.Numbers()


class PeopleOut(fields.Schema):
    agreement = fields.Mapping()


class OnePersonOut(fields.Schema):
    Agreement_per_annotator = fields.Decimal(allow_none=True)


class ConfusionQuery(fields.Schema):
    from_name = fields.Text(blank=True)
    mode = fields.Text(blank=True)
    users = fields.Numbers()


class ConfusionPairOut(fields.Schema):
    label = fields.Text(blank=True)
    actual = fields.Text(blank=True)
    count = fields.Whole()
    rate = fields.Decimal()
    from_name = fields.Text(allow_none=True)


class ConfusionOut(fields.Schema):
    labels = fields.Many(fields.Text(blank=True))
    matrix = fields.Many(fields.Many(fields.Whole()))
    precision = fields.Many(fields.Decimal())
    recall = fields.Many(fields.Decimal())
    top_confusion_pairs = fields.Many(fields.Part(ConfusionPairOut))


class DimensionOut(fields.Schema):
    agreement = fields.Decimal(allow_none=True)
    control_tag = fields.Text(allow_none=True)
    from_name = fields.Text()
    name = fields.Text()


class DistributionOut(fields.Schema):
    average_agreement = fields.Decimal(allow_none=True)
    histogram = fields.Many(fields.Whole())
    low_agreement_count = fields.Whole()
    total_tasks = fields.Whole()


def _managed(context: RequestContext, project: int) -> int:
    """Figures of people are for those who run the project. :raises NotFound: of another organisation's."""
    context.require("projects.change", project)
    return project


@routes.get("/api/projects/<int:project_id>/agreement", answers={200: OverviewOut})
def show_agreement(context: RequestContext, project_id: int) -> dict[str, Any]:
    """Say how far a project's annotators agree: as a whole, by control, and who with whom."""
    return figures.overview(context, _managed(context, project_id))


@routes.patch("/api/projects/<int:project_id>/agreement", body=OverviewIn, answers={200: OverviewOut})
def change_agreement(context: RequestContext, project_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Choose metrics and their parameters for controls; all tasks are compared anew, by a job."""
    figures.choose(context, _managed(context, project_id), body.get("controls", {}))
    return figures.overview(context, project_id)


@routes.post("/api/projects/<int:project_id>/agreement/recompute", answers={202: JobOut})
def recompute_agreement(context: RequestContext, project_id: int) -> tuple[dict[str, Any], int]:
    """Compare the answers to all tasks anew, by a job."""
    return {"job": figures.recompute(context, _managed(context, project_id))}, 202


@routes.get("/api/projects/<int:project_id>/agreement/tasks", query=LeastQuery, answers={200: [TaskOut]})
def least_agreed_tasks(context: RequestContext, project_id: int, query: Mapping[str, Any]) -> list[Any]:
    """List the tasks that annotators agree least about, with each pair's figures."""
    return figures.least(context, _managed(context, project_id), query.get("page_size", 10))


@routes.get(
    "/api/projects/<int:project_id>/tasks/<int:task_id>/agreement-matrix",
    answers={200: TaskMatrixOut, 404: "no such task in the project"},
)
def task_agreement(context: RequestContext, project_id: int, task_id: int) -> dict[str, Any]:
    """Say who agrees how far with whom about one task."""
    return figures.of_task(context, _managed(context, project_id), task_id)


@routes.get(
    f"{STATS}/total_agreement", query=PerLabelQuery, answers={200: TotalOut, 204: "there is none yet"}
)
def total_agreement(
    context: RequestContext, project_id: int, query: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, int]:
    """Say how far annotators agree in the mean of all tasks, or about each label."""
    agreement, _ = figures.total(context, _managed(context, project_id))
    if agreement is None:
        return None, 204
    return {
        "total_agreement": figures.per_label(context, project_id) if query.get("per_label") else agreement
    }, 200


@routes.get(f"{STATS}/IAA", query=IaaQuery, answers={200: IaaOut})
def inter_annotator_agreement(
    context: RequestContext, project_id: int, query: Mapping[str, Any]
) -> dict[str, Any]:
    """Say who agrees how far with whom, over how many tasks."""
    for name in ("per_label", "task"):
        if query.get(name):
            raise InvalidFields(
                {name: ["The matrix is kept for all labels and tasks together."]}, code="not-kept"
            )
    people, matrix, common = figures.people(context, _managed(context, project_id))
    answer = {"IAA": matrix, "common_tasks": common, "users": [{"id": person} for person in people]}
    return answer | {"std": figures.deviation(matrix)} if query.get("std") else answer


@routes.get(f"{STATS}/agreement_annotators", query=PeopleQuery, answers={200: PeopleOut})
def agreement_of_annotators(
    context: RequestContext, project_id: int, query: Mapping[str, Any]
) -> dict[str, Any]:
    """Say how far each annotator agrees with all others."""
    found = figures.of_people(context, _managed(context, project_id))
    wanted = query.get("ids") or sorted(found)
    return {"agreement": {str(person): found.get(person) for person in wanted}}


@routes.get(f"{STATS}/agreement_annotator/<int:user_id>", answers={200: OnePersonOut})
def agreement_of_annotator(context: RequestContext, project_id: int, user_id: int) -> dict[str, Any]:
    """Say how far one annotator agrees with all others."""
    return {"Agreement_per_annotator": figures.of_people(context, _managed(context, project_id)).get(user_id)}


@routes.get(f"{ANALYSIS}/confusion-matrix", query=ConfusionQuery, answers={200: ConfusionOut})
def confusion_matrix(context: RequestContext, project_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Say which labels are taken for which.

    Without `users` the table is symmetric; with two ids its rows are the first one's labels and its columns the second
    one's. The label "" stands for what one of them did not mark at all.
    """
    if query.get("mode", "") not in ("", "all"):
        raise InvalidFields({"mode": ['Only "all" is kept.']}, code="not-kept")
    users = query.get("users") or []
    if len(users) not in (0, 2) or len(set(users)) != len(users):
        raise InvalidFields({"users": ["Name two people, or none."]}, code="two-people")
    return figures.confusion(context, _managed(context, project_id), query.get("from_name") or None, users)


@routes.get(f"{ANALYSIS}/dimensions", answers={200: [DimensionOut]})
def dimensions(context: RequestContext, project_id: int) -> list[dict[str, Any]]:
    """Say how far annotators agree about each control."""
    found = figures.overview(context, _managed(context, project_id))["controls"]
    return [
        {
            "agreement": one["agreement"],
            "control_tag": one["tag"],
            "from_name": one["name"],
            "name": one["name"],
        }
        for one in found
    ]


@routes.get(f"{ANALYSIS}/distribution", answers={200: DistributionOut})
def distribution(context: RequestContext, project_id: int) -> dict[str, Any]:
    """Count the tasks by tenths of agreement; below one half it is low."""
    agreement, count = figures.total(context, _managed(context, project_id))
    bands = figures.distribution(context, project_id)
    return {
        "average_agreement": agreement,
        "histogram": bands,
        "low_agreement_count": sum(bands[: len(bands) // 2]),
        "total_tasks": count,
    }
