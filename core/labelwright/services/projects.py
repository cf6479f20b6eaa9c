"""Projects: made, found, changed, counted. Removing one is work of its own: see ``services/removal.py``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from labelwright.doors import html
from labelwright.errors import InvalidFields, NotFound
from labelwright.events import ProjectsChanged
from labelwright.label_config import LabelConfig
from labelwright.models import Annotation, AnnotationLabel, DataColumn, Prediction, Project, Task, now

from . import avatars, counters, label_configs, model_versions, overlap, serializers
from .context import Caller, Context
from .permissions import require

SAMPLINGS = ("Sequential sampling", "Uniform sampling", "Uncertainty sampling")
SKIP_QUEUES = ("REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED")
ORDERINGS = {
    "id": Project.id,
    "title": Project.title,
    "created_at": Project.created_at,
    "pinned_at": Project.pinned_at,
    "updated_at": Project.updated_at,
}
EMPTY_CONFIG = "<View></View>"
WRITABLE = frozenset(
    {
        "title", "description", "color", "label_config", "expert_instruction", "show_instruction", "show_skip_button",
        "enable_empty_annotation", "show_annotation_history", "maximum_annotations", "overlap_cohort_percentage",
        "show_overlap_first", "show_ground_truth_first", "annotator_evaluation_enabled", "sampling", "skip_queue",
        "show_collab_predictions", "model_version", "reveal_preannotations_interactively", "control_weights",
        "evaluate_predictions_automatically", "min_annotations_to_start_training",
        "start_training_on_annotation_update",
        "task_data_login", "task_data_password", "is_published", "is_draft", "pinned_at",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ProjectPage:
    """One page of projects, newest first unless ordered, and how many there are in all."""

    projects: list[Project]
    total: int


def get(session: Session, caller: Caller, project_id: int, *, for_update: bool = False) -> Project:
    """The project, if the caller's organisation has it.

    :raises NotFound: also for another organisation's, as if it did not exist.
    """
    query = select(Project).where(Project.id == project_id, *_visible(caller))
    project = session.scalar(query.with_for_update() if for_update else query)
    if project is None:
        raise unknown(project_id)
    return project


def unknown(project_id: int) -> NotFound:
    """What is said of a project that is not there, or is another organisation's."""
    return NotFound("No Project matches the given query.", code="no-project", params={"id": project_id})


def find(
    session: Session,
    caller: Caller,
    *,
    ids: Sequence[int] | None = None,
    search: str = "",
    pinned: bool | None = None,
    ordering: str = "",
    page: int = 1,
    size: int = 30,
) -> ProjectPage:
    """A page of the organisation's projects: pinned ones first, then the newest.

    :param search: part of the title, in any case.
    :raises NotFound: if the page lies past the end.
    """
    where = [*_visible(caller)]
    if ids is not None:
        where.append(Project.id.in_(ids))
    if search:
        where.append(func.lower(Project.title).contains(search.lower(), autoescape=True))
    if pinned is not None:
        where.append(Project.pinned_at.is_not(None) if pinned else Project.pinned_at.is_(None))
    total = session.scalar(select(func.count()).select_from(Project).where(*where)) or 0
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.", code="no-page", params={"page": page})
    query = select(Project).where(*where).order_by(*_order(ordering)).limit(size).offset((page - 1) * size)
    return ProjectPage(list(session.scalars(query)), total)


def create(ctx: Context, caller: Caller, values: Mapping[str, Any]) -> Project:
    """Make a project.

    :param values: settings by Label Studio's names; unknown ones have been dropped.
    :raises InvalidLabelConfig: if the configuration cannot be used.
    """
    require(ctx, caller, "projects.create")
    with ctx.database.write() as session:
        project = Project(organization_id=caller.organization_id, created_by_id=caller.user_id)
        _assign(ctx, session, project, values)
        session.add(project)
        session.flush()
        event = ProjectsChanged(caller.organization_id, created=(project.id,))
        ctx.plan(session, "plan_projects_changed", event, caller)
    ctx.tell("on_projects_changed", event)
    return project


