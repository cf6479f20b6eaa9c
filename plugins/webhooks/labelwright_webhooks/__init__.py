"""Webhooks: other programs are told by HTTP what happens in projects: tasks, annotations, labels and settings.

Label Studio's API, actions and payloads. What happens is noted in its own transaction and sent by a job, so that
nothing is lost when a receiver or the server is down, and nobody who labels waits for a receiver.
"""

from labelwright.api import JobKind, Page, PluginTables, Routes, Setting, hookimpl
from labelwright_webhooks.deliveries import Deliver, TidyDeliveries
from labelwright_webhooks.events import (
    plan_annotations_changed,
    plan_label_links_changed,
    plan_projects_changed,
    plan_tasks_created,
    plan_tasks_deleted,
)
from labelwright_webhooks.tables import TABLES
from labelwright_webhooks.views import routes

__all__ = [
    "plan_annotations_changed",
    "plan_label_links_changed",
    "plan_projects_changed",
    "plan_tasks_created",
    "plan_tasks_deleted",
]


@hookimpl
def register_settings() -> list[Setting]:
    return [
        Setting(
            "organization",
            False,
            "Allow webhooks of the whole organisation, without a project.",
            aliases=("ALLOW_ORGANIZATION_WEBHOOKS",),
        ),
        Setting(
            "timeout_s",
            5,
            "Longest time for one delivery, in seconds.",
            kind="seconds",
            minimum=0.1,
            maximum=60,
            aliases=("WEBHOOK_TIMEOUT",),
        ),
        Setting(
            "batch_size",
            5000,
            "Most tasks or annotations in one delivery; more go in several.",
            minimum=1,
            maximum=5000,
            aliases=("WEBHOOK_BATCH_SIZE",),
        ),
        Setting(
            "tries", 8, "How often a delivery is tried before it counts as failed.", minimum=1, maximum=50
        ),
        Setting(
            "first_wait_s",
            5,
            "Seconds before the second try; four times as long before each further one, an hour at most.",
            kind="seconds",
            minimum=0.1,
        ),  # fmt: skip
        Setting(
            "give_up_h", 72, "Hours after which a delivery that still waits counts as failed.", minimum=1
        ),
        Setting(
            "parallel", 2, "Receivers that are spoken to at once for one organisation.", minimum=1, maximum=64
        ),
        Setting("kept_deliveries", 1000, "Ended deliveries that the log of one webhook keeps.", minimum=0),
        Setting("mask_headers", False, "Answer ******** instead of the values of a webhook's headers."),
    ]


@hookimpl
def register_models() -> list[PluginTables]:
    return [TABLES]


@hookimpl
def register_routes() -> list[Routes]:
    return [routes]


@hookimpl
def register_pages() -> list[Page]:
    return [Page("webhooks", "Webhooks", "webhooks.js")]


@hookimpl
def register_jobs() -> list[type[JobKind]]:
    return [Deliver, TidyDeliveries]
