"""Every moment at which Labelwright asks or tells its plugins, in the order of a server's life.

The first word of a hook's name says how it is called:

``register_``
    once, while the application is built; answers with a list of classes or objects, and all lists are merged. A plugin
    whose list cannot be used is left out as a whole and named on the Plugins page.
``check_``
    every plugin is asked; ``None`` means no objection, and a ``LabelwrightError`` refuses. One refusal is enough, and
    any other exception refuses too. A plugin with such a hook is a guard: it is never switched off by itself.
``plan_``
    inside the transaction of an event; answers with the jobs to be written in it, so that nothing is lost. Do no work
    here but a look at your own tables, or a row in them. An exception is logged with the plugin's name, counted, and
    costs that plugin's jobs and rows only.
``on_``
    after the commit, for things that may be missed: the process may die before. An exception is logged with the
    plugin's name, counted, and undoes nothing.

A plugin leaves out the hooks and the arguments that it does not need. An event holds at most 5,000 ids.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import click
    from sqlalchemy.orm import Session

    from labelwright.actions import Action
    from labelwright.config import Setting
    from labelwright.events import (
        AnnotationsChanged,
        JobsEnded,
        LabelLinksChanged,
        ProjectsChanged,
        TasksCreated,
        TasksDeleted,
    )
    from labelwright.exporters import Exporter
    from labelwright.importers import Importer
    from labelwright.job_kinds import JobKind, JobSpec
    from labelwright.metrics import Metric
    from labelwright.ml import MLConnector
    from labelwright.pages import Page
    from labelwright.plugin_tables import PluginTables
    from labelwright.queues import Queue
    from labelwright.routes import Routes
    from labelwright.storages import Storage
    from labelwright.tags import Tag
    from labelwright.task_columns import Column
    from labelwright.templates import Template

hookspec = pluggy.HookspecMarker("labelwright")
hookimpl = pluggy.HookimplMarker("labelwright")


# while the application is built


@hookspec
def register_settings() -> Sequence[Setting]:
    """Give the settings that this plugin reads.

    Called first of all hooks. The names appear in ``labelwright config`` and in the settings reference; a
    value comes from the default, the configuration file or the environment.
    """


@hookspec
def register_tags() -> Sequence[type[Tag]]:
    """Give the tags of labelling configurations that this plugin brings: classes, not objects.

    Names and aliases are unique among all plugins; of two plugins with the same one, the second is refused.
    """


@hookspec
def register_templates() -> Sequence[Template]:
    """Give labelling configurations that a project can begin with, for the gallery of the create-project page."""


@hookspec
def register_importers() -> Sequence[type[Importer] | Importer]:
    """Give the file formats that tasks can be read from. A class is made into an object once, without arguments."""


@hookspec
def register_exporters() -> Sequence[type[Exporter] | Exporter]:
    """Give the formats that answers can be written in. A class is made into an object once, without arguments."""


@hookspec
def register_storages() -> Sequence[type[Storage]]:
    """Give the kinds of places from which tasks come and to which answers go: classes, not objects.

    Each name is an address of the API, ``/api/storages/<name>/``, and the form is made from the class's fields.
    """


@hookspec
def register_ml_connectors() -> Sequence[type[MLConnector]]:
    """Give the kinds of connections to models: classes, not objects.

    Each ``kind`` can be connected through ``POST /api/ml``, and the form is made from the class's fields.
    """


@hookspec
def register_queues() -> Sequence[type[Queue] | Queue]:
    """Give orders of labelling: values of a project's ``sampling`` setting. A class is made into an object once."""


@hookspec
def register_columns() -> Sequence[type[Column] | Column]:
    """Give columns of the data manager, whose values this plugin's jobs keep with ``JobContext.set_facts``."""


@hookspec
def register_metrics() -> Sequence[type[Metric] | Metric]:
    """Give measures of agreement between two answers to a question. A class is made into an object once."""


@hookspec
def register_actions() -> Sequence[type[Action] | Action]:
    """Give what can be done with many tasks at once, for the data manager. A class is made into an object once."""


@hookspec
def register_jobs() -> Sequence[type[JobKind] | JobKind]:
    """Give kinds of background work, which ``plan_`` hooks and services ask for by name; some run periodically."""


@hookspec
def register_pages() -> Sequence[Page]:
    """Give pages of the browser application: topics among a project's settings, drawn by modules of the plugin."""


@hookspec
def register_commands() -> Sequence[click.Command]:
    """Give sub-commands of ``labelwright``. They are called inside an application context."""


@hookspec
def register_routes() -> Sequence[Routes]:
    """Give addresses that the server answers, declared as the core's own: who may call, what is read, what is answered.

    The declaration checks the request and stands in the API's documents. A view gets a ``RequestContext`` before the
    path's parameters. No two plugins may have the same method and path, and none may have one of the server's: the
    second is refused as a whole. A view that throws is answered with 503 and counted as the plugin's failure.
    """