def change(ctx: Context, caller: Caller, project_id: int, values: Mapping[str, Any]) -> Project:
    """Change a project's settings.

    :raises InvalidLabelConfig: if the new configuration cannot be used, or would orphan stored answers.
    """
    with ctx.database.write() as session:
        project = get(session, caller, project_id, for_update=True)
        require(ctx, caller, "projects.change", session=session, project=project_id)
        before = (project.maximum_annotations, project.overlap_cohort_percentage, project.skip_queue)
        _assign(ctx, session, project, values)
        project.updated_at = now()
        session.flush()
        if before != (project.maximum_annotations, project.overlap_cohort_percentage, project.skip_queue):
            overlap.spread(session, project)
        event = ProjectsChanged(caller.organization_id, updated=(project.id,))
        ctx.plan(session, "plan_projects_changed", event, caller)
    ctx.tell("on_projects_changed", event)
    return project


def check_config(ctx: Context, session: Session, project: Project, xml: str) -> bool | None:
    """Check a configuration for a project without storing it.

    :returns: whether the data fields it needs have changed; ``None`` while the project has no tasks.
    :raises InvalidLabelConfig: as :func:`change` would.
    """
    config = label_configs.parse(ctx, xml)
    label_configs.refuse_losing_answers(session, project.id, config)
    if session.scalar(select(Task.id).where(Task.project_id == project.id).limit(1)) is None:
        return None
    return set(config.fields) != set(label_configs.parse(ctx, project.label_config).fields)


def config_of(ctx: Context, project: Any) -> LabelConfig:
    """The project's configuration, read."""
    return label_configs.parse(ctx, project.label_config)


