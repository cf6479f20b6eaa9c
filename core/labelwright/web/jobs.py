"""/api/jobs: long works, watched and stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.services import jobs, projects
from labelwright.services.permissions import require

from . import fields
from .routing import Routes, caller, context

routes = Routes("jobs", "Jobs")
ROUTES = [routes]


class JobsQuery(fields.Schema):
    project = fields.Whole(least=1)


@routes.get("/api/jobs", query=JobsQuery)
def list_jobs(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the newest jobs of the organisation, or of one project."""
    ctx = context()
    with ctx.database.read() as session:
        require(ctx, caller(), "jobs.view")
        if "project" in query:
            projects.get(session, caller(), query["project"])
        return [jobs.to_json(row) for row in jobs.find(session, caller(), project_id=query.get("project"))]


@routes.get("/api/jobs/<int:job_id>")
def get_job(job_id: int) -> dict[str, Any]:
    """Show a job: its state, progress, and result or error."""
    ctx = context()
    with ctx.database.read() as session:
        require(ctx, caller(), "jobs.view")
        return jobs.to_json(jobs.get(session, caller(), job_id))


@routes.post("/api/jobs/<int:job_id>/cancel")
def cancel_job(job_id: int) -> dict[str, Any]:
    """Ask a job to stop. It ends at its next look; one that has ended stays as it is."""
    return jobs.to_json(jobs.cancel(context(), caller(), job_id))
