"""Rows as programs that are told of them get them: webhooks and ML backends. All columns, under Label Studio's names.

Unlike ``serializers``, which shows rows to people: nothing here depends on who asks, and no secret goes out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.label_config import LabelConfig
from labelwright.models import Annotation, FileUpload, Label, LabelLink, Project, Task

from . import counters, labels, serializers
from .serializers import moment, raw
from .undefined import shown
from .visible import published

ROWS_A_QUERY = 1000


def of_project(session: Session, row: Project, config: LabelConfig) -> dict[str, Any]:
    """A project with its totals."""
    count = counters.totals(session, [row.id])[row.id]
    return {
        "id": row.id,
        "task_number": count["tasks"],
        "finished_task_number": count["finished_tasks"],
        "total_predictions_number": count["predictions"],
        "total_annotations_number": count["annotations"] + count["skipped"],
        "num_tasks_with_annotations": count["annotated_tasks"],
        "useful_annotation_number": count["annotations"] - count["ground_truths"],
        "ground_truth_number": count["ground_truths"],
        "skipped_annotations_number": count["skipped"],
        "title": row.title,
        "description": row.description,
        "label_config": row.label_config,
        "parsed_label_config": config.parsed(),
        "label_config_hash": int.from_bytes(hashlib.sha256(row.label_config.encode()).digest()[:7], "big"),
        "expert_instruction": row.expert_instruction,
        "show_instruction": row.show_instruction,
        "show_skip_button": row.show_skip_button,
        "enable_empty_annotation": row.enable_empty_annotation,
        "reveal_preannotations_interactively": row.reveal_preannotations_interactively,
        "show_annotation_history": row.show_annotation_history,
        "show_collab_predictions": row.show_collab_predictions,
        "evaluate_predictions_automatically": row.evaluate_predictions_automatically,
        "token": None,
        "result_count": 0,
        "color": row.color,
        "maximum_annotations": row.maximum_annotations,
        "min_annotations_to_start_training": row.min_annotations_to_start_training,
        "control_weights": raw(row.control_weights),
        "model_version": row.model_version,
        "data_types": {field: node.element for field, node in config.data_types.items()},
        "is_draft": row.is_draft,
        "is_published": row.is_published,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "sampling": row.sampling,
        "skip_queue": row.skip_queue,
        "show_ground_truth_first": row.show_ground_truth_first,
        "annotator_evaluation_enabled": row.annotator_evaluation_enabled,
        "show_overlap_first": row.show_overlap_first,
        "overlap_cohort_percentage": row.overlap_cohort_percentage,
        "task_data_login": row.task_data_login,
        "task_data_password": None,
        "pinned_at": moment(row.pinned_at),
        "custom_task_lock_ttl": row.custom_task_lock_ttl,
        "deleted_at": None,
        "purge_at": None,
        "search_vector": None,
        "organization": row.organization_id,
        "created_by": row.created_by_id,
        "deleted_by": None,
    }


def of_tasks(
    session: Session, project_id: int, config: LabelConfig, ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Tasks of a project that are still there, in the order given."""
    found: dict[int, dict[str, Any]] = {}
    for block in _blocks(ids):
        rows = session.execute(
            select(Task, FileUpload.file)
            .outerjoin(FileUpload, FileUpload.id == Task.file_upload_id)
            .where(Task.id.in_(block), Task.project_id == project_id, published(project_id))
        )
        found |= {row.Task.id: _task(row.Task, row.file, config) for row in rows}
        session.expunge_all()
    return _in_order(found, ids)


def of_annotations(session: Session, project_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Annotations of a project that are still there, in the order given."""
    found: dict[int, dict[str, Any]] = {}
    for block in _blocks(ids):
        rows = session.scalars(
            select(Annotation).where(Annotation.id.in_(block), Annotation.project_id == project_id)
        )
        found |= {row.id: serializers.exported_annotation(row, row.completed_by_id) for row in rows}
        session.expunge_all()
    return _in_order(found, ids)


def of_label_links(session: Session, project_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Links of a project's controls to labels that are still there, in the order given, each with its label."""
    found: dict[int, dict[str, Any]] = {}
    for block in _blocks(ids):
        rows = session.execute(
            select(LabelLink, Label)
            .join(Label, Label.id == LabelLink.label_id)
            .where(LabelLink.id.in_(block), LabelLink.project_id == project_id)
        ).all()
        shown = labels.to_json(session, [row.Label for row in rows])
        for row, label in zip(rows, shown, strict=True):
            found[row.LabelLink.id] = {
                "id": row.LabelLink.id,
                "from_name": row.LabelLink.from_name,
                "project": project_id,
                "label": label,
            }
    return _in_order(found, ids)


def _task(row: Task, file: str | None, config: LabelConfig) -> dict[str, Any]:
    own = serializers.base_task(row, file)
    return {
        **own,
        "data": raw(shown(row.data, config)),
        "allow_skip": row.allow_skip,
        "precomputed_agreement": None,
    }


def _blocks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[begin : begin + ROWS_A_QUERY] for begin in range(0, len(ids), ROWS_A_QUERY)]


def _in_order(found: Mapping[int, dict[str, Any]], ids: Sequence[int]) -> list[dict[str, Any]]:
    return [found[wanted] for wanted in ids if wanted in found]