def to_json(
    ctx: Context,
    session: Session,
    caller: Caller,
    projects: Sequence[Project],
    *,
    include: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Projects as the API answers them, with a fixed number of queries for any number of them.

    :param include: only these keys; all when empty.
    """
    ids = [project.id for project in projects]
    counts = counters.totals(session, ids) if ids else {}
    done = _done_by(session, caller, ids) if ids and (not include or "queue_done" in include) else {}
    persons = serializers.people(session, {project.created_by_id for project in projects})
    answers = [
        _one(ctx, project, counts[project.id], done.get(project.id, 0), persons) for project in projects
    ]
    if include:
        return [{key: value for key, value in answer.items() if key in include} for answer in answers]
    return answers


def _one(
    ctx: Context, project: Project, count: Mapping[str, int], done: int, persons: Mapping[int, Any]
) -> dict[str, Any]:
    config = config_of(ctx, project)
    maker = persons.get(project.created_by_id) if project.created_by_id else None
    return {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "label_config": project.label_config,
        "expert_instruction": project.expert_instruction,
        "show_instruction": project.show_instruction,
        "show_skip_button": project.show_skip_button,
        "enable_empty_annotation": project.enable_empty_annotation,
        "show_annotation_history": project.show_annotation_history,
        "organization": project.organization_id,
        "color": project.color,
        "maximum_annotations": project.maximum_annotations,
        "is_published": project.is_published,
        "model_version": project.model_version,
        "is_draft": project.is_draft,
        "created_by": {
            "id": maker.id,
            "first_name": maker.first_name,
            "last_name": maker.last_name,
            "email": maker.email,
            "avatar": avatars.url(ctx, maker.avatar),
        }
        if maker
        else None,
        "created_at": serializers.moment(project.created_at),
        "min_annotations_to_start_training": project.min_annotations_to_start_training,
        "start_training_on_annotation_update": project.min_annotations_to_start_training != 0,
        "show_collab_predictions": project.show_collab_predictions,
        "num_tasks_with_annotations": count["annotated_tasks"],
        "task_number": count["tasks"],
        "useful_annotation_number": count["annotations"] - count["ground_truths"],
        "ground_truth_number": count["ground_truths"],
        "skipped_annotations_number": count["skipped"],
        "total_annotations_number": count["annotations"],
        "total_predictions_number": count["predictions"],
        "sampling": project.sampling,
        "show_ground_truth_first": project.show_ground_truth_first,
        "annotator_evaluation_enabled": project.annotator_evaluation_enabled,
        "show_overlap_first": project.show_overlap_first,
        "overlap_cohort_percentage": project.overlap_cohort_percentage,
        "task_data_login": project.task_data_login,
        "task_data_password": "" if project.task_data_password else None,
        "control_weights": serializers.raw(project.control_weights),
        "parsed_label_config": config.parsed(),
        "evaluate_predictions_automatically": project.evaluate_predictions_automatically,
        "config_has_control_tags": bool(config.controls),
        "skip_queue": project.skip_queue,
        "reveal_preannotations_interactively": project.reveal_preannotations_interactively,
        "pinned_at": serializers.moment(project.pinned_at),
        "finished_task_number": count["finished_tasks"],
        "queue_total": count["tasks"] - count["finished_tasks"] + done,
        "queue_done": done,
        "config_suitable_for_bulk_annotation": config.suits_bulk(),
        "state": None,
    }


def versions(session: Session, project_id: int) -> dict[str, int]:
    """How many predictions each model version has."""
    rows = session.execute(
        select(Prediction.model_version, func.count())
        .where(Prediction.project_id == project_id)
        .group_by(Prediction.model_version)
    )
    return {version or "undefined": count for version, count in rows}


def versions_in_full(session: Session, project_id: int, limit: int | None = None) -> list[dict[str, Any]]:
    """The model versions of a project's predictions, the newest first: how many, and when the latest came."""
    latest = func.max(Prediction.created_at)
    rows = session.execute(
        select(Prediction.model_version, func.count(), latest)
        .where(Prediction.project_id == project_id)
        .group_by(Prediction.model_version)
        .order_by(latest.desc())
        .limit(limit)
    )
    return [
        {"model_version": version, "count": count, "latest": serializers.moment(moment)}
        for version, count, moment in rows
    ]


def annotators(session: Session, project_id: int) -> list[serializers.Person]:
    """The people who have answered tasks of a project, by their ids."""
    ids = session.scalars(
        select(Annotation.completed_by_id).where(Annotation.project_id == project_id).distinct()
    )
    return sorted(serializers.people(session, set(ids)).values(), key=lambda person: person.id)


def summary(session: Session, caller: Caller, project_id: int) -> dict[str, Any]:
    """What a project's rows hold, from the derived tables: data fields, labels, kinds of results."""
    project = get(session, caller, project_id)
    total = counters.totals(session, [project_id])[project_id]["tasks"]
    columns = tasks_of_columns(session, project_id)
    rows = session.execute(
        select(
            AnnotationLabel.from_name, AnnotationLabel.to_name, AnnotationLabel.type, AnnotationLabel.label,
            func.sum(AnnotationLabel.n).label("n"),
        )
        .where(AnnotationLabel.project_id == project_id)
        .group_by(AnnotationLabel.from_name, AnnotationLabel.to_name, AnnotationLabel.type, AnnotationLabel.label)
    )  # fmt: skip
    labels: dict[str, dict[str, int]] = {}
    kinds: dict[str, int] = {}
    for row in rows:
        key = f"{row.from_name}|{row.to_name}|{row.type}"
        kinds[key] = kinds.get(key, 0) + int(row.n)
        if row.label:
            labels.setdefault(row.from_name, {})[row.label] = int(row.n)
    return {
        "project": project.id,
        "created_at": serializers.moment(project.created_at),
        "all_data_columns": columns,
        "common_data_columns": [name for name, count in columns.items() if count == total],
        "created_annotations": kinds,
        "created_labels": labels,
        "created_labels_drafts": {},
    }


def tasks_of_columns(session: Session, project_id: int) -> dict[str, int]:
    """The data fields of a project, with the number of tasks that have each."""
    rows = session.execute(
        select(DataColumn.name, DataColumn.tasks)
        .where(DataColumn.project_id == project_id, DataColumn.tasks > 0)
        .order_by(DataColumn.name)
    )
    return dict(rows.all())


def _visible(caller: Caller) -> tuple[ColumnElement[bool], ...]:
    return (Project.organization_id == caller.organization_id, Project.deleting.is_(False))


def _order(ordering: str) -> list[Any]:
    column = ORDERINGS.get(ordering.lstrip("-"))
    if column is None:
        return [
            Project.pinned_at.is_(None),
            Project.pinned_at.desc(),
            Project.created_at.desc(),
            Project.id.desc(),
        ]
    return [column.desc() if ordering.startswith("-") else column, Project.id.desc()]


def _done_by(session: Session, caller: Caller, ids: Sequence[int]) -> dict[int, int]:
    """How many tasks of each project the caller has answered."""
    rows = session.execute(
        select(Annotation.project_id, func.count(Annotation.task_id.distinct()))
        .where(and_(Annotation.project_id.in_(ids), Annotation.completed_by_id == caller.user_id))
        .group_by(Annotation.project_id)
    )
    return dict(rows.all())


def _assign(ctx: Context, session: Session, project: Project, values: Mapping[str, Any]) -> None:
    """Put checked values into the row. Nothing is assigned when one is refused."""
    wanted = {key: value for key, value in values.items() if key in WRITABLE}
    if (color := wanted.get("color")) and not re.fullmatch(
        r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?([0-9a-fA-F]{2})?", color
    ):
        raise InvalidFields({"color": ['Color must be in "#RRGGBB" format']})
    if "label_config" in wanted:
        wanted["label_config"] = wanted["label_config"].strip()
        config = label_configs.parse(ctx, wanted["label_config"])
        if project.id is not None:
            label_configs.refuse_losing_answers(session, project.id, config)
        wanted["control_weights"] = wanted.get("control_weights") or {}
    if (sampling := wanted.get("sampling")) and sampling not in (known := [*SAMPLINGS, *ctx.registry.queues]):
        raise InvalidFields({"sampling": [f'"{sampling}" is not a valid choice.']}, params={"valid": known})
    if "control_weights" in wanted:
        weights = _weights(wanted["control_weights"])
        config = label_configs.parse(ctx, wanted.get("label_config", project.label_config or EMPTY_CONFIG))
        wanted["control_weights"] = orjson.dumps(config.control_weights(weights)).decode()
    if wanted.get("expert_instruction"):
        wanted["expert_instruction"] = html.clean(wanted["expert_instruction"])
    if (
        (version := wanted.get("model_version"))
        and project.id is not None
        and version != project.model_version
    ) and version not in (*model_versions.titles(session, project.id), *versions(session, project.id)):
        raise InvalidFields(
            {"model_version": ["Model version doesn't exist either as live model or as static predictions."]}
        )
    if "start_training_on_annotation_update" in wanted:
        wanted["min_annotations_to_start_training"] = int(
            bool(wanted.pop("start_training_on_annotation_update"))
        )
    if password := wanted.get("task_data_password"):
        wanted["task_data_password"] = ctx.keys.encrypt(password)
    elif "task_data_password" in wanted:
        wanted["task_data_password"] = None
    for key, value in wanted.items():
        setattr(project, key, value)


def _weights(given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """How much controls and labels count. :raises InvalidFields: naming the control at fault."""
    for name, weight in (given or {}).items():
        labels = weight.get("labels", {}) if isinstance(weight, dict) else None
        numbers = [weight.get("overall", 1.0), *labels.values()] if isinstance(labels, dict) else [None]
        if any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers):
            raise InvalidFields(
                {"control_weights": [f'The weight of "{name}" is written {{"overall": 1.0, "labels": {{"A": 1.0}}}}.']},
                code="bad-weight", params={"name": name},
            )  # fmt: skip
    return given or {}
