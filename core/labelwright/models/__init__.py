"""The tables. Rows are read and written by ``services``; plugins see snapshots through ``labelwright.api``."""

from .accounts import (
    LegacyToken,
    LoginSession,
    Membership,
    Organization,
    PersonalToken,
    ProductTour,
    ProjectMembership,
    RateWindow,
    StoredSetting,
    User,
)
from .annotations import Annotation, AnnotationLabel, Draft, Prediction
from .base import TABLE_PREFIX, Model, now
from .projects import TOTALS, DataColumn, Project, ProjectDelta, ProjectTotals, View
from .tasks import StreamPosition, Task, TaskFact, TaskLease
from .work import ConvertedExport, Export, FileUpload, Import, Job

__all__ = [
    "TABLE_PREFIX",
    "TOTALS",
    "Annotation",
    "AnnotationLabel",
    "ConvertedExport",
    "DataColumn",
    "Draft",
    "Export",
    "FileUpload",
    "Import",
    "Job",
    "LegacyToken",
    "LoginSession",
    "Membership",
    "Model",
    "Organization",
    "PersonalToken",
    "Prediction",
    "ProductTour",
    "Project",
    "ProjectDelta",
    "ProjectMembership",
    "ProjectTotals",
    "RateWindow",
    "StoredSetting",
    "StreamPosition",
    "Task",
    "TaskFact",
    "TaskLease",
    "User",
    "View",
    "now",
]

for _table in Model.metadata.tables.values():
    if "id" in _table.columns:
        # SQLite would give a deleted row's id to the next one; ids stand in exports and must stay unique.
        _table.dialect_options["sqlite"]["autoincrement"] = True
