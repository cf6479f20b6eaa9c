"""Quality: how far annotators agree, for each task, each question and each pair of people.

Answers to a task that several people have given are compared in the background, by a metric for each control that the
project can choose. Any plugin can bring further metrics.
"""

from labelwright.api import Column, JobKind, Metric, Page, PluginTables, Routes, hookimpl
from labelwright_quality.column import Agreement
from labelwright_quality.marks import (
    plan_annotations_changed,
    plan_projects_changed,
    plan_tasks_created,
    plan_tasks_deleted,
)
from labelwright_quality.metrics import METRICS
from labelwright_quality.tables import TABLES
from labelwright_quality.views import routes
from labelwright_quality.work import Check, Compute, Recompute, Tidy

__all__ = ["plan_annotations_changed", "plan_projects_changed", "plan_tasks_created", "plan_tasks_deleted"]


@hookimpl
def register_metrics() -> list[type[Metric]]:
    return METRICS


@hookimpl
def register_columns() -> list[type[Column]]:
    return [Agreement]


@hookimpl
def register_jobs() -> list[type[JobKind]]:
    return [Compute, Recompute, Check, Tidy]


@hookimpl
def register_models() -> list[PluginTables]:
    return [TABLES]


@hookimpl
def register_routes() -> list[Routes]:
    return [routes]


@hookimpl
def register_pages() -> list[Page]:
    return [Page("agreement", "Agreement", "agreement.js")]