@hookspec
def register_models() -> Sequence[PluginTables]:
    """Give the tables of this plugin, called ``lw_<plugin>_...``, with the migrations that make them.

    They are migrated at the start and by ``labelwright migrate``, after the core's. A plugin whose migration fails is
    left out and named; the rest works.
    """


# while a request is answered: may it be done?


@hookspec
def check_permission(user: int, permission: str, organization: int, project: int | None) -> None:
    """Refuse what a user may not do, on top of the core's roles. Asked on every request: be quick, and cache.

    :param user: id of the user who asks.
    :param permission: ``noun.verb``: ``projects.create``, ``tasks.delete``, ``annotations.view``.
    :param organization: id of the organisation in whose scope it would happen.
    :param project: id of the project it concerns; ``None`` where it concerns none.
    :raises NotAllowed: to refuse.
    """


@hookspec
def check_annotations(
    project: int, task: int, user: int | None, results: Sequence[Sequence[Mapping[str, Any]]]
) -> None:
    """Refuse answers that the configuration allows, but your rules do not. Called before anything is written.

    :param project: id of the project.
    :param task: id of the task that is answered.
    :param user: id of the author; ``None`` when an import brings the answers.
    :param results: the result lists of the annotations about to be saved, as Label Studio has them.
    :raises InvalidRegion: to refuse; its ``field`` says where: ``result.2.value.width``.
    """


# inside the transaction: what must happen because of it?


@hookspec
def plan_tasks_created(event: TasksCreated, session: Session, organization: int) -> Sequence[JobSpec]:
    """Say what must happen because tasks were published: imported, synchronised or created one by one.

    :param event: ids of tasks of one project.
    :param session: the transaction that makes it happen, for rows of your own tables; if you throw, they are undone.
    :param organization: id of the organisation in whose scope it happens.
    :returns: jobs, written with the tasks and run after the commit, each at least once.
    """


@hookspec
def plan_tasks_deleted(event: TasksDeleted, session: Session, organization: int) -> Sequence[JobSpec]:
    """Say what must happen because tasks were deleted with all that hung on them.

    :param event: ids of tasks of one project; the rows are gone when the jobs run.
    :param session: the transaction that makes it happen, for rows of your own tables; if you throw, they are undone.
    :param organization: id of the organisation in whose scope it happens.
    :returns: jobs, written with the deletion and run after the commit, each at least once.
    """


@hookspec
def plan_annotations_changed(
    event: AnnotationsChanged, session: Session, organization: int
) -> Sequence[JobSpec]:
    """Say what must happen because annotations were saved, changed or deleted.

    :param event: ids of annotations of one project and what happened to them; their content is read by the job.
    :param session: the transaction that makes it happen, for rows of your own tables; if you throw, they are undone.
    :param organization: id of the organisation in whose scope it happens.
    :returns: jobs, written with the annotations and run after the commit, each at least once.
    """


@hookspec
def plan_projects_changed(event: ProjectsChanged, session: Session, organization: int) -> Sequence[JobSpec]:
    """Say what must happen because projects were made, changed or deleted.

    :param event: ids of projects of one organisation.
    :param session: the transaction that makes it happen, for rows of your own tables; if you throw, they are undone.
    :param organization: id of the organisation in whose scope it happens.
    :returns: jobs, written with the change and run after the commit, each at least once.
    """


@hookspec
def plan_label_links_changed(
    event: LabelLinksChanged, session: Session, organization: int
) -> Sequence[JobSpec]:
    """Say what must happen because labels of the organisation were put to use in a project, or taken out of it.

    :param event: ids of links of one project.
    :param session: the transaction that makes it happen, for rows of your own tables; if you throw, they are undone.
    :param organization: id of the organisation in whose scope it happens.
    :returns: jobs, written with the change and run after the commit, each at least once.
    """


# after the commit: for your information


@hookspec
def on_tasks_created(event: TasksCreated) -> None:
    """Hear that tasks were published. Called in the request or the job that did it: be quick.

    :param event: ids of tasks of one project.
    """


@hookspec
def on_tasks_deleted(event: TasksDeleted) -> None:
    """Hear that tasks were deleted. Called in the request or the job that did it: be quick.

    :param event: ids of tasks of one project; the rows are gone.
    """


@hookspec
def on_annotations_changed(event: AnnotationsChanged) -> None:
    """Hear that annotations were saved, changed or deleted. Called while the labeller waits: be quick.

    :param event: ids of annotations of one project.
    """


@hookspec
def on_projects_changed(event: ProjectsChanged) -> None:
    """Hear that projects were made, changed or deleted. Called in the request that did it: be quick.

    :param event: ids of projects of one organisation.
    """


@hookspec
def on_label_links_changed(event: LabelLinksChanged) -> None:
    """Hear that labels of the organisation were put to use in a project, or taken out. Be quick.

    :param event: ids of links of one project.
    """


@hookspec
def on_jobs_ended(event: JobsEnded) -> None:
    """Hear that jobs are done, failed or cancelled. Called by the worker that ended them.

    :param event: ids of jobs.
    """
